/** Paths below which everything belongs to the stamp and never reaches the application (design 6). */
export const RESERVED_PATH = '/.stamp';

/** What Route 53 checks through the load balancer: 200 for `pass` and `warn`, 503 for `fail`, and no more than the status. */
export const HEALTH_PATH = `${RESERVED_PATH}/health`;

/** What the target group of the health function checks: always 200, so that a deep verdict reaches Route 53 through the deep check only. */
export const LIVE_PATH = `${RESERVED_PATH}/live`;

/** True for a path that belongs to the stamp. */
export function isReservedPath(path: string): boolean {
  return path === RESERVED_PATH || path.startsWith(`${RESERVED_PATH}/`);
}
