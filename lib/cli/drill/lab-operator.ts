import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EngineOperator, type OperateOptions, type OperationEnd } from '../../drill/run/operator';
import { StampError } from '../../errors';
import type { LabPlan } from '../../lab';
import type { Identity } from '../../operations/execute/execute';
import type { Plan } from '../../operations/plan';
import type { OperationRequest } from '../../operations/request';
import type { OperationPorts } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { OperatorOrder, OperatorWord } from './operator-process';

/** Where the build puts the program: beside the bundled ones, or seen from the sources. */
const PLACES = [join(__dirname, 'operator.js'), join(__dirname, '..', '..', '..', 'dist', 'bin', 'operator.js')];

export interface LabOperatorOptions {
  readonly plan: LabPlan;
  /** Folder of the local journal: whoever goes on reads what the dead one wrote. */
  readonly journal: string;
  readonly say: (line: string) => void;
}

/** Operations in a lab: in this process, but for the one that is to die. That is a process of its own, and is killed. */
export class LabOperator extends EngineOperator {
  public constructor(
    ports: OperationPorts,
    private readonly group: Fleet,
    private readonly who: Identity,
    private readonly options: LabOperatorOptions,
  ) {
    super(ports, group, who);
  }

  public override run(request: OperationRequest, options: OperateOptions): Promise<OperationEnd> {
    return options.crashAt === undefined ? super.run(request, options) : this.doomed(request, options.crashAt, options);
  }

  /** Starts the process, and kills it the moment it stands at the step. */
  private doomed(request: OperationRequest, crashAt: string, { cancellation }: OperateOptions): Promise<OperationEnd> {
    const { plan, journal, say } = this.options;
    const identity = { operator: this.who.operator, holder: `${this.who.holder}#doomed` };
    const order: OperatorOrder = { plan, fleet: this.group, request, identity, journal, crashAt };
    // In the lab's folder: whatever ends the lab ends it, too. A group of its own: Ctrl-C is for the drill to pass on.
    const child = spawn(process.execPath, [program()], { cwd: plan.folder, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    // It dies soon anyway; only a second Ctrl-C does not wait for that.
    const release = cancellation.onRaise(() => {
      if (cancellation.level > 1) child.kill('SIGKILL');
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(order));
    return this.follow(child, say).finally(release);
  }

  private async follow(child: ChildProcess, say: (line: string) => void): Promise<OperationEnd> {
    const gone = new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        resolve(signal ?? `exit code ${code ?? 0}`);
      });
    });
    let plan: Plan | undefined;
    let end: OperationEnd | undefined;
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    lines.on('line', (line) => {
      const word = JSON.parse(line) as OperatorWord;
      if (word.is === 'said') say(`  ${word.message}`);
      else if (word.is === 'planned') ({ plan } = word);
      else if (word.is === 'refused') end = { kind: 'refused', findings: word.findings };
      else if (plan === undefined) return;
      else if (word.is === 'ended') end = { kind: 'ended', report: word.report, plan };
      else {
        end = { kind: 'crashed', operation: word.operation, plan };
        say(`  process ${child.pid ?? 0} stands at ${word.step} and is killed`);
        child.kill('SIGKILL');
      }
    });
    const how = await gone;
    if (end !== undefined) return end;
    throw new StampError(
      'DRILL_OPERATOR_GONE',
      `the operator's process ended (${how}) before it had begun`,
      'Read what it wrote above; after a second Ctrl-C that is how it goes.',
    );
  }
}

function program(): string {
  const found = PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new StampError('DRILL_OPERATOR_MISSING', 'the program of the drill’s operator is not there', 'Run `npm run build`.');
}
