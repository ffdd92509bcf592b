import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines } from '../../lib/cli/line-diff';

describe('the difference of two texts', () => {
  test('of equal ones is empty', () => {
    expect(diffLines('a\nb\n', 'a\nb\n')).toBe('');
  });

  test('shows what goes and what comes, with two lines around it', () => {
    const lines = ['1', '2', '3', '4', '5', '6', '7', '8'];
    expect(diffLines(lines.join('\n'), lines.join('\n').replace('5', 'five'))).toBe('...\n 3\n 4\n-5\n+five\n 6\n 7\n');
  });

  test('shows lines that are only added, and those that are only removed', () => {
    expect(diffLines('a\nb', 'a\nx\nb')).toBe(' a\n+x\n b\n');
    expect(diffLines('a\nx\nb', 'a\nb')).toBe(' a\n-x\n b\n');
  });

  test('names every line of the longer text exactly once', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before.join('\n'), after.join('\n')).split('\n');
        const removed = lines.filter((line) => line.startsWith('-')).length;
        const added = lines.filter((line) => line.startsWith('+')).length;
        const length = (list: readonly string[]): number => Math.max(1, list.length);
        expect(added - removed).toBe(length(after) - length(before));
      }),
    );
  });
});
