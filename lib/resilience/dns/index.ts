/** The Route 53 answer model: what a zone answers to whom, given what is healthy, and why. */
export { DNS_ASSUMPTIONS, DNS_ASSUMPTION_NAMES, type DnsAssumptionName } from './assumptions';
export { CHECKER_LOCATIONS } from './check-reports';
export { type CheckOptions, type CheckTable, type CheckVerdict, checkStatus } from './check-status';
export { describeCheck } from './describe-check';
export { HealthView, type RecordVerdict, type ViewOptions } from './health-view';
export { LATENCY_TABLE_AS_OF, type MeasuredLatencies } from './latency';
export { canonicalName } from './names';
export { type Probe, checkerVerdict, probePasses } from './probe';
export { type ResolveOptions, answer, resolve } from './resolve';
export type {
  CheckerReport,
  CheckState,
  Client,
  DnsAnswer,
  DnsQuery,
  DnsState,
  Location,
  PathStep,
  Resolution,
  ResolutionStatus,
  TargetGroupState,
  TargetState,
  UsedAssumption,
} from './types';
export {
  type IndexedRecord,
  type RecordGroup,
  type Zone,
  type ZoneIndex,
  type ZoneInput,
  type ZoneRecord,
  indexZone,
} from './zone-index';
export { ZONE_PROBLEM_CODES, type ZoneProblem, type ZoneProblemCode, zoneProblems } from './zone-problems';
export { type FleetDns, type StampEvents, fleetZones, stampState } from './fleet-zones';
