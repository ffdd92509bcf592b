import { spawn } from 'node:child_process';
import type { ValidationResult, Validations } from '../../ports';

type Request = Parameters<Validations['run']>[0];
type Check = ValidationResult['checks'][number];

/** A check of the user's own, run after the ones of the restore tests. */
export type ValidationHook = (request: Request) => Promise<Check>;

/** Longest part of what a hook says that is shown. */
const LONGEST = 300;

/**
 * Runs a program of the user's: exit code 0 is a passed check. It finds what was restored in STAMPKIT_RESTORE_GROUP, _REGION, _ENGINE and
 * _RESOURCE, and its last line of output is what the report says.
 *
 * @param command program and its arguments
 * @param environment what the program sees besides
 */
export function commandHook(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ValidationHook {
  const name = `hook ${program}`;
  return ({ group, region, engine, resource }) =>
    new Promise((resolve) => {
      const child = spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...environment,
          STAMPKIT_RESTORE_GROUP: group,
          STAMPKIT_RESTORE_REGION: region,
          STAMPKIT_RESTORE_ENGINE: engine,
          STAMPKIT_RESTORE_RESOURCE: resource,
        },
      });
      let output = '';
      const keep = (data: Buffer): void => {
        output = `${output}${data.toString('utf8')}`.slice(-4 * LONGEST);
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.once('error', (error) => {
        resolve({ name, passed: false, message: `cannot be run: ${error.message}` });
      });
      child.once('close', (code, signal) => {
        const said = output.trim().split('\n').at(-1)?.trim().slice(0, LONGEST) ?? '';
        const ended = code === null ? `ended by ${signal ?? 'a signal'}` : `exit code ${code}`;
        resolve({ name, passed: code === 0, message: said === '' ? ended : said });
      });
    });
}
