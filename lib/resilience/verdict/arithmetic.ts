import type { Bound, BoundTerm } from '../bounds/types';

/** Seconds as people write them, without losing any: `1048 s`, `29 h`. */
export function seconds(value: number): string {
  if (value >= 3600 && value % 3600 === 0) return `${value / 3600} h`;
  return `${Math.round(value * 10) / 10} s`;
}

/** Where clients are, after the word `clients`: `in us-east-1`, `anywhere`. */
export function placeText(client: string): string {
  if (client === 'anywhere') return client;
  return client === 'elsewhere' ? 'of no other area' : `in ${client}`;
}

/** `1048 s`, or `no bound`. */
export function boundText({ pessimistic, unbounded }: Bound): string {
  return unbounded !== undefined ? 'no bound' : seconds(pessimistic ?? 0);
}

/** The terms that decide, one a line, in their order; then those that run beside them. */
export function arithmetic({ terms, unbounded, pessimistic }: Bound, indent = '    '): string[] {
  if (unbounded !== undefined) return [`${indent}no bound: ${unbounded}`];
  const critical = terms.filter((term) => term.critical && term.pessimistic > 0);
  const beside = terms.filter((term) => !term.critical && term.pessimistic > 0);
  const width = Math.max(0, ...critical.map(({ name }) => name.length));
  const lines = critical.map((term) => `${indent}${term.name.padEnd(width)}  ${line(term)}`);
  const total = `${indent}${'='.padEnd(width)}  ${seconds(pessimistic ?? 0)}`;
  const names = beside.map(({ name, pessimistic: value }) => `${name} ${seconds(value)}`).join(', ');
  return [...lines, ...(critical.length > 1 ? [total] : []), ...(names === '' ? [] : [`${indent}beside it: ${names}`])];
}

/** One line: `detection 48 s + propagation 60 s = 108 s`. */
export function sumText({ terms, unbounded, pessimistic }: Bound): string {
  if (unbounded !== undefined) return `no bound: ${unbounded}`;
  const critical = terms.filter((term) => term.critical && term.pessimistic > 0);
  if (critical.length === 0) return '0 s';
  const parts = critical.map(({ name, pessimistic: value }) => `${name} ${seconds(value)}`).join(' + ');
  return critical.length === 1 ? parts : `${parts} = ${seconds(pessimistic ?? 0)}`;
}

function line({ pessimistic, because, source, lab }: BoundTerm): string {
  return `${seconds(pessimistic).padStart(8)}  ${because} (${source}${lab === undefined || source.startsWith('lab') ? '' : `, ${lab}`})`;
}
