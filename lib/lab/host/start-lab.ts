import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import type { ParsedFleet } from '../../assembly/parsed-fleet';
import { Addresses } from '../net/addresses';
import { call } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';
import { readPlan } from '../plan/read-plan';
import { sleep } from '../time/lab-time';
import { databaseUser, findPostgres, findPrograms } from './binaries';
import { startGuardian } from './guardian';
import type { Processes } from './processes';
import { beganAt, cleanCrashed, makeFolder, writeRecord } from './registry';
import { Supervisor } from './supervisor';

export interface LabOptions {
  /** What the synthesized templates say: `readFleet(directory)`. */
  readonly facts: ParsedFleet;
  /** Hosted zones of the fleet; templates know them by id only. */
  readonly zones: readonly { readonly hostedZoneId: string; readonly name: string }[];
  /** @default 1 */
  readonly speed?: number;
  /** @default 1 */
  readonly seed?: number;
  /** Tenant groups to run. @default - all */
  readonly groups?: readonly string[];
  /** Folder of the bundled programs. @default - beside the running program */
  readonly programs?: string;
  /** One line for people, at each stage of the start. */
  readonly onProgress?: (line: string) => void;
}

/** Milliseconds until every stamp must be healthy, on a busy machine. */
const HEALTHY_DEADLINE = 60_000;

/**
 * Starts a lab in this process, which supervises it until {@link Supervisor.down}. Cleans up after labs that crashed.
 *
 * @throws StampError `LAB_*`; then nothing is left behind
 */
export async function startLab(options: LabOptions): Promise<Supervisor> {
  const { speed = 1, seed = 1, groups, programs = __dirname, onProgress = () => undefined } = options;
  const cleaned = cleanCrashed();
  if (cleaned > 0) onProgress(`cleaned up after ${cleaned} crashed ${cleaned === 1 ? 'lab' : 'labs'}`);
  const found = findPrograms(programs);
  const { id, folder } = makeFolder();
  const guardian = startGuardian(folder);
  let server: Server | undefined;
  try {
    let listener: RequestListener = (_incoming, outgoing) => {
      outgoing.writeHead(503).end();
    };
    const claim = await Addresses.claim((incoming, outgoing) => {
      listener(incoming, outgoing);
    });
    server = claim.server;
    const uid = databaseUser();
    const plan = await readPlan(
      options.facts,
      {
        id,
        folder,
        speed,
        seed,
        token: randomBytes(16).toString('hex'),
        password: randomBytes(12).toString('hex'),
        programs: found,
        postgres: findPostgres(folder, uid),
        ...(uid !== undefined && { databaseUser: uid }),
        zones: options.zones,
        ...(groups !== undefined && { groups }),
      },
      claim.addresses,
    );
    const planFile = join(folder, 'plan.json');
    writeFileSync(planFile, JSON.stringify(plan), { mode: 0o600 });
    mkdirSync(join(folder, 'databases'), { mode: 0o711 });
    if (uid !== undefined) chownSync(join(folder, 'databases'), uid, uid);
    const supervisor = new Supervisor({ plan, planFile, guardian, server });
    listener = supervisor.listener();
    writeRecord({
      id,
      folder,
      pid: process.pid,
      began: beganAt(process.pid),
      startedAt: Date.now(),
      control: plan.control,
      token: plan.token,
      speed,
      groups: [...new Set(plan.stamps.map(({ group }) => group))],
    });
    try {
      await bringUp(plan, supervisor.processes, onProgress);
    } catch (error) {
      await supervisor.down();
      throw error;
    }
    return supervisor;
  } catch (error) {
    server?.close();
    server?.closeAllConnections();
    guardian.stdin?.end();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Everything at once that waits for nothing else: processes first, then databases, then who looks at them. */
async function bringUp(plan: LabPlan, processes: Processes, onProgress: (line: string) => void): Promise<void> {
  await Promise.all([
    processes.start('internet', 'internet'),
    processes.start('clients', 'clients'),
    processes.start('gauge', 'gauge'),
    ...plan.regions.map(({ region }) => processes.start('region', region)),
    ...plan.stamps.map(({ id }) => processes.start('stamp', id)),
  ]);
  onProgress(`${plan.regions.length} Regions and ${plan.stamps.length} stamps are running`);
  await Promise.all(
    plan.globals.map(async ({ identifier, members }) => {
      const home = members.find((member) => member.home) ?? members[0];
      const region = plan.regions.find((each) => each.region === home?.region);
      if (region === undefined) return;
      await call(region.rpc, 'rds.provision', { globalCluster: identifier }, { timeoutMs: 60_000 });
    }),
  );
  if (plan.globals.length > 0) onProgress('databases replicate');
  const deadline = performance.now() + HEALTHY_DEADLINE;
  for (const { id, agent } of plan.stamps) {
    for (;;) {
      const document = await call<{ status: string; reasons: readonly string[] }>(agent, 'health');
      if (document.status !== 'fail') break;
      if (performance.now() > deadline) throw new Error(`${id} does not get healthy: ${document.reasons.join(', ')}`);
      await sleep(100);
    }
  }
  // The first backups: without one there is nothing to restore from.
  await Promise.all(plan.regions.map(({ rpc }) => call(rpc, 'backup.begin', {}, { timeoutMs: 60_000 })));
  onProgress('first backups are taken and copied');
  await call(plan.internet.rpc, 'begin');
  onProgress('every stamp is healthy; health checkers and DNS have begun');
}
