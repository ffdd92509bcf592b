import type { DatabaseConfig, GroupConfig, RegionCode, WorkerConfig } from '../config/types';
import { assumedValue } from '../facts/assumptions';
import { HEALTH_CHECK_INTERVAL } from '../facts/health-check-timing';
import { regionalLoad } from './regional-load';
import type { CapacityValues } from './types';

/** One line of the arithmetic, for `stampkit topology`. */
export interface CapacityTerm {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The arithmetic with its numbers filled in. */
  readonly because: string;
}

export interface CapacityExplanation {
  readonly values: CapacityValues;
  /** In the order they build on each other. */
  readonly terms: readonly CapacityTerm[];
}

/** Where a stamp stands, as far as its capacity depends on it. */
export interface CapacityPlace {
  readonly regionCode: RegionCode;
  /** Number of availability zones of the stamp. */
  readonly zones: number;
  /** Overrides of the table of assumptions, from fleet.yaml. */
  readonly assumptions?: Readonly<Record<string, number>>;
}

/** Room for tasks of the next version while the old ones still run: this share of the tasks of a zone, at least one task. */
const DEPLOYMENT_ROOM_PERCENT = 25;
/** Longest time the health function takes for an answer, in seconds (design 6). */
const HEALTH_ANSWER_SECONDS = 1.5;
/** Route 53 checks that call the health function of one stamp: its deep check. */
const DEEP_CHECKS_PER_STAMP = 1;
/** Operators and canaries that ask at the same moment. */
const OPERATOR_HEADROOM = 4;
const LEAST_PROBE_CONNECTIONS = 100;

/** The numbers of one stamp; {@link explainCapacity} without the explanation. */
export function capacityOf(group: GroupConfig, place: CapacityPlace): CapacityValues {
  return explainCapacity(group, place).values;
}

/**
 * The capacity of one stamp, each number with its arithmetic. For `k` zones:
 *
 * - needed tasks N = ceil(load / requestsPerSecondPerTask), where load is the peak times the share of
 *   {@link regionalLoad} (the loss of a peer Region included)
 * - per zone z = ceil(N / (k - 1)), so that k - 1 zones still carry the load (aws-facts 3.6); z = N for k = 1
 * - `minTasks` = z x k; `maxTasks` = the minimum for the full load x `maxCapacity`, up to the next multiple of k
 * - `requestsPerTargetPerMinute` = requestsPerSecondPerTask x 60
 * - worker: its minimum kept with a zone gone in the same way; acceptable backlog per task = floor(maxLatency /
 *   averageProcessing), at least 1 (aws-facts 6.4)
 * - instances (EC2) per zone = ceil((s + room) / tasksPerInstance), where s is the zone's tasks counted in web tasks (a worker task runs
 *   on the same instances and takes as many places as its CPU or memory fills) and room is a quarter of s, at least 1, for the
 *   next version's tasks during a deployment; `maxInstances` leaves at least one instance per zone above the minimum, because
 *   instances too are replaced by starting the new one first
 * - `minAcu`, `maxAcu`: as configured, in every stamp: a standby takes over the whole database
 * - `healthConcurrency`: see {@link healthConcurrency}
 * - `probeConnections` (Aurora): see {@link probeConnections}
 */
export function explainCapacity(group: GroupConfig, place: CapacityPlace): CapacityExplanation {
  const web = webTasks(group, place);
  const worker = group.worker === undefined ? undefined : workerTasks(group.worker, place.zones);
  const instances =
    group.compute.kind === 'ec2' ? instanceCounts(group, { ...web.values, ...worker?.values }, place.zones) : undefined;
  const acu = acuRange(group.database);
  const health = healthConcurrency(place);
  const probe = probeConnections(group.database, health.values.healthConcurrency);
  const parts = [web, worker, instances, acu, health, probe].filter((part) => part !== undefined);
  return {
    values: {
      ...web.values,
      ...worker?.values,
      ...instances?.values,
      ...acu?.values,
      ...health.values,
      ...probe?.values,
    },
    terms: parts.flatMap((part) => part.terms),
  };
}

