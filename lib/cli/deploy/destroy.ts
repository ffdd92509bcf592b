import type { StackArtifact } from '../../assembly/read-artifacts';
import type { StackPlace } from '../../aws/deployment/deployed-stacks';
import { StampError } from '../../errors';
import { type DeployPhase, type DeployStack, removalPhases } from '../../topology/deploy-order';
import { groupNames, parseStampId, stampNames, stampRecordName } from '../../topology/names';
import type { Fleet } from '../../topology/types';
import { counted } from '../terminal';
import type { DeployOptions } from './options';
import type { DeployPorts } from './ports';
import { renderOrder } from './render';
import type { DeployOutcome, DeployReport } from './report';

/** `scripts/deploy.sh --destroy`: removes in the reverse order, each stack confirmed by its exact name. */
export async function destroy(options: DeployOptions, ports: DeployPorts, fleet: Fleet): Promise<DeployReport> {
  const { terminal } = ports;
  const wanted = removal(fleet, options);
  // Empty stacks of these names are all that the CDK CLI needs, also for what the configuration no longer has.
  await ports.writeEmptyStacks(
    ports.assemblyFolder,
    wanted.flatMap((phase) => phase.stacks),
  );
  const artifacts = ports.readArtifacts(ports.assemblyFolder);
  const phases = await existing(ports, wanted, artifacts);
  const ended = (outcome: DeployOutcome, reasons: readonly string[], completedPhases = 0): DeployReport => ({
    outcome,
    phases,
    completedPhases,
    reasons,
  });
  if (options.dryRun) return ended('planned', []);
  const stacks = phases.flatMap((phase) => phase.stacks);
  if (stacks.length === 0) return ended('removed', ['nothing to remove: none of these stacks exists']);
  terminal.err(renderOrder(phases));
  const refusals = await stillRouted(ports, fleet, stacks, artifacts);
  if (refusals.length > 0) return ended('refused', [...refusals.map((refusal) => `refused: ${refusal}`), UNCHANGED]);
  const unconfirmed = await confirm(options, ports, stacks);
  if (unconfirmed !== undefined) return ended('declined', [unconfirmed, UNCHANGED]);
  for (const [index, phase] of phases.entries()) {
    for (const stack of phase.stacks) {
      const exitCode = await ports.cdk(['destroy', '--app', ports.assemblyFolder, '--exclusively', '--force', stack.stackName]);
      if (ports.interrupted())
        return ended(
          'stopped',
          ['stopped. What CloudFormation has begun goes on; run the same command again for the rest'],
          index,
        );
      const left = await ports.deployed.describe(stack.stackName, placeOf(stack, artifacts));
      if (exitCode !== 0 || left !== undefined) return ended('failed', [notRemoved(stack, left?.status)], index);
    }
  }
  terminal.err(
    `removed ${counted(stacks.length, 'stack')}. What holds data was kept: docs/destroy-and-adopt.md says how to adopt or remove it\n`,
  );
  return ended('removed', [], phases.length);
}

const UNCHANGED = 'nothing was removed';

function notRemoved({ stackName }: DeployStack, status: string | undefined): string {
  const state = status === undefined ? '' : ` (${status})`;
  return `${stackName} was not removed${state}: when termination protection is on, lower guards.terminationProtection with a reason and deploy first`;
}

/** The removal as asked for; a stamp that the configuration no longer has is known by its id alone. */
function removal(fleet: Fleet, { groups, stamp }: DeployOptions): readonly DeployPhase[] {
  const known = new Set(fleet.groups.flatMap((group) => group.stamps.map(({ id }) => id)));
  const gone = stamp.filter((id) => !known.has(id)).map((id) => goneStamp(fleet, id));
  const present = stamp.filter((id) => known.has(id));
  const phases =
    gone.length > 0 && present.length === 0 && groups.length === 0 ? [] : removalPhases(fleet, { groups, stamps: present });
  return gone.length === 0 ? phases : [{ name: 'other stamps', stacks: gone }, ...phases];
}

function goneStamp(fleet: Fleet, id: string): DeployStack {
  const { group, regionCode } = parseStampId(id);
  const place = fleet.regions.find(({ code }) => code === regionCode);
  if (group === '' || place === undefined)
    throw new StampError(
      'STAMP_UNKNOWN',
      `no stamp "${id}", and no Region "${regionCode}"`,
      `Name a stamp as <group>-<regionCode>, with one of the Regions ${fleet.regions.map(({ code }) => code).join(', ')}.`,
    );
  const account = fleet.groups.find(({ name }) => name === group)?.account ?? fleet.account;
  const { stack } = stampNames({ fleet: fleet.name, group, regionCode });
  return { stackName: stack, account, region: place.region, group, stamp: id };
}

function placeOf(stack: DeployStack, artifacts: ReadonlyMap<string, StackArtifact>): StackPlace {
  return artifacts.get(stack.stackName) ?? stack;
}

async function existing(
  { deployed }: DeployPorts,
  phases: readonly DeployPhase[],
  artifacts: ReadonlyMap<string, StackArtifact>,
): Promise<readonly DeployPhase[]> {
  const found: DeployPhase[] = [];
  for (const { name, stacks } of phases) {
    const present: DeployStack[] = [];
    for (const stack of stacks) {
      if ((await deployed.describe(stack.stackName, placeOf(stack, artifacts))) !== undefined) present.push(stack);
    }
    if (present.length > 0) found.push({ name, stacks: present });
  }
  return found;
}

/** A stamp whose name is still in the deployed records gets traffic: routing goes first, or is deployed without it. */
async function stillRouted(
  { deployed }: DeployPorts,
  fleet: Fleet,
  stacks: readonly DeployStack[],
  artifacts: ReadonlyMap<string, StackArtifact>,
): Promise<readonly string[]> {
  const refusals: string[] = [];
  for (const stack of stacks) {
    const { stackName, group, stamp } = stack;
    if (stamp === undefined || group === undefined) continue;
    const routing = groupNames(fleet.name, group).routingStack;
    if (stacks.some((other) => other.stackName === routing)) continue;
    const zone = fleet.groups.find(({ name }) => name === group)?.zone ?? fleet.zone;
    const { lookupRoleArn } = placeOf(stack, artifacts);
    const template = await deployed.template(routing, {
      region: fleet.routingRegion,
      // The bootstrap makes the same role in every Region.
      ...(lookupRoleArn !== undefined && { lookupRoleArn: lookupRoleArn.replace(stack.region, fleet.routingRegion) }),
    });
    if (template === undefined) continue;
    const record = stampRecordName(group, parseStampId(stamp).regionCode, zone.name);
    if (JSON.stringify(template).includes(`"${record}`))
      refusals.push(
        `${stackName}: the deployed records of ${routing} still lead to it. Take the stamp out of stamps/, run npx stampkit lock and deploy ${group} first, or remove the whole group`,
      );
  }
  return refusals;
}

/** @returns why not, `undefined` when every stack was confirmed by its exact name */
async function confirm(
  options: DeployOptions,
  { ask }: DeployPorts,
  stacks: readonly DeployStack[],
): Promise<string | undefined> {
  const open = stacks.filter(({ stackName }) => !options.confirm.includes(stackName));
  if (open.length > 0 && ask === undefined)
    return `stopped: confirm the exact name of each stack: ${open.map(({ stackName }) => `--confirm ${stackName}`).join(' ')}`;
  for (const { stackName, region } of open) {
    const answer = await ask?.(`Remove the stack ${stackName} in ${region}? Type its exact name: `);
    if (answer?.trim() !== stackName) return `stopped: that is not ${stackName}`;
  }
  return undefined;
}
