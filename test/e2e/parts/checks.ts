import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulatorLog, skippedTypes } from '../support/emulator';
import { ROOT, shown } from '../support/run';
import { STACKS, type Scene } from '../support/scene';

/** What the emulator does not prove, and what only tools can. */
export function describeChecks(scene: Scene): void {
  describe('the emulator', () => {
    test('answered every request', () => {
      expect(emulatorLog().slice(scene.logStart)).not.toMatch(/" 5\d\d -/);
    });

    test('stood in for resource types that it does not know: their templates pass cfn-lint', async () => {
      const skipped = skippedTypes();
      process.stdout.write(`resource types that the emulator stood in for:\n${skipped.map((type) => `  ${type}`).join('\n')}\n`);
      const templates = STACKS.map((name) => join(scene.project.assembly, `${name}.template.json`));
      expect(templates.every((path) => existsSync(path))).toBe(true);
      const all = templates.map((path) => readFileSync(path, 'utf8')).join('\n');
      for (const type of skipped) expect(all).toContain(`"${type}"`);
      const lint = await scene.project.run('cfn-lint', ['--non-zero-exit-code', 'error', '--', ...templates]);
      expect(lint.exitCode, shown(lint)).toBe(0);
      expect(lint.stdout).not.toMatch(/^E\d{4} /m);
    });
  });

  test('shellcheck has nothing to say about the scripts and the generated pipeline', async () => {
    const scripts = readdirSync(join(ROOT, 'scripts')).filter((name) => name.endsWith('.sh'));
    expect(scripts).toEqual(expect.arrayContaining(['deploy.sh', 'import-mapping.sh']));
    const files = [...scripts.map((name) => join(ROOT, 'scripts', name)), join(ROOT, '.ci', 'run'), 'scripts/stampkit-ci.sh'];
    const result = await scene.project.run('shellcheck', ['--severity', 'style', ...files]);
    expect(result.exitCode, shown(result)).toBe(0);
  });
}
