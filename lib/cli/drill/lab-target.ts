import { mkdtempSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../aws/operations/clock';
import { localJournal } from '../../aws/operations/local-journal';
import type { DrillSpec } from '../../config/drill/types';
import { drillConditions } from '../../drill/measure/lab-form';
import type { BoundsAt } from '../../drill/run/run-drill';
import type { DrillTarget } from '../../drill/run/target';
import type { Reporter } from '../../ports';
import type { Fleet } from '../../topology/types';
import { synthesizeFacts } from '../verify/synthesize';
import { loadLab } from '../lab-module';
import { LabOperator } from './lab-operator';
import { labBounds } from './proof-bounds';
import type { OpenRequest, OpenTarget } from './targets';

const LOOK_EVERY_MS = 250;

/** What a lab of one group needs: several drills can run in it, one after another. */
export type OpenGroupRequest = Omit<OpenRequest, 'spec'> & { readonly group: string };

/** A lab of one group that runs until it is closed. */
export interface GroupLab {
  readonly target: DrillTarget;
  /**
   * What the proof allows for the failure of a drill with the timings of this lab and the form in which the drill plays it; undefined when it names
   * none, or the group does not feel it.
   *
   * @throws StampError FAILURE_* when the fleet has no such failure
   */
  readonly bounds: (spec: DrillSpec) => BoundsAt | undefined;
  /** Ends every process; leaves no file. */
  readonly close: () => Promise<void>;
}

/** Starts a lab of the drill's group for the drill alone, from templates synthesized now. */
export async function openLab({ spec, ...request }: OpenRequest): Promise<OpenTarget> {
  const lab = await openGroupLab({ ...request, group: spec.group });
  try {
    const bounds = lab.bounds(spec);
    return { target: lab.target, ...(bounds !== undefined && { bounds }), close: lab.close };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** Starts a lab of one group, from templates synthesized now. */
export async function openGroupLab({ fleet, group, speed, seed, host, say }: OpenGroupRequest): Promise<GroupLab> {
  const alone: Fleet = { ...fleet, groups: fleet.groups.filter(({ name }) => name === group) };
  const { Lab, startLab } = loadLab();
  say('synthesizing the templates');
  const facts = await synthesizeFacts(alone);
  const zones = alone.groups.map(({ zone }) => zone);
  const supervisor = await startLab({ facts, zones, speed, seed, groups: [group], onProgress: say });
  // Below the lab's own folder, which goes however the lab ends.
  const journal = mkdtempSync(join(supervisor.plan.folder, 'journal-'));
  const close = (): Promise<void> => supervisor.down();
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
        operator: new LabOperator(ports, alone, host.identity(), { plan: supervisor.plan, journal, say }),
        faults: lab.faults,
        workload: lab.workload,
        timeline: lab.timeline,
        gauge: lab.gauge,
        environment: {
          node: process.version,
          machine: `${platform()} ${release()} ${arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
          lab: `${processes} processes, ${memoryMegabytes} MB`,
        },
      },
      bounds: (spec) => {
        const { failure } = spec;
        if (failure === undefined) return undefined;
        const at = (slowness: number): ReturnType<typeof labBounds> =>
          labBounds(facts, alone, { group, failure, lab: drillConditions(spec, speed, slowness) });
        const usual = at(1);
        return usual && ((slowness) => (slowness === 1 ? usual : (at(slowness) ?? usual)));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
