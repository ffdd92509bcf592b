import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { isPortError, type PointerReading, type Pointers, PortError } from '../../ports';
import type { AwsAccess } from '../call/access';

/** The SSM parameters that lead stamps to their database. */
export function createPointers({ caller, clients, owners }: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>): Pointers {
  const client = (region: string, name: string): SSMClient => clients.of(SSMClient, region, owners.resource(name));
  const read = async (region: string, name: string): Promise<PointerReading | undefined> => {
    const place = { service: 'ssm', region, call: 'GetParameter' };
    try {
      const command = new GetParameterCommand({ Name: name });
      const { Parameter } = await caller.read(place, (abortSignal) => client(region, name).send(command, { abortSignal }));
      if (Parameter?.Value === undefined || Parameter.Version === undefined)
        throw new PortError('invalid', place, `${name} has no value`);
      const { Value: value, Version: version, LastModifiedDate: modified } = Parameter;
      return { value, version, modifiedAt: modified?.getTime() ?? 0 };
    } catch (error) {
      if (isPortError(error) && error.kind === 'not-found') return undefined;
      throw error;
    }
  };
  return {
    read,
    write: async ({ region, name, value, version, guard }) => {
      if ((await read(region, name))?.version !== version) return 'conflict';
      const place = { service: 'ssm', region, call: 'PutParameter' };
      const command = new PutParameterCommand({ Name: name, Value: value, Overwrite: true });
      const { Version } = await caller.change(place, guard, (abortSignal) => client(region, name).send(command, { abortSignal }));
      // SSM counts every write. One more than the next: somebody wrote between our look and ours.
      return Version === version + 1 ? 'written' : 'conflict';
    },
  };
}
