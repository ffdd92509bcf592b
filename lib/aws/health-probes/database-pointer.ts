import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { messageOf, untilAborted, type Clock } from './probe';

/** The SSM parameter that says which database is in use; a restore swaps it (docs/application-contract.md). */
export interface DatabasePointer {
  readonly engine: string;
  readonly writer?: string;
  readonly reader?: string;
  readonly port?: number;
  readonly name?: string;
  readonly table?: string;
}

/** The pointer could not be read at all, so nothing is known about the database. */
export class PointerUnreadable extends Error {}

/** How long a value is used before it is read again: the time a restore's swap takes to be noticed. */
const POINTER_TTL_MILLISECONDS = 30_000;
/** How long a reading of a stale value is waited for before the last known value is used. */
const POINTER_PATIENCE_MILLISECONDS = 250;

/**
 * The pointer, read at most every 30 s. When SSM is slow or down the last known value serves on: a monitor must not depend on
 * more than what it watches.
 */
export class PointerReader {
  private known: { value: DatabasePointer; readAt: number } | undefined;
  private reading: Promise<DatabasePointer> | undefined;

  public constructor(
    private readonly fetch: () => Promise<string>,
    private readonly now: Clock,
  ) {}

  /** Throws {@link PointerUnreadable} when there is no value yet and none can be read, an `Error` when the value is no pointer. */
  public async current(signal: AbortSignal): Promise<DatabasePointer> {
    const { known } = this;
    if (known !== undefined && this.now() - known.readAt < POINTER_TTL_MILLISECONDS) return known.value;
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    if (known === undefined) return untilAborted(signal, this.reading);
    return this.patiently(known.value, this.reading);
  }

  private async read(): Promise<DatabasePointer> {
    let text;
    try {
      text = await this.fetch();
    } catch (error) {
      throw new PointerUnreadable(`the database pointer cannot be read: ${messageOf(error)}`);
    }
    const value = parsePointer(text);
    this.known = { value, readAt: this.now() };
    return value;
  }

  private async patiently(known: DatabasePointer, reading: Promise<DatabasePointer>): Promise<DatabasePointer> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<DatabasePointer>((resolve) => {
      timer = setTimeout(() => {
        resolve(known);
      }, POINTER_PATIENCE_MILLISECONDS);
    });
    try {
      return await Promise.race([reading.catch(() => known), enough]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Throws an `Error` that quotes no more than a few characters of the value. */
export function parsePointer(text: string): DatabasePointer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`the database pointer is not JSON: ${text.slice(0, 40)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('the database pointer is no JSON object');
  const pointer = value as Record<string, unknown>;
  for (const key of ['engine', 'writer', 'reader', 'name', 'table']) {
    if (pointer[key] !== undefined && (typeof pointer[key] !== 'string' || pointer[key] === '')) {
      throw new Error(`the database pointer's ${key} is no text`);
    }
  }
  if (pointer['engine'] === undefined) throw new Error('the database pointer names no engine');
  // A template writes numbers as text when they come from a reference.
  const port = pointer['port'] === undefined ? undefined : Number(pointer['port']);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new Error("the database pointer's port is no port");
  return { ...(pointer as unknown as DatabasePointer), ...(port !== undefined && { port }) };
}

/** Reads the parameter's value. */
export function parameterFetcher(client: Pick<SSMClient, 'send'>, name: string): () => Promise<string> {
  return async () => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    if (Parameter?.Value === undefined) throw new Error(`parameter ${name} has no value`);
    return Parameter.Value;
  };
}
