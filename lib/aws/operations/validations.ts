import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type CallPlace, PortError, type ValidationResult, type Validations } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { AwsAccess } from '../call/access';
import { RdsApi } from './aurora/rds-api';
import { TableApi } from './tables/table-api';
import type { ValidationHook } from './validation-hook';

type Request = Parameters<Validations['run']>[0];
type Check = ValidationResult['checks'][number];

/** The checks have up to 14 minutes (`backup.validation.timeLimit`); nothing is gained by giving up before. Milliseconds. */
const PATIENCE = { attempts: 1, timeoutMs: 15 * 60_000 };
/** Looks at a database that has only just come to life, and the pause between them in milliseconds. */
const LOOKS = 10;
const PAUSE_MS = 15_000;

export interface ValidationOptions {
  /** A check of the user's own. @default - none */
  readonly hook?: ValidationHook;
}

/**
 * The stamp's own validation function reads the restored data: it is in the stamp's network, where an operator is not, and does what it does after
 * every restore test. It takes names only that restores give, so it never looks at what was not restored.
 */
export function createValidations(access: AwsAccess, fleet: Fleet, { hook }: ValidationOptions = {}): Validations {
  const rds = new RdsApi(access);
  const tables = new TableApi(access);
  const nameOf = ({ group, region }: Request): { readonly name: string; readonly account: string } | undefined => {
    const stamp = fleet.groups.find((each) => each.name === group)?.stamps.find((each) => each.shape.region === region);
    return stamp && { name: stamp.values.names.validationFunction, account: stamp.values.account };
  };
  const invoke = async (request: Request, event: object): Promise<Answer> => {
    const place: CallPlace = { service: 'lambda', region: request.region, call: 'Invoke' };
    const target = nameOf(request);
    if (target === undefined) throw new PortError('not-found', place, `${request.group} has no stamp in ${request.region}`);
    const client = access.clients.of(LambdaClient, request.region, target.account);
    const command = new InvokeCommand({ FunctionName: target.name, Payload: Buffer.from(JSON.stringify(event), 'utf8') });
    const answer = await access.caller.read(place, (abortSignal) => client.send(command, { abortSignal }), PATIENCE);
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    return answerOf(place, target.name, answer.FunctionError, text);
  };
  return {
    run: async (request) => {
      const { engine, region, resource } = request;
      const found =
        engine === 'aurora'
          ? (await rds.cluster(region, resource))?.Endpoint
          : (await tables.describe(region, resource))?.TableArn;
      if (found === undefined)
        throw new PortError('not-found', { service: 'lambda', region, call: 'Invoke' }, `there is no ${resource} to check`);
      const lostAt = momentOf(resource) ?? new Date(access.clock.now()).toISOString();
      const checks: Check[] = [];
      for (const step of engine === 'aurora' ? (['connect', 'check'] as const) : (['check'] as const)) {
        const check = await look(step, async (attempt) =>
          invoke(request, { step, resource: found, lostAt, attempt, lastAttempt: LOOKS }),
        );
        checks.push(check);
        // Nobody can read what nobody can log in to.
        if (!check.passed && step === 'connect') break;
      }
      if (hook !== undefined && checks.every((check) => check.passed)) checks.push(await hook(request));
      return { passed: checks.every((check) => check.passed), checks };
    },
  };

  async function look(step: 'connect' | 'check', ask: (attempt: number) => Promise<Answer>): Promise<Check> {
    const name = step === 'connect' ? 'login' : 'data';
    for (let attempt = 1; ; attempt += 1) {
      const answer = await ask(attempt);
      if (answer.kind === 'verdict') return { name, passed: answer.passed, message: answer.message };
      if (attempt >= LOOKS) return { name, passed: false, message: `cannot be read: ${answer.cause}` };
      await access.clock.sleep(PAUSE_MS);
    }
  }
}

type Answer =
  | { readonly kind: 'verdict'; readonly passed: boolean; readonly message: string }
  /** The function says that waiting may help. */
  | { readonly kind: 'not-ready'; readonly cause: string };

/** @throws PortError `invalid` for a function that failed, or that answers something else */
function answerOf(place: CallPlace, name: string, error: string | undefined, text: string): Answer {
  const { status, message, errorType, errorMessage } = parsed(text);
  if (error !== undefined) {
    if (errorType === 'DatabaseNotReady') return { kind: 'not-ready', cause: wordsOf(errorMessage) };
    throw new PortError('invalid', place, `${name} failed: ${wordsOf(errorMessage)}`);
  }
  if (status !== 'READY' && status !== 'SUCCESSFUL' && status !== 'FAILED')
    throw new PortError('invalid', place, `${name} answered no verdict: ${text.slice(0, 200)}`);
  return { kind: 'verdict', passed: status !== 'FAILED', message: wordsOf(message) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : 'no reason given';
}

/** The moment of the data, which every restored name ends with: `-r20261121t101500`. */
function momentOf(resource: string): string | undefined {
  const match = /-[rt](\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})$/.exec(resource);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
}
