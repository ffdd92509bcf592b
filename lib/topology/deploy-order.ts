import { StampError } from '../errors';
import { hasGlobalData } from './group-data';
import type { Fleet, TenantGroup } from './types';

export type DeployPhaseName = 'control' | 'data' | 'home stamps' | 'other stamps' | 'routing';

/** One stack and where it is. */
export interface DeployStack {
  readonly stackName: string;
  readonly account: string;
  /** AWS Region. */
  readonly region: string;
  /** Absent for control stacks, which belong to the fleet. */
  readonly group?: string;
  /** Id of the stamp that the stack is, if it is one. */
  readonly stamp?: string;
}

/** Stacks that do not need each other: they may be deployed at the same time. */
export interface DeployPhase {
  readonly name: DeployPhaseName;
  readonly stacks: readonly DeployStack[];
}

/** What to deploy. Nothing named means the whole fleet. */
export interface DeploySelection {
  readonly groups?: readonly string[];
  /** Stamp ids: these stamps and what they need before them (control, data), without routing. */
  readonly stamps?: readonly string[];
}

/**
 * The phases to deploy one after another; removal is the reverse (design 6). A home stamp comes before the others because its
 * cluster is the first member of a global cluster; routing comes last because an alias needs its target (aws-facts 16).
 * Phases without stacks are left out.
 *
 * @throws StampError GROUP_UNKNOWN or STAMP_UNKNOWN for a name that the fleet does not have
 */
export function deployPhases(fleet: Fleet, selection: DeploySelection = {}): DeployPhase[] {
  const stampIds = selection.stamps ?? [];
  const groups = selectGroups(fleet, selection);
  const stamps = groups
    .flatMap((group) => group.stamps)
    .filter(({ id, group }) => stampIds.length === 0 || stampIds.includes(id) || (selection.groups ?? []).includes(group));
  const stampStacks = (home: boolean): DeployStack[] =>
    stamps
      .filter((stamp) => stamp.home === home)
      .map(({ id, group, shape, values }) => ({
        stackName: values.names.stack,
        account: values.account,
        region: shape.region,
        group,
        stamp: id,
      }));
  const phases: DeployPhase[] = [
    { name: 'control', stacks: controlStacks(fleet) },
    { name: 'data', stacks: groups.filter(hasGlobalData).map(dataStack) },
    { name: 'home stamps', stacks: stampStacks(true) },
    { name: 'other stamps', stacks: stampStacks(false) },
    { name: 'routing', stacks: routedGroups(groups, selection).map((group) => routingStack(fleet, group)) },
  ];
  return phases.filter(({ stacks }) => stacks.length > 0);
}

/**
 * The phases to remove, in the order of removal. The control plane goes only with the whole fleet, and what a group's stamps share
 * stays when stamps are named.
 *
 * @throws StampError GROUP_UNKNOWN or STAMP_UNKNOWN for a name that the fleet does not have
 */
export function removalPhases(fleet: Fleet, selection: DeploySelection = {}): DeployPhase[] {
  const groups = selection.groups ?? [];
  const whole = groups.length === 0 && (selection.stamps ?? []).length === 0;
  const goes = ({ group, stamp }: DeployStack): boolean =>
    whole || stamp !== undefined || (group !== undefined && groups.includes(group));
  return deployPhases(fleet, selection)
    .map(({ name, stacks }) => ({ name, stacks: stacks.filter(goes) }))
    .filter(({ stacks }) => stacks.length > 0)
    .reverse();
}

function selectGroups(fleet: Fleet, { groups = [], stamps = [] }: DeploySelection): TenantGroup[] {
  const known = fleet.groups.flatMap((group) => group.stamps.map(({ id }) => id));
  for (const name of groups) {
    if (!fleet.groups.some((group) => group.name === name))
      throw new StampError(
        'GROUP_UNKNOWN',
        `no group "${name}"`,
        `Name one of: ${fleet.groups.map((group) => group.name).join(', ')}.`,
      );
  }
  for (const id of stamps) {
    if (!known.includes(id)) throw new StampError('STAMP_UNKNOWN', `no stamp "${id}"`, `Name one of: ${known.join(', ')}.`);
  }
  if (groups.length === 0 && stamps.length === 0) return [...fleet.groups];
  return fleet.groups.filter((group) => groups.includes(group.name) || group.stamps.some(({ id }) => stamps.includes(id)));
}

/** Records of a group name all its stamps: they are deployed with the group, not with one of its stamps. */
function routedGroups(groups: readonly TenantGroup[], { groups: named = [], stamps = [] }: DeploySelection): TenantGroup[] {
  return groups.filter((group) => stamps.length === 0 || named.includes(group.name));
}

function controlStacks({ account, control }: Fleet): DeployStack[] {
  return [...control.members, ...control.joining].map(({ stackName, region }) => ({ stackName, account, region }));
}

function dataStack(group: TenantGroup): DeployStack {
  const home = group.stamps.find(({ home: isHome }) => isHome);
  if (home === undefined)
    throw new StampError(
      'HOME_STAMP_MISSING',
      `group "${group.name}" has no stamp in its home Region`,
      'Keep the home stamp, or move the home with `stampkit lock --rehome`.',
    );
  return { stackName: group.names.dataStack, account: group.account, region: home.shape.region, group: group.name };
}

function routingStack({ routingRegion }: Fleet, group: TenantGroup): DeployStack {
  return { stackName: group.names.routingStack, account: group.account, region: routingRegion, group: group.name };
}
