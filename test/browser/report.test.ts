import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drillReport } from '../../lib/drill/report/document';
import { htmlReport } from '../../lib/drill/report/html';
import { Ground, shipped } from '../drill/run/support';

/** Debian's package `chromium`, or whatever CHROMIUM names. */
const BROWSER = process.env['CHROMIUM'] ?? 'chromium';

interface Seen {
  readonly title: string;
  readonly scrollWidth: number;
  readonly width: number;
  /** Elements that stick out to the right and cannot be scrolled by themselves. */
  readonly outside: readonly string[];
  readonly tables: number;
  readonly withoutHead: number;
  readonly smallest: number;
  readonly drawings: readonly string[];
}

/** Runs in the page around the report. */
const LOOK = `
const frame = document.querySelector('iframe');
frame.addEventListener('load', () => {
  const page = frame.contentDocument;
  const width = page.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      if (/auto|scroll/.test(frame.contentWindow.getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const all = [...page.body.querySelectorAll('*')];
  const seen = {
    title: page.title,
    scrollWidth: page.documentElement.scrollWidth,
    width,
    outside: all.filter((each) => each.getBoundingClientRect().right > width + 1 && !scrolls(each)).map((each) => each.tagName),
    tables: page.querySelectorAll('table').length,
    withoutHead: [...page.querySelectorAll('table')].filter((each) => each.querySelector('th[scope]') === null).length,
    smallest: Math.min(...all.filter((each) => each.closest('svg') === null).map((each) => parseFloat(frame.contentWindow.getComputedStyle(each).fontSize))),
    drawings: [...page.querySelectorAll('svg')].map((each) => each.getAttribute('role') + ': ' + (each.querySelector('title')?.textContent ?? each.getAttribute('aria-label') ?? '')),
  };
  document.querySelector('pre').textContent = JSON.stringify(seen);
});`;

describe('the report of a drill in a real browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-browser-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  beforeAll(async () => {
    const spec = shipped('region-loss-failover');
    const run = await new Ground().run(spec);
    const report = drillReport(spec, [run], {
      target: 'lab',
      speed: 10,
      command: 'npx stampkit drill',
      environment: { node: '20' },
    });
    writeFileSync(join(folder, 'report.html'), htmlReport(report));
  });

  /** The browser with a profile of its own, without a network. */
  async function browse(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      BROWSER,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--allow-file-access-from-files', '--disable-dev-shm-usage'],
        ...['--host-resolver-rules=MAP * ~NOTFOUND', `--user-data-dir=${join(folder, 'profile')}`, '--virtual-time-budget=5000'],
        ...args,
      ],
      { timeout: 90_000, maxBuffer: 1 << 26 },
    );
    return stdout;
  }

  async function look(width: number): Promise<Seen> {
    const around = join(folder, `around-${width}.html`);
    writeFileSync(
      around,
      `<!doctype html><body style="margin:0"><iframe width="${width}" height="800" style="border:0" src="report.html"></iframe><pre></pre><script>${LOOK}</script>`,
    );
    const dom = await browse('--dump-dom', `file://${around}`);
    const text = /<pre>(\{.*\})<\/pre>/s.exec(dom)?.[1] ?? '';
    return JSON.parse(text.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>')) as Seen;
  }

  test.each([
    ['a phone', 360],
    ['a desk', 1200],
  ])('is readable on %s', { timeout: 120_000 }, async (_name, width) => {
    const seen = await look(width);
    expect(seen.title).toContain('region-loss-failover');
    expect(seen.scrollWidth).toBeLessThanOrEqual(seen.width);
    expect(seen.outside).toEqual([]);
    expect(seen.smallest).toBeGreaterThanOrEqual(11);
    expect(seen.tables).toBeGreaterThan(2);
    expect(seen.withoutHead).toBe(0);
    expect(seen.drawings.length).toBeGreaterThan(0);
    for (const drawing of seen.drawings) expect(drawing).toMatch(/^img: ./);
  });

  test('can be printed', { timeout: 120_000 }, async () => {
    const file = join(folder, 'report.pdf');
    await browse(`--print-to-pdf=${file}`, `file://${join(folder, 'report.html')}`);
    expect(existsSync(file)).toBe(true);
  });
});
