import type { ServiceFact } from '../../assembly/facts/services';
import type { AlarmFact } from '../../assembly/facts/operations';
import type { ParsedStamp } from '../../assembly/parsed-fleet';
import { compareText } from '../../order';
import type { GroupDemand, MemberDemand } from '../demand';
import { canonicalName } from '../dns/names';
import { clientsOf } from './clients';
import { dataModel } from './data-model';
import { dnsModel } from './dns-model';
import type { FactIndex } from './fact-index';
import { type Labels, unnamed } from './names';
import type { ControlRegionModel, DeploymentModel, DnsModel, GroupModel, StampModel, ZoneModel } from './types';

/** Seconds that clients of an ALB may reuse a connection unless it says otherwise (aws-facts 6.1). */
const DEFAULT_KEEP_ALIVE = 3600;

export interface NamedModel {
  readonly model: GroupModel;
  readonly labels: Labels;
}

/** What templates and demand say about one group, and the names that were taken out of it. */
export function groupModel(demand: GroupDemand, facts: FactIndex, codes: ReadonlyMap<string, string>): NamedModel {
  const labels = labelsOf(demand, facts);
  const dns = dnsModel(demand, facts);
  const model: GroupModel = {
    mode: demand.mode,
    stamps: demand.members.map((member) => stampModel(member, demand, facts)),
    dns,
    clients: clientsOf(demand, dns),
    data: dataModel(demand, facts),
    availability: demand.availability,
    recovery: demand.recovery,
    survive: demand.survive.map((failure) => unnamed(failure, labels)),
    accept: demand.accept.map(({ failure, reason }) => ({ failure: unnamed(failure, labels), reason })),
    ...(demand.peakRequestsPerSecond !== undefined && { peak: demand.peakRequestsPerSecond }),
    ...(demand.requestsPerSecondPerTask !== undefined && { perTask: demand.requestsPerSecondPerTask }),
    writerGrace: demand.writerGrace,
    dependencies: demand.dependencies.map(({ name, url, shared }) => ({ name, shared, everywhere: !url.includes('{region}') })),
    ...(demand.backups !== undefined && { promisedCopies: demand.backups.copies }),
    controlRegions: controlRegions(dns, codes),
  };
  return { model, labels };
}

function labelsOf({ name, recordName, members }: GroupDemand, facts: FactIndex): Labels {
  const [record] = facts.recordsNamed(canonicalName(recordName));
  const stamps = members.map(({ stampId }) => {
    const { loadBalancerIds = [], stacks = [] } = facts.stamp(stampId) ?? {};
    return loadBalancerIds.map((id) => facts.fact('loadBalancers', id)?.origin.stack).find(isPresent) ?? stacks[0];
  });
  return {
    group: name,
    stamps: members.map(({ stampId }) => stampId),
    stacks: { ...(record !== undefined && { records: record.origin.stack }), stamps },
  };
}

function controlRegions({ meanings }: DnsModel, codes: ReadonlyMap<string, string>): ControlRegionModel[] {
  const regions = new Set(Object.values(meanings).flatMap((check) => (check.kind === 'switch' ? [check.region] : [])));
  return [...regions].sort(compareText).map((region) => ({ region, code: codes.get(region) ?? region }));
}

