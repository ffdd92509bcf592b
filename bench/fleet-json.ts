/** Prints the fleet of a folder as JSON: the finished props of the plain app, made before anything is measured. */
import { loadFleet } from '../lib/cli/load-fleet';

const { fleet, findings } = loadFleet(process.argv[2] ?? 'stamps');
if (fleet === undefined) throw new Error(findings.map(({ code, message }) => `${code}: ${message}`).join('\n'));
process.stdout.write(JSON.stringify(fleet));
