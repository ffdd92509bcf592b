import { NUMBER_RANGES } from '../../facts/limits';
import type { Finding } from '../../findings';
import type { GroupConfig, WorkerConfig } from '../types';
import { durationText, groupPlace, report } from './context';

/** Numbers of the worker and its queue that contradict each other. */
export function checkWorker(group: GroupConfig): Finding[] {
  const { worker } = group;
  return worker === undefined
    ? []
    : [...checkTasks(group, worker), ...checkPace(group, worker), ...checkRetention(group, worker)];
}

function checkTasks(group: GroupConfig, { minTasks, maxTasks }: WorkerConfig): Finding[] {
  if (maxTasks >= minTasks && maxTasks > 0) return [];
  const message = `maxTasks ${maxTasks} is below minTasks ${minTasks}, or zero`;
  return [
    report('worker-tasks-range', groupPlace(group, 'worker', 'maxTasks'), message, `Write at least ${Math.max(1, minTasks)}`),
  ];
}

function checkPace(group: GroupConfig, worker: WorkerConfig): Finding[] {
  const { averageProcessing, maxLatency, visibilityTimeout, stopTimeout } = worker;
  const findings: Finding[] = [];
  const average = `averageProcessing ${averageProcessing}s`;
  if (averageProcessing >= maxLatency) {
    const message = `${average} is no less than maxLatency ${durationText(maxLatency)}: a message alone in the queue would be late`;
    const fix = 'Raise maxLatency, or split the work into smaller messages';
    findings.push(report('worker-slower-than-latency', groupPlace(group, 'worker', 'averageProcessing'), message, fix));
  }
  const where = groupPlace(group, 'worker', 'visibilityTimeout');
  const { max } = NUMBER_RANGES.visibilityTimeout;
  if (visibilityTimeout > max) {
    const message = `visibilityTimeout ${durationText(visibilityTimeout)} is refused: SQS takes at most ${durationText(max)}`;
    findings.push(report('worker-visibility-range', where, message, `Write at most ${durationText(max)}`));
  } else if (visibilityTimeout <= averageProcessing) {
    const message = `visibilityTimeout ${durationText(visibilityTimeout)} is no longer than ${average}: every other message would be processed twice`;
    const fix = `Write ${durationText(Math.ceil(averageProcessing * 6))} or more, six times the average`;
    findings.push(report('worker-visibility-too-short', where, message, fix));
  }
  if (stopTimeout <= averageProcessing) {
    const message = `stopTimeout ${durationText(stopTimeout)} is no longer than ${average}: stopping tasks leave messages half done`;
    const fix = 'Raise stopTimeout (at most 120s), or make half-done messages safe to repeat';
    findings.push(report('worker-stop-too-short', groupPlace(group, 'worker', 'stopTimeout'), message, fix));
  }
  return findings;
}

function checkRetention(group: GroupConfig, { retention, maxLatency }: WorkerConfig): Finding[] {
  const where = groupPlace(group, 'worker', 'retention');
  const { min, max } = NUMBER_RANGES.messageRetention;
  if (retention < min || retention > max) {
    const message = `retention ${durationText(retention)} is refused: SQS takes ${durationText(min)} to ${durationText(max)}`;
    return [
      report(
        'worker-retention-range',
        where,
        message,
        `Write ${durationText(max)}: a Region that is gone keeps its messages until it returns`,
      ),
    ];
  }
  if (retention > maxLatency) return [];
  const message = `retention ${durationText(retention)} ends before maxLatency ${durationText(maxLatency)}: messages expire while they are still in time`;
  return [report('worker-retention-too-short', where, message, `Write ${durationText(max)}`)];
}
