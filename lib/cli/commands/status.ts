import type { Command } from 'commander';
import { viewOf } from '../../operations/group-view';
import type { Fleet } from '../../topology/types';
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from '../command';
import { fleetOf } from '../operations/fleet-of';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';
import { Progress } from '../operations/progress';
import { Silence } from '../operations/silence';
import { readStatus } from '../operations/status/read-status';
import { renderStatus } from '../operations/status/render-status';
import { type ProofOrNot, statusDocument } from '../operations/status/status-document';
import { EXIT_FINDINGS, EXIT_OK } from '../terminal';

interface StatusOptions extends CommonOptions {
  readonly assembly?: string;
  /** False for `--no-proof`. */
  readonly proof: boolean;
}

/** `stampkit status GROUP`: one screen. Exit code 1 when something needs attention. */
export function registerStatus(program: Command, { terminal, finish }: CommandContext, host: OperationsHost): void {
  const command = program
    .command('status')
    .argument('<group>', 'tenant group')
    .option('--assembly <dir>', 'prove from this cloud assembly instead of synthesizing the group')
    .option('--no-proof', 'leave the proved bounds out: nothing is synthesized');
  withCommonOptions(command, 'npx stampkit status enterprise').action(async (name: string, options: StatusOptions) => {
    const fleet = fleetOf(terminal, finish, options);
    if (fleet === undefined) return;
    const view = viewOf(fleet, groupOf(fleet, name).name);
    const progress = new Progress(terminal, host);
    const silence = new Silence();
    const ports = silence.watch(await host.ports({ fleet, reporter: progress }));
    progress.useClock(ports.clock);
    const reading = await progress.whileReading(`looking at ${name}`, () => readStatus(ports, view));
    // Afterwards: synthesis keeps the processor busy, and an answer that waits for it looks like silence.
    const proof = options.proof ? await progress.whileReading('proving', () => prove(host, fleet, name, options.assembly)) : {};
    const now = ports.clock.now();
    const document = statusDocument(view, reading, proof, now);
    for (const line of silence.lines()) terminal.err(`${line}\n`);
    if (options.json === true) printJson(terminal, { ...document });
    else terminal.out(renderStatus(document, now));
    finish(document.ok ? EXIT_OK : EXIT_FINDINGS);
  });
}

/** A fleet that cannot be synthesized is no reason not to show what lives. */
async function prove(host: OperationsHost, fleet: Fleet, group: string, assembly: string | undefined): Promise<ProofOrNot> {
  try {
    const proof = await host.proof(fleet, group, assembly);
    return proof === undefined ? { noProof: 'the assembly does not hold this group' } : { proof };
  } catch (error) {
    return { noProof: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
