import type { Command } from 'commander';
import type { CommandContext } from './command';
import type { OperationsHost } from './operations/host';

/** Adds one command to the program. */
type Register = (program: Command, context: CommandContext, host: OperationsHost) => void;

/** A command as far as the overview needs it. Its code, with all that it uses, is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  /** What follows the name, besides options. */
  readonly operands?: string;
  readonly description: string;
  readonly load: () => Promise<Register>;
}

/** Every command, in the order of the table of design 12. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    description: 'read stamps/ and print every finding with file:line:column',
    load: async () => (await import('./commands/check.js')).registerCheck,
  },
  {
    name: 'lock',
    description: 'allocate addresses, pin home Regions and the control table in fleet.lock.yaml; never changes what is pinned',
    load: async () => (await import('./commands/lock.js')).registerLock,
  },
  {
    name: 'topology',
    description: 'show stamps, Regions, addresses and capacity',
    load: async () => (await import('./commands/topology.js')).registerTopology,
  },
  {
    name: 'preflight',
    description:
      'compare what the templates need with the quotas of each account and Region, list what has to exist first, price the health checks, and propose ways out',
    load: async () => {
      const { registerPreflight } = await import('./commands/preflight.js');
      return (program, context) => {
        registerPreflight(program, context);
      };
    },
  },
  {
    name: 'resolve',
    operands: '<name>',
    description: 'say what Route 53 would answer to a name, and explain it step by step; asks nobody, changes nothing',
    load: async () => (await import('./commands/resolve.js')).registerResolve,
  },
  {
    name: 'verify',
    description: 'prove from the templates that every failure stays inside the objectives, and show the arithmetic',
    load: async () => (await import('./commands/verify.js')).registerVerify,
  },
  {
    name: 'status',
    operands: '<group>',
    description: 'a group as it is now: roles, health, lag, backups, evacuations, capacity, lease, last operation, proved bounds',
    load: async () => (await import('./commands/status.js')).registerStatus,
  },
  {
    name: 'evacuate',
    operands: '<stamp>',
    description: 'take a stamp out of service: its switch, in every control Region that answers',
    load: async () => (await import('./commands/evacuate.js')).registerEvacuate,
  },
  {
    name: 'readmit',
    operands: '<stamp>',
    description: 'bring an evacuated stamp back: capacity, deep health and role first, then its switch in every control Region',
    load: async () => (await import('./commands/readmit.js')).registerReadmit,
  },
  {
    name: 'failover',
    operands: '<group>',
    description: 'move a group to another Region: capacity, writer and traffic; calls nothing in a Region that failed',
    load: async () => (await import('./commands/failover.js')).registerFailover,
  },
  {
    name: 'failback',
    operands: '<group>',
    description: 'bring a group back to where its configuration prefers it; loses nothing, and waits until that is so',
    load: async () => (await import('./commands/failback.js')).registerFailback,
  },
  {
    name: 'return',
    operands: '<stamp>',
    description:
      'after an unplanned failover: re-join or rebuild the old stamp as a replica, report what only it has, work off its queue',
    load: async () => (await import('./commands/return.js')).registerReturn,
  },
  {
    name: 'rehome',
    operands: '<group>',
    description: 'a home Region is lost for good: adopt the global cluster or table into the new home (after lock --rehome)',
    load: async () => (await import('./commands/rehome.js')).registerRehome,
  },
  {
    name: 'settle',
    operands: '<group>',
    description: 'after a failover that is to stay: write the new preferred primary into the group’s YAML, comments kept',
    load: async () => (await import('./commands/settle.js')).registerSettle,
  },
  {
    name: 'backups',
    operands: '[group]',
    description: 'recovery points per Region and account: age against the objective, copies, locks, last restore test',
    load: async () => (await import('./commands/backups.js')).registerBackups,
  },
  {
    name: 'restore',
    operands: '<group>',
    description: 'restore a group beside its live data and validate it; then --cutover to use it, or --abandon to remove it',
    load: async () => (await import('./commands/restore.js')).registerRestore,
  },
  {
    name: 'journal',
    operands: '<action> [what]',
    description: 'list [GROUP], show ID, resume ID, reconcile [ID]: what operations did, and going on after a crash',
    load: async () => (await import('./commands/journal.js')).registerJournal,
  },
  {
    name: 'runbook',
    operands: '<group>',
    description:
      'the runbook of a group as Markdown: commands, what to expect, proved times, what to do when a step fails, and by hand',
    load: async () => (await import('./commands/runbook.js')).registerRunbook,
  },
  {
    name: 'drill',
    operands: '<file>',
    description: 'run a failure drill, measure RTO and RPO, and write a report (HTML, JSON, JUnit)',
    load: async () => (await import('./commands/drill.js')).registerDrill,
  },
  {
    name: 'lab',
    operands: '<action> [id]',
    description: 'up, status [ID], down [ID]: the fleet in miniature on this machine, with real parts',
    load: async () => (await import('./commands/lab.js')).registerLab,
  },
  {
    name: 'ci',
    operands: '<target>',
    description: 'write the deployment pipeline of the fleet: check and diff, one canary stamp with a bake time, then the rest',
    load: async () => (await import('./commands/ci.js')).registerCi,
  },
];
