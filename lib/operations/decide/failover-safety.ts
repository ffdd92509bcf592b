import type { Writer } from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { AuroraObservation, StampObservation } from '../observation';
import type { OperationRequest } from '../request';
import { judgeLoss } from './loss';

/** How the writer moves. */
export type How = 'switchover' | 'managed-failover' | 'detach';

/** What the judgement of a failover reads. */
export interface Judged {
  readonly request: Extract<OperationRequest, { operation: 'failover' }>;
  readonly view: GroupView;
  readonly database: AuroraObservation;
  readonly target: StampObservation;
  readonly old: StampObservation;
  readonly writers: readonly Writer[];
  readonly how: How;
  readonly planned: boolean;
  readonly promoted: boolean;
  readonly now: number;
}

/** Whether the target may take over, and what that costs. */
export function judgeFailover(given: Judged): OperationFinding[] {
  const { request, view, database, target, old, writers, how, planned, promoted, now } = given;
  const { group } = view;
  const rpo = group.objectives.availability.rpo;
  const findings: OperationFinding[] = [];
  const cluster = database.clusters[target.region];
  const going = database.global?.failover;
  if (writers.length > 1) findings.push(splitBrain(group.name, writers));
  if (going !== undefined && going.toRegion !== target.region) {
    findings.push(
      refuse(
        'writer-changing',
        group.name,
        `the writer is on its way to ${going.toRegion ?? 'another Region'} (${going.status})`,
        'Wait until it is there, then look again',
      ),
    );
  }
  if (target.reach === 'gone' || cluster === undefined) {
    findings.push(
      refuse(
        'target-unreachable',
        target.stamp,
        `nothing in ${target.region} says that it can take over`,
        'Look at the Region; without a second Region only a restore is left (stampkit restore)',
      ),
    );
  } else if (target.health !== 'healthy') {
    findings.push(
      refuse(
        'target-not-healthy',
        target.stamp,
        `${target.stamp} is ${target.health}${target.reasons.length > 0 ? ` (${target.reasons.join(', ')})` : ''}`,
        'Make it healthy first: traffic would go from one broken stamp to another',
      ),
    );
  }
  if (promoted) return findings;
  const listed = database.global?.members.find((member) => member.region === target.region);
  if (cluster !== undefined && listed === undefined) {
    findings.push(
      refuse(
        'target-not-replica',
        target.stamp,
        `${member(given)} is no member of ${database.globalIdentifier}`,
        `Rebuild it as a replica first: stampkit return ${target.stamp}`,
      ),
    );
  }
  if (how === 'detach' && old.health === 'healthy') {
    findings.push(
      refuse(
        'versions-differ',
        group.name,
        `${target.stamp} runs ${cluster?.engineVersion ?? '?'} and the global cluster ${database.global?.engineVersion ?? '?'}`,
        'Bring both to one version first; only a detachment is left, and it is for outages',
      ),
    );
  }
  const lag = database.lag[target.region];
  if (planned && (lag === undefined || lag.seconds > rpo)) {
    findings.push(
      warn(
        'lag-above-rpo',
        target.stamp,
        lag === undefined ? 'no lag is reported' : `${lag.seconds} s behind, the objective is ${rpo} s`,
        'The plan waits until it is below, and fails otherwise',
      ),
    );
  }
  if (how !== 'switchover')
    findings.push(judgeLoss(lag, { group: group.name, rpo, allowed: request.allowDataLoss === true, now }));
  return findings;
}

function member({ target, database }: Judged): string {
  return database.identifiers[target.region] ?? target.stamp;
}

export function splitBrain(group: string, writers: readonly Writer[]): OperationFinding {
  const names = writers.map((writer) => `${writer.cluster} in ${writer.region}`).join(' and ');
  return refuse(
    'split-brain',
    group,
    `two databases take writes: ${names}`,
    `Keep the stamp of the older one evacuated and rebuild it: stampkit return ${writers.at(-1)?.stamp ?? 'STAMP'}`,
  );
}

export function noSuchRegion(view: GroupView, region: string): OperationFinding {
  const regions = view.group.stamps.map((stamp) => stamp.regionCode).join(', ');
  return refuse('unknown-region', view.group.name, `${view.group.name} has no stamp in ${region}`, `Use one of ${regions}`);
}

export function onlyOne(group: string): OperationFinding {
  return refuse(
    'single-stamp',
    group,
    `${group} has one stamp: there is nowhere to go`,
    'Restore it in place, or give the group a second Region',
  );
}
