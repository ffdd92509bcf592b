import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App } from 'aws-cdk-lib';
import { Command } from 'commander';
import { registerPreflight } from '../../lib/cli/commands/preflight';
import { loadFleet } from '../../lib/cli/load-fleet';
import { CHECKER_RANGES } from '../../lib/facts/checker-ranges';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { FakeQuotas } from './preflight/fake-quotas';
import { documentOf, EXAMPLE_STAMPS, run, StampsCopy } from '../support/cli';

/** Synthesized once for all tests that only count, and without the rule packs, which change no template. */
let assembly: string;
beforeAll(() => {
  assembly = mkdtempSync(join(tmpdir(), 'stampkit-preflight-'));
  const app = new App({
    outdir: assembly,
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addFleetStacks(app, loadFleet(EXAMPLE_STAMPS).fleet!);
  app.synth();
}, 120_000);
afterAll(() => {
  rmSync(assembly, { recursive: true, force: true });
});

const preflight = (...args: string[]) => run('preflight', '--assembly', assembly, ...args);

describe('preflight of the example fleet', () => {
  test('fails with what to raise, where and to how much, against AWS’s defaults', async () => {
    const { exitCode, out, err } = await preflight();
    expect(exitCode).toBe(1);
    for (const region of ['us-east-1', 'us-west-2', 'eu-west-1'])
      expect(out).toMatch(new RegExp(`^OVER +elasticIps +111111111111 +${region} +6 +5 +120 %$`, 'm'));
    expect(out).toMatch(
      /quota-exceeded: .*Elastic IP addresses.*\n {4}fix: Request an increase to at least 6 .*--quota L-0263D0A3=6/,
    );
    expect(out).not.toMatch(/^ok: /m);
    expect(err).toBe('');
  });

  test.each(['L-0263D0A3=6', 'elasticIps=6'])('is content with --quota %s', async (quota) => {
    const { exitCode, out } = await preflight('--quota', quota);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^ok +elasticIps +111111111111 +us-east-1 +6 +6 \(given\) +100 %$/m);
    expect(out).toMatch(/^ok: \d+ limits checked in 13 stacks$/m);
  });

  test('--all shows what is far from its limit, too', async () => {
    expect((await preflight('--quota', 'elasticIps=6')).out).not.toMatch(/healthChecks/);
    expect((await preflight('--quota', 'elasticIps=6', '--all')).out).toMatch(
      /^ok +healthChecks +111111111111 +global +24 +200 +12 %$/m,
    );
  });

  test('as JSON is one document with findings and lines', async () => {
    const result = await preflight('--json');
    expect(result.exitCode).toBe(1);
    const document = documentOf(result);
    expect(document).toMatchObject({ schemaVersion: 1, ok: false });
    expect(document['lines']).toContainEqual(
      expect.objectContaining({ quota: 'vpcs', region: 'us-east-1', used: 2, limit: 5, ok: true }),
    );
    expect(result.err).toBe('');
  });
});

describe('where the templates come from', () => {
  test('fails for an assembly that is not there', async () => {
    const { exitCode, out, err } = await run('preflight', '--assembly', join(assembly, 'nowhere'));
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^ASSEMBLY_MISSING: .*Synthesize first.*\n$/);
    expect(out).toBe('');
  });

  test('fails for a fleet with errors, without synthesizing anything', async () => {
    const stamps = new StampsCopy();
    try {
      stamps.delete('fleet.lock.yaml');
      const { exitCode, out } = await stamps.run('preflight');
      expect(exitCode).toBe(1);
      expect(out).toContain('lock-missing');
      expect(documentOf(await stamps.run('preflight', '--json'))).toMatchObject({ ok: false });
    } finally {
      stamps.remove();
    }
  });
});

describe('preflight --live', () => {
  /** The command with a fake of AWS instead of the SDK. */
  async function live(quotas: FakeQuotas, ...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
    let [out, err, exitCode] = ['', '', -1];
    const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), interactive: false };
    const program = new Command('stampkit').exitOverride();
    registerPreflight(program, { terminal, finish: (code) => (exitCode = code) }, () => quotas);
    await program.parseAsync(['preflight', '--assembly', assembly, '--stamps', EXAMPLE_STAMPS, '--live', ...args], {
      from: 'user',
    });
    return { exitCode, out, err };
  }

  test('takes what the account says, counts what others use, and not the fleet’s own deployed stacks twice', async () => {
    const quotas = new FakeQuotas();
    quotas.quotaValues = new Map([['L-0263D0A3', 8]]);
    quotas.checks = { limit: 300, used: 30 };
    quotas.zones = { Z0123456789ABCDEFGHIJ: 100 };
    quotas.stackNames = new Set(['shop-enterprise-routing', 'theirs']);
    quotas.ranges = { read: true, value: CHECKER_RANGES };
    const { exitCode, out } = await live(quotas, '--all');
    expect(out).toMatch(/^ok +elasticIps +111111111111 +us-east-1 +6 +\? +8 \(live\) +75 %$/m);
    // 8 of the 30 checks are those of enterprise's two stamps.
    expect(out).toMatch(/^ok +healthChecks +111111111111 +global +24 +22 +300 \(live\) +15 %$/m);
    expect(exitCode).toBe(0);
  });

  test('fails when Route 53 checks from where the web ACL lets nobody in', async () => {
    const quotas = new FakeQuotas();
    quotas.ranges = { read: true, value: [...CHECKER_RANGES, '198.51.100.0/24'] };
    const { exitCode, out } = await live(quotas, '--quota', 'elasticIps=6');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/error checker-range-missing: .*198\.51\.100\.0\/24/);
  });

  test('is no failure when everything is refused: the defaults stay, and it says so', async () => {
    const quotas = new FakeQuotas();
    quotas.quotaValues = undefined;
    quotas.stackNames = undefined;
    const { exitCode, out } = await live(quotas, '--quota', 'elasticIps=6');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/info live-not-read: account 111111111111: could not read .* \(AccessDenied/);
  });
});
