import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresServer } from './server';
import { MAINTENANCE, own } from './server';

/** What a copy of a running server must not have. */
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'postgresql.auto.conf',
  'standby.signal',
  'recovery.signal',
  'pg_replslot',
  'pg_stat_tmp',
]);

/**
 * A real base backup of a running server: its files are copied between `pg_backup_start` and `pg_backup_stop`, while it goes on writing, and get the
 * label that recovery starts from. The package of PostgreSQL binaries has no pg_basebackup; this is what it does.
 */
export async function baseCopy(source: PostgresServer, target: string, uid: number | undefined): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  const client = source.client(MAINTENANCE, 60_000);
  await client.connect();
  try {
    await client.query(`select pg_backup_start('stampkit-lab', true)`);
    copyTree(source.data, target, uid, true);
    // Last of the files: of a replica it says how far recovery has to go.
    copyFileSync(join(source.data, 'global', 'pg_control'), join(target, 'global', 'pg_control'));
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    // What was written meanwhile is needed to make the copy consistent.
    copyTree(join(source.data, 'pg_wal'), join(target, 'pg_wal'), uid, false);
    const label = join(target, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '', { mode: 0o600 });
    own(label, uid);
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Copies files that may change or go away while they are copied. */
function copyTree(from: string, to: string, uid: number | undefined, top: boolean): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  own(to, uid);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (top && LEFT_OUT.has(entry.name)) {
      if (entry.isDirectory()) {
        mkdirSync(join(to, entry.name), { recursive: true, mode: 0o700 });
        own(join(to, entry.name), uid);
      }
      continue;
    }
    if (entry.isDirectory()) copyTree(join(from, entry.name), join(to, entry.name), uid, false);
    else if (entry.isFile()) {
      try {
        copyFileSync(join(from, entry.name), join(to, entry.name));
        own(join(to, entry.name), uid);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      }
    }
  }
}
