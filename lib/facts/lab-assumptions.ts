import type { AssumptionName } from './assumptions';

/**
 * What the local lab makes of each assumption. `real`: it happens there, by real processes, and can be measured. `emulated`: the lab
 * waits that long because it is told to, so agreement with it says nothing about AWS (design 10).
 */
export interface LabAssumption {
  readonly nature: 'emulated' | 'real';
  readonly typical: number;
  readonly pessimistic: number;
}

function emulated(typical: number, pessimistic = typical): LabAssumption {
  return { nature: 'emulated', typical, pessimistic };
}

function real(typical: number, pessimistic: number): LabAssumption {
  return { nature: 'real', typical, pessimistic };
}

/**
 * Seconds, shares and counts as in the table of assumptions; at speed 1. Real ones were measured on two cores that other work kept busy (load average 8
 * to 13): the pessimistic value is some three times the worst that was seen, so that a busy CI machine does not break it. `decisionTime` is what
 * the engine takes to look twice at a Region that is silent: time-outs.
 */
export const LAB_ASSUMPTIONS: Readonly<Record<AssumptionName, LabAssumption>> = {
  decisionTime: real(1, 25),
  statusPropagation: emulated(1, 5),
  checkerTimeoutHttps: real(0, 6),
  checkerTimeoutStringMatch: real(0, 8),
  checkerHealthyShare: emulated(0.18),
  checkerCount: emulated(16),
  newCheckSettling: emulated(30, 60),
  recordChangePropagation: emulated(1, 5),
  clientReuse: real(0, 5),
  elbStatusSync: emulated(1, 5),
  switchWrite: real(0.1, 2),
  leaseWrite: real(0.1, 2),
  verification: real(0.5, 5),
  metricDelay: emulated(1, 5),
  notificationDelay: emulated(0, 1),
  auroraGlobalFailover: real(1, 15),
  auroraGlobalSwitchover: real(2, 15),
  auroraInRegionFailover: emulated(5, 30),
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
  databaseReconnect: real(0.5, 5),
  zonalAutoshift: emulated(5, 30),
};
