import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { registerDrill } from '../../../lib/cli/commands/drill';
import type { OpenDrillTarget } from '../../../lib/cli/drill/targets';
import { processHost } from '../../../lib/cli/operations/process-host';
import { EXAMPLE_STAMPS, run } from '../../support/cli';
import { Ground } from '../../drill/run/support';

const out = mkdtempSync(join(tmpdir(), 'stampkit-drill-test-'));
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});
const file = (name: string): string => join(EXAMPLE_STAMPS, 'drills', `${name}.yaml`);

/** The command over the fakes: time goes on while it waits. */
async function drill(...args: string[]) {
  const said = { out: '', err: '' };
  let exitCode = -1;
  let closed = 0;
  const open: OpenDrillTarget = (_name, { speed }) => {
    const ground = new Ground();
    let open = true;
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
    return Promise.resolve({ target: { ...ground.target, speed }, close });
  };
  const terminal = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    interactive: false,
  };
  const program = new Command('stampkit').exitOverride();
  registerDrill(program, { terminal, finish: (code) => (exitCode = code) }, processHost({}), open);
  await program.parseAsync(['drill', ...args, '--stamps', EXAMPLE_STAMPS, '--out', out], { from: 'user' });
  return { ...said, exitCode, closed };
}

describe('stampkit drill', () => {
  test('runs, writes three reports, says the verdict, and closes what it opened', async () => {
    const done = await drill(file('evacuate-and-readmit'));
    expect(done).toMatchObject({ exitCode: 0, closed: 1 });
    expect(done.out).toMatch(/^COMPLETED: evacuate-and-readmit on lab/);
    const html = /report: (.*\.html)/.exec(done.out)![1]!;
    for (const path of [html, html.replace('.html', '.json'), html.replace('.html', '.xml')]) expect(existsSync(path)).toBe(true);
    expect(readFileSync(html, 'utf8')).toContain('npx stampkit drill');
    expect(done.err).toContain('method');
  });

  test('repeats with another seed each, as one JSON document; history shows the trend', async () => {
    const done = await drill(file('checker-partition'), '--repeat', '2', '--json');
    const report = JSON.parse(done.out) as { schemaVersion: number; runs: { seed: number }[]; status: string };
    expect(report).toMatchObject({ schemaVersion: 1, status: 'completed', runs: [{ seed: 1 }, { seed: 2 }] });
    expect(done.closed).toBe(2);
    const history = await drill(file('checker-partition'), '--history');
    expect(history.out).toMatch(/^checker-partition on lab at speed 1: RTO unknown\n.*completed/s);
  });

  test('of a file with findings prints them with their place and runs nothing', async () => {
    const broken = join(EXAMPLE_STAMPS, 'fleet.yaml');
    const done = await drill(broken);
    expect(done).toMatchObject({ exitCode: 1, closed: 0 });
    expect(done.out).toMatch(/fleet\.yaml:\d+:\d+/);
  });

  test.each([
    ['AWS without --go', [file('az-loss'), '--target', 'aws'], 'DRILL_NEEDS_GO'],
    ['a drill that is not for AWS', [file('data-corruption-restore'), '--target', 'aws', '--go'], 'DRILL_NOT_FOR_TARGET'],
    ['a file that is not there', ['/nowhere.yaml'], 'DRILL_UNREADABLE'],
  ])('refuses %s', async (_name, args, code) => {
    const { exitCode, err } = await run('drill', ...args, '--stamps', EXAMPLE_STAMPS);
    expect(exitCode).toBe(2);
    expect(err).toContain(code);
  });
});
