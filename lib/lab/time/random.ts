/** A stream of numbers from 0 to 1 that a seed and a name decide: emulated delays are the same in every run with the same seed. */
export type Random = () => number;

/** Mulberry32 over a hash of seed and name. Good enough for delays, and not for secrets. */
export function seededRandom(seed: number, name: string): Random {
  let state = seed >>> 0;
  for (let at = 0; at < name.length; at += 1) state = Math.imul(state ^ name.charCodeAt(at), 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A duration between what is typical and what is pessimistic, in the unit of both. */
export function draw(
  random: Random,
  { typical, pessimistic }: { readonly typical: number; readonly pessimistic: number },
): number {
  return typical + random() * (pessimistic - typical);
}
