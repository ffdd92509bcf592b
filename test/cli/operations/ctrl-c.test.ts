import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exampleFleet } from '../../support/loaded-fleets';
import { deployFleet } from '../../wire/deploy-fleet';
import { Outside } from '../../wire/outside';
import { WireAws, wireVariables } from '../../wire/wire-aws';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'dist', 'bin', 'stampkit.js');
const FAILOVER = ['failover', 'enterprise', '--to', 'usw2', '--reason', 'maintenance', '--go', '--json'];
/** Seconds of the fake AWS in one real second, where something is to come to its end. */
const SPEED = 40;
/** A holder that was stopped at once is silent for as long as its lease holds, which is real time: 73 s. */
const PATIENCE_MS = 400_000;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

interface Line {
  readonly type?: string;
  readonly code?: string;
  readonly step?: string;
  readonly operation: string;
  readonly result?: string;
  readonly next?: readonly string[];
}

// The signals of a real process: what a test in this process says about Ctrl-C is only about what the commands ask their host.
describe.runIf(existsSync(BIN))('Ctrl-C on the built command', { timeout: PATIENCE_MS }, () => {
  let folder: string;
  let environment: Record<string, string>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stampkit-ctrl-c-'));
    environment = {
      AWS_ACCESS_KEY_ID: exampleFleet().fleet.account,
      AWS_SECRET_ACCESS_KEY: 'nothing',
      STAMPKIT_STATE_DIR: folder,
      STAMPKIT_OPERATOR: 'jo',
    };
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command; `watch` sees everything printed so far, each time something is. */
  function stampkit(
    args: readonly string[],
    watch?: (output: string, child: ChildProcess) => void,
    begun?: (child: ChildProcess) => void,
  ): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd: ROOT,
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      begun?.(child);
      const printed = { out: '', err: '' };
      for (const [name, stream] of [['out', child.stdout] as const, ['err', child.stderr] as const]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          printed[name] += text;
          watch?.(printed.out + printed.err, child);
        });
      }
      child.once('close', (code, signal) => {
        resolve({ code, signal, ...printed });
      });
    });
  }

  describe('while it changes AWS', () => {
    let aws: WireAws;
    let outside: Outside;

    beforeEach(async () => {
      const { fleet } = exampleFleet();
      aws = new WireAws({ speed: SPEED });
      deployFleet(aws, fleet);
      outside = new Outside(aws, fleet);
      Object.assign(environment, wireVariables(await aws.start()), await outside.start());
    });

    afterEach(async () => {
      await outside.stop();
      await aws.stop();
    });

    /** A failover that is interrupted when the promotion has been asked for, so many times. */
    function interrupted(times: 1 | 2): Promise<Ended> {
      let pressed = 0;
      return stampkit(FAILOVER, (output, child) => {
        const asked = aws.world.log.some(({ operation }) => operation === 'SwitchoverGlobalCluster');
        const due = asked ? (/^stopping: /m.test(output) ? 2 : 1) : 0;
        if (pressed < Math.min(due, times)) {
          pressed += 1;
          child.kill('SIGINT');
        }
      });
    }
    const report = ({ out }: Ended): Line => JSON.parse(out.trim().split('\n').at(-1)!) as Line;
    const recorded = async (): Promise<Line> => {
      const { out } = await stampkit(['journal', 'list', 'enterprise', '--json']);
      return (JSON.parse(out) as { operations: Line[] }).operations[0]!;
    };

    test('once: the step at hand is finished, the lease given back, and the operation can be resumed at once', async () => {
      const ended = await interrupted(1);
      expect(ended, ended.err).toMatchObject({ code: 3, signal: null });
      const { operation, result, next } = report(ended);
      expect(result).toBe('aborted');
      expect(next![0]).toBe(`Go on where it stopped: stampkit journal resume ${operation}`);
      expect(ended.out).toMatch(/"code":"step-done"[^\n]*"step":"promote:enterprise-usw2"/);
      expect(await recorded()).toMatchObject({ operation, result: 'aborted' });
      const status = await stampkit(['status', 'enterprise', '--no-proof']);
      expect(status.out).toMatch(/^lease +free, last held by jo/m);
      const resumed = await stampkit(['journal', 'resume', operation, '--go', '--json']);
      expect(resumed, resumed.err).toMatchObject({ code: 0 });
      expect(report(resumed)).toMatchObject({ result: 'completed', operation });
      expect(resumed.out).not.toContain('"code":"lease-wait"');
    });

    test('twice: stops at once, the journal says that it is not over, and resuming finishes it', async () => {
      // The switchover never comes to its end, so whoever waited for it would wait for ever.
      aws.world.clock.setSpeed(0);
      const ended = await interrupted(2);
      expect(ended, ended.err).toMatchObject({ code: 3, signal: null });
      expect(ended.err).toMatch(/^stopped at once: /m);
      const { operation, result, next } = report(ended);
      expect(result).toBe('interrupted');
      expect(next![0]).toBe(`Go on where it stopped: stampkit journal resume ${operation}`);
      expect((await recorded()).result).toBeUndefined();
      const list = await stampkit(['journal', 'list', 'enterprise']);
      expect(list.out).toMatch(new RegExp(`not ended +${operation}`));
      aws.world.clock.setSpeed(SPEED);
      const resumed = await stampkit(['journal', 'resume', operation, '--go', '--json']);
      expect(resumed, resumed.err).toMatchObject({ code: 0 });
      expect(report(resumed)).toMatchObject({ result: 'completed', operation });
      const asked = aws.world.log.filter(({ operation: call }) => call === 'SwitchoverGlobalCluster');
      expect(asked).toHaveLength(1);
      expect((await recorded()).result).toBe('completed');
    });
  });

  test.each([
    ['status', ['status', 'enterprise', '--no-proof']],
    ['a plan', ['failover', 'enterprise', '--to', 'usw2']],
    ['the journal', ['journal', 'list', 'enterprise']],
    ['backups', ['backups', 'enterprise']],
  ])('while it only reads, %s: ends at once with 3', async (_what, args) => {
    let begun = (): void => undefined;
    const asked = new Promise<void>((resolve) => (begun = resolve));
    // It takes every question and answers none.
    const silent = createServer(() => {
      begun();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    environment['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    Object.assign(environment, { STAMPKIT_RESOLVERS: '127.0.0.1:9', STAMPKIT_NAME_SERVERS: '127.0.0.1:9' });
    let child: ChildProcess | undefined;
    const running = stampkit(args, undefined, (started) => (child = started));
    await asked;
    child!.kill('SIGINT');
    expect(await running).toEqual({ code: 3, signal: null, out: '', err: 'stopped: nothing was changed\n' });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
