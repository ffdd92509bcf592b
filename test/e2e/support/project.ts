import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, type RunOptions, type RunResult, run } from './run';

/** Where the emulator, and the programs that were installed with it, are. */
const TOOLS = dirname(process.env['EMULATOR_PYTHON'] ?? '/nowhere/python');

/** A user's project: the fleet in stamps/, stampkit and the CDK as packages. */
export class Project {
  public readonly folder = mkdtempSync(join(tmpdir(), 'stampkit-e2e-project-'));
  /** Cloud assembly of the last `synth`. */
  public readonly assembly = join(this.folder, 'cdk.out');

  public constructor(hostedZoneId: string) {
    cpSync(join(ROOT, 'test', 'e2e', 'fleet'), join(this.folder, 'stamps'), { recursive: true });
    this.edit('stamps/fleet.yaml', 'Z0000000000EMULATOR', hostedZoneId);
    this.write('package.json', '{ "private": true }\n');
    this.write('cdk.json', JSON.stringify({ app: 'node node_modules/stampkit/dist/bin/app.js', output: 'cdk.out' }));
    mkdirSync(join(this.folder, 'node_modules', '.bin'), { recursive: true });
    symlinkSync(ROOT, join(this.folder, 'node_modules', 'stampkit'));
    for (const name of ['aws-cdk', 'aws-cdk-lib', 'constructs'])
      symlinkSync(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name));
    symlinkSync(join('..', 'aws-cdk', 'bin', 'cdk'), join(this.folder, 'node_modules', '.bin', 'cdk'));
    symlinkSync(join('..', 'stampkit', 'dist', 'bin', 'stampkit.js'), join(this.folder, 'node_modules', '.bin', 'stampkit'));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  public write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  public read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Replaces one piece of a file, which must be there. */
  public edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (!text.includes(from)) throw new Error(`${file} holds no ${JSON.stringify(from)}`);
    this.write(file, text.replace(from, to));
  }

  /** scripts/deploy.sh of the package. */
  public deploy(args: readonly string[] = [], options: RunOptions = {}): Promise<RunResult> {
    return this.run('node_modules/stampkit/scripts/deploy.sh', args, options);
  }

  /** The same at a terminal, where somebody types an answer to each question. */
  public deployAtTerminal(args: readonly string[], conversation: readonly (readonly [string, string])[]): Promise<RunResult> {
    const program = join(ROOT, 'test', 'e2e', 'support', 'at_terminal.py');
    const command = ['node_modules/stampkit/scripts/deploy.sh', ...args];
    return this.run('python', [program, ...conversation.flat(), '--', ...command]);
  }

  public cdk(...args: readonly string[]): Promise<RunResult> {
    return this.run('npx', ['--no-install', 'cdk', ...args]);
  }

  public stampkit(...args: readonly string[]): Promise<RunResult> {
    return this.run('npx', ['--no-install', 'stampkit', ...args]);
  }

  /** Runs a program in the project; `python`, `aws`, `cfn-lint` and `shellcheck` are those that came with the emulator. */
  public run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const env = { PATH: `${TOOLS}:${process.env['PATH'] ?? ''}`, ...options.env };
    return run(command, args, { ...options, cwd: this.folder, env });
  }
}
