import { describe, expect, test } from 'vitest';
import { runDemo } from '../../lib/cli/demo';
import { EXAMPLE_STAMPS, StampsCopy } from '../support/cli';
import { codeBlocks, readPage } from '../readme/markdown';

interface DemoRun {
  readonly exitCode: number;
  readonly lines: string[];
  readonly err: string;
}

async function demo(directory: string): Promise<DemoRun> {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), interactive: false };
  const exitCode = await runDemo(directory, terminal);
  return { exitCode, lines: out.split('\n'), err };
}

/** Numbers of resources and guards grow with every version: a transcript is about what is told, not how much. */
const withoutNumbers = (line: string): string => line.replace(/\d+/g, '#').replace(/ +/g, ' ').replace(/-+/g, '-');

describe('npm run demo', () => {
  test('checks, synthesizes under all guards, and says what README shows, in that order', { timeout: 180_000 }, async () => {
    const { exitCode, lines, err } = await demo(EXAMPLE_STAMPS);
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(lines).toContainEqual(expect.stringMatching(/^stack exports and cross-Region references +0$/));
    expect(lines).toContainEqual(expect.stringMatching(/^findings of cdk-nag .* 0 open, \d+ acknowledgements with a reason$/));

    const transcript = codeBlocks(readPage('README.md'), 'text').find((block) => block.startsWith('1. check'))!;
    let at = 0;
    for (const line of transcript.trimEnd().split('\n')) {
      if (line === '...' || line === '') continue;
      const wanted = withoutNumbers(line.replace('check stamps/', `check ${EXAMPLE_STAMPS}/`));
      const found = lines.findIndex((candidate, index) => index >= at && withoutNumbers(candidate) === wanted);
      expect(found, `the demo does not say: ${line}`).toBeGreaterThanOrEqual(0);
      at = found + 1;
    }
  });

  test('fails with the findings of a fleet that has errors, before it synthesizes', async () => {
    const stamps = new StampsCopy();
    try {
      stamps.delete('fleet.lock.yaml');
      const { exitCode, lines } = await demo(stamps.directory);
      expect(exitCode).toBe(1);
      expect(lines.join('\n')).toContain('lock-missing');
      expect(lines.join('\n')).not.toContain('2. synthesize');
    } finally {
      stamps.remove();
    }
  });
});