function stampModel(member: MemberDemand, demand: GroupDemand, facts: FactIndex): StampModel {
  const stamp = facts.stamp(member.stampId);
  const services = (stamp?.webServiceIds ?? []).map((id) => facts.fact('services', id)).filter(isPresent);
  const minTasks = sum(services.map((service) => service.minTasks ?? 0));
  const balancers = (stamp?.loadBalancerIds ?? []).map((id) => facts.fact('loadBalancers', id)).filter(isPresent);
  const groups = balancers.flatMap(({ targetGroupIds }) => targetGroupIds.map((id) => facts.targetGroup(id))).filter(isPresent);
  const webGroup = groups.find(({ targetType, targetIds }) => targetType !== 'lambda' && targetIds.length > 0);
  const queue = (stamp?.queueIds ?? [])
    .map((id) => facts.fact('queues', id))
    .filter(isPresent)
    .find(({ deadLetter }) => deadLetter !== undefined);
  const empty = groups.filter(({ targetIds, otherTargets }) => targetIds.length + otherTargets === 0).length;
  return {
    region: member.region,
    code: member.regionCode,
    account: member.account,
    role: member.role,
    share: member.share,
    present: stamp !== undefined,
    zones: zonesOf(services, stamp, facts),
    minTasks,
    maxTasks: Math.max(minTasks, sum(services.map((service) => service.maxTasks ?? service.minTasks ?? 0))),
    launch: services.some(({ launchType }) => launchType === 'EC2') ? 'EC2' : 'FARGATE',
    imageRegions: foreignRegions(member.region, services, (container) => [container.imageRegion]),
    secretRegions: foreignRegions(member.region, services, ({ secrets }) => secrets.map(({ region }) => region)),
    ...(webGroup?.healthCheck.enabled === true && {
      targetGroup: {
        interval: webGroup.healthCheck.interval ?? 30,
        timeout: webGroup.healthCheck.timeout ?? 5,
        unhealthyThreshold: webGroup.healthCheck.unhealthyThreshold ?? 2,
      },
    }),
    emptyTargetGroups: empty,
    clientKeepAlive: Math.max(0, ...balancers.map(({ clientKeepAlive }) => clientKeepAlive ?? DEFAULT_KEEP_ALIVE)),
    deployment: deploymentModel(services, facts),
    ...(queue !== undefined && {
      queue: {
        retention: queue.retention ?? 345_600,
        ...(demand.workLatency !== undefined && { oldest: demand.workLatency }),
      },
    }),
    backups: stampBackups(stamp, facts),
    zonalShift: balancers.length > 0 && balancers.every(({ zonalShift }) => zonalShift),
  };
}

/** The tasks of each zone: ECS spreads them evenly, and the larger part counts where they do not divide. */
function zonesOf(services: readonly ServiceFact[], stamp: ParsedStamp | undefined, facts: FactIndex): ZoneModel[] {
  const tasks = new Map<string, number>();
  for (const service of services) {
    const zones = service.availabilityZones.length > 0 ? service.availabilityZones : (stamp?.availabilityZones ?? []);
    for (const zone of zones) {
      tasks.set(zone, (tasks.get(zone) ?? 0) + Math.ceil((service.minTasks ?? 0) / zones.length));
    }
  }
  const subnets = (stamp?.networkIds ?? []).flatMap((id) => facts.fact('networks', id)?.subnets ?? []);
  return [...tasks]
    .sort(([a], [b]) => compareText(a, b))
    .map(([zone, count]) => {
      const exit = subnets.find(
        (subnet) => subnet.availabilityZone === zone && subnet.natZone !== undefined && subnet.natZone !== zone,
      );
      return { zone, tasks: count, ...(exit?.natZone !== undefined && { exitZone: exit.natZone }) };
    });
}

/** Plans that protect nothing do not count. */
function stampBackups(stamp: ParsedStamp | undefined, facts: FactIndex): StampModel['backups'] {
  const plans = (stamp?.backupPlanIds ?? []).map((id) => facts.fact('backupPlans', id)).filter(isPresent);
  const rules = plans.filter(({ protects }) => protects.length > 0).flatMap((plan) => plan.rules);
  return { rules: rules.length, copies: Math.max(0, ...rules.map(({ copies }) => copies.length)) };
}

type Container = NonNullable<ServiceFact['task']>['containers'][number];

function foreignRegions(
  own: string,
  services: readonly ServiceFact[],
  regionsOf: (container: Container) => readonly (string | undefined)[],
): string[] {
  const found = services.flatMap(({ task }) => (task?.containers ?? []).flatMap(regionsOf));
  return [...new Set(found.filter(isPresent).filter((region) => region !== own))].sort(compareText);
}

function deploymentModel(services: readonly ServiceFact[], facts: FactIndex): DeploymentModel {
  const circuitBreaker =
    services.length > 0 && services.every(({ deployment }) => deployment.circuitBreaker && deployment.rollback);
  const alarms = services.flatMap(({ deployment }) => (deployment.rollback ? deployment.alarms : []));
  const seconds = alarms
    .map((id) => facts.fact('alarms', id))
    .filter(isPresent)
    .map(alarmSeconds);
  return { circuitBreaker, ...(seconds.length > 0 && { alarmSeconds: Math.max(...seconds) }) };
}

/** Until an alarm has seen enough: metrics of AWS services are there once a minute. */
function alarmSeconds({ period, evaluationPeriods, datapointsToAlarm }: AlarmFact): number {
  return (period ?? 60) * (datapointsToAlarm ?? evaluationPeriods ?? 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
