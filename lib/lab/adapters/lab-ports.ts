import { createHash } from 'node:crypto';
import type { Clock, LocalJournal, OperationPorts, Reporter } from '../../ports';
import type { LabPlan } from '../plan/lab-plan';
import { LabAccess } from './access';
import { labBackups, labDivergences, labValidations } from './backups';
import { labCapacity, labQueues } from './compute';
import { labControlTable, labPointers, labStacks } from './control';
import { labDatabases } from './databases';
import { labSwitches } from './switches';
import { labTables } from './tables';
import { labDns, labProbes, labRouting } from './traffic';

/** What belongs to whoever operates, and not to the lab. */
export interface LabPortsOptions {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly localJournal: LocalJournal;
}

/** Everything that operations reach a lab through: the same ports as on AWS, over real processes of this machine. */
export function labPorts(plan: LabPlan, { clock, reporter, localJournal }: LabPortsOptions): OperationPorts {
  const access = new LabAccess(plan, clock);
  const stacks = new Set(plan.stamps.map(({ stack }) => stack));
  return {
    clock,
    reporter,
    localJournal,
    sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
    probes: labProbes(access),
    dns: labDns(access),
    routing: labRouting(access),
    switches: labSwitches(access),
    databases: labDatabases(access),
    tables: labTables(access),
    capacity: labCapacity(access),
    queues: labQueues(access),
    backups: labBackups(access),
    validations: labValidations(access),
    divergences: labDivergences(access),
    pointers: labPointers(access),
    stacks: labStacks(access, stacks),
    controlTable: labControlTable(access),
  };
}
