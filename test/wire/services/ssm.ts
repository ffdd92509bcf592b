import { type Handlers, type Place, text, type WireWorld } from '../world';
import { WireError } from '../wire-error';

export interface Parameter {
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

/** Parameters by `account/region/name`. */
export class ParameterState {
  public readonly values = new Map<string, Parameter>();

  public constructor(private readonly world: WireWorld) {}

  public key({ account, region }: Place, name: string): string {
    return `${account}/${region}${name}`;
  }

  /** As a deployment made it, a day ago. */
  public set(place: Place, name: string, value: string): void {
    this.values.set(this.key(place, name), { value, version: 1, modifiedAt: this.world.now - 86_400_000 });
  }
}

/** Systems Manager Parameter Store. */
export function ssm(state: ParameterState, world: WireWorld): Handlers {
  return {
    GetParameter: (call) => {
      const name = text(call.input, 'Name');
      const found = state.values.get(state.key(call, name));
      if (found === undefined) throw new WireError('ParameterNotFound', `${name} not found`);
      return {
        Parameter: {
          Name: name,
          Type: 'String',
          Value: found.value,
          Version: found.version,
          LastModifiedDate: new Date(found.modifiedAt),
        },
      };
    },
    PutParameter: (call) => {
      const name = text(call.input, 'Name');
      const key = state.key(call, name);
      const before = state.values.get(key);
      if (before !== undefined && call.input.Overwrite !== true)
        throw new WireError('ParameterAlreadyExists', `${name} exists already`);
      const version = (before?.version ?? 0) + 1;
      state.values.set(key, { value: text(call.input, 'Value'), version, modifiedAt: world.now });
      return { Version: version, Tier: 'Standard' };
    },
  };
}
