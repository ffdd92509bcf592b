/**
 * How the kit's health checks are set. Constants, not configuration: changing type or interval of a check replaces it, and a new
 * inverted check is unhealthy until it has data (aws-facts 2.1, 2.3; design 7).
 */

/** Seconds between the answer to one probe and the next probe of the same checker: the fast interval. */
export const HEALTH_CHECK_INTERVAL = 10;

/** Probes in a row that turn a checker's verdict, in both directions. */
export const HEALTH_CHECK_FAILURE_THRESHOLD = 3;

/** The only Region with metrics of health checks, and so with alarms on them (aws-facts 2.8). */
export const HEALTH_CHECK_METRICS_REGION = 'us-east-1';

/** Seconds that resolvers keep an alias to a load balancer; fixed by AWS (aws-facts 1.6). */
export const LOAD_BALANCER_ALIAS_TTL = 60;
