import type { AssumptionName } from './assumptions';
import type { LabConditions, LabForm } from './lab-conditions';

/**
 * What the local lab makes of each assumption. `real`: it happens there, by real processes, and can be measured. `emulated`: the lab
 * waits that long because it is told to, so agreement with it says nothing about AWS (design 10).
 */
export interface LabAssumption {
  readonly nature: 'emulated' | 'real';
  readonly typical: number;
  /** With the waits of the worst form. */
  readonly pessimistic: number;
  /** Seconds that are work, which a slow machine makes longer; of an emulated one, work that follows what is played. @default 0 */
  readonly work?: number;
  /** Seconds of waits with a fixed length (time-outs, pauses), by the form of the failure. @default - none */
  readonly waits?: Waits;
}

type Waits = Readonly<Record<LabForm, number>>;

function emulated(typical: number, pessimistic = typical): LabAssumption {
  return { nature: 'emulated', typical, pessimistic };
}

/** Played first; then it really happens. @param work seconds of work that follow, on the machine of the table @param wait seconds until it is noticed */
function emulatedFirst(typical: number, pessimistic: number, work: number, wait: number): LabAssumption {
  return { nature: 'emulated', typical, pessimistic, work, waits: { kill: wait, freeze: wait, drop: wait } };
}

/** @param work seconds of work at worst, on the machine of the table */
function real(typical: number, work: number, waits?: Waits): LabAssumption {
  if (waits === undefined) return { nature: 'real', typical, pessimistic: work, work };
  return { nature: 'real', typical, pessimistic: work + Math.max(...Object.values(waits)), work, waits };
}

/**
 * Seconds, shares and counts as in the table of assumptions; at speed 1. Work was measured by repeated drills on two cores that had nothing else to do;
 * the pessimistic value is about one and a half times the worst that was seen. Waits are the time-outs of the code: a checker hangs up after 4 s without
 * a connection and 2 s without an answer, a client after 2 s, an operation's read after 3 s, a look of one Region's control plane at another after
 * 1.5 s, and at an old writer after 2 s; a circuit breaker of the sample opens again after 0.5 s. `decisionTime` is what the engine takes to look twice
 * at everything before it acts: at a silent Region each look costs a read and a look of the control plane. To `clientReuse` and `databaseReconnect` comes
 * the pause between two requests ({@link LabConditions.clientPause}).
 */
export const LAB_ASSUMPTIONS: Readonly<Record<AssumptionName, LabAssumption>> = {
  decisionTime: real(0.3, 0.6, { kill: 0, freeze: 9, drop: 9 }),
  statusPropagation: emulated(1, 5),
  checkerTimeoutHttps: real(0, 0.1, { kill: 0, freeze: 2, drop: 4 }),
  checkerTimeoutStringMatch: real(0, 0.1, { kill: 0, freeze: 2, drop: 4 }),
  checkerHealthyShare: emulated(0.18),
  checkerCount: emulated(16),
  newCheckSettling: emulated(30, 60),
  recordChangePropagation: emulated(1, 5),
  clientReuse: real(0, 0.15, { kill: 0, freeze: 2, drop: 2 }),
  elbStatusSync: emulated(1, 5),
  switchWrite: real(0.1, 0.5, { kill: 0, freeze: 3, drop: 3 }),
  leaseWrite: real(0.1, 0.2),
  verification: real(0.1, 0.2),
  metricDelay: emulated(1, 5),
  notificationDelay: emulated(0, 1),
  auroraGlobalFailover: real(0.5, 0.8, { kill: 0, freeze: 3.5, drop: 3.5 }),
  auroraGlobalSwitchover: real(2, 5),
  auroraInRegionFailover: emulatedFirst(5, 30, 1.5, 0.5),
  auroraInRegionRecreate: real(3, 30),
  auroraParameterChange: emulated(1, 5),
  auroraReplicationLag: real(1, 5),
  auroraGlobalMinimumAcu: emulated(8),
  auroraFullCopyMinimumInterval: emulated(14_400, 43_200),
  auroraRestore: real(5, 60),
  dynamoDbReplicationLag: emulated(1, 5),
  dynamoDbRestore: real(5, 60),
  pitrDelay: emulated(5, 30),
  backupStartDelay: emulated(1, 30),
  backupCopyTime: real(1, 30),
  backupEventDelay: emulated(1, 5),
  ecsScaleOut: real(3, 30),
  ec2ScaleOut: real(3, 30),
  scalingReaction: emulated(5, 30),
  elbZoneRemoval: emulated(1, 10),
  databaseReconnect: real(0.5, 0.5, { kill: 0.5, freeze: 0.5, drop: 0.5 }),
  zonalAutoshift: emulated(5, 30),
};

/** What is over when a client asks again. */
const BY_CLIENTS: ReadonlySet<AssumptionName> = new Set(['clientReuse', 'databaseReconnect']);

/** Seconds that really pass of an assumption under some conditions: waits by the form, work by the slowness of the machine. */
export function labReality(name: AssumptionName, { form, slowness, clientPause }: LabConditions): number {
  const { work = 0, waits } = LAB_ASSUMPTIONS[name];
  const waited = waits?.[form] ?? 0;
  return work * slowness + waited + (BY_CLIENTS.has(name) ? clientPause : 0);
}
