import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseCidr } from '../cidr';
import { StampError } from '../errors';
import { STRONG_REGION_COUNT } from '../facts/region-sets';
import type { Finding } from '../findings';
import { sortedRecord } from '../order';
import { type AtomicFileSystem, writeAtomically } from './atomic-write';
import { decodeText } from './decode-text';
import { LOCK_FILE, MAX_LOCK_BYTES } from './read-folder';
import { showPath, showValue } from './show-value';
import type { FleetLock } from './types';
import { YamlLocator } from './yaml-locator';
import { yamlSource } from './yaml-source';

/** Codes of findings about the lock file itself; `lock-range-invalid` is shared with the checks across files. */
export const LOCK_FILE_FINDING_CODES = {
  'lock-merge-conflict': 'the lock holds the markers of a merge conflict',
  'lock-invalid': 'the lock does not have the form that `stampkit lock` writes',
  'lock-version-unsupported': 'the lock was written by another stampkit',
} as const;

type LockFileCode = keyof typeof LOCK_FILE_FINDING_CODES | 'lock-range-invalid';

const RESTORE = 'Restore fleet.lock.yaml from version control: only `stampkit lock` writes it';
const HEADER = [
  '# Written by `stampkit lock`; commit it, and do not edit it by hand.',
  '# It pins what must never move by itself: addresses, home Regions, what Region codes stand for, the control table.',
].join('\n');

const range = z.string().refine((text) => parseCidr(text) !== undefined, { params: { code: 'lock-range-invalid' } });
const code = z.string().regex(/^[a-z][a-z0-9]{1,11}$/);
const stampId = z.string().regex(/^[a-z][a-z0-9-]*-[a-z][a-z0-9]{1,11}$/);
const label = z.string().regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/);

/** What DynamoDB can make, and nothing else: half of it would ask for a table without the other half (aws-facts 4.2). */
const controlTable = z
  .strictObject({ owner: code, replicas: z.array(code).min(2).max(STRONG_REGION_COUNT), witness: code.optional() })
  .superRefine(({ owner, replicas, witness }, issues) => {
    const refuse = (...path: string[]): void => {
      issues.addIssue({ code: 'custom', path });
    };
    if (!replicas.includes(owner)) refuse('owner');
    if (witness !== undefined && replicas.includes(witness)) refuse('witness');
    const votes = replicas.length + (witness === undefined ? 0 : 1);
    if (new Set(replicas).size !== replicas.length || votes !== STRONG_REGION_COUNT) refuse('replicas');
  });

const lockSchema = z.strictObject({
  lockVersion: z.literal(1),
  fleet: label,
  regions: z.record(code, z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$/)),
  addresses: z.record(stampId, range),
  tombstones: z.record(stampId, range),
  homeRegions: z.record(label, code),
  controlTable,
  rehomed: z.array(z.strictObject({ group: label, from: code, to: code, reason: z.string().min(1) })).optional(),
}) satisfies z.ZodType<FleetLock>;

export interface ParsedLock {
  /** Present only when nothing is wrong: half a lock would move what it forgot. */
  readonly lock?: FleetLock;
  readonly findings: readonly Finding[];
}

/** Reads the text of fleet.lock.yaml. Every problem is a finding with its place. Never throws. */
export function parseLock(text: string, file: string): ParsedLock {
  const conflict = findConflict(text, file);
  if (conflict !== undefined) return { findings: [conflict] };
  const { source, findings } = yamlSource(text, file);
  if (source === undefined || findings.length > 0) return { findings: findings.map((finding) => ({ ...finding, fix: RESTORE })) };
  const { value } = source;
  let locator: YamlLocator | undefined;
  const place = (path: readonly (string | number)[]): Finding['where'] => {
    locator ??= new YamlLocator(text);
    return { file, path, ...locator.locate(path).position };
  };
  if (typeof value['lockVersion'] === 'number' && value['lockVersion'] !== 1) {
    const message = `lockVersion ${value['lockVersion']} was written by another stampkit; this one reads 1`;
    const fix = 'Use the version of stampkit that package-lock.json names, or restore the file from version control';
    return { findings: [lockFinding('lock-version-unsupported', place(['lockVersion']), message, fix)] };
  }
  const result = lockSchema.safeParse(value);
  if (result.success) return { lock: result.data, findings: [] };
  return { findings: result.error.issues.flatMap((issue) => issueFindings(issue, value, place)) };
}

