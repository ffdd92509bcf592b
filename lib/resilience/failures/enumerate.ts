import { compareText } from '../../order';
import { GROUP_MARK, stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import { CHECKER_LOCATIONS } from './checker-locations';
import type { Failure, FailureKind, Loss } from './types';

/** A failure that a group feels, with what makes it like others. */
export interface FeltFailure extends Failure {
  /** Failures of one class do the same to the group with names exchanged. */
  readonly symmetry: string;
  /** Whether a second failure beside it can be made worse by it. */
  readonly combines: boolean;
}

/** The Region whose control planes are the global ones too (aws-facts 3.1). */
const GLOBAL_PLANE = 'us-east-1';

/** Every single failure that can matter to one group. Ids have marks in place of its names. */
export function feltFailures(model: GroupModel): readonly FeltFailure[] {
  // Of what is nowhere, nothing can fail.
  if (model.stamps.length === 0) return [];
  const codes = regionCodes(model);
  const code = (region: string): string => codes.get(region) ?? region;
  return [
    ...regions(model, code),
    ...zones(model, code),
    ...model.stamps.flatMap((_, index) => stampFailures(model, index)),
    ...databases(model),
    ...checkers(model),
    ...model.dependencies.map(({ name, shared }) =>
      felt('dependency', name, `${name} does not answer`, { dependencies: [name] }, { combines: !shared }),
    ),
    ...model.controlRegions.map(({ region, code: id }) =>
      felt('control', id, `the switches in ${region} cannot be reached`, { controls: [region] }),
    ),
    felt('plane', GLOBAL_PLANE, `the control planes in ${GLOBAL_PLANE}, the global ones included, refuse every change`, {
      planes: [GLOBAL_PLANE],
    }),
    ...sources(model, code),
    ...accounts(model),
  ];
}

interface Traits {
  readonly symmetry?: string;
  readonly combines?: boolean;
}

function felt(kind: FailureKind, id: string, what: string, takes: Loss, traits: Traits = {}): FeltFailure {
  const full = `${kind}:${id}`;
  return { kind, id: full, what, takes, symmetry: traits.symmetry ?? full, combines: traits.combines ?? true };
}

/** Codes of the Regions that the group's parts are in. */
function regionCodes({ stamps, controlRegions }: GroupModel): ReadonlyMap<string, string> {
  return new Map([...controlRegions, ...stamps].map(({ region, code }) => [region, code]));
}

function regions(model: GroupModel, code: (region: string) => string): FeltFailure[] {
  const data = model.data.kind === 'table' ? [...model.data.regions, ...(model.data.witness ?? '').split(',')] : [];
  const all = [
    ...model.stamps.map(({ region }) => region),
    ...model.controlRegions.map(({ region }) => region),
    ...data,
    ...model.stamps.flatMap(({ imageRegions, secretRegions }) => [...imageRegions, ...secretRegions]),
  ];
  return [...new Set(all)]
    .filter((region) => region !== '')
    .sort(compareText)
    .map((region) => felt('region', code(region), `the Region ${region} is lost`, { regions: [region] }));
}

function zones(model: GroupModel, code: (region: string) => string): FeltFailure[] {
  const found = new Map<string, string>();
  for (const stamp of model.stamps) for (const { zone } of stamp.zones) found.set(zone, stamp.region);
  return [...found]
    .sort(([a], [b]) => compareText(a, b))
    .map(([zone, region]) => {
      const id = zone.startsWith(region) ? code(region) + zone.slice(region.length) : zone;
      return felt(
        'az',
        id,
        `the zone ${zone} is lost`,
        { zones: [zone] },
        { symmetry: `az:${zoneSymmetry(model, zone, region)}` },
      );
    });
}

/** What is in a zone, without its name. */
function zoneSymmetry(model: GroupModel, zone: string, region: string): string {
  const stamps = model.stamps.map((stamp) => {
    const own = stamp.zones.find((candidate) => candidate.zone === zone);
    const exits = stamp.zones.filter(({ exitZone }) => exitZone === zone).length;
    return own === undefined ? 0 : [own.tasks, own.exitZone === undefined ? 0 : 1, exits];
  });
  const members = model.data.kind === 'aurora' ? model.data.members : [];
  const instances = members.map(({ instanceZones }) => instanceZones.filter((other) => other === zone).length);
  return JSON.stringify([region, stamps, instances]);
}

function stampFailures(model: GroupModel, index: number): FeltFailure[] {
  const mark = stampMark(index);
  const { queue } = model.stamps[index] ?? {};
  const checked = Object.values(model.dns.meanings).some((meaning) => meaning.kind === 'stamp' && meaning.stamp === index);
  return [
    felt('stamp', mark, `${mark} is gone, with its load balancer, its tasks and its own database`, { stamps: [mark] }),
    felt('deployment', mark, `${mark} is given a version that does not work`, { deployments: [mark] }),
    ...(queue === undefined
      ? []
      : [felt('queue', mark, `the queue of ${mark} takes and gives no messages`, { queues: [mark] }, { combines: false })]),
    ...(checked
      ? [
          felt('check', `${mark}.false-positive`, `the check of ${mark} reports a failure that is none`, { falseAlarms: [mark] }),
          felt('check', `${mark}.false-negative`, `the check of ${mark} passes whatever happens`, { blindChecks: [mark] }),
        ]
      : []),
  ];
}

function databases(model: GroupModel): FeltFailure[] {
  const { data } = model;
  if (data.kind !== 'aurora' && data.kind !== 'table') return [];
  const owners = model.stamps
    .map((_, index) => index)
    .filter((index) =>
      data.kind === 'aurora'
        ? data.members.some(({ stamp }) => stamp === index)
        : data.regions.includes(model.stamps[index]?.region ?? ''),
    );
  const what = data.kind === 'aurora' ? 'the cluster' : 'the replica of the table';
  return [
    ...(data.kind === 'aurora'
      ? [felt('writer', GROUP_MARK, `the instance that writes for ${GROUP_MARK} is lost`, { writers: owners.map(stampMark) })]
      : []),
    ...owners.map((index) => {
      const mark = stampMark(index);
      return felt('database', mark, `${what} of ${mark} is lost in its Region`, { databases: [mark] });
    }),
    felt('data', GROUP_MARK, `the data of ${GROUP_MARK} is deleted or corrupted, in every replica`, { data: [GROUP_MARK] }),
  ];
}

function checkers(model: GroupModel): FeltFailure[] {
  const { checks } = model.dns;
  if (checks.length === 0) return [];
  // The 18 % rule forgives one location of eight, but not one of a few.
  const few = checks.some(({ HealthCheckConfig: { Regions: chosen } }) => chosen !== undefined && chosen.length < 6);
  return [
    ...CHECKER_LOCATIONS.map((location) =>
      felt(
        'checkers',
        location,
        `the health checkers in ${location} reach nothing`,
        { checkers: [location] },
        few ? {} : { symmetry: 'checkers:one', combines: false },
      ),
    ),
    felt('checkers', 'majority', 'so many health checkers reach nothing that every check fails', { checkers: ['majority'] }),
  ];
}

function sources(model: GroupModel, code: (region: string) => string): FeltFailure[] {
  const running = model.stamps.filter(({ minTasks, present }) => present && minTasks > 0);
  const images = new Set(running.flatMap(({ region, imageRegions }) => [region, ...imageRegions]));
  const secrets = new Set(running.flatMap(({ region, secretRegions }) => [region, ...secretRegions]));
  return [
    ...[...images].sort(compareText).map((region) =>
      felt('image', code(region), `the image registry of ${region} is away: no task that pulls from it can start`, {
        images: [region],
      }),
    ),
    ...[...secrets].sort(compareText).map((region) =>
      felt('secret', code(region), `the secrets of ${region} are away: no task that reads them can start`, {
        secrets: [region],
      }),
    ),
  ];
}

function accounts(model: GroupModel): FeltFailure[] {
  return [...new Set(model.stamps.map(({ account }) => account))]
    .sort(compareText)
    .map((account) =>
      felt(
        'account',
        account,
        `the account ${account} is lost, with everything in it`,
        { accounts: [account] },
        { combines: false },
      ),
    );
}
