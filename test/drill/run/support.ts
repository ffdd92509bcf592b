import { join } from 'node:path';
import { loadDrills } from '../../../lib/config/drill/load-drills';
import type { DrillSpec } from '../../../lib/config/drill/types';
import { loadConfig } from '../../../lib/config/load';
import { EngineOperator } from '../../../lib/drill/run/operator';
import { type DrillOptions, type DrillRun, runDrill } from '../../../lib/drill/run/run-drill';
import type { DrillTarget } from '../../../lib/drill/run/target';
import { CancellationSource } from '../../../lib/operations/execute/cancellation';
import type { OperationPorts } from '../../../lib/ports';
import { buildFleet } from '../../../lib/topology/build-fleet';
import { FakeDrillTarget } from '../../fakes/drill';
import { FakeAws } from '../../fakes/fake-aws';
import { FakeProcess } from '../../fakes/world';

const stamps = join(__dirname, '..', '..', '..', 'stamps');
const { config, lock } = loadConfig(stamps);
const { fleet } = buildFleet(config!, lock!);
const { drills } = loadDrills(stamps, config);

/** A drill that comes with stampkit. */
export function shipped(name: string): DrillSpec {
  return drills.find(({ spec }) => spec?.drill === name)!.spec!;
}

/** The example fleet in a fake AWS, with a runner in front of it. */
export class Ground {
  public readonly aws = new FakeAws(fleet);
  public readonly fake = new FakeDrillTarget(this.aws);
  public readonly process = new FakeProcess(this.aws.world, { name: 'drill' });
  public readonly cancellation = new CancellationSource();
  public readonly lines: string[] = [];
  /** What stands between the operator and the world, to break a mechanism. */
  public operatorPorts: (ports: OperationPorts) => OperationPorts = (ports) => ports;
  /** What the machine was like; without it nobody measured. */
  public gauge: DrillTarget['gauge'];
  public whileRunning: (line: string) => void = () => undefined;

  public get target(): DrillTarget {
    const ports = this.aws.ports(this.process);
    return {
      name: 'lab',
      speed: 1,
      lookEvery: 1000,
      fleet,
      ports,
      operator: new EngineOperator(this.operatorPorts(ports), fleet, { operator: 'drill', holder: 'drill/1' }),
      faults: this.fake.faults(),
      workload: this.fake.workload(),
      environment: {},
      ...(this.gauge !== undefined && { gauge: this.gauge }),
    };
  }

  public run(spec: DrillSpec, options: Partial<DrillOptions> = {}): Promise<DrillRun> {
    const tell: DrillOptions['tell'] = ({ part, code, step = '', message }) => {
      this.lines.push(`${part} ${code} ${step}: ${message}`);
      this.whileRunning(`${code} ${step}`.trim());
    };
    return this.aws.world.run(runDrill(spec, this.target, { cancellation: this.cancellation, tell, ...options }));
  }
}

/** Names of the expectations that did not hold. */
export function broken(run: DrillRun): string[] {
  return run.judged.filter(({ state }) => state === 'broken').map(({ name }) => name);
}
