import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { StampError } from '../errors';
import type { Finding } from '../findings';
import { decodeText } from './decode-text';
import type { ConfigFindingCode } from './finding-codes';

/** Bytes of one group file or of fleet.yaml: a hundred times the largest sensible one, and parsed within a second. */
export const MAX_FILE_BYTES = 256 * 1024;
/** Bytes of fleet.lock.yaml, which has a line or two for every stamp of the largest fleet. */
export const MAX_LOCK_BYTES = 8 * 1024 * 1024;
/** Group files that are read. */
export const MAX_GROUP_FILES = 20_000;

export const FLEET_FILE = 'fleet.yaml';
export const LOCK_FILE = 'fleet.lock.yaml';
export const GROUPS_FOLDER = 'groups';

/** Entries of the folder that are read by others or by nobody on purpose. */
const KNOWN_ENTRIES: readonly string[] = [FLEET_FILE, LOCK_FILE, GROUPS_FOLDER, 'schema.json', 'drills'];

export interface TextFile {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** The texts of one `stamps/` folder. A file that could not be read is missing here and has a finding. */
export interface StampsFolder {
  readonly fleet?: TextFile;
  readonly lock?: TextFile;
  /** Sorted by file name. */
  readonly groups: readonly TextFile[];
  readonly findings: readonly Finding[];
}

/**
 * Reads the texts of a `stamps/` folder. Only regular files (or links to them) are opened, so that no pipe or device can hang.
 *
 * @throws StampError STAMPS_FOLDER_MISSING, STAMPS_FOLDER_NOT_A_FOLDER or STAMPS_FOLDER_UNREADABLE
 */
export function readFolder(folder: string): StampsFolder {
  const entries = listFolder(folder);
  const findings: Finding[] = [];
  const report: Reporter = (code, file, message, fix, severity = 'error') => {
    findings.push({ code, severity, where: { file }, message, fix });
  };
  const read = (file: string, maxBytes: number) => readText(folder, file, maxBytes, report, findings);

  const fleet = entries.includes(FLEET_FILE) ? read(FLEET_FILE, MAX_FILE_BYTES) : undefined;
  if (!entries.includes(FLEET_FILE)) {
    const other = entries.find((entry) => /^fleet\.ya?ml$/i.test(entry));
    const fix =
      other === undefined ? `write ${FLEET_FILE}; docs/configuration.md shows its keys` : `rename ${other} to ${FLEET_FILE}`;
    report('file-missing', FLEET_FILE, `${FLEET_FILE} is not in ${folder}`, fix);
  }
  const lock = entries.includes(LOCK_FILE) ? read(LOCK_FILE, MAX_LOCK_BYTES) : undefined;
  for (const entry of entries) {
    if (KNOWN_ENTRIES.includes(entry) || isIgnored(entry)) continue;
    const fix = `move group files into ${GROUPS_FOLDER}/, and anything else out of this folder`;
    report('unexpected-file', entry, `${entry} is not part of a stamps folder and is not read`, fix, 'warning');
  }
  const groups = groupFiles(folder, entries, report).flatMap((file) => read(file, MAX_FILE_BYTES) ?? []);
  return { ...(fleet && { fleet }), ...(lock && { lock }), groups, findings };
}

/** How many group files there are, without reading them: 0 for whatever `readFolder` would complain about. */
export function countGroupFiles(folder: string): number {
  try {
    return readdirSync(join(folder, GROUPS_FOLDER)).filter(isGroupFile).length;
  } catch {
    return 0;
  }
}

type Reporter = (code: ConfigFindingCode, file: string, message: string, fix: string, severity?: Finding['severity']) => void;

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
        throw new StampError(
          'STAMPS_FOLDER_MISSING',
          `there is no folder ${folder}`,
          'Name the folder with fleet.yaml by --stamps DIR',
        );
      case 'ENOTDIR':
        throw new StampError(
          'STAMPS_FOLDER_NOT_A_FOLDER',
          `${folder} is not a folder`,
          'Name the folder with fleet.yaml by --stamps DIR',
        );
      default:
        throw new StampError(
          'STAMPS_FOLDER_UNREADABLE',
          `${folder} cannot be read: ${reason(error)}`,
          'Check its permissions and links',
        );
    }
  }
}

