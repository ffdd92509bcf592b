import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CommanderError } from 'commander';
import { readArtifacts } from '../../assembly/read-artifacts';
import { createDeployedStacks } from '../../aws/deployment/deployed-stacks';
import { isStampError } from '../../errors';
import { loadFleet } from '../load-fleet';
import { EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, type Terminal } from '../terminal';
import { createCdkProcess } from './cdk-process';
import { deploy } from './deploy';
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
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return isStampError(error) ? EXIT_USAGE : EXIT_FINDINGS;
  }
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
      ...(process.stdin.isTTY && { ask }),
      now: () => performance.now(),
      sleep: cdk.sleep,
      interrupted: cdk.interrupted,
    });
  } finally {
    rmSync(assemblyFolder, { recursive: true, force: true });
  }
}

async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}
