import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { BootstrapReport } from '../../aws/database-bootstrap/request';
import { isStampError, StampError } from '../../errors';

export interface Bootstrapper {
  readonly run: () => Promise<BootstrapReport>;
  readonly respond: (url: string, body: string) => Promise<void>;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** CloudFormation takes 4,096 bytes in all. Characters. */
const LONGEST_REASON = 1000;

/**
 * Two doors: the custom resource of the stack, which is always answered, and operators, who invoke with `{ "door": "operator" }` and get the
 * report. Throws StampError BOOTSTRAP_EVENT for anything else.
 */
export async function answerEvent(event: unknown, bootstrapper: Bootstrapper): Promise<BootstrapReport | undefined> {
  if (isCustomResource(event)) {
    await answerCloudFormation(event, bootstrapper);
    return undefined;
  }
  if (typeof event === 'object' && event !== null && 'door' in event && event.door === 'operator') {
    const report = await bootstrapper.run();
    bootstrapper.log({ event: 'bootstrap', ...report });
    return report;
  }
  throw new StampError(
    'BOOTSTRAP_EVENT',
    'the event is neither of CloudFormation nor { "door": "operator" }',
    'Invoke the function with { "door": "operator" }.',
  );
}

async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  { run, respond, log }: Bootstrapper,
): Promise<void> {
  const answer = {
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    // Never another one: CloudFormation would take it for a replacement and send a deletion.
    PhysicalResourceId: event.RequestType === 'Create' ? event.LogicalResourceId : event.PhysicalResourceId,
  };
  let result: object;
  const reason = nothingToDo(event);
  if (reason !== undefined) {
    log({ event: 'nothing-to-do', request: event.RequestType, reason });
    result = { Status: 'SUCCESS', Data: { Outcome: 'unchanged' } };
  } else {
    try {
      const report = await run();
      log({ event: 'bootstrap', request: event.RequestType, ...report });
      result = { Status: 'SUCCESS', Data: { Outcome: report.outcome } };
    } catch (error) {
      const text = isStampError(error) || error instanceof Error ? error.message : String(error);
      log({ event: 'failed', request: event.RequestType, cause: text });
      result = { Status: 'FAILED', Reason: text.slice(0, LONGEST_REASON) };
    }
  }
  // A failure here ends the invocation with an error, so that Lambda tries the event again: the run is idempotent.
  await respond(event.ResponseURL, JSON.stringify({ ...answer, ...result }));
}

/**
 * The users outlive the stack, like the data. And going back to an older version takes nothing away: without this answer a stack that
 * rolls back because the database is down could not roll back either.
 */
function nothingToDo(event: CloudFormationCustomResourceEvent): string | undefined {
  if (event.RequestType === 'Delete') return 'users stay with their data';
  if (event.RequestType !== 'Update') return undefined;
  const { Version: version, ...wanted } = inputsOf(event.ResourceProperties);
  const { Version: before, ...had } = inputsOf(event.OldResourceProperties);
  const same = JSON.stringify(wanted) === JSON.stringify(had);
  return same && Number(version) < Number(before)
    ? `version ${String(before)} holds all of version ${String(version)}`
    : undefined;
}

function inputsOf(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(properties).filter(([name]) => !['ServiceToken', 'ServiceTimeout'].includes(name));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isCustomResource(event: unknown): event is CloudFormationCustomResourceEvent {
  return typeof event === 'object' && event !== null && 'RequestType' in event && 'ResponseURL' in event;
}
