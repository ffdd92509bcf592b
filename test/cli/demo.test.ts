import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenDemoLab } from '../../lib/cli/demo/drill-in-lab';
import { runDemo } from '../../lib/cli/demo/run-demo';
import { processHost } from '../../lib/cli/operations/process-host';
import { EXAMPLE_STAMPS, StampsCopy } from '../support/cli';
import { Ground } from '../drill/run/support';
import { codeBlocks, readPage } from '../readme/markdown';

const out = mkdtempSync(join(tmpdir(), 'stampkit-demo-test-'));
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

interface DemoRun {
  readonly exitCode: number;
  readonly lines: string[];
  readonly err: string;
  /** How often a lab was opened and closed. */
  readonly labs: readonly [number, number];
}

/** The demo over the fakes: its real lab is what `npm run demo` of the gate starts. */
async function demo(stamps: string, onLine: (line: string) => void = () => undefined): Promise<DemoRun> {
  let shown = '';
  let err = '';
  let opened = 0;
  let closed = 0;
  const terminal = {
    out: (text: string) => {
      shown += text;
      onLine(text);
    },
    err: (text: string) => void (err += text),
    interactive: false,
  };
  const openLab: OpenDemoLab = ({ speed }) => {
    const ground = new Ground();
    let open = true;
    opened += 1;
    const pump = (): void => {
      if (!open) return;
      ground.aws.world.advance();
      setImmediate(pump);
    };
    setImmediate(pump);
    const close = (): Promise<void> => {
      open = false;
      closed += 1;
      return Promise.resolve();
    };
    return Promise.resolve({ target: { ...ground.target, speed }, bounds: () => undefined, close });
  };
  const exitCode = await runDemo({ stamps, terminal, host: processHost({}), out, openLab });
  return { exitCode, lines: shown.split('\n'), err, labs: [opened, closed] };
}

/** Numbers of resources and guards grow with every version: a transcript is about what is told, not how much. */
const withoutNumbers = (line: string): string => line.replace(/\d+/g, '#').replace(/ +/g, ' ').replace(/-+/g, '-');

/** Every line of a block of README, in its order, but for what `keep` leaves out. */
function expectInOrder(lines: readonly string[], block: string, keep: (line: string) => boolean = () => true): void {
  let at = 0;
  for (const line of block.trimEnd().split('\n')) {
    if (line === '...' || line === '' || !keep(line)) continue;
    const wanted = withoutNumbers(line.replace('check stamps/', `check ${EXAMPLE_STAMPS}/`));
    const found = lines.findIndex((candidate, index) => index >= at && withoutNumbers(candidate) === wanted);
    expect(found, `the demo does not say: ${line}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}

describe('npm run demo', () => {
  let good: DemoRun;
  beforeAll(async () => {
    good = await demo(EXAMPLE_STAMPS);
  }, 180_000);

  test('checks, synthesizes under all guards, and says what README shows, in that order', () => {
    const { exitCode, lines, err } = good;
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(lines).toContainEqual(expect.stringMatching(/^stack exports and cross-Region references +0$/));
    expect(lines).toContainEqual(expect.stringMatching(/^findings of cdk-nag .* 0 open, \d+ acknowledgements with a reason$/));
    const blocks = codeBlocks(readPage('README.md'), 'text');
    expectInOrder(
      lines,
      blocks.find((block) => block.startsWith('1. check'))!,
    );
    // How long things take differs from run to run, and with it what is said of them: headings and the verdict do not.
    const measured = blocks.find((block) => block.startsWith('6. the lab'))!;
    expectInOrder(lines, measured, (line) => /^(\d\. |summary| {2}(fleet|templates|proof|verdict) )/.test(line));
  });

  test('ends with ten lines that say what was measured, and reports for people, programs and CI', () => {
    const { lines, labs } = good;
    const summary = lines.slice(lines.indexOf('summary') + 1);
    expect(summary.indexOf('')).toBe(10);
    expect(summary[3]).toMatch(/^ {2}region-loss-failover +RTO .* measured, .* on AWS; objective 20 min$/);
    expect(summary[6]).toMatch(/^ {2}data-corruption-restore +RTO .* measured, .* on AWS; objective 12 h$/);
    expect(summary[9]).toMatch(/^ {2}verdict +every expectation held; \d+ s in all$/);
    for (const line of [summary[5]!, summary[8]!]) expect(existsSync(line.trim())).toBe(true);
    expect(readdirSync(join(out, 'region-loss-failover')).map((name) => name.replace(/.*\./, ''))).toEqual([
      'html',
      'json',
      'xml',
    ]);
    expect(labs).toEqual([1, 1]);
  });

  test('fails when an expectation does not hold, goes no further, and closes its lab', { timeout: 180_000 }, async () => {
    const stamps = new StampsCopy();
    try {
      const file = 'drills/region-loss-failover.yaml';
      stamps.write(file, stamps.read(file).replace('expect:', 'expect:\n  rto: 1s'));
      const { exitCode, lines, labs } = await demo(stamps.directory);
      expect(exitCode).toBe(1);
      expect(lines.join('\n')).toMatch(/ {2}verdict +DEVIATED: region-loss-failover .*RTO: every population writes again/);
      expect(lines.join('\n')).not.toContain('8. ');
      expect(labs).toEqual([1, 1]);
    } finally {
      stamps.remove();
    }
  });

  test('fails with the findings of a fleet that has errors, before it synthesizes', async () => {
    const stamps = new StampsCopy();
    try {
      stamps.delete('fleet.lock.yaml');
      const { exitCode, lines, labs } = await demo(stamps.directory);
      expect(exitCode).toBe(1);
      expect(lines.join('\n')).toContain('lock-missing');
      expect(lines.join('\n')).not.toContain('2. synthesize');
      expect(labs).toEqual([0, 0]);
    } finally {
      stamps.remove();
    }
  });

  test('fails before anything is synthesized when a drill of its own is not there', async () => {
    const stamps = new StampsCopy();
    try {
      stamps.delete('drills/data-corruption-restore.yaml');
      await expect(demo(stamps.directory)).rejects.toMatchObject({ code: 'DEMO_DRILL_MISSING' });
    } finally {
      stamps.remove();
    }
  });
});
