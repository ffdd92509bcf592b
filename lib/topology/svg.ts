import { controlTableRole } from './control-plane';
import { type BoxStyle, MUTED, boxElement, escapeXml, lineElement, textElement, textWidth } from './svg-elements';
import type { Fleet, FleetRegion, PreferredRole, StampSpec, TenantGroup } from './types';

const MARGIN = 16;
const PADDING = 10;
const LINE = 17;
const GUTTER = 28;
const HEADER = 44;
/** Space above the boxes of a row for the lines from the group's name, one each. */
const TRACK = 9;
/** Space below the boxes for the data flow and its label. */
const FLOW = 42;

const ROUTE = '#0972d3';
const DATA = '#7d4cdb';
const CONTROL = '#b6541b';
const CARD: BoxStyle = { fill: '#ffffff', stroke: '#879596' };
const STAMPS: Record<PreferredRole, BoxStyle> = {
  primary: { fill: '#e7f5ec', stroke: '#1d8102' },
  standby: { fill: '#fff8e5', stroke: '#b7791f', dashed: true },
  active: { fill: '#e8f1fb', stroke: '#0972d3' },
  single: { fill: '#f2f3f3', stroke: '#545b64' },
};

interface Column {
  readonly region: FleetRegion;
  readonly x: number;
  readonly width: number;
}

interface Row {
  readonly group: TenantGroup;
  readonly y: number;
  readonly boxTop: number;
  readonly boxHeight: number;
}

interface Picture {
  readonly fleet: Fleet;
  readonly names: { readonly x: number; readonly width: number };
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly controlTop: number;
  readonly controlHeight: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The fleet as an SVG document without any reference to outside: a row per tenant group, a column per Region, the stamps with their
 * preferred roles where they meet, the ways from the groups' DNS names, the data flows, and below them the switches and the control table.
 */
export function toSvg(fleet: Fleet): string {
  const picture = layout(fleet);
  const { width, height } = picture;
  const title = `Fleet ${fleet.name}`;
  const stamps = fleet.groups.reduce((sum, group) => sum + group.stamps.length, 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(`${fleet.groups.length} tenant groups, ${stamps} stamps: ${fleet.groups.map(describe).join('; ')}`)}</desc>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 Z" fill="context-stroke"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...picture.columns.flatMap((column) => regionElements(column, picture)),
    ...picture.rows.flatMap((row) => rowElements(row, picture)),
    ...controlElements(picture),
    ...legendElements(picture),
    '</svg>\n',
  ].join('\n');
}

function describe(group: TenantGroup): string {
  return `${group.name} ${group.mode}: ${group.stamps.map((stamp) => `${stamp.id} ${stamp.preferredRole}`).join(', ')}`;
}

function layout(fleet: Fleet): Picture {
  const names = { x: MARGIN, width: widest(fleet.groups.flatMap(groupLines), 180) };
  const columns: Column[] = [];
  let x = names.x + names.width + GUTTER;
  for (const region of fleet.regions) {
    const stamps = fleet.groups.flatMap((group) => group.stamps).filter(({ regionCode }) => regionCode === region.code);
    const lines = [...stamps.flatMap(stampLines), ...controlLines(fleet, region)];
    if (lines.length === 0) continue;
    const width = widest([...lines, regionTitle(region)], 150);
    columns.push({ region, x, width });
    x += width + GUTTER;
  }
  const rows: Row[] = [];
  let y = MARGIN + HEADER;
  for (const group of fleet.groups) {
    const boxTop = y + (group.stamps.length + 1) * TRACK;
    const boxHeight = boxHeightOf(Math.max(groupLines(group).length, ...group.stamps.map((stamp) => stampLines(stamp).length)));
    rows.push({ group, y, boxTop, boxHeight });
    y = boxTop + boxHeight + FLOW;
  }
  const controlHeight = boxHeightOf(Math.max(1, ...fleet.regions.map((region) => controlLines(fleet, region).length)));
  const width = Math.max(x - GUTTER + MARGIN, MARGIN * 2 + LEGEND_WIDTH);
  return {
    fleet,
    names,
    columns,
    rows,
    controlTop: y,
    controlHeight,
    width,
    height: y + controlHeight + PADDING * 2 + LINE + MARGIN,
  };
}

function widest(lines: readonly string[], least: number): number {
  return Math.max(least, ...lines.map((line) => textWidth(line) + PADDING * 2));
}

function boxHeightOf(lines: number): number {
  return lines * LINE + PADDING * 2 - 4;
}

function regionTitle({ code, region }: FleetRegion): string {
  return `${code}  ${region}`;
}

function groupLines({ name, mode, routing, recordName, tenants }: TenantGroup): string[] {
  return [
    name,
    recordName,
    routing === undefined ? mode : `${mode}, ${routing.policy}`,
    ...(tenants.length === 0 ? [] : [`${tenants.length} ${tenants.length === 1 ? 'tenant' : 'tenants'}`]),
  ];
}

function stampLines({ id, preferredRole, values, shape, home }: StampSpec): string[] {
  const { engine } = shape.database;
  const { minTasks, maxTasks } = values.capacity;
  return [
    id,
    `${preferredRole}, ${minTasks}-${maxTasks} tasks`,
    values.vpcCidr,
    engine === 'none' ? 'no database' : `${engine}${home ? ', home' : ''}`,
  ];
}