interface Part<K extends keyof CapacityValues> {
  readonly values: { readonly [key in K]: number };
  readonly terms: readonly CapacityTerm[];
}

function webTasks(
  group: GroupConfig,
  { regionCode, zones }: CapacityPlace,
): Part<'minTasks' | 'maxTasks' | 'requestsPerTargetPerMinute'> {
  const { peakRequestsPerSecond: peak, requestsPerSecondPerTask: perTask, maxCapacity } = group.compute;
  const load = regionalLoad(group.placement, regionCode);
  const needed = tasksFor(peak * load.failover, perTask);
  const perZone = perZoneWithOneGone(needed, zones);
  const minTasks = perZone * zones;
  const fullMinimum = perZoneWithOneGone(tasksFor(peak * load.full, perTask), zones) * zones;
  const maxTasks = Math.max(minTasks, Math.ceil(exact((fullMinimum * maxCapacity) / 100 / zones)) * zones);
  return {
    values: { minTasks, maxTasks, requestsPerTargetPerMinute: perTask * 60 },
    terms: [
      term('load', exact(peak * load.failover), 'requests/s', `${peak} x ${exact(load.failover)}: ${load.because}`),
      term('needed tasks', needed, 'tasks', `ceil(${exact(peak * load.failover)} / ${perTask} per task)`),
      term('tasks per zone', perZone, 'tasks', zoneFormula(needed, zones)),
      term('minTasks', minTasks, 'tasks', `${perZone} x ${zones} zones`),
      term('maxTasks', maxTasks, 'tasks', `${maxCapacity} % of ${fullMinimum}, up to a multiple of ${zones} zones`),
      term('requestsPerTargetPerMinute', perTask * 60, 'requests/min', `${perTask} per second x 60`),
    ],
  };
}

function workerTasks(
  { minTasks, maxTasks, maxLatency, averageProcessing }: WorkerConfig,
  zones: number,
): Part<'workerMinTasks' | 'workerMaxTasks' | 'workerBacklogPerTask'> {
  const perZone = perZoneWithOneGone(minTasks, zones);
  const workerMinTasks = perZone * zones;
  const workerMaxTasks = Math.max(maxTasks, workerMinTasks);
  const backlog = Math.max(1, Math.floor(exact(maxLatency / averageProcessing)));
  return {
    values: { workerMinTasks, workerMaxTasks, workerBacklogPerTask: backlog },
    terms: [
      term('workerMinTasks', workerMinTasks, 'tasks', `${zoneFormula(minTasks, zones)}, x ${zones} zones`),
      term('workerMaxTasks', workerMaxTasks, 'tasks', `configured ${maxTasks}, at least the minimum`),
      term(
        'workerBacklogPerTask',
        backlog,
        'messages',
        `floor(${maxLatency} s / ${averageProcessing} s per message), at least 1`,
      ),
    ],
  };
}

function instanceCounts(
  { compute, worker }: GroupConfig,
  tasks: {
    readonly minTasks: number;
    readonly maxTasks: number;
    readonly workerMinTasks?: number;
    readonly workerMaxTasks?: number;
  },
  zones: number,
): Part<'minInstances' | 'maxInstances'> {
  const perInstance = compute.tasksPerInstance ?? 1;
  const places = worker === undefined ? 0 : Math.ceil(Math.max(worker.cpu / compute.cpu, worker.memory / compute.memory));
  const count = (web: number, workers: number): { total: number; because: string } => {
    const inZone = web / zones + Math.ceil(workers / zones) * places;
    const room = deploymentRoom(inZone);
    const ofWorkers = worker === undefined ? '' : `, ${Math.ceil(workers / zones)} worker tasks of ${places} included`;
    return {
      total: Math.ceil((inZone + room) / perInstance) * zones,
      because: `ceil((${inZone} tasks${ofWorkers} + ${room} for a deployment) / ${perInstance} per instance) x ${zones} zones`,
    };
  };
  const least = count(tasks.minTasks, tasks.workerMinTasks ?? 0);
  const most = count(tasks.maxTasks, tasks.workerMaxTasks ?? 0);
  const maxInstances = Math.max(most.total, least.total + zones);
  return {
    values: { minInstances: least.total, maxInstances },
    terms: [
      term('minInstances', least.total, 'instances', least.because),
      term('maxInstances', maxInstances, 'instances', `${most.because}, at least one per zone above the minimum`),
    ],
  };
}

