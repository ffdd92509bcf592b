/** What one resolver or authoritative server says. */
export interface DnsAnswer {
  /** Who was asked: `1.1.1.1`, `ns-1.awsdns-1.org`. */
  readonly vantage: string;
  /** Straight from the zone's servers, so that no cache is in between. */
  readonly authoritative: boolean;
  /** Sorted; empty when the name has no address. */
  readonly addresses: readonly string[];
  /** Why there is no answer. */
  readonly error?: string;
}

export interface Dns {
  /** Asks every vantage point for the addresses of a name. Silence is an answer with an error, never a throw. */
  answers(name: string): Promise<readonly DnsAnswer[]>;
}

/** Optional evidence from the Route 53 API, with a short time-out. Nothing may depend on it (R2). */
export interface RoutingEvidence {
  /** Id of the stamp that the deployed PRIMARY record of the group leads to; undefined when nobody can say. */
  primaryHolder(group: string): Promise<string | undefined>;
}
