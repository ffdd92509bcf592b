import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { StampError } from '../errors';
import type { Finding } from '../findings';
import { ConfigPlaces } from './config-places';
import { judge } from './schema-findings';
import { objectivesFileSchema } from './schema/objectives-file';
import { yamlSource } from './yaml-source';

/** Objectives and demand of an assembly that stampkit did not generate; durations are seconds. */
export type ObjectivesFile = z.output<typeof objectivesFileSchema>;

/**
 * Reads a file for `verify --objectives`. There is a file when it fits its schema; otherwise every finding has its line.
 *
 * @throws StampError OBJECTIVES_UNREADABLE when there is no such file
 */
export function readObjectives(path: string): { readonly file?: ObjectivesFile; readonly findings: readonly Finding[] } {
  const name = basename(path);
  const text = readText(path);
  const { source, findings } = yamlSource(text, name);
  if (source === undefined) return { findings };
  const places = new ConfigPlaces();
  places.addText(name, text);
  const { data, findings: broken } = judge(objectivesFileSchema, source.value);
  const located = broken.map(({ code, path: at, at: part, message, fix }): Finding => {
    const { where, written } = places.find({ file: name, path: at }, part);
    return { code, severity: 'error', where, message: message(written), fix: fix(written) };
  });
  const all = [...findings, ...located];
  return { ...(data !== undefined && all.length === 0 && { file: data }), findings: all };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StampError(
      'OBJECTIVES_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Name a file as docs/proof.md describes it.',
    );
  }
}