/** Names of the group files, sorted. Whatever else is in the folder has a finding: a group must not be overlooked. */
function groupFiles(folder: string, entries: readonly string[], report: Reporter): string[] {
  const noGroups = 'write one file per tenant group, such as groups/enterprise.yaml';
  if (!entries.includes(GROUPS_FOLDER)) {
    report('no-groups', GROUPS_FOLDER, `${GROUPS_FOLDER}/ is not in ${folder}`, noGroups);
    return [];
  }
  let names: string[];
  try {
    names = readdirSync(join(folder, GROUPS_FOLDER)).sort();
  } catch (error) {
    const notAFolder = errorCode(error) === 'ENOTDIR';
    const message = notAFolder ? `${GROUPS_FOLDER} is not a folder` : `${GROUPS_FOLDER}/ cannot be read: ${reason(error)}`;
    report(
      notAFolder ? 'not-a-file' : 'file-unreadable',
      GROUPS_FOLDER,
      message,
      notAFolder ? noGroups : 'check permissions and links',
    );
    return [];
  }
  const files = names.filter(isGroupFile);
  for (const name of names) {
    if (isGroupFile(name) || isIgnored(name)) continue;
    const file = `${GROUPS_FOLDER}/${name}`;
    if (/\.ya?ml$/i.test(name)) {
      report(
        'wrong-extension',
        file,
        `${file} does not end in .yaml, so it is not read`,
        `rename it to ${name.replace(/\.ya?ml$/i, '.yaml')}`,
      );
    } else {
      report(
        'unexpected-file',
        file,
        `${file} is no group file and is not read`,
        'move it elsewhere, or name it <group>.yaml',
        'warning',
      );
    }
  }
  if (files.length === 0) report('no-groups', GROUPS_FOLDER, `${GROUPS_FOLDER}/ has no group file`, noGroups);
  if (files.length > MAX_GROUP_FILES) {
    const message = `${GROUPS_FOLDER}/ has ${files.length} group files, ${MAX_GROUP_FILES} are read at most`;
    report('too-many-files', GROUPS_FOLDER, message, 'split the fleet into several stamps folders');
    return [];
  }
  return files.map((name) => `${GROUPS_FOLDER}/${name}`);
}

function isGroupFile(name: string): boolean {
  return name.endsWith('.yaml') && !isIgnored(name);
}

/** Hidden files, notes and what editors leave behind. */
function isIgnored(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~') || name.endsWith('.md') || /^#.*#$/.test(name);
}

function readText(folder: string, file: string, maxBytes: number, report: Reporter, findings: Finding[]): TextFile | undefined {
  const path = join(folder, file);
  let bytes: Buffer;
  try {
    const stats: Stats = statSync(path);
    if (!stats.isFile()) {
      report('not-a-file', file, `${file} is not a regular file`, 'replace it by a file, or remove it');
      return undefined;
    }
    if (stats.size > maxBytes) {
      report(
        'file-too-large',
        file,
        `${file} has ${stats.size} bytes, ${maxBytes} are read at most`,
        'remove what is no configuration',
      );
      return undefined;
    }
    bytes = readFileSync(path);
  } catch (error) {
    report('file-unreadable', file, `${file} cannot be read: ${reason(error)}`, 'check its permissions, and where it links to');
    return undefined;
  }
  const decoded = decodeText(bytes, file);
  if ('text' in decoded) return { file, text: decoded.text };
  findings.push(decoded.finding);
  return undefined;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What the system says, without its call and path. */
function reason(error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    EACCES: 'no permission',
    EPERM: 'no permission',
    ELOOP: 'its links form a loop',
    ENOENT: 'it links to a file that is not there',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'its name is too long',
  };
  const code = errorCode(error);
  return words[code] ?? (code === '' ? 'unknown error' : code);
}
