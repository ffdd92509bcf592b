import type { Finding } from '../findings';
import type { Bound } from './bounds/types';
import type { ObjectiveName } from './failures/types';

/** Before a failover, or after one: the standby writes, and the old primary is a replica again and still evacuated. */
export type Orientation = 'before' | 'after';

/** `aws` holds for AWS; `lab` for the local lab, which plays some terms and measures others. */
export type Profile = 'aws' | 'lab';

/** Somewhere that clients are, as far as the group's routing tells them apart. */
export interface ClientPlace {
  /** `anywhere`, an AWS Region, or an area such as `country:DE`. */
  readonly name: string;
  /** Share of the group's demand that comes from there, from 0 to 1: an assumption. */
  readonly share: number;
}

export interface AnsweringStamp {
  readonly stampId: string;
  /** Share of this client's answers, from 0 to 1. */
  readonly probability: number;
  readonly serves: boolean;
  readonly writes: boolean;
}

/** Whom a client's resolver is sent to. */
export interface Answered {
  readonly answers: readonly AnsweringStamp[];
  /** No record was healthy, so Route 53 answered as if all were. */
  readonly failOpen: boolean;
  /** Seconds that resolvers keep it. */
  readonly ttl?: number;
  /** Names of the Route 53 assumptions that the answer depends on. */
  readonly assumptions: readonly string[];
}

/** Requests per second that a stamp has to take and can. */
export interface CapacityOutcome {
  readonly stampId: string;
  readonly load: number;
  /** With the tasks that run at all times. */
  readonly ready: number;
  /** With all tasks that scaling may start. */
  readonly reachable: number;
}

/** How bad it is, worst last. */
export type Effect =
  /** Nobody notices. */
  | 'none'
  /** Served all the time; something else waits, such as background work. */
  | 'reduced'
  /** An outage that ends by itself. */
  | 'recovers'
  /** An outage that a person ends. */
  | 'operator'
  /** An outage that nothing the kit knows of ends. */
  | 'lost';

/** What one failure (or pair) does to one group, in one orientation, for clients of one place. */
export interface Outcome {
  readonly failure: string;
  readonly group: string;
  readonly orientation: Orientation;
  readonly client: string;
  readonly effect: Effect;
  /** What Route 53 answers before anybody acts, and after everybody has. */
  readonly first: Answered;
  readonly last: Answered;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly needsOperator: boolean;
  /** Of the stamps that take the load in the end. */
  readonly capacity: readonly CapacityOutcome[];
  /** Time until clients of this place read and write again, with room for the peak. Read-only time counts as an outage of writes. */
  readonly rto: Bound;
  /** Span of acknowledged writes that may be gone. */
  readonly rpo: Bound;
  /** What happens, in short clauses: how it is seen, what responds, what stays different. */
  readonly detection: string;
  readonly response: string;
  readonly notes: readonly string[];
}

/** One setting that would change a verdict. */
export interface Knob {
  /** `failover.promotion`, `standbyCapacity`, `health checks`. */
  readonly name: string;
  /** What to write, such as `standbyCapacity: 80%`. */
  readonly change: string;
  /** Seconds (rto or rpo) that the verdict gets when it is turned: computed again, not estimated. */
  readonly result?: number;
  /** Whether the objective then holds. */
  readonly enough: boolean;
  /** Rough order of price: settings before capacity before another Region. */
  readonly cost: number;
}

export type VerdictState =
  /** Inside the objective. */
  | 'holds'
  /** Outside it. */
  | 'violated'
  /** Outside it, and the group's configuration says so with a reason. */
  | 'accepted'
  /** Outside it, and the objective does not apply: a pair that is not promised, a Region of a `single` group. */
  | 'reported';

/** One failure against one objective of one group: the worst of its outcomes. */
export interface Verdict {
  readonly failure: string;
  readonly what: string;
  readonly group: string;
  readonly objective: ObjectiveName;
  readonly state: VerdictState;
  /** Whether leaving the objective fails the proof. */
  readonly gates: boolean;
  readonly rtoObjective: number;
  readonly rpoObjective: number;
  /** The outcome that decides: the worst orientation and client. */
  readonly worst: Outcome;
  /** Every orientation and client. */
  readonly outcomes: readonly Outcome[];
  /** Other failures that do the same with names exchanged, such as the other zones of a Region. */
  readonly alike: readonly string[];
  /** Share of the group's clients that the failure touches before anything responds, from 0 to 1. */
  readonly clientsTouched: number;
  /** Share of the group's running capacity that it takes, from 0 to 1. */
  readonly capacityLost: number;
  /** Cheapest first; empty unless violated. */
  readonly knobs: readonly Knob[];
  /** The reason of `accept:`, or why it is only reported. */
  readonly reason?: string;
}

export interface GroupProof {
  readonly group: string;
  /** Singles first, then pairs; each worst first. */
  readonly verdicts: readonly Verdict[];
  /** One plain sentence each. */
  readonly survives: string;
  readonly survivesNot: string;
  readonly findings: readonly Finding[];
}

/** What a failure takes of the whole fleet. */
export interface BlastRadius {
  readonly failure: string;
  readonly groups: readonly string[];
  /** Tenants that are touched, of all tenants. */
  readonly tenants: number;
  readonly tenantShare: number;
  /** Share of all running tasks. */
  readonly capacityShare: number;
}

/** How many failures there are, and how many had to be looked at. */
export interface EnumerationCounts {
  readonly groups: number;
  /** Different models of groups: each is judged once. */
  readonly shapes: number;
  /** Failures of the fleet, each counted once. */
  readonly singles: number;
  readonly pairs: number;
  /** Pairs of the fleet of which no group feels both. */
  readonly independent: number;
  /** Pairs that some group feels, counted for each such group. */
  readonly felt: number;
  /** Of these: one part takes nothing that the other leaves, or nothing that an answer or a bound depends on. */
  readonly contained: number;
  /** Of these: another pair with equal parts exchanged. */
  readonly symmetric: number;
  /** Of these: those of a group whose model another group has. */
  readonly sameShape: number;
  /** Failures and pairs that were really judged. */
  readonly judged: number;
}

export interface Proof {
  readonly profile: Profile;
  readonly groups: readonly GroupProof[];
  readonly blast: readonly BlastRadius[];
  readonly counts: EnumerationCounts;
  /** Those of the groups, of the templates and of the fleet as a whole. */
  readonly findings: readonly Finding[];
  /** Names of the Route 53 assumptions that some verdict depends on. */
  readonly dnsAssumptions: readonly string[];
}
