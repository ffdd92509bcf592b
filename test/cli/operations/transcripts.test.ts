import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../readme/markdown';
import { transcripts } from './stories';

/** A transcript of the page: its name in a comment, then the block. */
const BLOCK = /<!-- transcript: ([a-z-]+) -->\n\n```text\n([\s\S]*?)```\n/g;
const PAGE = join(ROOT, 'docs', 'operations.md');

describe('docs/operations.md', () => {
  test('shows what the commands really print (WRITE_TRANSCRIPTS=1 writes it)', async () => {
    const made = await transcripts();
    if (process.env['WRITE_TRANSCRIPTS'] === '1') {
      const text = readFileSync(PAGE, 'utf8');
      writeFileSync(
        PAGE,
        text.replace(BLOCK, (_all, name: string) => `<!-- transcript: ${name} -->\n\n\`\`\`text\n${made[name] ?? ''}\`\`\`\n`),
      );
    }
    const shown = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)].map(([, name, text]) => [name!, text!] as const);
    expect(shown.map(([name]) => name).sort()).toEqual(Object.keys(made).sort());
    for (const [name, text] of shown) expect({ name, text }).toEqual({ name, text: made[name] });
  });
});
