import type { Bucket, Series } from '../measure/buckets';
import type { Phase } from '../measure/phases';
import type { Share } from '../measure/types';
import { escapeText } from './escape';

const WIDTH = 960;
const LEFT = 110;
const RIGHT = 20;
const TOP = 18;
const ROW = 74;
const GAP = 22;
/** Height of the names of the moments, below. */
const LEGEND = 20;

/** Availability of every population over time, with the moments of the recovery as lines across. Drawn, not scripted. */
export function chart(series: readonly Series[], phases: readonly Phase[], faultAt: number): string {
  const [first] = series;
  if (first === undefined || first.buckets.length === 0) return '';
  const from = first.buckets[0]?.from ?? 0;
  const to = from + first.width * first.buckets.length;
  const moments = phases.flatMap(({ at, title }) => (at === undefined || at < from || at > to ? [] : [{ at, title }]));
  const bottom = TOP + series.length * (ROW + GAP);
  const height = bottom + 26 + moments.length * LEGEND;
  const x = (at: number): number => round(LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT));
  const parts = [
    '<title id="chart-title">Availability of each population over time</title>',
    `<desc id="chart-about">One band for each population: the share of writes (solid line) and reads (dashed line) that succeeded. Numbered lines across are the moments listed below and in the table of phases.</desc>`,
    ...series.map((each, index) => band(each, TOP + index * (ROW + GAP), x)),
    ...axis(from, to, faultAt, bottom, x),
    ...moments.map(({ at, title }, index) =>
      moment(x(at), index + 1, title, bottom, bottom + 40 + index * LEGEND, (at - faultAt) / 1000),
    ),
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="chart-title chart-about" xmlns="http://www.w3.org/2000/svg">\n${parts.join('\n')}\n</svg>`;
}

function band(series: Series, top: number, x: (at: number) => number): string {
  const y = (share: Share): number => round(top + ROW - (share.good / share.total) * ROW);
  const line = (pick: (bucket: Bucket) => Share): string =>
    series.buckets
      .filter((bucket) => pick(bucket).total > 0)
      .map((bucket, index) => `${index === 0 ? 'M' : 'L'}${x(bucket.from + series.width / 2)} ${y(pick(bucket))}`)
      .join('');
  const bad = series.buckets
    .filter(({ writes }) => writes.total > 0 && writes.good < writes.total)
    .map((bucket) => {
      const share = 1 - bucket.writes.good / bucket.writes.total;
      const left = x(bucket.from);
      return `<rect x="${left}" y="${top}" width="${round(x(bucket.from + series.width) - left)}" height="${round(ROW * share)}" fill="#f6c9c9"/>`;
    });
  const right = WIDTH - RIGHT;
  return [
    `<g><rect x="${LEFT}" y="${top}" width="${right - LEFT}" height="${ROW}" fill="#f7f9fb" stroke="#c4cbd3"/>`,
    ...bad,
    `<path d="${line(({ reads }) => reads)}" fill="none" stroke="#92400e" stroke-width="1.5" stroke-dasharray="5 3"/>`,
    `<path d="${line(({ writes }) => writes)}" fill="none" stroke="#1d4ed8" stroke-width="2"/>`,
    `<text x="4" y="${top + ROW / 2 + 4}" font-weight="600" fill="#1b1f24">${escapeText(series.population)}</text>`,
    `<text x="${LEFT - 6}" y="${top + 10}" text-anchor="end" fill="#4a5361">100 %</text>`,
    `<text x="${LEFT - 6}" y="${top + ROW}" text-anchor="end" fill="#4a5361">0 %</text></g>`,
  ].join('');
}

/** Seconds since the fault, at round distances. */
function axis(from: number, to: number, faultAt: number, bottom: number, x: (at: number) => number): string[] {
  const span = (to - from) / 1000;
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600, 7200, 36_000].find((each) => span / each <= 10) ?? 86_400;
  const marks: string[] = [];
  for (let second = Math.ceil((from - faultAt) / 1000 / step) * step; faultAt + second * 1000 <= to; second += step) {
    const at = x(faultAt + second * 1000);
    marks.push(`<text x="${at}" y="${bottom + 4}" text-anchor="middle" fill="#4a5361">${second} s</text>`);
  }
  return marks;
}

function moment(at: number, number: number, title: string, bottom: number, y: number, seconds: number): string {
  return [
    `<line x1="${at}" y1="${TOP - 4}" x2="${at}" y2="${bottom - GAP}" stroke="#374151" stroke-width="1" stroke-dasharray="2 3"/>`,
    `<text x="${at}" y="${TOP - 6}" text-anchor="middle" font-weight="600" fill="#374151">${number}</text>`,
    `<text x="${LEFT}" y="${y - 8}" fill="#1b1f24">${number}: ${escapeText(title)}, ${round(seconds)} s after the fault</text>`,
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
