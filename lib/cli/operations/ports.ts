import type { OperationPorts } from '../../ports';
import type { ReadWith } from '../../aws/call/access';
import type { PortsRequest } from './host';

/**
 * The ports to AWS and to this machine. Loaded when a command asks for them: the SDK's clients take longer to load than `check` takes to run.
 *
 * @param operator for CloudTrail
 * @param readWith credentials to use where there are some; the operator's own elsewhere
 * @throws StampError ENVIRONMENT for a STAMPKIT_ variable that cannot be meant
 */
export async function operationPorts(
  { fleet, reporter }: PortsRequest,
  operator: string,
  readWith?: ReadWith,
): Promise<OperationPorts> {
  // The SDK's word about Node.js releases is for whoever builds this, not for whoever is on call.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [{ awsPorts }, { dataPorts }, { commandHook }] = await Promise.all([
    import('../../aws/operation-ports.js'),
    import('../../aws/operations/data-ports.js'),
    import('../../aws/operations/validation-hook.js'),
  ]);
  const program = process.env['STAMPKIT_RESTORE_HOOK'] ?? '';
  const options = program === '' ? {} : { hook: commandHook([program], process.env) };
  return awsPorts({
    fleet,
    reporter,
    operator,
    data: (access) => dataPorts(access, fleet, options),
    ...(readWith && { readWith }),
  });
}
