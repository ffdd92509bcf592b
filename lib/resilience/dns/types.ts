import type { DnsAssumptionName } from './assumptions';

/** Where a client, or the resolver that asks for it, is. Everything that is known; more is derived from it. */
export interface Location {
  /** AWS Region in or near which it is. */
  readonly region?: string;
  /** ISO 3166-1 alpha-2 country. Default: the country of `region`. */
  readonly country?: string;
  /** Subdivision of the country, such as `CA` of the United States. Default: the one of `region`, when Route 53 tells it apart. */
  readonly subdivision?: string;
  /** Continent as Route 53 codes it: AF, AN, AS, EU, NA, OC or SA. Default: the continent of the country. */
  readonly continent?: string;
  /** Location of an IP-based routing collection that the client's address falls into. */
  readonly cidrLocation?: string;
}

/** Who asks. */
export interface Client extends Location {
  /** Whether its resolver sends EDNS client subnet. Then Route 53 sees where the client is, otherwise where the resolver is (aws-facts 1.3). */
  readonly ednsSubnet: boolean;
  /** Where the resolver is. Counts only without `ednsSubnet`. Default: where the client is, which is then an assumption of the answer. */
  readonly resolver?: Location;
}

export interface DnsQuery {
  /** With or without the final dot, in any case. */
  readonly name: string;
  /** Default: `A`. */
  readonly type?: string;
  readonly client: Client;
}

/** What one location of checkers reports about a check's endpoint, before the check is inverted. */
export interface CheckerReport {
  /** Region of the checkers, such as `eu-west-1`. */
  readonly location: string;
  /** `no-data`: has no verdict yet. `lost`: its report does not reach the DNS server that answers. */
  readonly verdict: 'pass' | 'fail' | 'no-data' | 'lost';
  /** How many checkers say so. Default: 1. */
  readonly checkers?: number;
}

/**
 * What is known about one health check. Nothing known means: as it should be, that is healthy.
 *
 * `status` is the check's own verdict, after inversion, as `get-health-check-status` sums it up. The others are what Route 53
 * derives that verdict from.
 */
export type CheckState =
  | { readonly kind: 'status'; readonly healthy: boolean }
  /** Every checker sees the same; for an inverted check `passes` means that the marker was found. */
  | { readonly kind: 'endpoint'; readonly passes: boolean }
  | { readonly kind: 'checkers'; readonly reports: readonly CheckerReport[] }
  /** New: not enough data yet. */
  | { readonly kind: 'no-data' }
  /** Disabled after its creation; CloudFormation cannot express it. */
  | { readonly kind: 'disabled' }
  /** The data stream behind an alarm. `alarmState` is there to say that it counts for nothing (aws-facts 2.5). */
  | {
      readonly kind: 'metric';
      readonly data: 'ok' | 'breaching' | 'insufficient';
      /** Verdict while there last was enough data. Default: there never was. */
      readonly lastKnown?: boolean;
      readonly alarmState?: string;
    }
  | { readonly kind: 'routing-control'; readonly on: boolean };

/** One target group behind a load balancer, as Route 53 counts it. */
export interface TargetGroupState {
  readonly registered: number;
  readonly healthy: number;
  /** `target_group_health.dns_failover.minimum_healthy_targets.count`. Default: 1. */
  readonly minimumHealthy?: number;
}

/** Health of what an alias outside the zone leads to. Nothing known means healthy. */
export type TargetState =
  | { readonly kind: 'status'; readonly healthy: boolean }
  /** Application, Network or Classic Load Balancer; for a Classic one, one group of its instances. */
  | { readonly kind: 'load-balancer'; readonly working?: boolean; readonly targetGroups: readonly TargetGroupState[] };

/** Everything that is not as it should be at one moment. */
export interface DnsState {
  /** By check id. */
  readonly checks?: Readonly<Record<string, CheckState>>;
  /** By the DNS name of an alias target; case and final dot do not matter. */
  readonly targets?: Readonly<Record<string, TargetState>>;
  /** Locations of checkers that reach no endpoint: their probes fail everywhere (a checker partition). */
  readonly blindCheckers?: readonly string[];
  /** Locations of checkers whose reports do not reach the DNS server that answers. */
  readonly lostCheckers?: readonly string[];
}

/** A record set of the answer. */
export interface DnsAnswer {
  /** The last identifier on the way to it; undefined when no record on the way has one. */
  readonly setIdentifier?: string;
  /** Name of the record that answers. */
  readonly record: string;
  /** Values of a record that holds values. */
  readonly values?: readonly string[];
  /** DNS name of the AWS resource behind an alias. */
  readonly alias?: string;
  /** Share of the answers that this record is in, from 0 to 1. Records of a multivalue answer come together, so theirs add up to more. */
  readonly probability: number;
  /** Whether every record on the way, and the target at its end, is healthy by what is known. */
  readonly healthy: boolean;
  /** Seconds that resolvers keep it: the longest of the chain. Undefined when it is not known. */
  readonly ttl?: number;
  /** Names and identifiers from the name asked for to the record that answers. */
  readonly via: readonly { readonly name: string; readonly setIdentifier?: string }[];
}

/** One decision on the way to the answer. */
export interface PathStep {
  /** What kind of decision, such as `look up`, `health`, `choose`, `follow alias`. */
  readonly step: string;
  /** Why: section of aws-facts. */
  readonly rule: string;
  readonly detail: string;
  /** How deep in the tree of aliases; 0 for the name asked for. */
  readonly depth: number;
}

/** A rule that AWS does not print, and that this answer depends on. */
export interface UsedAssumption {
  readonly name: DnsAssumptionName;
  readonly statement: string;
  readonly source: string;
}

/** `delegated`: another zone answers. `outside`: no zone given holds the name. */
export type ResolutionStatus = 'answer' | 'no-data' | 'name-error' | 'delegated' | 'outside';

export interface Resolution {
  readonly status: ResolutionStatus;
  /** Most probable first. Empty unless `status` is `answer`. */
  readonly answers: readonly DnsAnswer[];
  /** Seconds: the longest of the answers; of a negative answer the zone's negative TTL. Undefined when it is not known. */
  readonly ttl?: number;
  /** Whether a record was chosen while no record of its group was healthy. */
  readonly failOpen: boolean;
  /** Empty when it was not asked for. */
  readonly path: readonly PathStep[];
  readonly assumptions: readonly UsedAssumption[];
}
