import { type Handlers, type Place, text } from '../world';
import { WireError } from '../wire-error';

/** Runs a function: the parsed event in, anything that JSON can say out. What it throws is the function's error. */
export type FunctionCode = (event: unknown) => unknown;

/** Functions by `account/region/name`. */
export class LambdaState {
  public readonly functions = new Map<string, FunctionCode>();

  public add({ account, region }: Place, name: string, code: FunctionCode): void {
    this.functions.set(`${account}/${region}/${name}`, code);
  }
}

/** Lambda `Invoke`, synchronous. */
export function lambda(state: LambdaState): Handlers {
  return {
    Invoke: async (call) => {
      const name = text(call.input, 'FunctionName');
      const code = state.functions.get(`${call.account}/${call.region}/${name}`);
      if (code === undefined) throw new WireError('ResourceNotFoundException', `Function not found: ${name}`);
      const payload = call.input.Payload as Uint8Array | undefined;
      const event: unknown = payload === undefined || payload.length === 0 ? {} : JSON.parse(Buffer.from(payload).toString());
      try {
        return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: Buffer.from(JSON.stringify((await code(event)) ?? null)) };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
      }
    },
  };
}
