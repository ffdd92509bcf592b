import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchors, pages, prose, readPage, ROOT } from './markdown';

function linksOf(page: string): string[] {
  return [...prose(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

describe('relative links', () => {
  test.each(pages())('%s: every one leads to a file, and to a heading of it', (page) => {
    const broken = linksOf(page).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
      if (!existsSync(file) || relative(ROOT, file).startsWith('..')) return true;
      return anchor !== undefined && statSync(file).isFile() && !anchors(readPage(relative(ROOT, file))).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('the index of docs/ leads to every page, and to the folder of decisions', () => {
    const listed = linksOf('docs/README.md').map((target) => join('docs', target));
    expect(pages().filter((page) => /^docs\/[^/]+$/.test(page) && page !== 'docs/README.md' && !listed.includes(page))).toEqual(
      [],
    );
  });
});
