import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyFleet } from '../support/fleet-arbitrary';
import { expectStampedEqualsPlain } from '../support/stamped-equality';

const FLEETS = 200;

test(`a stamped stack is the same as one made by itself, in ${FLEETS} fleets`, () => {
  let made = 0;
  fc.assert(
    fc.property(anyFleet, (fleet) => {
      if (expectStampedEqualsPlain(fleet)) made += 1;
    }),
    { numRuns: FLEETS },
  );
  // Most of them really are compared.
  expect(made).toBeGreaterThan(FLEETS * 0.9);
});
