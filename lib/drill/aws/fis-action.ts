import type { FaultRequest } from '../../ports';

/** The action of AWS Fault Injection Service that does, or comes nearest to, a fault (aws-facts 7.1). */
export interface FisAction {
  readonly actionId: string;
  /** What it acts on, in FIS's words. */
  readonly resourceType?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Undefined for faults that FIS has no action for: those are done by hand. */
export function fisAction(request: FaultRequest): FisAction | undefined {
  switch (request.kind) {
    case 'az-loss':
      return {
        actionId: 'aws:network:disrupt-connectivity',
        resourceType: 'aws:ec2:subnet',
        parameters: { scope: 'all', duration: 'PT10M' },
      };
    case 'writer-loss':
      return { actionId: 'aws:rds:failover-db-cluster', resourceType: 'aws:rds:cluster', parameters: {} };
    case 'region-partition':
      return {
        actionId: 'aws:network:route-table-disrupt-cross-region-connectivity',
        resourceType: 'aws:ec2:subnet',
        parameters: { region: request.between[1], duration: 'PT10M' },
      };
    case 'slow-replication':
      return {
        actionId: 'aws:dynamodb:global-table-pause-replication',
        resourceType: 'aws:dynamodb:global-table',
        parameters: { duration: 'PT10M' },
      };
    default:
      return undefined;
  }
}

/** What a person is asked to do to make a fault, and to end it. */
export function instructions(request: FaultRequest): { readonly start: string; readonly end: string } {
  const action = fisAction(request);
  if (action !== undefined) {
    const parameters = Object.entries(action.parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    return {
      start:
        `start an experiment with the FIS action ${action.actionId} on ${action.resourceType ?? 'no target'} ${parameters}`.trim(),
      end: 'stop the experiment (aws fis stop-experiment), or wait until it is over',
    };
  }
  switch (request.kind) {
    case 'region-loss':
      return {
        start: `make every stamp in ${request.region} unreachable: deny all traffic in the network ACLs of its subnets`,
        end: `put the network ACLs in ${request.region} back`,
      };
    case 'stamp-loss':
      return {
        start: `make ${request.stamp} unreachable: deny all traffic in the network ACLs of its subnets`,
        end: 'put the network ACLs back',
      };
    case 'traffic-surge':
      return { start: `send ${request.factor} times the load`, end: 'send the usual load' };
    case 'poison-messages':
      return {
        start: `send ${request.count} messages that no worker can process to the queue of ${request.stamp}`,
        end: 'take them out of the dead-letter queue',
      };
    case 'bad-deployment':
      return { start: `deploy a version that answers with errors to ${request.stamp}`, end: 'deploy the good version' };
    default:
      return { start: `make this fault: ${JSON.stringify(request)}`, end: 'end it' };
  }
}
