import { type Catcher, type Definition, delay, type Retrier, type State } from './state-machine';

/** Where a state may lead: its successors by name. */
export function successors(state: State): string[] {
  const list = [
    state['Next'],
    state['Default'],
    ...((state['Choices'] ?? []) as { Next: string }[]).map(({ Next }) => Next),
    ...((state['Catch'] ?? []) as Catcher[]).map(({ Next }) => Next),
  ];
  return list.filter((name): name is string => typeof name === 'string');
}

/** Every simple path from a state to an end: no state twice. */
export function pathsFrom({ States: states }: Definition, start: string): string[][] {
  const go = (name: string, seen: readonly string[]): string[][] => {
    if (seen.includes(name)) return [];
    const path = [...seen, name];
    const next = [...new Set(successors(states[name]!))];
    return next.length === 0 ? [path] : next.flatMap((each) => go(each, path));
  };
  return go(start, []);
}

export function reachable({ States: states }: Definition, start: string): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...successors(states[name]!));
  }
  return found;
}

/** What the language asks for and AWS would refuse, and what the kit asks for: an end, a retry and a way out for every task. */
export function problems(definition: Definition): string[] {
  const { States: states, StartAt: start } = definition;
  const found: string[] = [];
  const known = reachableOrNothing(definition, found);
  for (const [name, state] of Object.entries(states)) {
    if (!known.has(name)) found.push(`${name} cannot be reached`);
    if (state.Type === 'Succeed' || state.Type === 'Fail') continue;
    if (successors(state).length === 0) found.push(`${name} leads nowhere`);
    if (state.Type === 'Choice' && typeof state['Default'] !== 'string') found.push(`${name} has no Default`);
    if (state.Type === 'Task') found.push(...taskProblems(name, state));
  }
  if (states[start] === undefined) found.push(`it starts at ${start}, which is not there`);
  return found;
}

function reachableOrNothing(definition: Definition, found: string[]): Set<string> {
  for (const [name, state] of Object.entries(definition.States)) {
    for (const next of successors(state)) {
      if (definition.States[next] === undefined) found.push(`${name} leads to ${next}, which is not there`);
    }
  }
  return found.length > 0 ? new Set(Object.keys(definition.States)) : reachable(definition, definition.StartAt);
}

function taskProblems(name: string, state: State): string[] {
  const found: string[] = [];
  const retriers = (state['Retry'] ?? []) as Retrier[];
  const catchers = (state['Catch'] ?? []) as Catcher[];
  const timeout = state['TimeoutSeconds'];
  if (typeof timeout !== 'number' || timeout < 1) found.push(`${name} has no TimeoutSeconds`);
  for (const [kind, list] of [
    ['Retry', retriers],
    ['Catch', catchers],
  ] as const) {
    const all = list.findIndex(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
    if (all === -1) found.push(`${name} has no ${kind} for everything`);
    else if (all !== list.length - 1 || list[all]!.ErrorEquals.length !== 1)
      found.push(`${name}: States.ALL of ${kind} is not last and alone`);
  }
  for (const retrier of retriers) {
    if (retrier.MaxAttempts === 0) continue;
    if (retrier.JitterStrategy !== 'FULL') found.push(`${name} retries without jitter`);
    if ((retrier.BackoffRate ?? 2) < 1) found.push(`${name}: BackoffRate is below 1`);
    if (retrier.MaxAttempts === undefined) found.push(`${name}: MaxAttempts is not said`);
  }
  return found;
}

/** Seconds that a state takes at most: a task with every attempt running into its end, and every retrier used up. */
export function longest(state: State): number {
  if (state.Type === 'Wait') return Number(state['Seconds']);
  if (state.Type !== 'Task') return 0;
  const retriers = (state['Retry'] ?? []) as Retrier[];
  const attempts = retriers.flatMap((retrier) =>
    Array.from({ length: retrier.MaxAttempts ?? 3 }, (_, times) => delay(retrier, times)),
  );
  return attempts.reduce((total, seconds) => total + seconds, 0) + (1 + attempts.length) * Number(state['TimeoutSeconds']);
}
