import { createInterface } from 'node:readline';
import { ManualFaults } from '../../drill/aws/manual-faults';
import { probeWorkload } from '../../drill/aws/probe-workload';
import { EngineOperator } from '../../drill/run/operator';
import { viewOf } from '../../operations/group-view';
import type { OpenRequest, OpenTarget } from './targets';

/** AWS is asked less often than a lab, in milliseconds. */
const LOOK_EVERY_MS = 5000;

/** The fleet as it is deployed: read-only probes, the operations of the engine, and faults that a person makes. */
export async function openAws({ fleet, spec, host, say }: OpenRequest): Promise<OpenTarget> {
  const ports = await host.ports({
    fleet,
    reporter: {
      event: ({ message }) => {
        say(`  ${message}`);
      },
    },
  });
  const announce = async (text: string): Promise<boolean> => {
    say(`TO DO: ${text}. Press Enter when it is done, or write no.`);
    return (await readLine()).trim().toLowerCase() !== 'no';
  };
  return {
    target: {
      name: 'aws',
      speed: 1,
      lookEvery: LOOK_EVERY_MS,
      fleet,
      ports,
      operator: new EngineOperator(ports, fleet, host.identity()),
      faults: new ManualFaults({ fleet, group: spec.group, probes: ports.probes, clock: ports.clock, announce }),
      workload: probeWorkload(ports, viewOf(fleet, spec.group), LOOK_EVERY_MS),
      environment: { node: process.version },
    },
    close: () => Promise.resolve(),
  };
}

/** What a person writes; `no` when nobody can. */
function readLine(): Promise<string> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin });
    let answer = 'no';
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      resolve(answer);
    });
  });
}
