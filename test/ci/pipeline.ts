import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_BRANCH,
  DEFAULT_SCRIPT,
  DEFAULT_WORKFLOW,
  type PipelineOptions,
  type PipelinePlan,
  planPipeline,
} from '../../lib/ci/plan';
import { renderShellScript } from '../../lib/ci/shell-script';
import { exampleFleet } from '../support/loaded-fleets';

/** The plan of the example fleet, with the defaults of the command line. */
export function examplePlan(options: Partial<PipelineOptions> = {}): PipelinePlan {
  return planPipeline(exampleFleet().fleet, {
    stampsFolder: 'stamps',
    scriptFile: DEFAULT_SCRIPT,
    workflowFile: DEFAULT_WORKFLOW,
    branch: DEFAULT_BRANCH,
    bakeMinutes: 15,
    ...options,
  });
}

export interface PipelineRun {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
  /** Every command that the script called, in order, with its arguments. */
  readonly calls: readonly string[];
}

/**
 * A repository with the written script, a `scripts/deploy.sh` and commands `npx`, `aws` and `sleep` that only note their calls.
 * `aws` answers the states it is given one after another, then the last one again; `FAIL` makes it fail. `sleep` returns at once.
 */
export class StubbedRepository {
  public readonly directory = mkdtempSync(join(tmpdir(), 'stampkit-pipeline-'));

  public constructor(plan: PipelinePlan = examplePlan()) {
    this.write('scripts/stampkit-ci.sh', renderShellScript(plan));
    this.stub('scripts/deploy.sh', 'deploy.sh', 'exit "${DEPLOY_EXIT:-0}"');
    this.stub('bin/npx', 'npx', 'exit "${NPX_EXIT:-0}"');
    this.stub('bin/sleep', 'sleep', '');
    this.stub(
      'bin/aws',
      'aws',
      [
        'case "$*" in',
        "  *StateReason*) echo 'shop-internal-euw1-web-5xx went off' ;;",
        '  *children*) echo shop-internal-euw1-web-5xx ;;',
        '  *)',
        '    state="$(head -n 1 states)"',
        '    if [[ "$(wc -l < states)" -gt 1 ]]; then sed -i 1d states; fi',
        '    if [[ "$state" == FAIL ]]; then echo "denied" >&2; exit 254; fi',
        '    echo "$state"',
        '    ;;',
        'esac',
      ].join('\n'),
    );
  }

  /** Runs one step while the composite alarm goes through the given states. */
  public run(
    args: readonly string[],
    states: readonly string[] = ['OK'],
    env: Readonly<Record<string, string>> = {},
  ): PipelineRun {
    this.write('calls', '');
    this.write('states', `${states.join('\n')}\n`);
    const { status, stdout, stderr } = spawnSync('bash', ['scripts/stampkit-ci.sh', ...args], {
      cwd: this.directory,
      encoding: 'utf8',
      env: { PATH: `${join(this.directory, 'bin')}:${process.env['PATH'] ?? ''}`, STAMPKIT_BAKE_SECONDS: '90', ...env },
    });
    const calls = this.read('calls')
      .split('\n')
      .filter((line) => line !== '');
    return { exitCode: status, out: stdout, err: stderr, calls };
  }

  public read(file: string): string {
    return readFileSync(join(this.directory, file), 'utf8');
  }

  public write(file: string, text: string): void {
    mkdirSync(join(this.directory, file, '..'), { recursive: true });
    writeFileSync(join(this.directory, file), text, { mode: 0o755 });
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private stub(file: string, name: string, body: string): void {
    this.write(file, `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> calls\n${body}\n`);
  }
}
