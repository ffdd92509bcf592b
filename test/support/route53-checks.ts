/**
 * What a Route 53 health check concludes from an answer, written from aws-facts 2.1 to 2.6. Must match exactly:
 * - success is a status from 200 to 399 and, for string matching, the search string wholly within the first 5,120 bytes of the body,
 *   case-sensitively; redirects are not followed, their own body is searched;
 * - no answer in time is a failure;
 * - `Inverted` flips the outcome; a check without data counts as healthy, an inverted one as unhealthy;
 * - a calculated check is healthy while at least `HealthThreshold` children are.
 */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export type Observation = Answer | 'silence' | 'no data yet';

const SEARCHED_BYTES = 5120;

export function checkIsHealthy(config: Record<string, any>, observation: Observation): boolean {
  const inverted = config['Inverted'] === true;
  if (observation === 'no data yet') return !inverted;
  return inverted !== succeeds(config, observation);
}

export function calculatedIsHealthy(config: Record<string, any>, children: readonly boolean[]): boolean {
  return children.filter(Boolean).length >= (config['HealthThreshold'] as number);
}

function succeeds(config: Record<string, any>, observation: Answer | 'silence'): boolean {
  if (observation === 'silence' || observation.status < 200 || observation.status >= 400) return false;
  if (!String(config['Type']).endsWith('_STR_MATCH')) return true;
  const searched = Buffer.from(observation.body, 'utf8').subarray(0, SEARCHED_BYTES).toString('latin1');
  return searched.includes(Buffer.from(String(config['SearchString']), 'utf8').toString('latin1'));
}
