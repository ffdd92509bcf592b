import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { StampError } from '../../errors';
import type { Finding } from '../../findings';
import { ConfigPlaces } from '../config-places';
import { decodeText } from '../decode-text';
import { MAX_FILE_BYTES } from '../read-folder';
import { drillSchema } from '../schema/drill/drill';
import { judge } from '../schema-findings';
import { yamlSource } from '../yaml-source';
import { ownFindings } from './own-checks';
import type { DrillSpec } from './types';

/** A drill file: what it says, when it fits its schema, and everything that is wrong with it. */
export interface ReadDrill {
  /** Relative to the stamps folder where it is in one: `drills/az-loss.yaml`. */
  readonly file: string;
  /** Present when the file fits its schema. */
  readonly spec?: DrillSpec;
  readonly findings: readonly Finding[];
  /** Adds line and column to findings of checks across files, whose `path` is relative to this one. */
  locate(findings: readonly Finding[]): Finding[];
}

/**
 * Reads one drill file.
 *
 * @throws StampError DRILL_UNREADABLE when there is no such file
 */
export function readDrill(path: string, file = basename(path)): ReadDrill {
  const decoded = decodeText(bytesOf(path), file);
  if (!('text' in decoded)) return { file, findings: [decoded.finding], locate: (findings) => [...findings] };
  return parseDrill(decoded.text, file);
}

/** Judges the text of a drill file. Never throws. */
export function parseDrill(text: string, file: string): ReadDrill {
  const places = new ConfigPlaces();
  places.addText(file, text);
  const locate = (findings: readonly Finding[]): Finding[] =>
    findings.map((finding) => ({ ...finding, where: places.locate(finding.where) }));
  const { source, findings } = yamlSource(text, file);
  if (source === undefined) return { file, findings, locate };
  const { data, findings: broken } = judge(drillSchema, source.value);
  const located = broken.map(({ code, path, at, message, fix }): Finding => {
    const { where, written } = places.find({ file, path }, at);
    return { code, severity: 'error', where, message: message(written), fix: fix(written) };
  });
  const fits = data !== undefined && findings.length === 0 && located.length === 0;
  const own = fits ? locate(ownFindings(data, file)) : [];
  return { file, ...(fits && { spec: data }), findings: [...findings, ...located, ...own], locate };
}

function bytesOf(path: string): Buffer {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > MAX_FILE_BYTES) throw new Error(`it has ${stats.size} bytes, ${MAX_FILE_BYTES} are read at most`);
    return readFileSync(path);
  } catch (error) {
    throw new StampError(
      'DRILL_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Name a drill file, such as stamps/drills/region-loss-failover.yaml',
    );
  }
}
