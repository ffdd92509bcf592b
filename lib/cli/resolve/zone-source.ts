import type { Finding } from '../../findings';
import type { FindingPlace } from '../../findings';
import type { DnsState, StampEvents, ZoneInput, ZoneProblem } from '../../resilience/dns';

/** Where records and checks come from, and what may be said about them on the command line. */
export interface ZoneSource {
  readonly zones: ZoneInput;
  /** What `--down` may name: stamps, or the DNS names of alias targets. */
  readonly downable: readonly string[];
  /** Stamps with a switch; undefined for records of a file, which know no switches. */
  readonly evacuable?: readonly string[];
  /** Check ids by what `--unhealthy` may call them. */
  readonly checkIds: ReadonlyMap<string, string>;
  readonly stateOf: (events: StampEvents) => DnsState;
  /** What to call the target of an alias, by its DNS name as records write it. */
  readonly targetNames: ReadonlyMap<string, string>;
  /** Regions by the codes of the fleet. */
  readonly regionCodes: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** A problem of the model at a place that a reader can open. */
export function problemFinding({ code, severity, message, fix }: ZoneProblem, where: FindingPlace): Finding {
  return { code, severity, where, message, fix };
}
