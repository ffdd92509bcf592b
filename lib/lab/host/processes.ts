import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StampError } from '../../errors';
import { alive, killTree, processTree, processTrees, processesIn, send, stopTree } from './process-tree';

/** Megabytes of heap of a process of the lab. */
const HEAP = 128;
/** Milliseconds until a process must have said that it is ready, on a busy machine. */
const READY_DEADLINE = 30_000;

export type Role = 'internet' | 'region' | 'stamp' | 'clients' | 'gauge';

/** One program of the lab, with everything it started. */
export interface LabProcess {
  readonly role: Role;
  readonly name: string;
  readonly child: ChildProcess;
}

/** Starts and ends the programs of a lab. Each leads a process group of its own. */
export class Processes {
  private readonly running = new Map<string, LabProcess>();
  private ending = false;

  public constructor(
    private readonly folder: string,
    private readonly program: string,
    private readonly planFile: string,
    /** A program ended although nobody wanted it to. */
    private readonly onCrash: (role: Role, name: string, log: string) => void,
  ) {
    mkdirSync(join(folder, 'logs'), { recursive: true });
  }

  /** Ends when the program listens. @throws StampError `LAB_PROCESS` with the end of its log */
  public async start(role: Role, name: string): Promise<void> {
    const logFile = join(this.folder, 'logs', `${role}-${name}.log`);
    const log = createWriteStream(logFile, { flags: 'a' });
    const folder = join(this.folder, role === 'stamp' ? 'stamps' : 'work', name);
    mkdirSync(folder, { recursive: true });
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP}`, '--max-semi-space-size=2', this.program, this.planFile, role, name],
      {
        cwd: folder,
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1' },
      },
    );
    const entry: LabProcess = { role, name, child };
    this.running.set(key(role, name), entry);
    child.stdin.on('error', () => undefined);
    child.stderr.pipe(log);
    const tail = (): string => (existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-2000) : '');
    child.once('exit', () => {
      if (this.running.get(key(role, name)) !== entry) return;
      this.running.delete(key(role, name));
      if (!this.ending) this.onCrash(role, name, tail());
    });
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(deadline);
        reject(new StampError('LAB_PROCESS', `${role} ${name} ${why}: ${tail()}`, 'Report this with the message.'));
      };
      const deadline = setTimeout(() => {
        fail(`was not ready within ${READY_DEADLINE / 1000} s`);
      }, READY_DEADLINE);
      child.once('error', (error) => {
        fail(error.message);
      });
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        fail(`ended (${signal ?? code ?? '?'})`);
      };
      child.once('exit', ended);
      child.stdout.on('data', (chunk: Buffer) => {
        if (!chunk.includes('ready')) return;
        clearTimeout(deadline);
        child.off('exit', ended);
        resolve();
      });
    });
  }

  public pid(role: Role, name: string): number | undefined {
    return this.running.get(key(role, name))?.child.pid;
  }

  /** The program and everything below it. */
  public tree(role: Role, name: string): number[] {
    const pid = this.pid(role, name);
    return pid === undefined ? [] : processTree(pid);
  }

  /** Kills a program and everything below it; ends when they are gone. Says who they were. */
  public async kill(role: Role, name: string): Promise<readonly number[]> {
    const pid = this.pid(role, name);
    if (pid === undefined) return [];
    this.running.delete(key(role, name));
    const tree = killTree(pid);
    while (tree.some(alive)) await new Promise((resolve) => setTimeout(resolve, 5));
    return tree;
  }

  /** Stops them where they are. */
  public freeze(role: Role, name: string): readonly number[] {
    const pid = this.pid(role, name);
    return pid === undefined ? [] : stopTree(pid);
  }

  /** Lets them go on. */
  public thaw(role: Role, name: string): void {
    for (const pid of this.tree(role, name)) send(pid, 'SIGCONT');
  }

  public has(role: Role, name: string): boolean {
    return this.running.has(key(role, name));
  }

  public list(): readonly LabProcess[] {
    return [...this.running.values()];
  }

  /** Ends everything at once. Nothing of a lab is worth a graceful end. */
  public async end(): Promise<void> {
    this.ending = true;
    const roots = this.list().flatMap(({ child }) => child.pid ?? []);
    this.running.clear();
    for (const pid of processTrees(roots)) send(pid, 'SIGKILL');
    // Again until nobody is left: a program may have started another one in that moment.
    for (;;) {
      const left = [...new Set([...roots, ...processesIn(this.folder)])].filter((pid) => pid !== process.pid && alive(pid));
      if (left.length === 0) return;
      for (const pid of left) send(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function key(role: Role, name: string): string {
  return `${role} ${name}`;
}
