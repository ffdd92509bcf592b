import type { Finding } from '../../findings';
import type { DrillFindingCode } from './finding-codes';
import type { DrillCondition, DrillSpec } from './types';

type Path = readonly (string | number)[];
type Step = DrillSpec['method'][number] | DrillSpec['rollbacks'][number];

/** What is wrong with a drill whatever the fleet is: names of steps and populations that lead nowhere. */
export function ownFindings(spec: DrillSpec, file: string): Finding[] {
  const findings: Finding[] = [];
  const report = (code: DrillFindingCode, path: Path, message: string, fix: string): void => {
    findings.push({ code, severity: 'error', where: { file, path }, message, fix });
  };
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (name !== `${spec.drill}.yaml`) {
    report(
      'drill-file-name',
      ['drill'],
      `the drill "${spec.drill}" is in ${name}`,
      `rename the file to ${spec.drill}.yaml, or the drill`,
    );
  }
  judgeLoad(spec, report);
  judgeSteps(spec, report);
  return findings;
}

type Report = (code: DrillFindingCode, path: Path, message: string, fix: string) => void;

function judgeLoad({ load }: DrillSpec, report: Report): void {
  const seen = new Set<string>();
  load.populations.forEach(({ name }, index) => {
    if (seen.has(name)) {
      report(
        'drill-population-duplicate',
        ['load', 'populations', index, 'name'],
        `"${name}" is there twice`,
        'rename one of them',
      );
    }
    seen.add(name);
  });
  if (load.reads + load.messages > 100) {
    const message = `reads (${load.reads}%) and messages (${load.messages}%) are more than all attempts`;
    report('drill-load-shares', ['load', 'reads'], message, 'leave room for writes: 30% and 10% leave 60%');
  }
  if (load.reads + load.messages === 100) {
    report(
      'drill-load-shares',
      ['load', 'reads'],
      'no attempt is a write, so nothing can be measured',
      'lower reads or messages',
    );
  }
}

function judgeSteps(spec: DrillSpec, report: Report): void {
  const populations = new Set(spec.load.populations.map(({ name }) => name));
  const before = new Map<string, Step>();
  const all: readonly (readonly [Step, Path])[] = [
    ...spec.method.map((step, index) => [step, ['method', index]] as const),
    ...spec.rollbacks.map((step, index) => [step, ['rollbacks', index]] as const),
  ];
  for (const [step, path] of all) {
    if (before.has(step.id)) {
      report('drill-step-duplicate', [...path, 'id'], `"${step.id}" is there twice`, 'rename one of them');
    }
    const known = (id: string, at: Path, kind?: keyof Step, what = ''): void => {
      const other = before.get(id);
      if (other === undefined) {
        const fix =
          before.size === 0
            ? 'name a step that comes before this one'
            : `steps before this one: ${[...before.keys()].join(', ')}`;
        report('drill-step-unknown', [...path, ...at], `there is no step "${id}" before "${step.id}"`, fix);
      } else if (kind !== undefined && other[kind] === undefined) {
        report('drill-step-kind', [...path, ...at], `"${id}" is no ${what}`, `name a step with ${kind}:`);
      }
    };
    if ('after' in step)
      step.after?.forEach((id, index) => {
        known(id, ['after', index]);
      });
    if ('undoes' in step && step.undoes !== undefined) known(step.undoes, ['undoes']);
    if (step.end !== undefined) known(step.end, ['end'], 'fault', 'fault');
    if (step.resume !== undefined) known(step.resume, ['resume'], 'operation', 'operation');
    const { operation } = step;
    if (operation?.do === 'restore') known(operation.before, ['operation', 'before']);
    if (operation?.do === 'cutover' || operation?.do === 'abandon')
      known(operation.of, ['operation', 'of'], 'operation', 'operation');
    const asked = [
      [step.when === undefined ? undefined : populationOf(step.when), ['when', 'population']],
      [step.fault !== undefined && 'population' in step.fault ? step.fault.population : undefined, ['fault', 'population']],
    ] as const;
    for (const [population, at] of asked) {
      if (population === undefined || populations.has(population)) continue;
      report(
        'drill-population-unknown',
        [...path, ...at],
        `the load has no population "${population}"`,
        `use one of ${[...populations].join(', ')}`,
      );
    }
    before.set(step.id, step);
  }
  const { from } = spec.expect;
  if (from !== undefined && !spec.method.some(({ id }) => id === from)) {
    report(
      'drill-step-unknown',
      ['expect', 'from'],
      `the method has no step "${from}"`,
      `use one of ${spec.method.map(({ id }) => id).join(', ')}`,
    );
  }
}

function populationOf(condition: DrillCondition): string | undefined {
  return 'population' in condition ? condition.population : undefined;
}
