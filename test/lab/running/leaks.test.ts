import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alive, processTree, processesIn } from '../../../lib/lab/host/process-tree';
import { EXAMPLE_STAMPS } from '../../support/cli';
import { buildLab, runLab, until } from './lab-fixture';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'dist', 'bin', 'stampkit.js');

/** A drill that breaks something at once, and then waits until somebody ends it; or fails by itself when it is the one that gives up. */
function drillFile(folder: string, name: 'waits' | 'gives-up'): string {
  const last =
    name === 'waits'
      ? '  - id: linger\n    wait: 1h\n    timeout: 2h\n'
      : '  - id: never\n    when: { is: answered, stamps: [enterprise-use1, enterprise-usw2], within: 3s }\n';
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `schemaVersion: 1
drill: ${name}
description: Breaks replication, and ${name}.
group: enterprise
load:
  populations:
    - { name: new-york, near: use1, clients: 2, rate: 6 }
method:
  - id: partition
    fault: { kind: region-partition, between: [use1, usw2] }
${last}`,
  );
  return file;
}

/** The real program, and what it printed. */
interface Run {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly over: Promise<number | NodeJS.Signals>;
}

describe('a drill as a process of its own', { concurrent: false }, () => {
  /** Everything that a program leaves in the temporary folder is in here. */
  let temporary: string;
  let out: string;
  const runs: Run[] = [];

  beforeAll(buildLab);
  beforeEach(() => {
    // Not below the temporary folder of the tests: databases of root run as somebody else, who may not go there.
    temporary = mkdtempSync('/tmp/lab-leaks-');
    chmodSync(temporary, 0o711);
    out = mkdtempSync('/tmp/lab-reports-');
  });
  afterEach(async () => {
    for (const { child } of runs.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await until(() => processesIn(temporary).length === 0);
    for (const folder of [temporary, out]) rmSync(folder, { recursive: true, force: true });
  });

  function drill(name: 'waits' | 'gives-up'): Run {
    const child = spawn(
      process.execPath,
      [BIN, 'drill', drillFile(out, name), ...['--speed', '10', '--stamps', EXAMPLE_STAMPS, '--out', out]],
      {
        cwd: ROOT,
        env: { ...process.env, TMPDIR: temporary },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    const over = new Promise<number | NodeJS.Signals>((resolve) => {
      child.once('close', (code, signal) => {
        resolve(signal ?? code ?? -1);
      });
    });
    const run = { child, printed: () => text, over };
    runs.push(run);
    return run;
  }

  /** Until the method waits, with the fault set. Says whose processes there are. */
  async function lingers({ child, printed }: Run): Promise<readonly number[]> {
    await until(() => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it has ended: ${printed()}`);
      return printed().includes('waits for');
    });
    const tree = processTree(child.pid!);
    // The supervisor, its guardian, and a dozen programs with their tasks and databases at least.
    expect(tree.length).toBeGreaterThan(15);
    return tree;
  }

  const labs = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('stampkit-lab-'));

  test('two at once do not meet; nothing is left of one that fails, nor of one that Ctrl-C ends', async () => {
    const waits = drill('waits');
    const lingering = await lingers(waits);
    // Sessions of databases come and go; these stay.
    const programs = lingering.filter((pid) => commandOf(pid).includes('process.js'));
    expect(programs.length).toBeGreaterThan(5);
    expect(labs()).toHaveLength(1);

    const fails = drill('gives-up');
    const both = async (): Promise<readonly number[]> => {
      await until(() => fails.printed().includes('partition is over') || fails.child.exitCode !== null);
      return processTree(fails.child.pid!);
    };
    const failing = await both();
    expect(failing.length).toBeGreaterThan(15);
    expect(labs()).toHaveLength(2);
    expect(await fails.over, fails.printed()).toBe(1);
    expect(fails.printed()).toContain('"answered" was not so within 3 s');
    expect(failing.filter(alive)).toEqual([]);

    // The other one has not noticed.
    expect(labs()).toHaveLength(1);
    expect(programs.filter((pid) => !alive(pid))).toEqual([]);
    expect(waits.child.exitCode).toBeNull();

    waits.child.kill('SIGINT');
    expect(await waits.over, waits.printed()).toBe(3);
    expect(waits.printed()).toMatch(/region-partition is over/);
    expect(lingering.filter(alive)).toEqual([]);
    expect(processesIn(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('SIGKILL in the middle of the method: the guardian ends everything within seconds and removes the folder', async () => {
    const run = drill('waits');
    const tree = await lingers(run);
    run.child.kill('SIGKILL');
    expect(await run.over).toBe('SIGKILL');
    const killedAt = performance.now();
    await until(() => !tree.some(alive) && processesIn(temporary).length === 0 && labs().length === 0);
    const seconds = (performance.now() - killedAt) / 1000;
    process.stdout.write(`after SIGKILL: ${tree.length} processes and the folder were gone after ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(30);
  });

  test('SIGKILL of the guardian too: the next drill cleans up what was left', async () => {
    const run = drill('waits');
    const tree = await lingers(run);
    const [guardian] = tree.filter(
      (pid) => pid !== run.child.pid && environmentOf(pid).includes(`FOLDER=${join(temporary, labs()[0]!)}`),
    );
    process.kill(guardian!, 'SIGKILL');
    run.child.kill('SIGKILL');
    expect(await run.over).toBe('SIGKILL');
    expect(labs()).toHaveLength(1);

    const next = drill('gives-up');
    expect(await next.over, next.printed()).toBe(1);
    expect(next.printed()).toContain('cleaned up after 1 crashed lab');
    expect(tree.filter(alive)).toEqual([]);
    expect(processesIn(temporary)).toEqual([]);
    expect(labs()).toEqual([]);
  });
});

describe('the lab of the whole example fleet', () => {
  test('takes at most 2 GB', async () => {
    const running = await runLab(undefined, 10);
    try {
      const { memoryMegabytes, processes, stamps } = await running.lab.status();
      const load = loadavg().map((each) => each.toFixed(1));
      process.stdout.write(
        `${stamps.length} stamps in ${processes} processes: ${memoryMegabytes} MB, up after ${running.startSeconds.toFixed(1)} s, load ${load.join(' ')}\n`,
      );
      expect(stamps.filter(({ health }) => health !== 'pass')).toEqual([]);
      expect(memoryMegabytes).toBeGreaterThan(0);
      expect(memoryMegabytes).toBeLessThanOrEqual(2048);
    } finally {
      await running.end();
    }
  });
});

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

function environmentOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/environ`).split('\0');
}

/** Empty when the process has gone by then. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
