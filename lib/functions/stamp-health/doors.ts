import type { ALBEvent, ALBResult } from 'aws-lambda';
import { StampError } from '../../errors';
import { HEALTH_PATH, LIVE_PATH } from '../../facts/reserved-paths';
import type { HealthDocument, HealthStatus } from '../../health/document';

/** Where the doors lead. */
export interface House {
  readonly document: () => Promise<HealthDocument>;
  readonly log: (line: string) => void;
}

/**
 * The public door (through the load balancer) tells the status only; the operator's door tells everything. Throws
 * StampError HEALTH_EVENT for anything else.
 */
export async function answerDoor(event: unknown, house: House): Promise<ALBResult | HealthDocument> {
  if (isLoadBalancerEvent(event)) return answerPublic(event, house);
  if (typeof event === 'object' && event !== null && 'door' in event && event.door === 'operator') return house.document();
  throw new StampError(
    'HEALTH_EVENT',
    'the event is neither a load balancer request nor { "door": "operator" }',
    'Invoke the function with { "door": "operator" }.',
  );
}

async function answerPublic(event: ALBEvent, house: House): Promise<ALBResult> {
  const head = event.httpMethod === 'HEAD';
  if (event.path !== LIVE_PATH && event.path !== HEALTH_PATH) return response('404 Not Found', undefined, head);
  if (!head && event.httpMethod !== 'GET') return response('405 Method Not Allowed', undefined, head);
  if (event.path === LIVE_PATH) return response('200 OK', 'pass', head);
  let status: HealthStatus;
  try {
    ({ status } = await house.document());
  } catch (error) {
    // The evaluation is total, so this is a defect of the function itself, which all stamps share: it must not take all of them out (R5).
    house.log(
      JSON.stringify({ event: 'defect', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
    status = 'warn';
  }
  return response(status === 'fail' ? '503 Service Unavailable' : '200 OK', status, head);
}

function response(statusDescription: string, status: HealthStatus | undefined, head: boolean): ALBResult {
  return {
    statusCode: Number(statusDescription.slice(0, 3)),
    statusDescription,
    isBase64Encoded: false,
    headers: { 'content-type': 'application/health+json', 'cache-control': 'no-store' },
    body: status === undefined || head ? '' : JSON.stringify({ status }),
  };
}

function isLoadBalancerEvent(event: unknown): event is ALBEvent {
  if (typeof event !== 'object' || event === null || !('requestContext' in event)) return false;
  const { requestContext } = event;
  return typeof requestContext === 'object' && requestContext !== null && 'elb' in requestContext;
}
