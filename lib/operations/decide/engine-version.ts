/** What of an engine version two members of a global database have to share, and what they may differ in. */
export interface EngineVersion {
  /** Major and minor: `16.8`, `8.0 3.04`. Without equality there is no managed switchover or failover (aws-facts 4.1). */
  readonly minor: string;
  /** The rest. Whether it may differ depends on the version (aws-facts 4.1); only AWS knows. */
  readonly patch: string;
}

/** Reads `16.8`, `16.8.1` and Aurora MySQL's `8.0.mysql_aurora.3.04.1`, whose own version is what counts. */
export function engineVersion(text: string): EngineVersion {
  const [server = '', aurora] = text.split('.mysql_aurora.');
  const parts = (aurora ?? server).split('.');
  const minor = parts.slice(0, 2).join('.');
  return { minor: aurora === undefined ? minor : `${server} ${minor}`, patch: parts.slice(2).join('.') };
}
