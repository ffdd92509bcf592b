import { activeStamp, auroraWriters, inService, isEvacuated, ledTo, writerStamp } from '../../../operations/facts';
import { inform, type OperationFinding, refuse, warn } from '../../../operations/finding-codes';
import { splitBrain } from '../../../operations/decide/failover-safety';
import { notAdopted } from '../../../operations/decide/restore';
import { engineOf, type GroupView, stampSpec } from '../../../operations/group-view';
import type { Observation, StampObservation } from '../../../operations/observation';
import { durationText } from '../../../operations/render-plan';
import { floorDifferences } from '../../../operations/safety/floors';
import type { GroupProof } from '../../../resilience/types';
import { judgeBackups } from '../backups/judge-backups';
import { ageText } from '../times';
import { databaseAttention } from './database-attention';
import type { StatusReading } from './read-status';

/** What somebody should look at. An empty list is what a quiet night looks like. */
export function attention(
  view: GroupView,
  reading: StatusReading,
  proof: GroupProof | undefined,
  now: number,
): OperationFinding[] {
  const { observation, vaults } = reading;
  return [
    ...observation.stamps.flatMap((stamp) => stampAttention(view, observation, stamp)),
    ...databaseAttention(view, observation, now),
    ...writerAttention(view, observation),
    ...answerAttention(view, observation),
    ...floorDifferences(view, observation),
    ...controlAttention(view, observation, reading, now),
    ...notAdopted(view.group.name, observation),
    ...judgeBackups(view, vaults, now),
    ...proofAttention(view, proof),
  ];
}

function stampAttention(view: GroupView, observation: Observation, stamp: StampObservation): OperationFinding[] {
  const findings: OperationFinding[] = [];
  const { stamp: id, health, reach, region } = stamp;
  const alone = view.group.stamps.length === 1;
  if (health === 'failing') {
    const why = stamp.reasons.length === 0 ? '' : ` (${stamp.reasons.join(', ')})`;
    const fix = alone
      ? 'It is the only stamp: mend it, or restore it'
      : `When it does not recover: stampkit failover ${view.group.name} --to ${other(view, observation, id)}`;
    findings.push(refuse('not-healthy', id, `${id} is failing${why}`, fix));
  } else if (health === 'unknown' || reach !== 'reachable') {
    const what =
      reach === 'gone' ? `nothing in ${region} answers` : reach === 'half' ? `${region} answers in part` : 'no verdict';
    const but = health === 'healthy' ? ', but ' : ': ';
    const fix =
      health === 'healthy'
        ? 'What did not answer is missing above: look again, and from another network'
        : [
            'Unknown is not dead: look from another network before you act',
            ...(alone || isEvacuated(stamp)
              ? []
              : [`when it is lost: stampkit failover ${view.group.name} --to ${other(view, observation, id)}`]),
          ].join('; ');
    findings.push(warn('not-healthy', id, `${id} is ${health}${but}${what}`, fix));
  }
  if (isEvacuated(stamp)) {
    const held = stamp.switches.filter((each) => each.state === 'evacuated');
    const [first] = held;
    const by = first?.operator === undefined ? '' : ` by ${first.operator}`;
    const why = first?.reason === undefined ? '' : `: ${first.reason}`;
    const codes = held.map((each) => each.code).join(', ');
    const open = stamp.switches.filter((each) => each.state === 'in-service').map((each) => each.code);
    const half = open.length === 0 ? '' : `, and not in ${open.join(', ')}`;
    findings.push(
      warn('evacuated', id, `${id} is evacuated in ${codes}${half}${by}${why}`, backInService(view, observation, id)),
    );
  }
  if (stamp.capacity !== undefined) {
    for (const kind of ['web', 'worker', 'instances'] as const) {
      const live = stamp.capacity[kind];
      if (live !== undefined && live.running < live.min) {
        const message = `${live.running} of at least ${live.min} ${kind === 'web' ? 'tasks' : kind} of ${id} run`;
        findings.push(
          warn('capacity-short', id, message, 'Look at the events of its ECS services: images, quotas, health checks'),
        );
      }
    }
  }
  findings.push(...queueAttention(view, stamp));
  return findings;
}

function queueAttention(view: GroupView, { stamp, queue }: StampObservation): OperationFinding[] {
  if (queue === undefined) return [];
  const limit = stampSpec(view, stamp).shape.worker?.maxLatency;
  const findings: OperationFinding[] = [];
  if (queue.deadLetters > 0) {
    const fix = `Mend what they fail on, then move them back: aws sqs start-message-move-task`;
    findings.push(warn('messages-wait', stamp, `${queue.deadLetters} dead letters in ${stamp}`, fix));
  }
  if (limit !== undefined && queue.oldestSeconds > limit) {
    const message = `the oldest of ${queue.visible} messages in ${stamp} waits for ${durationText(queue.oldestSeconds)}, at most ${durationText(limit)} is meant`;
    findings.push(warn('messages-wait', stamp, message, 'Look at its workers: too few, failing, or paused after a failover'));
  }
  return findings;
}

