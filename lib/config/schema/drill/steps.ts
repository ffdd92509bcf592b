import { z } from 'zod';
import { list } from '../collections';
import { labelName } from '../names';
import { option } from '../numbers';
import { withRules } from '../rules';
import { conditionSchema } from './conditions';
import { faultSchema } from './faults';
import { operationSchema } from './operations';
import { span, stepId } from './parts';

const WORK = ['fault', 'end', 'operation', 'resume', 'wait'] as const;

const work = {
  fault: faultSchema.optional(),
  end: stepId().optional().meta({ description: 'Ends the fault of that step.' }),
  operation: operationSchema.optional(),
  resume: stepId().optional().meta({ description: 'Goes on with the operation of that step, whose process was killed.' }),
  wait: span('10s').optional().meta({ description: 'Does nothing for that long.' }),
};

/** One thing a step. */
function judgeWork(value: Readonly<Record<string, unknown>>, report: Parameters<Parameters<typeof withRules>[1]>[1]): void {
  const given = WORK.filter((key) => value[key] !== undefined);
  if (given.length === 1) return;
  const [, second] = given;
  if (second === undefined) {
    // One that only waits for a condition is a step too.
    if (value.when === undefined) report('missing-key', [], 'the step does nothing', `give it one of ${WORK.join(', ')}`);
  } else {
    report('conflicting-keys', [second], `the step has ${given.join(' and ')}`, 'make a step of each');
  }
}

export const methodStepSchema = withRules(
  z.strictObject({
    id: stepId().meta({ description: 'Name of the step, unique in the file.' }),
    after: list(stepId(), { max: 20 })
      .optional()
      .meta({ description: 'Steps that are over first. By default the one before; `[]`: none, so that it runs beside others.' }),
    at: span('30s').optional().meta({ description: 'Not before so long after the method began.' }),
    when: conditionSchema.optional(),
    delay: span('5s').prefault('0s').meta({ description: 'Then wait for this long.' }),
    ...work,
    outcome: option(['completed', 'refused', 'crashed', 'failed']).optional().meta({
      description:
        'How the operation has to end: `refused` by a guard, `crashed` because its process was killed. By default `completed`. Anything else fails the drill.',
    }),
    finding: labelName('a finding code', 60, 'lag-above-rpo').optional().meta({
      description: 'Code that a refused operation has to give as its reason.',
    }),
    timeout: span('15m', 1).prefault('15m').meta({ description: 'For what the step does.' }),
  }),
  (value, report) => {
    judgeWork(value, report);
    const { operation, resume, outcome, finding } = value;
    if (outcome !== undefined && operation === undefined && resume === undefined) {
      report('not-applicable', ['outcome'], 'outcome has no meaning: the step is no operation', 'remove it');
    }
    if (finding !== undefined && outcome !== 'refused') {
      report(
        'not-applicable',
        ['finding'],
        'finding has no meaning unless the outcome is refused',
        'add outcome: refused, or remove it',
      );
    }
  },
);

export const rollbackStepSchema = withRules(
  z.strictObject({
    id: stepId().meta({ description: 'Name of the step, unique in the file.' }),
    undoes: stepId().optional().meta({ description: 'Step of the method; when it never began, there is nothing to do.' }),
    when: conditionSchema.optional(),
    ...work,
    timeout: span('15m', 1).prefault('15m').meta({ description: 'For what the step does.' }),
  }),
  judgeWork,
);
