/** What belongs to the kit and never reaches the application. */
export const RESERVED_PATH = '/.stamp';

/** What the Route 53 checkers ask (design 7). */
export const HEALTH_PATH = `${RESERVED_PATH}/health`;
