import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { registerBackups } from '../commands/backups';
import { registerEvacuate } from '../commands/evacuate';
import { registerFailback } from '../commands/failback';
import { registerFailover } from '../commands/failover';
import { registerJournal } from '../commands/journal';
import { registerReadmit } from '../commands/readmit';
import { registerRehome } from '../commands/rehome';
import { registerRestore } from '../commands/restore';
import { registerReturn } from '../commands/return';
import { registerRunbook } from '../commands/runbook';
import { registerSettle } from '../commands/settle';
import { registerStatus } from '../commands/status';
import type { OperationsHost } from './host';

/** The commands of whoever is on call, in the order of the table of design 12. */
export function registerOperations(program: Command, context: CommandContext, host: OperationsHost): void {
  registerStatus(program, context, host);
  registerEvacuate(program, context, host);
  registerReadmit(program, context, host);
  registerFailover(program, context, host);
  registerFailback(program, context, host);
  registerReturn(program, context, host);
  registerRehome(program, context, host);
  registerSettle(program, context, host);
  registerBackups(program, context, host);
  registerRestore(program, context, host);
  registerJournal(program, context, host);
  registerRunbook(program, context, host);
}
