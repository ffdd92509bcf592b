import { type Command, Option } from 'commander';
import type { FleetConfig } from '../../config/types';
import { StampError } from '../../errors';
import { type CapacityTerm, explainCapacity } from '../../topology/capacity';
import { controlTableRole } from '../../topology/control-plane';
import { fleetToJson } from '../../topology/fleet-json';
import { toMermaid } from '../../topology/mermaid';
import { diffStamps } from '../../topology/shape';
import { toSvg } from '../../topology/svg';
import type { ControlPlane, Fleet, FleetRegion, StampSpec, TenantGroup } from '../../topology/types';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { loadFleet } from '../load-fleet';
import { EXIT_FINDINGS, EXIT_OK, counted, renderTable } from '../terminal';

interface TopologyOptions extends CommonOptions {
  readonly format: 'table' | 'json' | 'mermaid' | 'svg';
  readonly diff?: readonly string[];
  readonly explain?: string;
}

/** `stampkit topology`: stamps, Regions, addresses and capacity. */
export function registerTopology(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('topology')
    .addOption(new Option('--format <format>', 'how to show it').choices(['table', 'json', 'mermaid', 'svg']).default('table'))
    .option('--diff <stamps...>', 'say what differs between two stamps, and whether it is structure or value');
  command.option('--explain <stamp>', 'show the arithmetic behind the capacity of one stamp');
  withCommonOptions(command, 'npx stampkit topology --explain enterprise-use1').action((options: TopologyOptions) => {
    const { findings, fleet, config } = loadFleet(options.stamps);
    const json = options.json === true || options.format === 'json';
    if (fleet === undefined || config === undefined) {
      if (json) printJson(terminal, { ok: false, findings });
      else printFindings(terminal.err, findings);
      finish(EXIT_FINDINGS);
      return;
    }
    if (options.diff !== undefined) {
      const [a, b] = twoStamps(fleet, options.diff);
      const differences = diffStamps(a, b);
      if (json) printJson(terminal, { a: a.id, b: b.id, differences });
      else {
        const rows = differences.map(({ kind, path, a: left, b: right }) => [kind, path, show(left), show(right)]);
        terminal.out(rows.length === 0 ? `${a.id} and ${b.id} are equal\n` : renderTable(['KIND', 'PATH', a.id, b.id], rows));
      }
      finish(EXIT_OK);
      return;
    }
    if (options.explain !== undefined) {
      const stamp = findStamp(fleet, options.explain);
      const terms = capacityTerms(config, stamp);
      if (json) printJson(terminal, { stamp: stamp.id, terms });
      else
        terminal.out(
          renderTable(
            ['NUMBER', 'VALUE', 'BECAUSE'],
            terms.map(({ name, value, unit, because }) => [name, `${value} ${unit}`, because]),
          ),
        );
      finish(EXIT_OK);
      return;
    }
    if (json) terminal.out(`${JSON.stringify(fleetToJson(fleet), undefined, 2)}\n`);
    else if (options.format === 'mermaid') terminal.out(toMermaid(fleet));
    else if (options.format === 'svg') terminal.out(toSvg(fleet));
    else terminal.out(renderFleet(fleet));
    finish(exitCodeOf(findings));
  });
}

/** The fleet as three tables: groups, stamps, control Regions. */
export function renderFleet(fleet: Fleet): string {
  const stamps = fleet.groups.flatMap((group) => group.stamps);
  return [
    `fleet ${fleet.name} in account ${fleet.account}, zone ${fleet.zone.name}: ${counted(fleet.groups.length, 'group')}, ${counted(stamps.length, 'stamp')}\n`,
    renderTable(['GROUP', 'MODE', 'HOME', 'DATABASE', 'NAME', 'TENANTS'], fleet.groups.map(groupRow)),
    renderTable(['STAMP', 'REGION', 'PREFERRED ROLE', 'ADDRESSES', 'TASKS', 'WORKER', 'COMPUTE', 'NAME'], stamps.map(stampRow)),
    renderTable(
      ['CONTROL', 'REGION', 'SWITCHES', 'CONTROL TABLE', 'BUCKET'],
      fleet.regions.flatMap((region) => controlRow(fleet.control, region)),
    ),
  ].join('\n');
}

/** One row for each Region that holds switches or a part of the control table: they often coincide, and need not. */
function controlRow(control: ControlPlane, { code, region }: FleetRegion): string[][] {
  const member = control.members.find((candidate) => candidate.code === code);
  const joining = control.joining.find((candidate) => candidate.code === code);
  const role = controlTableRole(control, region);
  if (member === undefined && joining === undefined && role === undefined) return [];
  const switches = member !== undefined ? 'attached' : joining !== undefined ? 'joining: not attached yet' : '-';
  return [[code, region, switches, role ?? '-', (member ?? joining)?.bucketName ?? '-']];
}

function groupRow(group: TenantGroup): string[] {
  const policy = group.routing === undefined ? '' : ` (${group.routing.policy})`;
  return [
    group.name,
    `${group.mode}${policy}`,
    group.homeRegion,
    group.database.engine,
    group.recordName,
    shortList(group.tenants),
  ];
}

function stampRow({ id, shape, values, preferredRole }: StampSpec): string[] {
  const { capacity } = values;
  const worker =
    capacity.workerMinTasks === undefined
      ? '-'
      : `${capacity.workerMinTasks}-${capacity.workerMaxTasks ?? capacity.workerMinTasks}`;
  return [
    id,
    shape.region,
    preferredRole,
    values.vpcCidr,
    `${capacity.minTasks}-${capacity.maxTasks}`,
    worker,
    shape.compute.kind,
    values.recordName,
  ];
}

function show(value: unknown): string {
  return value === undefined ? '-' : JSON.stringify(value);
}

/** Three names and how many more, so that a group of hundreds still fits a line. */
function shortList(names: readonly string[]): string {
  if (names.length === 0) return '-';
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${counted(names.length - 3, 'more')}`.replace(/ mores?$/, ' more');
}

function capacityTerms(config: FleetConfig, { group, regionCode, shape }: StampSpec): readonly CapacityTerm[] {
  const found = config.groups.find((candidate) => candidate.group === group);
  if (found === undefined)
    throw new StampError('GROUP_UNKNOWN', `no group "${group}"`, 'Report this: the fleet was built from the same configuration.');
  return explainCapacity(found, { regionCode, zones: shape.availabilityZones.length, assumptions: config.assumptions }).terms;
}

function twoStamps(fleet: Fleet, ids: readonly string[]): [StampSpec, StampSpec] {
  const [first, second, ...rest] = ids;
  if (first === undefined || second === undefined || rest.length > 0) {
    throw new StampError(
      'USAGE',
      `--diff takes two stamps, not ${ids.length}`,
      'Name two stamps, such as --diff enterprise-use1 enterprise-usw2.',
    );
  }
  return [findStamp(fleet, first), findStamp(fleet, second)];
}

function findStamp(fleet: Fleet, id: string): StampSpec {
  const stamps = fleet.groups.flatMap((group) => group.stamps);
  const found = stamps.find((stamp) => stamp.id === id);
  if (found === undefined)
    throw new StampError('STAMP_UNKNOWN', `no stamp "${id}"`, `Name one of: ${stamps.map((stamp) => stamp.id).join(', ')}.`);
  return found;
}
