import { isStampError } from '../lib/errors';
import { printFindings } from '../lib/cli/command';
import { loadFleet } from '../lib/cli/load-fleet';
import { countGroupFiles } from '../lib/config/read-folder';
import { addFleetStacks, createApp, synthesizeApp } from '../lib/stacks/fleet-app';
import { addProof } from '../lib/stacks/proof/proof-plugin';
import { validateAhead } from '../lib/stacks/validation/validation-ahead';

/** At least two stacks each: as many as the proof has a thread for. */
const MANY_GROUPS = 50;

const err = (text: string): void => void process.stderr.write(text);

try {
  const app = createApp();
  const directory = String(app.node.tryGetContext('stamps') ?? 'stamps');
  if (countGroupFiles(directory) >= MANY_GROUPS) validateAhead(app);
  const { findings, fleet } = loadFleet(directory);
  printFindings(err, findings);
  if (fleet === undefined) {
    process.exitCode = 1;
  } else {
    addFleetStacks(app, fleet);
    addProof(app, fleet);
    synthesizeApp(app);
  }
} catch (error) {
  // What is wrong is in the message: a stack of the synthesizer would only hide it.
  err(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isStampError(error) ? 2 : 1;
}
