import type { Duration, Plan, Step } from './plan';

/** A plan as a table: plain cells, so that the command line, a runbook and a report show the same. */
export interface PlanTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly footer: readonly string[];
}

const COLUMNS = ['#', 'step', 'what', 'after', 'calls', 'typical', 'at worst', 'gives up'] as const;

export function planTable(plan: Plan): PlanTable {
  const whole = criticalPath(plan);
  return {
    title: `${plan.operation} of ${plan.group} (${plan.variant})`,
    columns: COLUMNS,
    rows: plan.steps.map((step, at) => [
      String(at + 1),
      step.id,
      step.title,
      predecessors(plan, step),
      callsText(step),
      durationText(step.expected.typical),
      durationText(step.expected.pessimistic),
      durationText(step.timeout),
    ]),
    footer: [
      `Critical path: ${durationText(whole.typical)} typically, ${durationText(whole.pessimistic)} at worst.`,
      ...(plan.avoid.length > 0 ? [`Nothing is called in ${plan.avoid.join(', ')}.`] : []),
      ...plan.pending.map((each) => `Left for later: ${each}.`),
      `Plan ${plan.hash}`,
    ],
  };
}

/** Numbers of the steps that have to be over before this one, as the plan counts them. */
export function predecessors({ steps }: Pick<Plan, 'steps'>, { after }: Step): string {
  return steps.flatMap(({ id }, at) => (after.includes(id) ? [at + 1] : [])).join(', ');
}

/** The longest way through the graph, in seconds: what the operation takes when everything beside it is faster. */
export function criticalPath(plan: Pick<Plan, 'steps'>): Duration {
  const typical = new Map<string, number>();
  const pessimistic = new Map<string, number>();
  const longest = (times: ReadonlyMap<string, number>, ids: readonly string[]): number =>
    Math.max(0, ...ids.map((id) => times.get(id) ?? 0));
  for (const step of plan.steps) {
    typical.set(step.id, longest(typical, step.after) + step.expected.typical);
    pessimistic.set(step.id, longest(pessimistic, step.after) + step.expected.pessimistic);
  }
  return { typical: Math.max(0, ...typical.values()), pessimistic: Math.max(0, ...pessimistic.values()) };
}

function callsText({ calls }: Step): string {
  return (
    calls.map((call) => `${call.service} ${call.region}${call.plane === 'data' ? '' : ` (${call.plane})`}`).join(', ') || '-'
  );
}

/** `90 s`, `5 min`, `2 h 30 min`. */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}
