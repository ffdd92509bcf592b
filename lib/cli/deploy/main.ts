import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CommanderError } from 'commander';
import { readArtifacts, type StackArtifact } from '../../assembly/read-artifacts';
import { createDeployedStacks } from '../../aws/deployment/deployed-stacks';
import { readerCredentials, type RenewingCredentials } from '../../aws/deployment/reader-credentials';
import { operationSettings } from '../../aws/operations/settings';
import { isStampError } from '../../errors';
import { viewOf } from '../../operations/group-view';
import type { Fleet } from '../../topology/types';
import { loadFleet } from '../load-fleet';
import { Silence } from '../operations/silence';
import { EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, type Terminal } from '../terminal';
import { createCdkProcess } from './cdk-process';
import { deploy } from './deploy';
import type { SeenGroup } from './floor-guard';
import { mappingCommand } from './mapping-command';
import { type DeployOptions, deployCommand } from './options';

/** Runs scripts/deploy.sh (or scripts/import-mapping.sh) with these arguments and returns its exit code. */
export async function runDeploy(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = EXIT_OK;
  const [first, ...rest] = args;
  const command =
    first === 'import-mapping'
      ? mappingCommand(terminal, createDeployedStacks(terminal.err), (code) => (exitCode = code))
      : deployCommand(async (options) => {
          exitCode = await deployForReal(options, terminal);
        });
  command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  try {
    await command.parseAsync(first === 'import-mapping' ? rest : [...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    terminal.err(`${messageOf(error)}\n`);
    return isStampError(error) ? EXIT_USAGE : EXIT_FINDINGS;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== 'CredentialsProviderError') return error.message;
  return `no AWS credentials (${error.message}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for the CDK CLI`;
}

async function deployForReal(options: DeployOptions, terminal: Terminal): Promise<number> {
  const assemblyFolder = mkdtempSync(join(tmpdir(), 'stampkit-deploy-'));
  const cdk = createCdkProcess();
  try {
    return await deploy(options, {
      terminal,
      cdk: cdk.run,
      deployed: createDeployedStacks(terminal.err),
      loadFleet,
      assemblyFolder,
      readArtifacts,
      readTemplate: (path) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>,
      writeEmptyStacks: async (directory, stacks) => {
        // Loading the CDK takes a second that a deployment does not pay.
        const { writeEmptyStacks } = await import('../../stacks/empty-stack.js');
        writeEmptyStacks(directory, stacks);
      },
      observe: groupObserver(),
      deadRegions: operationSettings(process.env).deadRegions,
      ...(process.stdin.isTTY && process.stderr.isTTY && { ask: (question) => ask(question, cdk.stopped) }),
      now: () => performance.now(),
      sleep: cdk.sleep,
      interrupted: () => cdk.stopped.aborted,
    });
  } finally {
    rmSync(assemblyFolder, { recursive: true, force: true });
  }
}

/** As `status` looks, with the bootstrap's look-up roles; loaded only for a deployment that would write floors. */
function groupObserver(): (...asked: [Fleet, string, readonly StackArtifact[]]) => Promise<SeenGroup> {
  // The guards before this one have said which roles cannot be assumed.
  const credentials = readerCredentials(() => undefined);
  const known = new Map<string, ReturnType<typeof credentials>>();
  return async (fleet, group, stacks) => {
    const [{ operationPorts }, { observe }] = await Promise.all([
      import('../operations/ports.js'),
      import('../../operations/observe/observe.js'),
    ]);
    const roles = new Map(stacks.map(({ account, region, lookupRoleArn }) => [`${account}/${region}`, lookupRoleArn]));
    const silence = new Silence();
    const ports = await operationPorts({ fleet, reporter: { event: () => undefined } }, 'deploy', (region, account) => {
      const place = `${account}/${region}`;
      const reader = known.get(place) ?? credentials(region, roles.get(place)).then(assumedOnce);
      known.set(place, reader);
      return reader;
    });
    const observation = await observe(silence.watch(ports), viewOf(fleet, group));
    return { observation, problems: silence.linesOf('capacity') };
  };
}

/** One session for all clients of a Region: this look takes seconds, and a session an hour. */
function assumedOnce(assume: RenewingCredentials | undefined): RenewingCredentials | undefined {
  let session: ReturnType<RenewingCredentials> | undefined;
  return assume && (() => (session ??= assume()));
}

/** An answer, empty when there is none: Ctrl-C, Ctrl-D, or a signal. */
async function ask(question: string, stopped: AbortSignal): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  prompt.once('SIGINT', () => {
    prompt.close();
  });
  prompt.once('close', () => {
    closed.abort();
  });
  try {
    return await prompt.question(question, { signal: AbortSignal.any([stopped, closed.signal]) });
  } catch {
    process.stderr.write('\n');
    return '';
  } finally {
    prompt.close();
  }
}