const TABLE_ROLES = { owner: 'control table', replica: 'table replica', witness: 'table witness' } as const;

function controlLines({ control }: Fleet, { code, region }: FleetRegion): string[] {
  const role = controlTableRole(control, region);
  return [
    ...(control.members.some((member) => member.code === code) ? ['switches'] : []),
    ...(control.joining.some((member) => member.code === code) ? ['switches, joining'] : []),
    ...(role === undefined ? [] : [TABLE_ROLES[role]]),
  ];
}

function regionElements({ region, x, width }: Column, { height }: Picture): string[] {
  const bottom = height - MARGIN * 2 - LINE;
  return [
    boxElement(x - PADDING, MARGIN, width + PADDING * 2, bottom - MARGIN, { fill: '#fafafa', stroke: '#d5dbdb' }),
    textElement(x + width / 2, MARGIN + 22, regionTitle(region), { bold: true, anchor: 'middle' }),
  ];
}

function rowElements(row: Row, picture: Picture): string[] {
  const { group, boxTop, boxHeight } = row;
  const { names } = picture;
  const places = group.stamps.flatMap((stamp) => {
    const column = picture.columns.find(({ region }) => region.code === stamp.regionCode);
    return column === undefined ? [] : [{ stamp, column }];
  });
  // The nearest column takes the lowest track, so that no line crosses another's descent.
  const byDistance = [...places].sort((a, b) => a.column.x - b.column.x);
  return [
    boxElement(names.x, boxTop, names.width, boxHeight, CARD),
    ...linesOf(names.x, boxTop, groupLines(group)),
    ...byDistance.map(({ stamp, column }, index) => {
      const track = boxTop - TRACK * (index + 1);
      const from = names.x + names.width - PADDING * (index + 1);
      const to = column.x + column.width / 2;
      return lineElement(
        [
          [from, boxTop],
          [from, track],
          [to, track],
          [to, boxTop],
        ],
        { color: ROUTE, arrow: true, dashed: stamp.preferredRole === 'standby' },
      );
    }),
    ...places.flatMap(({ stamp, column }) => [
      boxElement(column.x, boxTop, column.width, boxHeight, STAMPS[stamp.preferredRole]),
      ...linesOf(column.x, boxTop, stampLines(stamp)),
    ]),
    ...flowElements(row, places),
  ];
}

function linesOf(x: number, top: number, lines: readonly string[]): string[] {
  return lines.map((line, index) =>
    textElement(x + PADDING, top + PADDING + 10 + index * LINE, line, index === 0 ? { bold: true } : { color: MUTED }),
  );
}

/** One bus per group: Aurora's comes from the home member, a global table's goes both ways. */
function flowElements(
  { group, boxTop, boxHeight }: Row,
  places: readonly { readonly stamp: StampSpec; readonly column: Column }[],
): string[] {
  const { engine } = group.database;
  if (places.length < 2 || engine === 'none' || engine === 'external') return [];
  const bottom = boxTop + boxHeight;
  const bus = bottom + 14;
  const centers = places.map(({ column }) => column.x + column.width / 2);
  const label = engine === 'dynamodb' ? `global table, ${group.database.consistency}` : 'Aurora replication';
  const style = { color: DATA, width: 2 };
  return [
    lineElement(
      [
        [Math.min(...centers), bus],
        [Math.max(...centers), bus],
      ],
      style,
    ),
    ...places.map(({ stamp }, index) => {
      const x = centers[index] ?? 0;
      const source = engine !== 'dynamodb' && stamp.home;
      return lineElement(
        [
          [x, bus],
          [x, bottom],
        ],
        { ...style, arrow: !source },
      );
    }),
    textElement((Math.min(...centers) + Math.max(...centers)) / 2, bus + 13, label, { size: 11, color: DATA, anchor: 'middle' }),
  ];
}

function controlElements({ fleet, names, columns, controlTop, controlHeight }: Picture): string[] {
  return [
    textElement(names.x, controlTop + PADDING + 10, 'control Regions', { bold: true }),
    textElement(names.x, controlTop + PADDING + 10 + LINE, 'evacuate and readmit', { color: MUTED }),
    ...columns.flatMap(({ region, x, width }) => {
      const lines = controlLines(fleet, region);
      if (lines.length === 0) return [];
      return [
        boxElement(x, controlTop, width, controlHeight, { fill: '#fdf3ec', stroke: CONTROL }),
        ...linesOf(x, controlTop, lines),
      ];
    }),
  ];
}

const LEGEND_WIDTH = 560;

function legendElements({ height }: Picture): string[] {
  const y = height - MARGIN;
  const entry = (x: number, sample: string, words: string): string[] => [
    sample,
    textElement(x + 34, y, words, { size: 11, color: MUTED }),
  ];
  const line = (x: number, color: string, dashed: boolean): string =>
    lineElement(
      [
        [x, y - 4],
        [x + 26, y - 4],
      ],
      { color, dashed, arrow: true },
    );
  return [
    ...entry(MARGIN, line(MARGIN, ROUTE, false), 'DNS answer while healthy'),
    ...entry(MARGIN + 200, line(MARGIN + 200, ROUTE, true), 'only when the primary fails'),
    ...entry(MARGIN + 410, line(MARGIN + 410, DATA, false), 'data'),
  ];
}
