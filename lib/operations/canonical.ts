import { deeplySorted } from '../order';
import type { Sha256 } from '../ports';
import type { Plan } from './plan';

/** One text for equal data: keys in byte order at every level, no white space, members that are undefined left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(deeplySorted(value));
}

/** The hash that a dry run shows and `--plan` compares. */
export function planHash(plan: Omit<Plan, 'hash'> | Plan, sha256: Sha256): string {
  const { hash: _hash, ...rest } = { hash: '', ...plan };
  return sha256(canonicalJson(rest));
}

/** Puts the hash on a plan. */
export function sealPlan(plan: Omit<Plan, 'hash'>, sha256: Sha256): Plan {
  return { ...plan, hash: planHash(plan, sha256) };
}
