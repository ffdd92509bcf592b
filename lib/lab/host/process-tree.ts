import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Ids of a process and of everything that descends from it, parents first. */
export function processTree(root: number): number[] {
  return processTrees([root]);
}

/** The same of many, with one look at the system. */
export function processTrees(roots: readonly number[]): number[] {
  const parents = parentsOfAll();
  const tree = [...roots];
  for (let at = 0; at < tree.length; at += 1) {
    for (const [pid, parent] of parents) if (parent === tree[at]) tree.push(pid);
  }
  return tree;
}

/**
 * Stops a process and everything that descends from it, and says who that is. Whoever starts processes gets the signal before its children are looked
 * for, until nobody new is found: a process that is started in that very moment would be missed otherwise.
 */
export function stopTree(root: number): number[] {
  const stopped = new Set<number>();
  for (;;) {
    const fresh = (stopped.size === 0 ? [root] : processTree(root)).filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) return [...stopped];
    for (const pid of fresh) {
      send(pid, 'SIGSTOP');
      stopped.add(pid);
    }
  }
}

/**
 * Kills a process and all that descends from it. Backends of PostgreSQL are sessions of their own, so a process group does not reach them, and
 * one that lives on for a moment after its parent could still acknowledge a commit: all are stopped before the first is killed.
 */
export function killTree(root: number): number[] {
  const tree = stopTree(root);
  for (const pid of tree) send(pid, 'SIGKILL');
  return tree;
}

/** @returns false when there is no such process */
export function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether a process is there and not just waiting to be buried. */
export function alive(pid: number): boolean {
  if (!send(pid, 0)) return false;
  const state = stateOf(pid);
  return state !== 'Z' && state !== 'X';
}

/** `T` when it was stopped. Undefined where the system does not say. */
export function stateOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .charAt(0);
  } catch {
    return 'X';
  }
}

/** Processes that work in a folder or below it: those of a lab, whoever their parent is by now. Linux only; elsewhere none. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const directory = readlinkSync(`/proc/${name}/cwd`).replace(/ \(deleted\)$/, '');
      return directory === folder || directory.startsWith(`${folder}/`) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function parentsOfAll(): [number, number][] {
  if (process.platform === 'linux') {
    return readdirSync('/proc').flatMap((name): [number, number][] => {
      if (!/^\d+$/.test(name)) return [];
      try {
        const [, parent] = readFileSync(`/proc/${name}/stat`, 'latin1')
          .replace(/^.*\) /s, '')
          .split(' ');
        return [[Number(name), Number(parent)]];
      } catch {
        return [];
      }
    });
  }
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return [pid, parent];
  });
}
