import type { Handlers } from '../world';
import { WireError } from '../wire-error';

/** CloudFormation, which is only asked whether a stack is there. Stacks by `account/region/name`. */
export function cloudformation(stacks: ReadonlySet<string>): Handlers {
  return {
    DescribeStacks: (call) => {
      const name = (call.input.StackName as string | undefined) ?? '';
      if (!stacks.has(`${call.account}/${call.region}/${name}`))
        throw new WireError('ValidationError', `Stack with id ${name} does not exist`);
      return { Stacks: [{ StackName: name, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(0) }] };
    },
  };
}
