import { isFargateSize, nextFargateSize } from '../../facts/fargate-sizes';
import { NUMBER_RANGES } from '../../facts/limits';
import { isReservedPath } from '../../facts/reserved-paths';
import type { Finding } from '../../findings';
import type { GroupConfig } from '../types';
import { durationText, groupPlace, report } from './context';

/** Tasks: their size, how they stop, and what carries them. */
export function checkCompute(group: GroupConfig): Finding[] {
  const { compute } = group;
  return [
    ...(compute.kind === 'fargate' ? checkFargate(group) : checkEc2(group)),
    ...checkStopping(group),
    ...checkScaling(group),
    ...checkHealthPath(group),
  ];
}

function checkFargate(group: GroupConfig): Finding[] {
  const { compute, worker } = group;
  const findings = [...checkSize(group, 'compute', compute), ...(worker === undefined ? [] : checkSize(group, 'worker', worker))];
  for (const key of ['instanceType', 'tasksPerInstance'] as const) {
    if (compute[key] === undefined) continue;
    const message = `${key} ${compute[key]} has no effect: the kind of compute is fargate`;
    findings.push(report('compute-key-ignored', groupPlace(group, 'compute', key), message, 'Remove it, or write kind: ec2'));
  }
  return findings;
}

function checkSize(group: GroupConfig, part: 'compute' | 'worker', { cpu, memory }: { cpu: number; memory: number }): Finding[] {
  if (isFargateSize(cpu, memory)) return [];
  const next = nextFargateSize(cpu, memory);
  const message = `Fargate has no task of ${cpu} CPU units and ${memory} MiB`;
  return [report('fargate-size', groupPlace(group, part, 'cpu'), message, `Write cpu: ${next.cpu} and memory: ${next.memory}`)];
}

function checkEc2(group: GroupConfig): Finding[] {
  const { instanceType, architecture } = group.compute;
  if (instanceType === undefined) {
    const fix = `Write instanceType: ${architecture === 'arm64' ? 'm7g.large' : 'm7i.large'}, or kind: fargate`;
    return [report('instance-type-missing', groupPlace(group, 'compute'), 'kind: ec2 needs an instanceType', fix)];
  }
  const actual = isGraviton(instanceType) ? 'arm64' : 'x86_64';
  if (actual === architecture) return [];
  const message = `${instanceType} is ${actual}, and the image is ${architecture}: no task would start`;
  const where = groupPlace(group, 'compute', 'instanceType');
  return [report('instance-architecture', where, message, `Write architecture: ${actual}, or another instance type`)];
}

/** Graviton families are a1 and those with a `g` behind the generation: m7g, c7gn, im4gn (but not g5 or g4dn). */
function isGraviton(instanceType: string): boolean {
  const family = instanceType.split('.')[0] ?? '';
  return family === 'a1' || /^[a-z]+\d+[a-z]*g/.test(family);
}

function checkStopping(group: GroupConfig): Finding[] {
  const { compute, worker } = group;
  const { stopTimeout, deregistrationDelay } = compute;
  const range = NUMBER_RANGES.stopTimeout;
  const drain = NUMBER_RANGES.deregistrationDelay;
  const stops = [
    { part: 'compute', value: stopTimeout },
    ...(worker === undefined ? [] : [{ part: 'worker', value: worker.stopTimeout }]),
  ];
  const findings = stops
    .filter(({ value }) => value < range.min || value > range.max)
    .map(({ part, value }) => {
      const message = `${part}.stopTimeout ${durationText(value)} is refused: ECS takes ${range.min} to ${range.max} seconds`;
      return report(
        'stop-timeout-range',
        groupPlace(group, part, 'stopTimeout'),
        message,
        `Write ${range.min}s to ${range.max}s`,
      );
    });
  const where = groupPlace(group, 'compute', 'deregistrationDelay');
  if (deregistrationDelay < drain.min || deregistrationDelay > drain.max) {
    const message = `deregistrationDelay ${durationText(deregistrationDelay)} is longer than a task may take to stop (${drain.max} s)`;
    findings.push(report('deregistration-delay-range', where, message, `Write at most ${drain.max}s`));
  } else if (findings.length === 0 && stopTimeout < deregistrationDelay) {
    const message =
      `stopTimeout ${durationText(stopTimeout)} is shorter than deregistrationDelay ${durationText(deregistrationDelay)}: ` +
      'tasks are killed while the load balancer still waits for their requests';
    const fix = `Write stopTimeout: ${durationText(deregistrationDelay)} or more`;
    findings.push(report('stop-timeout-below-drain', groupPlace(group, 'compute', 'stopTimeout'), message, fix));
  }
  return findings;
}

function checkScaling(group: GroupConfig): Finding[] {
  const { maxCapacity } = group.compute;
  if (maxCapacity >= 100) return [];
  const message = `maxCapacity ${maxCapacity}% puts the upper bound of scaling below the computed minimum`;
  return [
    report(
      'max-capacity-below-minimum',
      groupPlace(group, 'compute', 'maxCapacity'),
      message,
      'Write 100% or more; 200% leaves room',
    ),
  ];
}

function checkHealthPath(group: GroupConfig): Finding[] {
  const { healthPath } = group.compute;
  if (!isReservedPath(healthPath)) return [];
  const message = `healthPath ${healthPath} belongs to the kit: the load balancer sends /.stamp/* to the health function, never to tasks`;
  return [
    report('health-path-reserved', groupPlace(group, 'compute', 'healthPath'), message, 'Choose another path, such as /healthz'),
  ];
}
