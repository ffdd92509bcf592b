import { type Command, InvalidArgumentError, Option } from 'commander';
import { StampError } from '../../errors';
import { hasErrors } from '../../findings';
import { type CheckState, type Client, type DnsState, HealthView, answer, canonicalName, indexZone } from '../../resilience/dns';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { EXIT_FINDINGS } from '../terminal';
import { zoneOfFiles } from '../resolve/file-zone';
import { zoneOfFleet } from '../resolve/fleet-zone';
import { knownName } from '../resolve/known-name';
import { parsePlace } from '../resolve/place';
import { type AskedType, renderResolution, resolutionFindings, resolutionJson } from '../resolve/render-resolution';
import type { ZoneSource } from '../resolve/zone-source';

interface ResolveCommandOptions extends CommonOptions {
  readonly type: readonly string[];
  readonly from?: string;
  readonly resolver?: string;
  readonly cidrLocation?: string;
  readonly down: readonly string[];
  readonly evacuated: readonly string[];
  readonly unhealthy: readonly string[];
  readonly latency: Readonly<Record<string, number>>;
  readonly records: readonly string[];
}

/** `stampkit resolve`: what Route 53 would answer, and why. */
export function registerResolve(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('resolve')
    .argument('<name>', 'the name to ask for, such as enterprise.shop.example.com')
    .addOption(list('--type <type>', 'record type; repeatable', parseType, 'A'))
    .option(
      '--from <place>',
      'where the client is: an AWS Region (eu-west-1), a country (DE), a state (US/CA) or a continent (continent:EU)',
    )
    .option(
      '--resolver <place>',
      'where the client’s resolver is, when it sends no EDNS client subnet: then Route 53 sees only that',
    )
    .addOption(
      list(
        '--down <stamp>',
        'a stamp that is dead; with --records the DNS name of an alias target that is; repeatable',
        String,
        'none',
      ),
    )
    .addOption(list('--evacuated <stamp>', 'a stamp whose switch says evacuated; repeatable', String, 'none'))
    .addOption(list('--unhealthy <check>', 'a health check that is unhealthy, by id or name; repeatable', String, 'none'))
    .addOption(
      new Option(
        '--latency <region=ms>',
        'measured latency from the client to a Region, in place of the estimate by distance; repeatable',
      )
        .argParser(parseLatency)
        .default({}, 'by distance'),
    )
    .option('--cidr-location <name>', 'location of an IP-based routing collection that the client’s address is in')
    .addOption(
      list(
        '--records <file>',
        'ask these records and checks instead of stamps/: what aws route53 list-resource-record-sets and list-health-checks print; repeatable',
        String,
        'stamps/',
      ),
    );
  withCommonOptions(command, 'npx stampkit resolve acme.shop.example.com --from eu-west-1 --down enterprise-use1').action(
    async (name: string, options: ResolveCommandOptions) => {
      const source =
        options.records.length > 0
          ? zoneOfFiles(options.records)
          : await zoneOfFleet(options.stamps, [...options.down, ...options.evacuated]);
      const broken = 'broken' in source ? source.broken : hasErrors(source.findings) ? source.findings : undefined;
      if (broken !== undefined || 'broken' in source) {
        if (options.json === true) printJson(terminal, { ok: false, findings: broken });
        else printFindings(terminal.out, broken ?? []);
        finish(EXIT_FINDINGS);
        return;
      }
      const asked = askAll(name, options, source);
      const findings = [...source.findings, ...resolutionFindings(name, asked, source)];
      if (options.json === true) {
        printJson(terminal, resolutionJson(name, options.from, asked, source, findings));
      } else {
        terminal.out(renderResolution(name, circumstances(options), asked, source));
        printFindings(terminal.err, findings);
      }
      finish(exitCodeOf(findings));
    },
  );
}

function askAll(name: string, options: ResolveCommandOptions, source: ZoneSource): AskedType[] {
  const client: Client = {
    ...(options.from !== undefined && parsePlace(options.from, source.regionCodes)),
    ...(options.cidrLocation !== undefined && { cidrLocation: options.cidrLocation }),
    ...(options.resolver !== undefined && { resolver: parsePlace(options.resolver, source.regionCodes) }),
    ednsSubnet: options.resolver === undefined,
  };
  const origins = [
    client.region,
    client.country,
    client.country !== undefined && client.subdivision !== undefined ? `${client.country}/${client.subdivision}` : undefined,
  ];
  const measuredLatencies = Object.fromEntries(
    origins.flatMap((origin) => (origin === undefined ? [] : [[origin, options.latency]])),
  );
  const view = new HealthView(indexZone(source.zones), stateOf(options, source), { measuredLatencies });
  const types = options.type.length === 0 ? ['A'] : [...new Set(options.type)];
  return types.map((type) => ({ type, resolution: answer(view, { name, type, client }) }));
}

function stateOf(options: ResolveCommandOptions, source: ZoneSource): DnsState {
  const { evacuable } = source;
  if (evacuable === undefined && options.evacuated.length > 0) {
    throw new StampError(
      'USAGE',
      '--evacuated speaks of stamps, and --records knows none',
      'Say which check is unhealthy with --unhealthy',
    );
  }
  const kind = evacuable === undefined ? 'alias target outside the zone' : 'stamp';
  const down = options.down.map((name) => knownName(evacuable === undefined ? canonicalName(name) : name, source.downable, kind));
  const evacuated = options.evacuated.map((name) => knownName(name, evacuable ?? [], 'stamp'));
  const state = source.stateOf({ down, evacuated });
  const given = options.unhealthy.map((name): [string, CheckState] => [
    source.checkIds.get(knownName(name, [...source.checkIds.keys()], 'health check')) ?? name,
    { kind: 'status', healthy: false },
  ]);
  return { ...state, checks: { ...state.checks, ...Object.fromEntries(given) } };
}

/** What was assumed on the command line, in words. */
function circumstances({ from, resolver, down, evacuated, unhealthy }: ResolveCommandOptions): string[] {
  return [
    ...(from !== undefined ? [`from ${from}`] : []),
    ...(resolver !== undefined ? [`through a resolver in ${resolver}`] : []),
    ...down.map((name) => `${name} down`),
    ...evacuated.map((name) => `${name} evacuated`),
    ...unhealthy.map((name) => `check ${name} unhealthy`),
  ];
}

function list(flags: string, description: string, parse: (text: string) => string, otherwise: string): Option {
  const collect = (text: string, previous: readonly string[]): string[] => [...previous, parse(text)];
  return new Option(flags, description).argParser(collect).default([], otherwise);
}

function parseType(text: string): string {
  if (!/^[A-Za-z0-9]{1,16}$/.test(text)) throw new InvalidArgumentError(`"${text}" is no record type.`);
  return text.toUpperCase();
}

function parseLatency(text: string, previous: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [region = '', value = ''] = text.split('=');
  if (region === '' || !/^\d{1,5}(\.\d+)?$/.test(value)) throw new InvalidArgumentError(`"${text}" is not like us-east-1=70.`);
  return { ...previous, [region]: Number(value) };
}
