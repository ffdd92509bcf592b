import { controlTableName } from '../topology/names';
import { linkBackups } from './links/backups';
import { linkChecks } from './links/checks';
import { linkDatabases } from './links/databases';
import { linkDns } from './links/dns';
import { linkEdge, registrationsOf } from './links/edge';
import { dangling, placed, type LinkContext } from './links/link-context';
import { linkServices } from './links/services';
import { describeStamps } from './links/describe-stamps';
import { findUnits } from './links/stamps';
import { linkNetworks, type LinkedNetworks } from './links/zones';
import type { FunctionFact } from './facts/operations';
import type { QueueFact } from './facts/queues';
import type { TableFact } from './facts/databases';
import type { ParsedFleet } from './parsed-fleet';
import { assemblyStacks, type AssemblyStack, type KnownTemplates } from './read-assembly';
import type { Drafts } from './readers/drafts';
import { readStacks } from './read-stacks';
import { sortFindings } from '../findings';
import { compareText } from '../order';

/**
 * The facts of a cloud assembly on disk. Reads one template after the other, so that a thousand of them need not be in memory at once.
 *
 * @param known templates that need not be read from their files
 * @throws StampError ASSEMBLY_MISSING, ASSEMBLY_INVALID as `readAssembly`
 */
export function readFleet(directory: string, known?: KnownTemplates): ParsedFleet {
  return parseFleet(assemblyStacks(directory, known));
}

/** Same, of stacks that are in memory: `parseFleet(readAssembly(directory).stacks)`. */
export function parseFleet(stacks: Iterable<AssemblyStack>): ParsedFleet {
  const contents = readStacks(stacks);
  const { drafts } = contents;
  const findings = [...contents.findings];
  const units = findUnits(drafts, contents.stacks, findings);
  const stampOfStack = new Map(units.flatMap(({ id, stacks: names }) => names.map((name) => [name, id] as const)));
  const context: LinkContext = { stampOf: (stack) => stampOfStack.get(stack), findings };

  const networks = linkNetworks(drafts, context);
  const edge = linkEdge(drafts, networks, registrationsOf(drafts, context), context);
  const dns = linkDns(drafts, edge.loadBalancers, context);
  const controlTableId = controlTableOf(drafts.tables);
  const facts = {
    ...linkChecks(drafts, edge.loadBalancers, dns, context),
    zones: dns.zones,
    records: byId(dns.records),
    ...edge,
    ...linkServices(drafts, networks, context),
    functions: linkFunctions(drafts, networks, context),
    ...linkDatabases(drafts, networks, context),
    queues: linkQueues(drafts, context),
    ...(controlTableId !== undefined && { controlTableId }),
    ...linkBackups(drafts, context),
    alarms: drafts.alarms.map((alarm) => placed(alarm, context)),
    networks: networks.networks,
  };
  const sorted = Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      Array.isArray(value) && key !== 'zones' ? byId(value as { id: string }[]) : value,
    ]),
  ) as typeof facts;
  return {
    stacks: contents.stacks.map((stack) => {
      const stampId = stampOfStack.get(stack.name);
      return stampId === undefined ? stack : { ...stack, stampId };
    }),
    stamps: describeStamps(units, sorted),
    ...sorted,
    findings: sortFindings(findings),
    skipped: contents.skipped,
  };
}

function linkFunctions(drafts: Drafts, { zonesOf }: LinkedNetworks, context: LinkContext): FunctionFact[] {
  return drafts.functions.map(({ subnets, ...fact }) => placed({ ...fact, availabilityZones: zonesOf(subnets) }, context));
}

function linkQueues(drafts: Drafts, context: LinkContext): QueueFact[] {
  const byArn = new Map(drafts.queues.map(({ arn, id }) => [arn, id] as const));
  return drafts.queues.map((queue): QueueFact => {
    const { deadLetter } = queue;
    if (deadLetter === undefined) return placed(queue, context);
    const queueId = byArn.get(deadLetter.arn);
    if (queueId === undefined) dangling(queue, ['RedrivePolicy', 'deadLetterTargetArn'], `the queue ${deadLetter.arn}`, context);
    return placed(queueId === undefined ? queue : { ...queue, deadLetter: { ...deadLetter, queueId } }, context);
  });
}

/** The control stack `<fleet>-control-<code>` that owns the table gives it the fleet's name. */
function controlTableOf(tables: readonly TableFact[]): string | undefined {
  return tables.find(({ name, origin }) => {
    const [, fleet] = /^(.+)-control-[a-z0-9]+$/.exec(origin.stack) ?? [];
    return fleet !== undefined && name === controlTableName(fleet);
  })?.id;
}

function byId<T extends { readonly id: string }>(facts: readonly T[]): T[] {
  return [...facts].sort((a, b) => compareText(a.id, b.id));
}
