import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(__dirname, '..', '..', '..');

test(
  'the operator is a process that is really killed, and what it had journaled is gone on with',
  { timeout: 300_000 },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'stampkit-crash-'));
    try {
      const file = join(ROOT, 'stamps', 'drills', 'operator-crash-resume.yaml');
      const args = [join(ROOT, 'dist', 'bin', 'stampkit.js'), 'drill', file, '--speed', '20', '--out', out, '--json'];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 1 << 27 });
      const pid = Number(/process (\d+) stands at promote:enterprise-usw2 and is killed/.exec(stderr)?.[1]);
      expect(pid).toBeGreaterThan(0);
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      const report = JSON.parse(stdout) as {
        status: string;
        runs: { operations: { step: string; outcome: string; operation: string; steps: { step: string }[] }[] }[];
      };
      expect(report.status).toBe('completed');
      const [killed, goneOn] = report.runs[0]!.operations;
      expect(killed).toMatchObject({ step: 'failover', outcome: 'crashed' });
      expect(goneOn).toMatchObject({ step: 'go-on', outcome: 'completed', operation: killed!.operation });
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
);
