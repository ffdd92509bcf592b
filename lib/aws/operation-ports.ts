import { createHash } from 'node:crypto';
import type { Clock, OperationPorts, Reporter, Sha256 } from '../ports';
import type { Fleet } from '../topology/types';
import { type AwsAccess, awsAccess, type ReadWith } from './call/access';
import { systemClock } from './operations/clock';
import { createControlTable } from './operations/control-table';
import type { DataPorts } from './operations/data-ports';
import { createDns } from './operations/dns';
import { journalFolder, localJournal } from './operations/local-journal';
import { createPointers } from './operations/pointers';
import { createProbes } from './operations/probes';
import { createQueues } from './operations/queues';
import { createRoutingEvidence } from './operations/routing-evidence';
import { operationSettings } from './operations/settings';
import { createStacks } from './operations/stacks';
import { createSwitches } from './operations/switches';

export interface AwsPortsOptions {
  readonly fleet: Fleet;
  readonly reporter: Reporter;
  /** Makes the ports to databases and compute. */
  readonly data: (access: AwsAccess) => DataPorts;
  /** AWS Regions that nothing is sent to, besides those of STAMPKIT_DEAD_REGIONS. @default - none */
  readonly deadRegions?: readonly string[];
  /** @default - STAMPKIT_OPERATOR_ROLE, otherwise none */
  readonly operatorRole?: string;
  /** Credentials to use where there are some. @default - the operator's own everywhere */
  readonly readWith?: ReadWith;
  /** Who works here, for CloudTrail of other accounts. @default stampkit */
  readonly operator?: string;
  /** Where the journals of this fleet are on this machine. @default - see `journalFolder` */
  readonly journalFolder?: string;
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default - this machine's */
  readonly clock?: Clock;
  /** From 0 to just below 1. @default Math.random */
  readonly random?: () => number;
}

/** SHA-256 as lower-case hexadecimal digits. */
export const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Everything that operations reach AWS and this machine through. Nothing is called before a port is.
 *
 * @throws StampError `ENVIRONMENT` for a STAMPKIT_ variable that cannot be meant
 */
export function awsPorts(options: AwsPortsOptions): OperationPorts {
  const { fleet, reporter, environment = process.env, clock = systemClock(), random = Math.random, operator } = options;
  const settings = operationSettings(environment);
  const operatorRole = options.operatorRole ?? settings.operatorRole;
  const access = awsAccess({
    fleet,
    clock,
    random,
    environment,
    deadRegions: new Set([...settings.deadRegions, ...(options.deadRegions ?? [])]),
    ...(operatorRole !== undefined && { operatorRole }),
    ...(options.readWith && { readWith: options.readWith }),
    ...(operator !== undefined && { sessionName: `stampkit-${operator}` }),
  });
  const { resolvers, nameServers, directUrl } = settings;
  return {
    clock,
    sha256,
    reporter,
    probes: createProbes(access, { ...(directUrl && { directUrl }) }),
    dns: createDns({ clock, ...(resolvers && { resolvers }), ...(nameServers && { nameServers }) }),
    routing: createRoutingEvidence(access, fleet),
    switches: createSwitches(access),
    queues: createQueues(access),
    pointers: createPointers(access),
    stacks: createStacks(access),
    controlTable: createControlTable(access, fleet.control.table.name),
    localJournal: localJournal(options.journalFolder ?? journalFolder(fleet.name, environment)),
    ...options.data(access),
  };
}
