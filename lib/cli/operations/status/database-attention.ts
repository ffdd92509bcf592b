import { inform, type OperationFinding, warn } from '../../../operations/finding-codes';
import type { GroupView } from '../../../operations/group-view';
import type { Observation } from '../../../operations/observation';
import type { LagReading } from '../../../ports';
import { ageText } from '../times';

/** A lag that was measured longer ago than this, in milliseconds, says nothing about now. */
const FRESH_MS = 300_000;

/** Replication as people ask about it: from where to where, how far behind, how long ago that was seen. */
export interface LagLine {
  readonly to: string;
  readonly from?: string;
  readonly lag: LagReading | undefined;
}

export function lagLines({ group }: GroupView, { database }: Observation): LagLine[] {
  switch (database.engine) {
    case 'aurora': {
      const writer = database.global?.members.find((member) => member.writer)?.region;
      return group.stamps
        .map((stamp) => stamp.shape.region)
        .filter((region) => region !== writer && database.clusters[region]?.globalCluster !== undefined)
        .map((to) => ({ to, lag: database.lag[to] }));
    }
    case 'dynamodb':
      return Object.entries(database.lag).map(([pair, lag]) => {
        const [from = '', to = ''] = pair.split('>');
        return { from, to, lag };
      });
    case 'none':
      return [];
  }
}

/** What the database says that somebody should know before it matters. */
export function databaseAttention(view: GroupView, observation: Observation, now: number): OperationFinding[] {
  const { database } = observation;
  const { name, objectives } = view.group;
  const { rpo } = objectives.availability;
  const findings: OperationFinding[] = [];
  for (const { from, to, lag } of lagLines(view, observation)) {
    const way = from === undefined ? `the replica in ${to}` : `${to} behind ${from}`;
    const fix = 'A failover now would lose that much: look at the load of the writer and at the replica';
    if (lag === undefined) findings.push(warn('lag-above-rpo', name, `no lag is reported for ${way}`, fix));
    else if (lag.seconds > rpo)
      findings.push(warn('lag-above-rpo', name, `${way}: ${lag.seconds} s, the objective is ${rpo} s`, fix));
    else if (now - lag.at > FRESH_MS)
      findings.push(warn('lag-above-rpo', name, `the lag of ${way} was last reported ${ageText(now - lag.at)} ago`, fix));
  }
  if (database.engine !== 'aurora') return findings;
  const going = database.global?.failover;
  if (going !== undefined) {
    const where = going.toRegion ?? 'another Region';
    findings.push(
      inform('writer-changing', name, `the writer is on its way to ${where} (${going.status})`, 'Wait until it is there'),
    );
  }
  const versions = new Set(Object.values(database.clusters).map((cluster) => cluster.engineVersion));
  if (versions.size > 1) {
    const message = `the members run ${[...versions].sort().join(' and ')}: only a detachment could move the writer`;
    findings.push(warn('versions-differ', name, message, 'Bring all members to one version (aws-facts 4.1)'));
  }
  return findings;
}
