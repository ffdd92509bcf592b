import { assemblyFinding, type AssemblyFinding } from '../finding-codes';
import type { Fact } from '../facts/fact';
import type { ParsedStack } from '../parsed-fleet';
import { environmentOf, type Drafts } from '../readers/drafts';
import { grouped } from './link-context';

/** A stamp before what is in it is known. */
export interface Unit {
  readonly id: string;
  readonly generated: boolean;
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly string[];
}

/**
 * Generated stamps by the `STAMP_ID` of their functions and tasks (the application contract); of what is not stampkit's, everything in one
 * account and Region as soon as something there serves or stores.
 */
export function findUnits(drafts: Drafts, stacks: readonly ParsedStack[], findings: AssemblyFinding[]): Unit[] {
  const ids = stampIdsByStack(drafts);
  const units: Unit[] = [];
  const rest: ParsedStack[] = [];
  for (const stack of stacks) {
    const [id, ...others] = ids.get(stack.name) ?? [];
    if (id !== undefined && others.length === 0) {
      units.push({ id, generated: true, account: stack.account, region: stack.region, stacks: [stack.name] });
      continue;
    }
    if (id !== undefined) findings.push(sharedStack(stack.name, [id, ...others]));
    rest.push(stack);
  }
  return [...units, ...unitsOfEnvironments(drafts, rest, units.length === 0)].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function stampIdsByStack(drafts: Drafts): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const add = (stack: string, id: string | undefined): void => {
    if (id !== undefined && id !== '') found.set(stack, (found.get(stack) ?? new Set()).add(id));
  };
  for (const { origin, environment } of drafts.functions) add(origin.stack, environment['STAMP_ID']);
  for (const { id, containers } of drafts.tasks) {
    for (const { environment } of containers) add(id.slice(0, id.lastIndexOf('/')), environment['STAMP_ID']);
  }
  return new Map([...found].map(([stack, ids]) => [stack, [...ids].sort()]));
}

/** @param alone nothing in the assembly is stampkit's, so stacks that only support (a table, a queue) belong to the unit too */
function unitsOfEnvironments(drafts: Drafts, stacks: readonly ParsedStack[], alone: boolean): Unit[] {
  const working = new Set(
    [drafts.loadBalancers, drafts.services, drafts.autoScalingGroups, drafts.databaseClusters, drafts.databaseInstances]
      .flat()
      .map((fact: Fact) => fact.origin.stack),
  );
  return [...grouped(stacks, environmentOf)].flatMap(([id, members]): Unit[] => {
    const serving = members.filter(({ name }) => working.has(name));
    const [first] = serving;
    if (first === undefined) return [];
    const names = (alone ? members : serving).map(({ name }) => name);
    return [{ id, generated: false, account: first.account, region: first.region, stacks: names }];
  });
}

function sharedStack(stack: string, ids: readonly string[]): AssemblyFinding {
  return assemblyFinding(
    'stamps-share-stack',
    stack,
    [],
    `stack ${stack} holds ${ids.join(' and ')}: what belongs to which stamp cannot be told apart`,
    'Give every stamp a stack of its own: stamps of one stack are changed, and fail, together.',
  );
}
