import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Endpoint } from '../net/endpoint';
import { alive, processesIn, send } from './process-tree';

/** What a running lab leaves for those who look for it. */
export interface LabRecord {
  readonly id: string;
  readonly folder: string;
  /** Process id of the supervisor. */
  readonly pid: number;
  /** When that process began, in the system's own ticks: an id may be used again. */
  readonly began: string;
  readonly startedAt: number;
  readonly control: Endpoint;
  readonly token: string;
  readonly speed: number;
  /** Of the fleet that runs. */
  readonly groups: readonly string[];
}

const PREFIX = 'stampkit-lab-';

/** Where labs live: the temporary folder, unless the user that databases run as cannot get there. */
function base(): string {
  if (process.getuid?.() !== 0) return tmpdir();
  return openToAll(tmpdir()) ? tmpdir() : '/tmp';
}

/** May everybody pass through this folder and all above it? */
export function openToAll(folder: string): boolean {
  for (let each = folder; ; each = dirname(each)) {
    if ((statSync(each).mode & 0o001) === 0) return false;
    if (dirname(each) === each) return true;
  }
}

/** An empty folder for a new lab. */
export function makeFolder(): { readonly id: string; readonly folder: string } {
  mkdirSync(base(), { recursive: true });
  const folder = mkdtempSync(join(base(), PREFIX));
  // Others may pass through, as the databases' user has to, and read nothing.
  chmodSync(folder, 0o711);
  return { id: folder.slice(folder.lastIndexOf(PREFIX) + PREFIX.length), folder };
}

export function writeRecord(record: LabRecord): void {
  writeFileSync(join(record.folder, 'lab.json'), JSON.stringify(record), { mode: 0o600 });
}

/** Labs that run, of this user or, for root, of all. Oldest first. */
export function findLabs(): LabRecord[] {
  return records()
    .filter((record) => isRunning(record))
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** Ends and removes what crashed labs have left. Says how many there were. */
export function cleanCrashed(): number {
  let cleaned = 0;
  for (const record of records()) {
    if (isRunning(record)) continue;
    for (const pid of processesIn(record.folder)) send(pid, 'SIGKILL');
    rmSync(record.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    cleaned += 1;
  }
  return cleaned;
}

function records(): LabRecord[] {
  if (!existsSync(base())) return [];
  return readdirSync(base()).flatMap((name) => {
    const file = join(base(), name, 'lab.json');
    if (!name.startsWith(PREFIX)) return [];
    try {
      return [JSON.parse(readFileSync(file, 'utf8')) as LabRecord];
    } catch {
      return [];
    }
  });
}

function isRunning({ pid, began }: LabRecord): boolean {
  return alive(pid) && beganAt(pid) === began;
}

/** When a process began; empty where the system does not say. */
export function beganAt(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return 'gone';
  }
}