/** The text of a lock: the same bytes for the same content, whatever the order of its keys. */
export function serializeLock(lock: FleetLock): string {
  const content = {
    lockVersion: lock.lockVersion,
    fleet: lock.fleet,
    regions: sorted(lock.regions),
    addresses: sorted(lock.addresses),
    tombstones: sorted(lock.tombstones),
    homeRegions: sorted(lock.homeRegions),
    controlTable: {
      owner: lock.controlTable.owner,
      replicas: [...lock.controlTable.replicas].sort(),
      ...(lock.controlTable.witness !== undefined && { witness: lock.controlTable.witness }),
    },
    ...(lock.rehomed !== undefined &&
      lock.rehomed.length > 0 && {
        rehomed: lock.rehomed.map(({ group, from, to, reason }) => ({ group, from, to, reason })),
      }),
  };
  return `${HEADER}\n${stringify(content, { lineWidth: 0 })}`;
}

/**
 * Reads fleet.lock.yaml of a `stamps/` folder. No file is no finding: neither `lock` nor `findings` then.
 *
 * @throws StampError LOCK_UNREADABLE when there is something that cannot be read
 */
export function readLock(folder: string): ParsedLock {
  const file = join(folder, LOCK_FILE);
  let bytes: Uint8Array;
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return { findings: [] };
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > MAX_LOCK_BYTES) throw new Error(`it has ${stats.size} bytes, more than any lock`);
    bytes = readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StampError(
      'LOCK_UNREADABLE',
      `${file} cannot be read: ${reason}`,
      'Check its permissions, or restore it from version control',
    );
  }
  const decoded = decodeText(bytes, LOCK_FILE);
  return 'finding' in decoded ? { findings: [{ ...decoded.finding, fix: RESTORE }] } : parseLock(decoded.text, LOCK_FILE);
}

/**
 * Replaces fleet.lock.yaml in one step: whatever happens, the file holds the old lock or the new one in full.
 *
 * @throws StampError LOCK_NOT_VALID when the lock could not be read back, FILE_NOT_WRITTEN, FILE_NOT_FLUSHED
 */
export function writeLock(folder: string, lock: FleetLock, fs?: AtomicFileSystem): void {
  const text = serializeLock(lock);
  const [problem] = parseLock(text, LOCK_FILE).findings;
  if (problem !== undefined) {
    throw new StampError(
      'LOCK_NOT_VALID',
      `the new lock would not be readable: ${problem.message}`,
      'Nothing was changed; please report this',
    );
  }
  writeAtomically(join(folder, LOCK_FILE), text, fs);
}

function findConflict(text: string, file: string): Finding | undefined {
  const index = text.split('\n').findIndex((line) => /^(<{7}|\|{7}|={7}|>{7})(\s|$)/.test(line));
  if (index < 0) return undefined;
  const message = `${file} holds the markers of a merge conflict: two branches allocated addresses`;
  const fix =
    'Keep the side that is deployed already (git checkout --ours or --theirs), then run `stampkit lock`: it allocates the rest anew';
  return lockFinding('lock-merge-conflict', { file, line: index + 1, column: 1 }, message, fix);
}

function issueFindings(
  issue: z.core.$ZodIssue,
  value: unknown,
  place: (path: readonly (string | number)[]) => Finding['where'],
): Finding[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      lockFinding('lock-invalid', place([...path, key]), `there is no key "${key}" in a lock`, RESTORE),
    );
  }
  const name = showPath(path);
  if (issue.code === 'invalid_key') return [lockFinding('lock-invalid', place(path), `${name} is no valid name there`, RESTORE)];
  const found = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], value);
  if (found === undefined) return [lockFinding('lock-invalid', place(path), `${name} is missing`, RESTORE)];
  const isRange = issue.code === 'custom' && issue.params?.['code'] === 'lock-range-invalid';
  if (isRange)
    return [lockFinding('lock-range-invalid', place(path), `${name}: ${showValue(found)} is no aligned IPv4 range`, RESTORE)];
  return [lockFinding('lock-invalid', place(path), `${name}: ${showValue(found)} is not what belongs there`, RESTORE)];
}

function lockFinding(findingCode: LockFileCode, where: Finding['where'], message: string, fix: string): Finding {
  return { code: findingCode, severity: 'error', where, message, fix };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return sortedRecord(Object.entries(record));
}
