import type { LagReading } from '../../ports';
import { isEvacuated, reachableControls, unreachableControls, type Writer } from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { AuroraObservation, StampObservation } from '../observation';
import type { OperationRequest } from '../request';
import { engineVersion } from './engine-version';
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
    // Nobody answers for it, and the database may be all right: better than an old Region that is down.
    const say = target.health === 'unknown' && !planned ? warn : refuse;
    findings.push(
      say(
        'target-not-healthy',
        target.stamp,
        `${target.stamp} is ${target.health}${target.reasons.length > 0 ? ` (${target.reasons.join(', ')})` : ''}`,
        say === warn
          ? 'Its database answers and can be promoted. Look at the stamp: its health function is what has to see the database take writes'
          : 'Make it healthy first: traffic would go from one broken stamp to another',
      ),
    );
  }
  findings.push(...switchFindings(given));
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
  findings.push(...versionFindings(given));
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
  if (how !== 'switchover') {
    findings.push(judgeLoss(lag, { group: group.name, rpo, allowed: request.allowDataLoss === true, now }));
    if (how === 'managed-failover') findings.push(...cappedLag(given));
    if (old.health === 'unknown' && lag !== undefined && now - lag.at <= FRESH_MS) findings.push(seemsAlive(old, lag));
  }
  return findings;
}

/** A lag that was measured within this time, in milliseconds, comes from a source that lived then; metrics are late by up to two minutes. */
const FRESH_MS = 180_000;

/** Nothing of the old Region answers here, and its database was still replicating a moment ago. */
function seemsAlive(old: StampObservation, lag: LagReading): OperationFinding {
  return warn(
    'old-region-unreachable',
    old.stamp,
    `nothing in ${old.region} answers this machine, and its database was ${lag.seconds} s ahead when last measured, minutes ago at most: it may be this machine's own network that failed`,
    'Look from another network before you promote: what the old database still takes would be lost',
  );
}

/**
 * The home member caps the lag of its secondaries, and the only one that is left to follow it is the one that failed: the new writer would
 * take no commit before that is rebuilt (aws-facts 4.1).
 */
function cappedLag({ view: { group }, target }: Judged): OperationFinding[] {
  const { database } = group;
  const cap = database.engine === 'aurora-postgresql' ? database.maxReplicationLag : undefined;
  if (cap === undefined || group.stamps.find((stamp) => stamp.id === target.stamp)?.home !== true) return [];
  return [
    warn(
      'commits-would-wait',
      target.stamp,
      `${target.stamp} is the home member, whose rds.global_db_rpo (${cap} s) makes commits wait until another member follows; after this failover none does`,
      'Right after the promotion set rds.global_db_rpo of its cluster parameter group back to its default (aws rds reset-db-cluster-parameter-group); deploy the stamp again when the old Region follows',
    ),
  ];
}

/** Managed ways need one minor version; whether patch levels may differ only AWS says (aws-facts 4.1). */
function versionFindings({ view, database, target, old, how }: Judged): OperationFinding[] {
  const cluster = database.clusters[target.region];
  const wanted = database.global?.engineVersion;
  if (cluster === undefined || wanted === undefined) return [];
  const message = `${target.stamp} runs ${cluster.engineVersion} and the global cluster ${wanted}`;
  if (how === 'detach') {
    return old.health === 'healthy'
      ? [
          refuse(
            'versions-differ',
            view.group.name,
            message,
            'Bring both to one version first; only a detachment is left, and it is for outages',
          ),
        ]
      : [];
  }
  if (engineVersion(cluster.engineVersion).patch === engineVersion(wanted).patch) return [];
  return [
    warn(
      'versions-differ',
      view.group.name,
      `${message}: some versions have to agree to the patch level`,
      `Bring both to one patch level. If AWS refuses the promotion in an outage, detach by hand (aws rds remove-from-global-cluster --region ${target.region} --global-cluster-identifier ${database.globalIdentifier} --db-cluster-identifier ARN) and repeat the failover: it goes on from there`,
    ),
  ];
}

/** Switches that nobody can throw or read now. */
function switchFindings({ target, old, planned }: Judged): OperationFinding[] {
  const findings: OperationFinding[] = [];
  if (!planned && reachableControls(old, [old.region]).length === 0) {
    findings.push(
      warn(
        'control-regions-unreachable',
        old.stamp,
        `no control Region answers: ${old.stamp} is not evacuated, and only its failing health check keeps users away`,
        `Evacuate it as soon as one answers, before ${old.region} is back: stampkit evacuate ${old.stamp}`,
      ),
    );
  }
  const silent = isEvacuated(target) ? unreachableControls(target, []) : [];
  if (silent.length > 0) {
    findings.push(
      (planned ? refuse : warn)(
        'switch-not-cleared',
        target.stamp,
        `the switch of ${target.stamp} in ${silent.join(', ')} cannot be cleared; if it says evacuated, both stamps would be out of service`,
        planned ? 'Wait until the control Region answers' : 'Watch the answers; clear it as soon as the control Region is back',
      ),
    );
  }
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
