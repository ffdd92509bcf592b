import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../readme/markdown';
import { transcripts } from './stories';

/** A transcript of the page: its name in a comment, then the block. */
const BLOCK = /<!-- transcript: ([a-z-]+) -->\n\n```text\n([\s\S]*?)```\n/g;
const PAGE = join(ROOT, 'docs', 'operations.md');
/** Shows some of them, too. */
const README = join(ROOT, 'README.md');

describe('docs/operations.md and README', () => {
  test('show what the commands really print (WRITE_TRANSCRIPTS=1 writes them)', async () => {
    const made = await transcripts();
    if (process.env['WRITE_TRANSCRIPTS'] === '1') {
      for (const page of [PAGE, README]) {
        const text = readFileSync(page, 'utf8');
        writeFileSync(
          page,
          text.replace(BLOCK, (_all, name: string) => `<!-- transcript: ${name} -->\n\n\`\`\`text\n${made[name] ?? ''}\`\`\`\n`),
        );
      }
    }
    const shown = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)].map(([, name, text]) => [name!, text!] as const);
    expect(shown.map(([name]) => name).sort()).toEqual(Object.keys(made).sort());
    const more = [...readFileSync(README, 'utf8').matchAll(BLOCK)].map(([, name, text]) => [name!, text!] as const);
    expect(more.length).toBeGreaterThan(0);
    for (const [name, text] of [...shown, ...more]) expect({ name, text }).toEqual({ name, text: made[name] });
  });
});
