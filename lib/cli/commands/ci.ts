import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { renderGithubWorkflow } from '../../ci/github-workflow';
import {
  DEFAULT_BAKE_MINUTES,
  DEFAULT_BRANCH,
  DEFAULT_SCRIPT,
  DEFAULT_WORKFLOW,
  type PipelinePlan,
  planPipeline,
} from '../../ci/plan';
import { renderShellScript } from '../../ci/shell-script';
import { StampError } from '../../errors';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { diffLines } from '../line-diff';
import { loadFleet } from '../load-fleet';
import { EXIT_FINDINGS } from '../terminal';

type Target = 'github' | 'shell';

interface CiOptions extends CommonOptions {
  readonly check?: boolean;
  readonly out?: string;
  readonly script?: string;
  readonly canary?: string;
  readonly bake: number;
  readonly branch?: string;
}

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** `stampkit ci`: writes the fleet's deployment pipeline, and says what that changes. */
export function registerCi(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('ci')
    .addArgument(
      new Argument('<target>', 'github: workflow and script; shell: the script alone, for any CI').choices(['github', 'shell']),
    )
    .option('--check', 'write nothing; exit 1 when a file is missing or behind')
    .option('--out <file>', `where to write (default: ${DEFAULT_WORKFLOW}, for shell ${DEFAULT_SCRIPT})`)
    .option('--script <file>', `github: where the script goes that the workflow calls (default: ${DEFAULT_SCRIPT})`)
    .option('--canary <stamp>', 'stamp to deploy first (default: the one of smallest blast radius)')
    .addOption(
      new Option('--bake <minutes>', "how long the canary's alarm is watched")
        .argParser(parseMinutes)
        .default(DEFAULT_BAKE_MINUTES),
    )
    .option('--branch <name>', `github: branch whose commits are deployed (default: ${DEFAULT_BRANCH})`);
  withCommonOptions(command, 'npx stampkit ci github --check').action((target: Target, options: CiOptions) => {
    refuseForShell(target, options);
    const { findings, fleet } = loadFleet(options.stamps);
    if (fleet === undefined) {
      if (options.json === true) printJson(terminal, { ok: false, findings });
      else printFindings(terminal.err, findings);
      finish(EXIT_FINDINGS);
      return;
    }
    const plan = planPipeline(fleet, {
      stampsFolder: insideRepository('--stamps', options.stamps),
      scriptFile: insideRepository('--script', (target === 'shell' ? options.out : options.script) ?? DEFAULT_SCRIPT),
      workflowFile: insideRepository('--out', (target === 'github' ? options.out : undefined) ?? DEFAULT_WORKFLOW),
      branch: branchName(options.branch ?? DEFAULT_BRANCH),
      bakeMinutes: options.bake,
      ...(options.canary !== undefined && { canary: options.canary }),
    });
    const files = generate(target, plan).map((file) => {
      const before = existsSync(file.path) ? readFileSync(file.path, 'utf8') : undefined;
      return { ...file, before, outdated: before !== file.text };
    });
    const outdated = files.filter((file) => file.outdated);
    if (options.check !== true) outdated.forEach(write);
    const behind = options.check === true && outdated.length > 0;
    if (options.json === true) {
      printJson(terminal, {
        ok: !behind,
        findings,
        canary: plan.canaryStamp,
        files: files.map((file) => ({ path: file.path, outdated: file.outdated, written: file.outdated && !behind })),
      });
    } else {
      for (const { path, text, before, outdated: differs } of files) {
        if (before !== undefined && differs) terminal.out(`--- ${path}\n${diffLines(before, text)}`);
        if (!differs) terminal.out(`${path} is up to date\n`);
        else if (behind) terminal.out(`${path} is ${before === undefined ? 'missing' : 'behind'}\n`);
        else terminal.out(`wrote ${path}: commit it\n`);
      }
      if (behind) terminal.out('run the same command without --check and commit what it writes\n');
      else terminal.out(`canary ${plan.canaryStamp.id}: ${plan.canaryStamp.because}\n`);
    }
    finish(behind ? EXIT_FINDINGS : exitCodeOf(findings));
  });
}

function generate(target: Target, plan: PipelinePlan): GeneratedFile[] {
  const script = { path: plan.scriptFile, text: renderShellScript(plan), executable: true };
  if (target === 'shell') return [script];
  return [{ path: plan.workflowFile, text: renderGithubWorkflow(plan), executable: false }, script];
}

function write({ path, text, executable }: GeneratedFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (executable) chmodSync(path, 0o755);
}

function refuseForShell(target: Target, { script, branch }: CiOptions): void {
  if (target !== 'shell') return;
  if (script !== undefined) throw new StampError('USAGE', '--script with ci shell', 'Say where the script goes with --out.');
  if (branch !== undefined)
    throw new StampError('USAGE', '--branch with ci shell', 'Your CI decides which branch it runs the script for.');
}

/** The files name each other, and a pipeline starts in the repository's root: no path may lead out of it. */
function insideRepository(option: string, path: string): string {
  const inside = relative(process.cwd(), resolve(path)).split(sep).join('/');
  if (inside === '' || inside.startsWith('../') || inside === '..' || /[\p{C}]/u.test(inside))
    throw new StampError(
      'USAGE',
      `${option} ${path} is not below the current folder`,
      'Run the command in the root of your repository.',
    );
  return inside;
}

/** Git allows more; what is left out means something to YAML, to GitHub's expressions or to its branch filters. */
function branchName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name))
    throw new StampError(
      'USAGE',
      `--branch "${name}"`,
      'Give one branch: letters, digits, dots, dashes, underscores and slashes.',
    );
  return name;
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!/^\d{1,3}$/.test(text) || minutes < 1 || minutes > 180)
    throw new InvalidArgumentError('Give whole minutes from 1 to 180.');
  return minutes;
}