/** Users led to a stamp whose database cannot write, or two databases that do. */
function writerAttention(view: GroupView, observation: Observation): OperationFinding[] {
  const { group } = view;
  if (engineOf(view) !== 'aurora' || observation.database.engine !== 'aurora') return [];
  const writers = auroraWriters(observation, observation.database);
  if (writers.length > 1) return [splitBrain(group.name, writers)];
  const writer = writerStamp(view, observation);
  if (writer === undefined)
    return [refuse('no-writer', group.name, `nobody knows where the writer of ${group.name} is`, 'Look from another network')];
  const active = activeStamp(view, observation);
  const led = ledTo(observation);
  // Resolvers know; what the switches should do to them is only expected.
  const [users] = led.length > 0 ? led : active === undefined ? [] : [active];
  if (group.mode !== 'active-passive' || users === undefined || users === writer || led.includes(writer)) return [];
  const code = group.stamps.find((stamp) => stamp.id === users)?.regionCode ?? 'REGION';
  const message = `users are led to ${users}, and the writer is ${writer}`;
  return [refuse('not-the-writer', group.name, message, `Move the writer: stampkit failover ${group.name} --to ${code}`)];
}

function answerAttention({ group }: GroupView, { dns, ...observation }: Observation): OperationFinding[] {
  const serving = new Set(inService({ dns, ...observation }).map((stamp) => stamp.stamp));
  const findings: OperationFinding[] = [];
  const wrong = dns.filter((answer) => answer.error === undefined && answer.stamps.some((stamp) => !serving.has(stamp)));
  if (wrong.length > 0 && serving.size > 0) {
    const text = wrong.map((answer) => `${answer.vantage} -> ${answer.stamps.join('+')}`).join(', ');
    const fix = 'Resolvers keep an answer for its TTL; when it stays, look at the checks of the routing stack';
    findings.push(warn('answers-unexpected', group.name, `${group.recordName} still leads to evacuated stamps: ${text}`, fix));
  }
  if (dns.some((answer) => answer.foreign)) {
    const message = `${group.recordName} answers with addresses that no stamp has`;
    findings.push(warn('answers-unexpected', group.name, message, 'Somebody else has records of this name: stampkit resolve'));
  }
  return findings;
}

function controlAttention(
  { fleet, group }: GroupView,
  { lease, controlTable, stamps }: Observation,
  { operations }: StatusReading,
  now: number,
): OperationFinding[] {
  const findings: OperationFinding[] = [];
  const silent = fleet.control.table.replicaRegions.filter((region) => !controlTable.includes(region));
  if (silent.length > 0) {
    const all = controlTable.length === 0;
    const message = `the control table does not answer in ${silent.join(', ')}${all ? ': no operation could take its lease' : ''}`;
    findings.push(
      (all ? refuse : warn)(
        'control-table-unreachable',
        group.name,
        message,
        'Look at the Region; one replica is enough to operate',
      ),
    );
  }
  const switches = stamps.flatMap((stamp) => stamp.switches.filter((each) => each.state === 'unknown').map((each) => each.code));
  for (const code of [...new Set(switches)].sort())
    findings.push(
      warn('control-region-unreachable', code, `the switches in ${code} cannot be read`, 'One is enough to evacuate'),
    );
  if (lease === undefined || lease === 'unknown' || lease.unfinished === undefined) return findings;
  const { unfinished, operator, at } = lease;
  const age = ageText(now - Date.parse(at));
  if (lease.state === 'held') {
    const message = `${operator} works on ${group.name} (${unfinished}), last sign of life ${age} ago`;
    findings.push(
      inform('operation-in-progress', group.name, message, `If they are gone: stampkit journal resume ${unfinished}`),
    );
    return findings;
  }
  const how = operations?.find((each) => each.operation === unfinished)?.result ?? 'begun';
  findings.push(
    warn(
      'unfinished-operation',
      group.name,
      `${unfinished} by ${operator} was ${how} and has not come to its end`,
      `Go on with it (stampkit journal resume ${unfinished}), or replace it with --supersede ${unfinished}`,
    ),
  );
  return findings;
}

function proofAttention({ group }: GroupView, proof: GroupProof | undefined): OperationFinding[] {
  const violated = (proof?.verdicts ?? []).filter((verdict) => verdict.state === 'violated');
  return violated.length === 0
    ? []
    : [
        warn(
          'objective-violated',
          group.name,
          `the templates cannot keep what ${group.name} promises for ${violated
            .map((each) => each.failure)
            .slice(0, 4)
            .join(', ')}`,
          'See the arithmetic and the cheapest ways out: stampkit verify',
        ),
      ];
}

function other({ group }: GroupView, observation: Observation, id: string): string {
  const healthy = observation.stamps.find((stamp) => stamp.stamp !== id && stamp.health === 'healthy')?.stamp;
  return group.stamps.find((stamp) => stamp.id === healthy)?.regionCode ?? 'REGION';
}

/** What brings an evacuated stamp back: alone, or with the writer. */
function backInService(view: GroupView, observation: Observation, id: string): string {
  const { group } = view;
  const writer = writerStamp(view, observation);
  const preferred = stampSpec(view, id).preferredRole === 'primary';
  if (preferred && writer !== undefined && writer !== id)
    return `When it is well: stampkit return ${id} (after an unplanned failover), then stampkit failback ${group.name}`;
  return `When it may serve again: stampkit readmit ${id}`;
}
