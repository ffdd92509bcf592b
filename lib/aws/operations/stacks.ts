import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isPortError, type Stacks } from '../../ports';
import type { AwsAccess } from '../call/access';

/** States of a stack that has no resources: deleted, or a change set that nobody carried out. */
const EMPTY = new Set(['DELETE_COMPLETE', 'REVIEW_IN_PROGRESS']);

/** CloudFormation, read only. */
export function createStacks({ caller, clients, owners }: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>): Stacks {
  return {
    exists: async (region, stack) => {
      const client = clients.of(CloudFormationClient, region, owners.resource(stack));
      const place = { service: 'cloudformation', region, call: 'DescribeStacks' };
      try {
        const command = new DescribeStacksCommand({ StackName: stack });
        const { Stacks } = await caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
        return (Stacks ?? []).some(({ StackStatus }) => !EMPTY.has(StackStatus ?? ''));
      } catch (error) {
        // CloudFormation has no error of its own for a stack that is not there.
        if (isPortError(error) && error.kind === 'invalid' && error.message.includes('does not exist')) return false;
        throw error;
      }
    },
  };
}
