/** The few SVG elements a picture of boxes and lines is made of. Coordinates and sizes are in user units (pixels at 100 %). */

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly anchor?: 'start' | 'middle';
}

export const INK = '#16191f';
export const MUTED = '#545b64';

/** Width that fits the text in any common sans-serif font: names are mostly lower case, digits and hyphens. */
export function textWidth(text: string, size = 12): number {
  return Math.ceil(text.length * size * 0.6);
}

export function textElement(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 12, bold = false, color = INK, anchor = 'start' } = style;
  const weight = bold ? ' font-weight="600"' : '';
  const align = anchor === 'middle' ? ' text-anchor="middle"' : '';
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${color}"${weight}${align}>${escapeXml(content)}</text>`;
}

export interface BoxStyle {
  readonly fill: string;
  readonly stroke: string;
  readonly dashed?: boolean;
}

export function boxElement(x: number, y: number, width: number, height: number, { fill, stroke, dashed }: BoxStyle): string {
  const dash = dashed === true ? ' stroke-dasharray="5 3"' : '';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${fill}" stroke="${stroke}"${dash}/>`;
}

export interface LineStyle {
  readonly color: string;
  readonly width?: number;
  readonly dashed?: boolean;
  /** Marker at the last point. */
  readonly arrow?: boolean;
}

/** A line through the points, each `[x, y]`. */
export function lineElement(points: readonly (readonly [number, number])[], style: LineStyle): string {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
  const dash = style.dashed === true ? ' stroke-dasharray="5 3"' : '';
  const arrow = style.arrow === true ? ' marker-end="url(#arrow)"' : '';
  return `<path d="${path}" fill="none" stroke="${style.color}" stroke-width="${style.width ?? 1.5}"${dash}${arrow}/>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
