import { escapeText } from './escape';

export interface Row {
  readonly head: string;
  /** Without the head. */
  readonly cells: readonly string[];
  readonly tone?: 'good' | 'bad' | 'none';
}

/** A table with a caption and heads for columns and rows; on a phone every row becomes a block with labels. */
export function table(caption: string, heads: readonly string[], rows: readonly Row[]): string {
  const columns = heads.map((head) => `<th scope="col">${escapeText(head)}</th>`).join('');
  const body = rows.map(({ head, cells, tone }) => {
    const data = cells
      .map((cell, index) => `<td data-label="${escapeText(heads[index + 1] ?? '')}">${escapeText(cell)}</td>`)
      .join('');
    return `<tr${tone === undefined ? '' : ` class="${tone}"`}><th scope="row">${escapeText(head)}</th>${data}</tr>`;
  });
  return `<table class="stack"><caption>${escapeText(caption)}</caption><thead><tr>${columns}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

export function section(title: string, content: string): string {
  return `<section><h2>${escapeText(title)}</h2>\n${content}\n</section>`;
}

export function definitions(entries: Readonly<Record<string, string>>): string {
  const items = Object.entries(entries).map(([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`);
  return `<dl>${items.join('')}</dl>`;
}