function deploymentRoom(tasks: number): number {
  return Math.max(1, Math.ceil((tasks * DEPLOYMENT_ROOM_PERCENT) / 100));
}

function acuRange(database: DatabaseConfig): Part<'minAcu' | 'maxAcu'> | undefined {
  if (database.engine !== 'aurora-postgresql' && database.engine !== 'aurora-mysql') return undefined;
  if (database.serverless === undefined) return undefined;
  const { minAcu, maxAcu } = database.serverless;
  const because = 'as configured, the same in every Region: each may become the writer';
  return { values: { minAcu, maxAcu }, terms: [term('minAcu', minAcu, 'ACU', because), term('maxAcu', maxAcu, 'ACU', because)] };
}

/**
 * Reserved concurrency of the health function. Checkers are not coordinated and may all ask at once (aws-facts 2.2), so the
 * worst moment counts, not the average: each checker has at most ceil(answer / interval) requests open. On top come the
 * load balancer's own target checks, one per zone, and an operator's.
 */
function healthConcurrency({ zones, assumptions }: CapacityPlace): Part<'healthConcurrency'> {
  const checkers = Math.ceil(assumedValue('checkerCount', assumptions).pessimistic);
  const open = Math.ceil(HEALTH_ANSWER_SECONDS / HEALTH_CHECK_INTERVAL);
  const total = DEEP_CHECKS_PER_STAMP * checkers * open + zones + OPERATOR_HEADROOM;
  const because = `${checkers} checkers x ${open} open request each (answers within ${HEALTH_ANSWER_SECONDS} s, every ${HEALTH_CHECK_INTERVAL} s) + ${zones} load balancer nodes + ${OPERATOR_HEADROOM} for operators`;
  return { values: { healthConcurrency: total }, terms: [term('healthConcurrency', total, 'requests', because)] };
}

/**
 * Connections that the database user of the health checks may hold at one instance. Every run of the function holds two (the writer's and
 * the reader's endpoint may lead to one instance); the user is the same in every member, and a member with more zones runs more.
 */
function probeConnections({ engine }: GroupConfig['database'], healthConcurrency: number): Part<'probeConnections'> | undefined {
  if (engine !== 'aurora-postgresql' && engine !== 'aurora-mysql') return undefined;
  const total = Math.max(LEAST_PROBE_CONNECTIONS, 4 * healthConcurrency);
  const because = `at least ${LEAST_PROBE_CONNECTIONS}, and 2 for each of twice ${healthConcurrency} runs of the health function`;
  return { values: { probeConnections: total }, terms: [term('probeConnections', total, 'connections', because)] };
}

/** At least one task, so that there is something to be healthy. */
function tasksFor(requestsPerSecond: number, perTask: number): number {
  return Math.max(1, Math.ceil(exact(requestsPerSecond / perTask)));
}

function perZoneWithOneGone(needed: number, zones: number): number {
  return zones <= 1 ? needed : Math.ceil(needed / (zones - 1));
}

function zoneFormula(needed: number, zones: number): string {
  return zones <= 1
    ? `${needed} in the only zone: nothing is left when it fails`
    : `ceil(${needed} / (${zones} - 1)), so that ${zones - 1} of ${zones} zones suffice`;
}

/** Takes out what binary fractions add: 1.1 / 0.1 is 11 to a reader, and 11.000000000000002 to a computer. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

function term(name: string, value: number, unit: string, because: string): CapacityTerm {
  return { name, value, unit, because };
}
