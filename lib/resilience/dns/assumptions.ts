/**
 * What the model takes for granted because no AWS page says it: the rows of aws-facts that are marked as inferred, and the data
 * that stands in for AWS's own. An answer that depends on one carries its name.
 */
const TABLE = {
  aliasCheckWithoutEvaluation: {
    statement: 'an alias record that does not evaluate its target but carries a health check follows that check',
    source: 'aws-facts 1.2',
  },
  aliasToZeroWeights: {
    statement: 'an alias to weighted records is healthy when any of them is, those of weight 0 included',
    source: 'aws-facts 1.2',
  },
  aliasToFailoverPair: {
    statement: 'an alias to a failover pair is healthy when its primary or its secondary is',
    source: 'aws-facts 1.2',
  },
  geolocationAllUnhealthy: {
    statement: 'when no geolocation record that matches is healthy, the most specific one is answered',
    source: 'aws-facts 1.3',
  },
  geoproximityNextNearest: {
    statement: 'geoproximity passes over an unhealthy record to the one with the next least biased distance',
    source: 'aws-facts 1.3',
  },
  geoproximityAllUnhealthy: {
    statement: 'when all geoproximity records are unhealthy, all count as healthy',
    source: 'aws-facts 1.3',
  },
  geoproximityDistance: {
    statement: 'geoproximity measures the great circle between the client and the record',
    source: 'aws-facts 1.3',
  },
  ipBasedFallback: {
    statement:
      'IP-based routing passes over an unhealthy record to the one of the default location, and falls open to the matching one',
    source: 'aws-facts 1.3',
  },
  ipBasedLocationUnknown: {
    statement: 'the client’s address is in no block of the collection, because nothing says in which',
    source: 'aws-facts 1.3',
  },
  branchFallsOpen: {
    statement: 'a branch that was chosen although everything below it is unhealthy falls open by the rule of its own policy',
    source: 'aws-facts 1.4',
  },
  emptyTargetGroup: {
    statement: 'a target group without targets makes the whole load balancer unhealthy',
    source: 'aws-facts 1.5',
  },
  aliasTtl: {
    statement: 'resolvers keep an alias to an AWS resource other than a load balancer or an S3 website for 60 seconds, too',
    source: 'aws-facts 1.6',
  },
  checkersEqual: {
    statement: 'every location that probes a check has the same number of checkers',
    source: 'aws-facts 2.2',
  },
  lostReports: {
    statement: 'a report of a checker that does not reach the DNS server counts as not healthy',
    source: 'aws-facts 1.1',
  },
  partialData: {
    statement: 'a checker that has no verdict yet counts as passing',
    source: 'aws-facts 2.3',
  },
  inversionOfAggregate: {
    statement: 'an inverted check inverts the verdict of all checkers together, not the report of each',
    source: 'aws-facts 2.4',
  },
  disabledInverted: {
    statement: 'a disabled check that is inverted is unhealthy',
    source: 'aws-facts 2.4',
  },
  insufficientDataDefault: {
    statement: 'a check on an alarm that does not say what missing data means keeps its last known status',
    source: 'aws-facts 2.5',
  },
  insufficientDataInverted: {
    statement:
      'the status that missing data stands for is the check’s own, so it is not inverted; without any last status an inverted check is unhealthy',
    source: 'aws-facts 2.5',
  },
  checkNotGiven: {
    statement: 'a health check that was not given is healthy',
    source: 'aws-facts 1.2',
  },
  latencyByDistance: {
    statement: 'the Region with the lowest latency is the nearest one by great circle; AWS measures, and its figures drift',
    source: 'aws-facts 1.3',
  },
  resolverNearClient: {
    statement: 'the resolver, whose address counts without EDNS client subnet, is where the client is',
    source: 'aws-facts 1.3',
  },
  continentOfCountry: {
    statement: 'Route 53 puts the country into the continent that the table of stampkit says',
    source: 'aws-facts 1.3',
  },
  locationUnknown: {
    statement: 'nothing says where the client is, so every Region may be its nearest, and only the default location matches',
    source: 'aws-facts 1.3',
  },
  wildcardByRfc: {
    statement: 'a wildcard answers by RFC 4592: not for a name that exists or has names below it',
    source: 'RFC 4592',
  },
} as const satisfies Record<string, { readonly statement: string; readonly source: string }>;

/** Name of an entry of {@link DNS_ASSUMPTIONS}. */
export type DnsAssumptionName = keyof typeof TABLE;

export const DNS_ASSUMPTIONS: Readonly<Record<DnsAssumptionName, { readonly statement: string; readonly source: string }>> =
  TABLE;

export const DNS_ASSUMPTION_NAMES = Object.keys(TABLE) as readonly DnsAssumptionName[];
