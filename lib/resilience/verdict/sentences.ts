import type { GroupModel } from '../model/types';
import type { Verdict } from '../types';
import { seconds } from './arithmetic';

/** One plain sentence each: what a group survives, and what it does not. */
export function sentences(
  model: GroupModel,
  singles: readonly Verdict[],
  pairs: readonly Verdict[],
  kindsOfPairs: number,
): { readonly survives: string; readonly survivesNot: string } {
  if (model.stamps.length === 0) {
    return { survives: 'Nothing of ⟦g⟧ is in the templates.', survivesNot: 'No failure of ⟦g⟧ could be judged.' };
  }
  const held = singles.filter(({ state }) => state === 'holds');
  const out = singles.filter(({ state }) => state !== 'holds');
  const kept = groups(held, out);
  const longest = Math.max(
    0,
    ...held.filter(({ objective }) => objective === 'availability').map(({ worst }) => worst.rto.pessimistic ?? 0),
  );
  const survives =
    kept.length === 0
      ? '⟦g⟧ survives no single failure inside its objectives.'
      : `⟦g⟧ survives ${list(kept)}, inside ${seconds(model.availability.rto)} (at worst ${seconds(longest)}).`;
  const broken = out.map(({ failure, state }) => `${failure}${state === 'violated' ? '' : ` (${state})`}`);
  const badPairs = pairs.filter(({ state }) => state !== 'holds').length;
  const pairText = `${badPairs} of ${kindsOfPairs} kinds of pairs`;
  const parts = [...shortened(broken), ...(badPairs > 0 ? [pairText] : [])];
  const single = model.mode === 'single' ? ' It is a single stamp: while its Region is away, so is ⟦g⟧.' : '';
  const survivesNot =
    parts.length === 0
      ? `No single failure takes ⟦g⟧ outside its objectives.${single}`
      : `⟦g⟧ does not survive ${list(parts)}.${single}`;
  return { survives, survivesNot };
}

const NAMES: Readonly<Record<string, string>> = {
  az: 'any zone',
  stamp: 'any stamp',
  region: 'any Region',
  writer: 'the writer',
  database: 'a Region’s database',
  queue: 'a queue (background work waits)',
  deployment: 'a bad deployment',
  check: 'a wrong check',
  checkers: 'lost checkers',
  control: 'any control Region',
  plane: 'the control planes of us-east-1',
  image: 'an image registry',
  secret: 'the secrets of a Region',
  data: 'the loss of its data',
  account: 'the loss of its account',
};

/** Kinds of failures of which every one is held. */
function groups(held: readonly Verdict[], out: readonly Verdict[]): string[] {
  const broken = new Set(out.map(({ failure }) => kindOf(failure)));
  const kinds = [...new Set(held.map(({ failure }) => kindOf(failure)))];
  return kinds.filter((kind) => !broken.has(kind)).flatMap((kind) => NAMES[kind] ?? []);
}

function kindOf(failure: string): string {
  return failure.split(':')[0] ?? '';
}

function shortened(items: readonly string[]): string[] {
  return items.length <= 6 ? [...items] : [...items.slice(0, 6), `${items.length - 6} more`];
}

function list(items: readonly string[]): string {
  const [last = '', ...before] = [...items].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last}`;
}
