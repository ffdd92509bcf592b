import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toSvg } from '../../lib/topology/svg';
import { textWidth } from '../../lib/topology/svg-elements';
import type { Fleet, TenantGroup } from '../../lib/topology/types';
import { builtFleet } from './fixtures';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}

const number = (element: string, name: string): number => Number(new RegExp(` ${name}="([\\d.-]+)"`).exec(element)?.[1]);

const boxes = (svg: string): Box[] =>
  [...svg.matchAll(/<rect x[^>]*>/g)].map(([element]) => {
    const [x, y] = [number(element, 'x'), number(element, 'y')];
    return { x, y, right: x + number(element, 'width'), bottom: y + number(element, 'height') };
  });

const texts = (svg: string): { x: number; y: number; size: number; middle: boolean; content: string }[] =>
  [...svg.matchAll(/(<text[^>]*>)([^<]*)<\/text>/g)].map(([, element = '', content = '']) => ({
    x: number(element, 'x'),
    y: number(element, 'y'),
    size: number(element, 'font-size'),
    middle: element.includes('text-anchor="middle"'),
    content: content.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  }));

const overlap = (a: Box, b: Box): boolean => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom;
const inside = (a: Box, b: Box): boolean => a.x >= b.x && a.right <= b.right && a.y >= b.y && a.bottom <= b.bottom;

/** Boxes lie in one another or apart, and no text leaves the picture or the box it begins in. */
function expectTidy(svg: string): void {
  const all = boxes(svg);
  const clashes = all.flatMap((a, index) => all.slice(index + 1).filter((b) => overlap(a, b) && !inside(a, b) && !inside(b, a)));
  expect(clashes).toEqual([]);
  const [width, height] = [number(svg, 'width'), number(svg, 'height')];
  for (const { x, y, size, middle, content } of texts(svg)) {
    const start = middle ? x - textWidth(content, size) / 2 : x;
    const right = start + textWidth(content, size);
    const around = all.filter((box) => box.x <= start && start <= box.right && box.y <= y && y <= box.bottom);
    const limit = Math.min(width, ...(middle ? [] : around.map((box) => box.right)));
    expect([content, start >= 0 && right <= limit && y <= height]).toEqual([content, true]);
  }
}

function named(fleet: Fleet, name: string): TenantGroup {
  return fleet.groups.find((group) => group.name === name)!;
}

describe('the example fleet', () => {
  const fleet = builtFleet();
  const svg = toSvg(fleet);

  test('shows every stamp with role, tasks, addresses and engine, and every Region that holds something', () => {
    const shown = texts(svg).map(({ content }) => content);
    for (const stamp of fleet.groups.flatMap((group) => group.stamps)) {
      expect(shown).toContain(stamp.id);
      expect(shown).toContain(stamp.values.vpcCidr);
      const { minTasks, maxTasks } = stamp.values.capacity;
      expect(shown).toContain(`${stamp.preferredRole}, ${minTasks}-${maxTasks} tasks`);
    }
    for (const { code, region } of fleet.regions) expect(shown).toContain(`${code}  ${region}`);
    expect(shown).toContain('aurora-postgresql, home');
  });

  test('a standby’s way is dashed; one arrow leads to each stamp', () => {
    const ways = [...svg.matchAll(/<path [^>]*stroke="#0972d3"[^>]*>/g)].map(([way]) => way);
    const stamps = fleet.groups.flatMap((group) => group.stamps);
    // Two samples are in the legend.
    expect(ways).toHaveLength(stamps.length + 2);
    const standbys = stamps.filter(({ preferredRole }) => preferredRole === 'standby');
    expect(ways.filter((way) => way.includes('dasharray'))).toHaveLength(standbys.length + 1);
  });

  test('data flows from the home member of Aurora, and both ways in a global table', () => {
    const arrows = (part: Fleet): number => [...toSvg(part).matchAll(/<path [^>]*stroke="#7d4cdb"[^>]*marker-end/g)].length - 1;
    expect(arrows({ ...fleet, groups: [named(fleet, 'enterprise')] })).toBe(1);
    expect(arrows({ ...fleet, groups: [named(fleet, 'pool')] })).toBe(named(fleet, 'pool').stamps.length);
  });

  test('names where switches and the parts of the control table are', () => {
    const shown = texts(svg).map(({ content }) => content);
    expect(shown.filter((text) => text === 'switches')).toHaveLength(fleet.control.members.length);
    expect(shown).toContain('control table');
    expect(shown).toContain('table witness');
  });

  test('is told in words to those who do not see it', () => {
    expect(svg).toContain('role="img"');
    expect(/<desc[^>]*>([^<]*)</.exec(svg)?.[1]).toMatch(
      /enterprise active-passive: enterprise-use1 primary, enterprise-usw2 standby/,
    );
  });

  test('needs nothing from outside', () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|href|<image|<style|<script/);
  });
});

describe('whatever things are called', () => {
  const fleet = builtFleet();

  test('nothing overlaps, no text leaves its box, and the document stays well-formed', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom('a', 'M', '-', '<', '&', '"', '>', '.') }),
        fc.integer({ min: 1, max: 3 }),
        (name, count) => {
          const groups = fleet.groups.slice(0, count).map((group) => ({
            ...group,
            name,
            recordName: `${name}.example.com`,
            stamps: group.stamps.map((stamp) => ({ ...stamp, id: `${name}-${stamp.regionCode}` })),
          }));
          const svg = toSvg({ ...fleet, groups });
          expectTidy(svg);
          // Every tag is closed, and nothing of a name became markup.
          expect(svg.replaceAll(/<[a-z]+ [^<>]*\/>|<(text|title|desc)[^<>]*>[^<>]*<\/\1>|<(path|rect)[^<>]*\/>/g, '')).toMatch(
            /^<svg [^<>]*>\s*<defs><marker [^<>]*><\/marker><\/defs>\s*<\/svg>\s*$/,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a fleet without groups is a picture too', () => {
    expectTidy(toSvg({ ...fleet, groups: [] }));
  });
});
