import type { Decision } from '../../operations/decide/decision';
import type { Plan, Step } from '../../operations/plan';
import { criticalPath, durationText, planTable } from '../../operations/render-plan';
import { counted, renderTable } from '../terminal';
import { wrapText } from '../wrap-text';
import { SHORT_HASH } from './change-options';
import { atTimeout } from './at-timeout';

/** Widest line that a terminal shows without breaking it. */
const WIDTH = 100;

/** A plan for a terminal: why, one row a step with its times, and below each what it does and calls. */
export function renderPlan(plan: Plan, decision: Decision): string {
  const { title, rows, footer } = planTable(plan);
  const header = ['#', 'STEP', 'AFTER', 'TYPICALLY', 'AT WORST', 'GIVES UP AFTER', 'AND THEN'];
  const cells = rows.map(([number = '', id = '', , after = '', , typical = '', worst = '', until = ''], at) => {
    const step = plan.steps[at];
    return [number.padStart(2), id, after, typical, worst, until, step === undefined ? '' : atTimeout(step)];
  });
  const [head = '', rule = '', ...lines] = renderTable(header, cells).split('\n');
  const body = plan.steps.flatMap((step, at) => [lines[at] ?? '', ...indented(step.title, 4), ...indented(callsOf(step), 4)]);
  return `${[
    title,
    ...reasonsOf(decision).flatMap((reason) => indented(reason, 2)),
    '',
    head,
    rule,
    ...body,
    '',
    ...footer.flatMap((line) => indented(line, 0)),
  ].join('\n')}\n`;
}

/** A plan that was shown before, in one line. */
export function planLine(plan: Plan): string {
  const { typical, pessimistic } = criticalPath(plan);
  const times = `${durationText(typical)} typically, ${durationText(pessimistic)} at worst`;
  return `${planTable(plan).title}, plan ${plan.hash.slice(0, SHORT_HASH)}: ${counted(plan.steps.length, 'step')}, ${times}\n`;
}

function reasonsOf(decision: Decision): readonly string[] {
  return decision.kind === 'go' ? decision.reasons : [];
}

function callsOf({ calls }: Step): string {
  if (calls.length === 0) return 'calls nothing';
  const places = calls.map((call) =>
    call.region === '-' ? call.service : `${call.service} ${call.region}${call.optional === true ? ' (if it answers)' : ''}`,
  );
  return `calls ${[...new Set(places)].join(', ')}`;
}

export function indented(text: string, indent: number): string[] {
  return wrapText(text, WIDTH - indent).map((line) => `${' '.repeat(indent)}${line}`);
}
