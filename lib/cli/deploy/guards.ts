import type { StackArtifact } from '../../assembly/read-artifacts';
import type { DeployPhase, DeployStack } from '../../topology/deploy-order';
import { stampNames } from '../../topology/names';
import type { Fleet } from '../../topology/types';
import { inParallel } from '../../operations/observe/bounded';
import { judgeFloors, writesFloors } from './floor-guard';
import { judgePointer } from './pointer-guard';
import type { DeployOptions } from './options';
import type { DeployPorts } from './ports';
import { switchChanges } from './switch-guard';

export interface GuardReport {
  /** Why nothing may be deployed, one paragraph each. */
  readonly refusals: readonly string[];
  readonly notes: readonly string[];
  /** Routing stack -> logical ids of deployed checks that have to be healthy before it is updated. */
  readonly attach: ReadonlyMap<string, readonly string[]>;
}

/** Looks at what is deployed before anything is changed. */
export async function runGuards(
  ports: DeployPorts,
  fleet: Fleet,
  phases: readonly DeployPhase[],
  artifacts: ReadonlyMap<string, StackArtifact>,
  allowed: Pick<DeployOptions, 'allowPointerReset' | 'allowUnreadFloors'>,
): Promise<GuardReport> {
  const refusals: string[] = [];
  const notes: string[] = [];
  const attach = new Map<string, readonly string[]>();
  for (const { name, stacks } of phases) {
    for (const stack of stacks) {
      const artifact = artifacts.get(stack.stackName);
      if (artifact === undefined) continue;
      if (stack.stamp !== undefined) {
        const { refusal, note } = await guardPointer(ports, fleet, stack, artifact, allowed.allowPointerReset);
        if (refusal !== undefined) refusals.push(refusal);
        if (note !== undefined) notes.push(note);
      }
      if (name === 'routing') {
        const deployed = await ports.deployed.template(stack.stackName, artifact);
        if (deployed === undefined) continue;
        const changes = switchChanges(deployed, ports.readTemplate(artifact.templatePath));
        if (changes.unseen.length > 0) refusals.push(unseenChecks(stack.stackName, changes.unseen));
        if (changes.attached.length > 0) attach.set(stack.stackName, changes.attached);
      }
    }
  }
  await guardFloors(ports, fleet, phases, artifacts, { refusals, notes, allowed: allowed.allowUnreadFloors });
  return { refusals, notes, attach };
}

/** Groups that are looked at at once. */
const GROUPS_AT_ONCE = 8;
/** A stack that was never completed: nobody is served by it, and the first deployment goes on. */
const NEVER_COMPLETED = /^(CREATE_IN_PROGRESS|CREATE_FAILED|REVIEW_|ROLLBACK_|DELETE_)/;

/** Only groups of which some deployed stamp has floors that this deployment would write are looked at. */
async function guardFloors(
  ports: DeployPorts,
  fleet: Fleet,
  phases: readonly DeployPhase[],
  artifacts: ReadonlyMap<string, StackArtifact>,
  report: { readonly refusals: string[]; readonly notes: string[]; readonly allowed: boolean },
): Promise<void> {
  const { deployed, readTemplate, observe, deadRegions } = ports;
  const wanted = new Map<string, { readonly stamp: string; readonly stackName: string; readonly written: boolean }[]>();
  for (const { stackName, stamp } of phases.flatMap((phase) => phase.stacks)) {
    const artifact = artifacts.get(stackName);
    const group = fleet.groups.find((each) => each.stamps.length > 1 && each.stamps.some(({ id }) => id === stamp));
    if (artifact === undefined || stamp === undefined || group === undefined) continue;
    const [live, stack] = await Promise.all([deployed.template(stackName, artifact), deployed.describe(stackName, artifact)]);
    if (live === undefined || stack === undefined || NEVER_COMPLETED.test(stack.status)) continue;
    const written = writesFloors(live, readTemplate(artifact.templatePath));
    wanted.set(group.name, [...(wanted.get(group.name) ?? []), { stamp, stackName, written }]);
  }
  const touched = [...wanted].filter(([, stamps]) => stamps.some(({ written }) => written));
  await inParallel(
    GROUPS_AT_ONCE,
    touched.map(([group, stamps]) => async () => {
      const seen = await observe(fleet, group, [...artifacts.values()]);
      for (const stamp of stamps) {
        const { refusal, note } = judgeFloors(fleet, seen, { ...stamp, allowed: report.allowed, deadRegions });
        if (refusal !== undefined) report.refusals.push(refusal);
        if (note !== undefined) report.notes.push(note);
      }
    }),
  );
}

async function guardPointer(
  { deployed, readTemplate }: DeployPorts,
  fleet: Fleet,
  { stackName, stamp = '' }: DeployStack,
  artifact: StackArtifact,
  allowed: boolean,
): Promise<{ readonly refusal?: string; readonly note?: string }> {
  const [template, stack] = await Promise.all([deployed.template(stackName, artifact), deployed.describe(stackName, artifact)]);
  if (template === undefined || stack === undefined) return {};
  const { databaseParameter } = namesOf(fleet, stamp);
  const verdict = judgePointer({
    deployed: template,
    next: readTemplate(artifact.templatePath),
    deployedTags: stack.tags,
    nextTags: artifact.tags,
    parameterName: databaseParameter,
    live: await deployed.parameter(databaseParameter, artifact),
  });
  switch (verdict) {
    case 'untouched':
      return {};
    case 'cut-over-kept':
      return { note: `${stackName}: ${databaseParameter} points at a restored database, and this deployment leaves it there` };
    case 'would-be-reset':
      if (allowed)
        return { note: `${stackName}: this deployment points ${databaseParameter} back at the database of the template` };
      return {
        refusal: [
          `${stackName}: ${databaseParameter} was cut over to a restored database, and this deployment would point it back.`,
          'It changes the stack’s tags or the parameter, so CloudFormation writes the value that the template holds.',
          'Deploy without that change, or say --allow-pointer-reset if the database of the template is the one to use.',
        ].join('\n  '),
      };
  }
}

function namesOf(fleet: Fleet, id: string): { readonly databaseParameter: string } {
  const stamp = fleet.groups.flatMap((group) => group.stamps).find((candidate) => candidate.id === id);
  return stamp?.values.names ?? stampNames({ fleet: fleet.name, group: '', regionCode: id });
}

function unseenChecks(stackName: string, checks: readonly string[]): string {
  return [
    `${stackName}: this deployment would make checks and count them at once: ${checks.join(', ')}.`,
    'A new inverted check is unhealthy until it has data, so every stamp of the group would be taken out for minutes.',
    'Put the new control Region under control.joining and deploy; when its checks are healthy, move it to control.regions and deploy again.',
  ].join('\n  ');
}
