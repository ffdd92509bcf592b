import { isStampError } from '../lib/errors';
import { printFindings } from '../lib/cli/command';
import { loadFleet } from '../lib/cli/load-fleet';
import { addFleetStacks, createApp, synthesizeApp } from '../lib/stacks/fleet-app';
import { addProof } from '../lib/stacks/proof/proof-plugin';

const err = (text: string): void => void process.stderr.write(text);

try {
  const app = createApp();
  const directory: unknown = app.node.tryGetContext('stamps') ?? 'stamps';
  const { findings, fleet } = loadFleet(String(directory));
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
