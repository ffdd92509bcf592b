import { inform, type OperationFinding, refuse, warn } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { Observation } from '../observation';
import type { Plan } from '../plan';

/** Observations that were begun longer ago than this, in milliseconds, are not acted on (design 8). */
export const OBSERVATION_LIFETIME_MS = 120_000;

export interface SafetyOptions {
  /** Milliseconds since 1970 on the clock that `observedAt` was read from. */
  readonly now: number;
  /** The process's own holder name: its own lease is in nobody's way. */
  readonly holder?: string;
  /** Unfinished operation that the new one replaces. */
  readonly supersedes?: string;
  /** The operator goes without a lease. */
  readonly breakGlass?: boolean;
}

/** What holds for every operation: fresh eyes, nobody else at work, somewhere to write the lease and the switches. */
export function generalFindings(
  view: GroupView,
  observation: Observation,
  plan: Plan,
  options: SafetyOptions,
): OperationFinding[] {
  const group = view.group.name;
  const findings: OperationFinding[] = [];
  const age = options.now - observation.observedAt;
  if (age > OBSERVATION_LIFETIME_MS || age < 0) {
    findings.push(
      refuse(
        'observation-stale',
        group,
        `what was read is ${Math.round(age / 1000)} s old`,
        'Run the command again: it looks first',
      ),
    );
  }
  findings.push(...leaseFindings(group, observation, options), ...switchFindings(plan), ...unreachableControls(observation));
  return findings;
}

function leaseFindings(group: string, { lease, controlTable }: Observation, options: SafetyOptions): OperationFinding[] {
  if (lease === 'unknown' || controlTable.length === 0) {
    return options.breakGlass === true
      ? [
          warn(
            'break-glass',
            group,
            'no replica of the control table answers: nothing keeps a second operator out',
            'Run `stampkit journal reconcile --go` when it is back',
          ),
        ]
      : [
          refuse(
            'control-table-unreachable',
            group,
            'no replica of the control table answers, so nobody can say who else works on the group',
            'When you know that you are alone: --break-glass --reason "..."',
          ),
        ];
  }
  if (options.breakGlass === true) {
    return [
      refuse(
        'break-glass',
        group,
        `the control table answers in ${controlTable.join(', ')}: there is no reason to break the glass`,
        'Leave --break-glass out',
      ),
    ];
  }
  if (lease === undefined || lease.holder === options.holder) return [];
  if (lease.unfinished !== undefined && lease.unfinished !== options.supersedes) {
    const { operator, unfinished } = lease;
    if (lease.state === 'held' && lease.yields === true) {
      return [
        refuse(
          'operation-in-progress',
          group,
          `${operator} works beside the live data of ${group} (${unfinished})`,
          `Wait, or go first and end it: --supersede ${unfinished}. What it has made by then is left beside the live data; make it again later`,
        ),
      ];
    }
    return [
      lease.state === 'held'
        ? refuse(
            'operation-in-progress',
            group,
            `${operator} works on ${group} (${unfinished})`,
            `Talk to them. If they are gone: stampkit journal resume ${unfinished}, or replace it with --supersede ${unfinished}`,
          )
        : refuse(
            'unfinished-operation',
            group,
            `${unfinished} by ${operator} was begun and has not ended`,
            `Go on with it (stampkit journal resume ${unfinished}), or replace it with --supersede ${unfinished}`,
          ),
    ];
  }
  if (lease.state === 'held' && options.supersedes === undefined) {
    return [
      refuse(
        'operation-in-progress',
        group,
        `${lease.operator} holds the lease of ${group}`,
        'Talk to them, or wait: a silent holder loses it',
      ),
    ];
  }
  return [];
}

/** A switch that cannot be thrown anywhere moves nothing. */
function switchFindings(plan: Plan): OperationFinding[] {
  return plan.steps.flatMap((step) =>
    step.action.do === 'put-switch' && step.action.controls.length === 0
      ? [
          refuse(
            'control-regions-unreachable',
            step.action.stamp,
            'no control Region that may be called answers, so its switch cannot be thrown',
            'Wait until one does. Without any, only health checks move traffic',
          ),
        ]
      : [],
  );
}

function unreachableControls({ stamps }: Observation): OperationFinding[] {
  const silent = new Set(
    stamps.flatMap((stamp) => stamp.switches.filter((each) => each.state === 'unknown').map((each) => each.code)),
  );
  return [...silent]
    .sort()
    .map((code) =>
      inform(
        'control-region-unreachable',
        code,
        `the switches in ${code} cannot be read`,
        'The plan goes on with the others and says what is left',
      ),
    );
}
