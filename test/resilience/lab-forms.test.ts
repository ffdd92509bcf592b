import { describe, expect, test } from 'vitest';
import { labBounds } from '../../lib/cli/drill/proof-bounds';
import { type LabConditions, USUAL_LAB } from '../../lib/facts/lab-conditions';
import { exampleFleet } from '../support/loaded-fleets';
import { exampleAssembly, factsOf } from '../support/mutate-assembly';
import { once } from '../support/once';

const facts = once(() => factsOf(exampleAssembly()));

function boundOf(conditions: Partial<LabConditions>, group = 'enterprise', failure = 'region:use1') {
  const lab = { ...USUAL_LAB, speed: 10, ...conditions };
  const bounds = labBounds(facts(), exampleFleet().fleet, { group, failure, lab });
  if (bounds === undefined) throw new Error(`${group} does not feel ${failure}`);
  return bounds.rto;
}

const seconds = (conditions: Partial<LabConditions>): number => boundOf(conditions).pessimistic ?? Infinity;

describe('a lost Region in the lab', { timeout: 60_000 }, () => {
  test('is over soonest when it is killed, later when it is frozen, last when nothing comes through', () => {
    const [kill, freeze, drop] = [seconds({ form: 'kill' }), seconds({ form: 'freeze' }), seconds({ form: 'drop' })];
    expect(kill).toBeLessThan(freeze);
    expect(freeze).toBeLessThan(drop);
    expect(drop).toBe(boundOf({}).pessimistic);
  });

  test('takes a slow machine longer by its work alone', () => {
    for (const form of ['kill', 'freeze'] as const) {
      const { terms } = boundOf({ form });
      const slow = new Map(boundOf({ form, slowness: 4 }).terms.map((term) => [term.name, term]));
      for (const { name, pessimistic, lab } of terms) {
        const after = slow.get(name)?.pessimistic ?? 0;
        if (lab === 'emulated') expect(after, name).toBeCloseTo(pessimistic);
        else expect(after, name).toBeLessThanOrEqual(4 * pessimistic);
      }
      // Three time-outs of a check are a second's worth of work away from three times as many.
      const detection = terms.find(({ name }) => name === 'detection')?.pessimistic ?? 0;
      const stretched = (slow.get('detection')?.pessimistic ?? 0) - detection;
      expect(stretched).toBeGreaterThan(0);
      expect(stretched).toBeLessThan(2);
    }
  });

  test('is detected by intervals that are played, whatever the form', () => {
    const detection = boundOf({ form: 'freeze' }).terms.find(({ name }) => name === 'detection');
    expect(detection).toMatchObject({ lab: 'real', labEmulated: 3 });
    expect(detection?.because).toMatch(/^3 x \(1 s \+ 2(\.\d+)? s\)$/);
  });
});
