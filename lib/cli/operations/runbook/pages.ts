import { prepare, type Prepared } from '../../../operations/decide/prepare';
import { engineOf, type GroupView } from '../../../operations/group-view';
import type { OperationRequest } from '../../../operations/request';
import type { StampSpec } from '../../../topology/types';
import { MODEL_NOW, observationIn, type Situation } from './situation';

/** One page of a runbook: what has happened, the command, and the plan that it makes. */
export interface RunbookPage {
  readonly title: string;
  readonly when: string;
  readonly command: string;
  readonly prepared: Prepared;
  /** Failures of the proof whose bounds this page is the answer to. */
  readonly answers: readonly string[];
  /** What somebody decides before, if there is anything to decide. */
  readonly before: readonly string[];
}

/** Why, in every plan of a runbook. */
const REASON = 'WHY';
/** Stands for the id of a restore, which depends on the moment that is gone back to. */
export const RESTORE_ID = 'r19700101t000000';

interface Draft extends Omit<RunbookPage, 'prepared' | 'answers' | 'before'> {
  readonly situation: Situation;
  readonly request: OperationRequest;
  readonly answers?: readonly string[];
  readonly before?: readonly string[];
}

/** Every page of a group, in the order in which a bad night needs them. */
export function runbookPages(view: GroupView): RunbookPage[] {
  const drafts = view.group.mode === 'active-passive' ? activePassive(view) : activeActive(view);
  return [...drafts, ...restores(view)].flatMap(({ situation, request, answers = [], before = [], ...draft }) => {
    // Nothing of a plan depends on the hash function; a runbook shows no hash, because the real situation has another one.
    const prepared = prepare(request, view, observationIn(view, situation), { now: MODEL_NOW }, () => '');
    return prepared.plan === undefined ? [] : [{ ...draft, prepared, answers, before }];
  });
}

function activePassive(view: GroupView): Draft[] {
  const { group } = view;
  const primary = group.stamps.find((stamp) => stamp.preferredRole === 'primary');
  const standby = group.stamps.find((stamp) => stamp.preferredRole === 'standby');
  if (primary === undefined || standby === undefined) return [];
  const aurora = engineOf(view) === 'aurora';
  const to = `npx stampkit failover ${group.name} --to ${standby.regionCode}`;
  const failover: OperationRequest = { operation: 'failover', group: group.name, to: standby.regionCode, reason: REASON };
  return [
    {
      title: `${primary.shape.region} is lost or impaired`,
      when: `Users of ${group.name} are not served, or cannot write, and ${primary.id} does not recover.`,
      command: `${to} --reason "WHY"`,
      situation: { gone: [primary.id] },
      request: failover,
      answers: [`region:${primary.regionCode}`, `stamp:${primary.id}`, `database:${primary.id}`],
      before: aurora
        ? [
            `Is the loss acceptable? The plan says how far behind the replica was when its source fell silent. Above ${group.objectives.availability.rpo} s, or unknown, it asks for \`--allow-data-loss\`.`,
            'Unknown is not dead: look from a second network before you promote.',
          ]
        : ['Unknown is not dead: look from a second network before you move users.'],
    },
    {
      title: `Move to ${standby.shape.region} on purpose`,
      when: `Maintenance, a drill, or ${primary.shape.region} is getting worse and still answers.`,
      command: `${to} --reason "WHY"`,
      situation: {},
      request: failover,
    },
    ...back(view, primary, standby, aurora),
    ...evacuation(view, standby),
  ];
}

function back(view: GroupView, primary: StampSpec, standby: StampSpec, aurora: boolean): Draft[] {
  const { name } = view.group;
  return [
    {
      title: `${primary.shape.region} answers again after a failover`,
      when: `\`npx stampkit status ${name}\` shows ${primary.id} reachable. It stays evacuated until its database follows the writer again.`,
      command: `npx stampkit return ${primary.id}`,
      situation: { evacuated: [primary.id], writer: standby.id },
      request: { operation: 'return', group: name, stamp: primary.id, reason: REASON },
      before: aurora ? ['Nothing is deleted here: what only the old side has is reported and kept.'] : [],
    },
    {
      title: `Back to ${primary.shape.region}`,
      when: `${primary.id} is healthy and follows the writer. Planned: it loses nothing.`,
      command: `npx stampkit failback ${name}`,
      situation: { evacuated: [primary.id], writer: standby.id },
      request: { operation: 'failback', group: name, reason: REASON },
      before: [`To stay in ${standby.shape.region} instead: \`npx stampkit settle ${name}\`, then deploy.`],
    },
  ];
}

function activeActive(view: GroupView): Draft[] {
  return view.group.stamps.length < 2 ? [] : view.group.stamps.flatMap((stamp) => evacuation(view, stamp));
}

function evacuation({ group }: GroupView, stamp: StampSpec): Draft[] {
  return [
    {
      title: `Take ${stamp.id} out of service`,
      when: `${stamp.id} answers wrongly or slowly and health checks do not see it, or it is to be worked on.`,
      command: `npx stampkit evacuate ${stamp.id} --reason "WHY"`,
      situation: {},
      request: { operation: 'evacuate', group: group.name, stamp: stamp.id, reason: REASON },
      answers: group.mode === 'active-active' ? [`region:${stamp.regionCode}`, `stamp:${stamp.id}`] : [],
    },
    {
      title: `Put ${stamp.id} back`,
      when: `${stamp.id} is well again.`,
      command: `npx stampkit readmit ${stamp.id}`,
      situation: { evacuated: [stamp.id] },
      request: { operation: 'readmit', group: group.name, stamp: stamp.id, reason: REASON },
    },
  ];
}

function restores(view: GroupView): Draft[] {
  const { name, stamps } = view.group;
  if (engineOf(view) === 'none' || stamps.every((stamp) => stamp.shape.backup === undefined)) return [];
  return [
    {
      title: 'Data is lost or wrong: restore',
      when: 'Somebody or something deleted or overwrote data. Replication has carried it everywhere: only backups help.',
      command: `npx stampkit restore ${name} --at TIME --reason "WHY"`,
      situation: {},
      request: { operation: 'restore', group: name, at: MODEL_NOW, reason: REASON },
      answers: [`data:${name}`],
      before: [
        `Which moment was still good? \`npx stampkit backups ${name} --points\` lists what there is.`,
        'Live data stays untouched: the restore stands beside it under another name.',
        `Then look at it, and \`npx stampkit restore ${name} --cutover ID\` to use it or \`--abandon ID\` to remove it; \`npx stampkit status ${name}\` shows the ID.`,
      ],
    },
  ];
}
