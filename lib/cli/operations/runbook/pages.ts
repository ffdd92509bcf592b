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
  /** Commands that come before it, in their order. */
  readonly first: readonly string[];
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

interface Draft extends Omit<RunbookPage, 'prepared' | 'answers' | 'before' | 'first'> {
  readonly situation: Situation;
  /** The group as the commands before have left it. Default: as it is configured. */
  readonly view?: GroupView;
  readonly first?: readonly string[];
  readonly request: OperationRequest;
  readonly answers?: readonly string[];
  readonly before?: readonly string[];
}

/** Every page of a group, in the order in which a bad night needs them. */
export function runbookPages(view: GroupView): RunbookPage[] {
  const drafts = view.group.mode === 'active-passive' ? activePassive(view) : activeActive(view);
  return [...drafts, ...rehoming(view), ...restores(view)].flatMap(
    ({ situation, request, answers = [], before = [], first = [], view: changed = view, ...draft }) => {
      // Nothing of a plan depends on the hash function; a runbook shows no hash, because the real situation has another one.
      const prepared = prepare(request, changed, observationIn(changed, situation), { now: MODEL_NOW }, () => '');
      return prepared.plan === undefined ? [] : [{ ...draft, prepared, answers, before, first }];
    },
  );
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

/** The home Region will not come back: what is global gets a stack in another one. */
function rehoming(view: GroupView): Draft[] {
  const { name, names, mode, stamps } = view.group;
  const lost = stamps.find((stamp) => stamp.home);
  const home = stamps.find((stamp) => !stamp.home);
  if (lost === undefined || home === undefined) return [];
  const file = `groups/${name}.yaml`;
  const rehome: OperationRequest = {
    operation: 'rehome',
    group: name,
    lost: lost.regionCode,
    reason: `${lost.regionCode} is lost`,
  };
  const aurora = engineOf(view) === 'aurora';
  return [
    {
      title: `${lost.shape.region} is lost for good`,
      when: `${lost.shape.region} will not come back, or is given up. Its stack \`${names.dataStack}\` defined the global ${aurora ? 'cluster' : 'table'} of the group, so another Region has to become its home. The data lives on; nothing hurries.`,
      before: [
        mode === 'active-passive'
          ? `Users are served by ${home.id}: the page about ${lost.shape.region} above comes first. \`settle\` then makes it the preferred primary in ${file}.`
          : `Take ${lost.id} out of service as above. Then put ${home.regionCode}, or another Region that is well, first under \`placement.regions\` in ${file}: the first one becomes home.`,
        'Commit what the first lines write. The last one shows its plan, like all others: its hash comes from there.',
      ],
      first: [
        ...(mode === 'active-passive' ? [`npx stampkit settle ${name}`] : []),
        `npx stampkit lock --rehome ${name} --reason "WHY"`,
      ],
      command: `npx stampkit rehome ${name} --lost ${lost.regionCode}`,
      situation: { gone: [lost.id], evacuated: [lost.id], writer: home.id },
      view: atHomeIn(view, home.id, lost.id),
      request: rehome,
    },
  ];
}

/** The group after `lock --rehome`. */
function atHomeIn({ fleet, group }: GroupView, home: string, lost: string): GroupView {
  const roleOf = (id: string): StampSpec['preferredRole'] | undefined =>
    group.stamps.find((stamp) => stamp.id === id)?.preferredRole;
  const stamps = group.stamps.map((stamp): StampSpec => {
    const role = stamp.id === home ? roleOf(lost) : stamp.id === lost ? roleOf(home) : stamp.preferredRole;
    return { ...stamp, home: stamp.id === home, preferredRole: role ?? stamp.preferredRole };
  });
  return { fleet, group: { ...group, stamps } };
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
