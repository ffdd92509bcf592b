import { readFileSync } from 'node:fs';
import type { LabPlan } from '../plan/lab-plan';
import { runClients } from './clients';
import { runGauge } from './gauge';
import { runInternet } from './internet';
import { runRegion } from './region';
import { runStamp } from './stamp';

/**
 * One process of the lab: `process.js <plan file> <role> [name]`. Says `ready` when it listens, and ends when the supervisor does: its end of the pipe
 * on standard input closes.
 */
async function main(): Promise<void> {
  const [file = '', role, name = ''] = process.argv.slice(2);
  const plan = JSON.parse(readFileSync(file, 'utf8')) as LabPlan;
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
  process.stdin.resume();
  if (role === 'internet') await runInternet(plan);
  else if (role === 'region') await runRegion(plan, name);
  else if (role === 'stamp') await runStamp(plan, name);
  else if (role === 'clients') await runClients(plan);
  else if (role === 'gauge') await runGauge(plan);
  else throw new Error(`there is no role ${role ?? ''}`);
  process.stdout.write('ready\n');
}

process.on('unhandledRejection', (error) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
});
void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
