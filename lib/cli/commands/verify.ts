import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { readFleet } from '../../assembly/parse-fleet';
import type { ParsedFleet } from '../../assembly/parsed-fleet';
import { readObjectives } from '../../config/objectives-file';
import { StampError } from '../../errors';
import type { Finding } from '../../findings';
import type { FleetDemand } from '../../resilience/demand';
import { FAILURE_KINDS } from '../../resilience/failures/types';
import { fleetDemand } from '../../resilience/fleet-demand';
import { namedFailure } from '../../resilience/failures/named-failure';
import { objectivesDemand } from '../../resilience/objectives-demand';
import { prove } from '../../resilience/prove';
import { failureModes } from '../../resilience/report/markdown';
import { proofDocument } from '../../resilience/report/document';
import type { Profile } from '../../resilience/types';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { loadFleet } from '../load-fleet';
import { EXIT_FINDINGS } from '../terminal';
import { synthesizeFacts } from '../verify/synthesize';
import { renderProof } from '../verify/table';

interface VerifyOptions extends CommonOptions {
  readonly fail?: string;
  readonly assembly?: string;
  readonly objectives?: string;
  readonly profile: Profile;
  readonly format: 'table' | 'markdown';
}

/** `stampkit verify`: the proof. Exit code 1 when an objective cannot hold. */
export function registerVerify(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('verify')
    .option('--fail <failure>', `only this failure, or two at once: KIND:ID[+KIND:ID], with ${FAILURE_KINDS.join(', ')}`)
    .option('--assembly <dir>', 'read this cloud assembly instead of synthesizing stamps/')
    .option('--objectives <file>', 'objectives and demand for an assembly that stampkit did not generate; needs --assembly')
    .addOption(new Option('--profile <profile>', 'whose timings hold').choices(['aws', 'lab']).default('aws'))
    .addOption(
      new Option('--format <format>', 'how to show it; markdown is failure-modes.md')
        .choices(['table', 'markdown'])
        .default('table'),
    );
  withCommonOptions(command, 'npx stampkit verify --fail region:use1').action(async (options: VerifyOptions) => {
    const read = await readInput(options);
    if (!('demand' in read)) {
      if (options.json === true) printJson(terminal, { ok: false, findings: read.findings });
      else printFindings(terminal.out, read.findings);
      finish(EXIT_FINDINGS);
      return;
    }
    const { parsed, demand, skipped } = read;
    const fail = options.fail === undefined ? undefined : namedFailure(options.fail, demand);
    const proof = prove(parsed, demand, { profile: options.profile, ...(fail !== undefined && { fail }) });
    if (fail !== undefined && proof.groups.length === 0) {
      throw new StampError(
        'FAILURE_UNKNOWN',
        `no group of this fleet feels "${fail}"`,
        'Run verify without --fail to see every failure with its id.',
      );
    }
    if (options.json === true) {
      const document = proofDocument(proof, { allOutcomes: fail !== undefined, overrides: demand.assumptions });
      printJson(terminal, { ...document, ...(skipped.length > 0 && { skipped }) });
    } else if (options.format === 'markdown') {
      terminal.out(failureModes(proof));
    } else {
      terminal.out(renderProof(proof, { explain: fail !== undefined }));
      printFindings(terminal.out, proof.findings);
      if (skipped.length > 0) terminal.out(`not understood, and not judged: ${skipped.join(', ')}\n`);
    }
    finish(exitCodeOf(proof.findings));
  });
}

interface VerifyInput {
  readonly parsed: ParsedFleet;
  readonly demand: FleetDemand;
  /** Types of resources that nothing reads; of an assembly that stampkit did not generate only. */
  readonly skipped: readonly string[];
}

async function readInput({
  stamps,
  assembly,
  objectives,
}: VerifyOptions): Promise<VerifyInput | { readonly findings: readonly Finding[] }> {
  if (objectives !== undefined) {
    if (assembly === undefined) {
      throw new StampError(
        'USAGE',
        '--objectives needs an assembly to judge',
        'Name its folder with --assembly, such as --assembly cdk.out.',
      );
    }
    const { file, findings } = readObjectives(objectives);
    if (file === undefined) return { findings };
    const parsed = readFleet(assembly);
    return {
      parsed,
      demand: objectivesDemand(file, parsed, basename(objectives)),
      skipped: parsed.skipped.map(({ type, count }) => `${type} (${count})`),
    };
  }
  const { findings, fleet } = loadFleet(stamps);
  if (fleet === undefined) return { findings };
  const parsed = assembly === undefined ? await synthesizeFacts(fleet) : readFleet(assembly);
  return { parsed, demand: fleetDemand(fleet), skipped: [] };
}
