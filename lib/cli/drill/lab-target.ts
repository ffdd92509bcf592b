import { mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../aws/operations/clock';
import { localJournal } from '../../aws/operations/local-journal';
import { EngineOperator } from '../../drill/run/operator';
import type { Reporter } from '../../ports';
import type { Fleet } from '../../topology/types';
import { synthesizeFacts } from '../verify/synthesize';
import { loadLab } from '../lab-module';
import { labBounds } from './proof-bounds';
import type { OpenRequest, OpenTarget } from './targets';

const LOOK_EVERY_MS = 250;

/** Starts a lab of the drill's group for the drill alone, from templates synthesized now. */
export async function openLab({ fleet, spec, speed, seed, host, say }: OpenRequest): Promise<OpenTarget> {
  const alone: Fleet = { ...fleet, groups: fleet.groups.filter(({ name }) => name === spec.group) };
  const { Lab, startLab } = loadLab();
  say('synthesizing the templates');
  const facts = await synthesizeFacts(alone);
  const { failure } = spec;
  const bounds = failure === undefined ? undefined : labBounds(facts, alone, { group: spec.group, failure, speed });
  const zones = alone.groups.map(({ zone }) => zone);
  const supervisor = await startLab({ facts, zones, speed, seed, groups: [spec.group], onProgress: say });
  const journal = mkdtempSync(join(tmpdir(), 'stampkit-drill-'));
  const close = async (): Promise<void> => {
    try {
      await supervisor.down();
    } finally {
      rmSync(journal, { recursive: true, force: true });
    }
  };
  try {
    const lab = Lab.of(supervisor.plan);
    const reporter: Reporter = {
      event: ({ message }) => {
        say(`  ${message}`);
      },
    };
    const ports = lab.ports({ clock: systemClock(), reporter, localJournal: localJournal(journal) });
    const { processes, memoryMegabytes } = await lab.status();
    return {
      target: {
        name: 'lab',
        speed,
        lookEvery: LOOK_EVERY_MS,
        fleet: alone,
        ports,
        operator: new EngineOperator(ports, alone, host.identity()),
        faults: lab.faults,
        workload: lab.workload,
        timeline: lab.timeline,
        environment: {
          node: process.version,
          machine: `${platform()} ${release()} ${arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
          lab: `${processes} processes, ${memoryMegabytes} MB`,
        },
      },
      ...(bounds !== undefined && { bounds }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
