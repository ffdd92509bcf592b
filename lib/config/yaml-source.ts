import type { Finding } from '../findings';
import { showText } from './show-value';
import { parseYaml, type YamlDocument, yamlFinding } from './yaml-document';
import { type PlainMapping, plainValue } from './yaml-value';

/** One file of the configuration: its text, to place findings later, and what it says as plain data. */
export interface YamlSource {
  /** Relative to the `stamps/` folder, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly value: PlainMapping;
  /** The nodes of the text, which findings are placed with. They take far more memory than the text. */
  readonly parsed: YamlDocument;
}

/**
 * Reads the text of one file. There is a source when the text is one YAML mapping; with a duplicate key there are both a
 * source (the first value counts) and a finding. Never throws.
 */
export function yamlSource(text: string, file: string): { readonly source?: YamlSource; readonly findings: readonly Finding[] } {
  const { parsed, findings } = parseYaml(text, file);
  if (parsed === undefined) return { findings };
  const plain = plainValue(parsed, file);
  if (plain.broken) return { findings: plain.findings };
  if (isMapping(plain.value)) return { source: { file, text, value: plain.value, parsed }, findings: plain.findings };
  return { findings: [...plain.findings, notAMapping(plain.value, file)] };
}

/** True for mappings, false for lists, single values and nothing. */
export function isMapping(value: unknown): value is PlainMapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAMapping(value: unknown, file: string): Finding {
  const start = { line: 1, column: 1 };
  const fix = 'write keys and values; docs/configuration.md lists the keys and stamps/ holds an example';
  if (value === null) return yamlFinding('yaml-empty', file, start, `${file} is empty`, fix);
  const what = Array.isArray(value) ? 'a list' : `the single value ${showText(JSON.stringify(value))}`;
  return yamlFinding('yaml-not-a-mapping', file, start, `${file} holds ${what} instead of keys`, fix);
}
