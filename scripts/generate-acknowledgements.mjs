// Writes docs/acknowledgements.md from the constructs of the fleet in stamps/. Needs a build.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const lib = (path) => require(join(root, 'dist', 'lib', path));
const { acknowledgementsMarkdown } = lib('cli/acknowledgements-markdown.js');
const { loadFleet } = lib('cli/load-fleet.js');
const { acknowledgedFindings } = lib('stacks/acknowledgements.js');
const { addFleetStacks, createApp } = lib('stacks/fleet-app.js');

const { fleet } = loadFleet(join(root, 'stamps'));
if (fleet === undefined) throw new Error('stamps/ has errors: run npx stampkit check');
const app = createApp();
addFleetStacks(app, fleet);
const file = join('docs', 'acknowledgements.md');
writeFileSync(join(root, file), acknowledgementsMarkdown(fleet, acknowledgedFindings(app)));
process.stdout.write(`wrote ${file}\n`);
