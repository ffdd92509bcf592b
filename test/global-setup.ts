import { bundleFunctions } from '../scripts/bundle-functions.mjs';

/** Template tests need the bundled Lambda functions on disk, as the build leaves them. */
export default async function setup(): Promise<void> {
  await bundleFunctions();
}
