import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StampError } from '../errors';
import type * as LabModule from '../lab';

/** Where the build puts the lab: beside the bundled programs, or seen from the sources. */
const PLACES = [join(__dirname, '..', 'lab'), join(__dirname, '..', '..', 'dist', 'lab')];

/**
 * The lab, which is no part of the npm package: it needs the PostgreSQL binaries and the sample workload of the repository. So it is never bundled
 * with the programs, but loaded from beside them.
 *
 * @throws StampError `LAB_NOT_INSTALLED`
 */
export function loadLab(): typeof LabModule {
  const folder = PLACES.find((place) => existsSync(join(place, 'lab.js')));
  if (folder === undefined) {
    throw new StampError(
      'LAB_NOT_INSTALLED',
      'the lab is not part of the npm package',
      'Clone the repository of stampkit, run `npm ci` there, and use its command with --stamps.',
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is known at run time only, and the bundle must not hold it
  return require(join(folder, 'lab.js')) as typeof LabModule;
}
