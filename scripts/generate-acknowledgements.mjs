// Writes docs/acknowledgements.md from the constructs of the fleet in stamps/. Needs a build, for the functions.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from './load-source.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { acknowledgedFindings, acknowledgementsMarkdown, addFleetStacks, createApp, loadFleet } = await loadSource(
  'cli/acknowledgements-markdown.ts',
  'cli/load-fleet.ts',
  'stacks/acknowledgements.ts',
  'stacks/fleet-app.ts',
);

const { fleet } = loadFleet(join(root, 'stamps'));
if (fleet === undefined) throw new Error('stamps/ has errors: run npx stampkit check');
const app = createApp();
addFleetStacks(app, fleet);
const file = join('docs', 'acknowledgements.md');
writeFileSync(join(root, file), acknowledgementsMarkdown(fleet, acknowledgedFindings(app)));
process.stdout.write(`wrote ${file}\n`);
