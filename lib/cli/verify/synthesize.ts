import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFleet } from '../../assembly/parse-fleet';
import type { ParsedFleet } from '../../assembly/parsed-fleet';
import type { Fleet } from '../../topology/types';

/**
 * The facts of a fleet's templates as `stamps/` says them now: synthesized into a temporary folder, because old output is never trusted.
 * Without the rule packs, which take most of the time: whether a template may be deployed is another question.
 */
export async function synthesizeFacts(fleet: Fleet): Promise<ParsedFleet> {
  // Loading the CDK takes a second that other commands do not pay.
  const [{ App }, { addFleetStacks }, { APP_CONTEXT }, { templatesInMemory }] = await Promise.all([
    import('aws-cdk-lib'),
    import('../../stacks/fleet-app.js'),
    import('../../stacks/app-context.js'),
    import('../../stacks/stamping/templates-in-memory.js'),
  ]);
  const outdir = mkdtempSync(join(tmpdir(), 'stampkit-'));
  try {
    const app = new App({
      outdir,
      context: { ...APP_CONTEXT },
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    addFleetStacks(app, fleet);
    return readFleet(app.synth().directory, templatesInMemory(app));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
