import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(__dirname, '..', '..');

/** Runs the built app on the example fleet in a process of its own; all files of the assembly. */
function synthesized(env: Record<string, string>, cwd: string): Map<string, Buffer> {
  const outdir = mkdtempSync(join(tmpdir(), 'stampkit-run-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist', 'bin', 'app.js')], {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...env,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ stamps: join(ROOT, 'stamps') }),
      },
    });
    if (status !== 0) throw new Error(stderr);
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    return new Map(paths.map((path) => [relative(outdir, path), readFileSync(path)]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test('the app writes the same bytes in every time zone, locale and folder, with any number of workers', () => {
  const first = synthesized({ TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }, ROOT);
  expect(first.size).toBeGreaterThan(40);
  const elsewhere = mkdtempSync(join(tmpdir(), 'stampkit-elsewhere-'));
  const others: Record<string, string>[] = [
    { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', UV_THREADPOOL_SIZE: '1' },
    { TZ: 'America/St_Johns', LANG: 'sv_SE.UTF-8', LC_ALL: 'sv_SE.UTF-8', UV_THREADPOOL_SIZE: '16', HOME: elsewhere },
  ];
  for (const env of others) {
    const again = synthesized(env, elsewhere);
    expect([...again.keys()]).toEqual([...first.keys()]);
    for (const [file, bytes] of first) expect([file, bytes.equals(again.get(file)!)]).toEqual([file, true]);
  }
});
