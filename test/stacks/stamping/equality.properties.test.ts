import fc from 'fast-check';
import { test } from 'vitest';
import { anyFleet } from '../../support/fleet-arbitrary';
import { expectStampedEqualsPlain } from '../../support/stamped-equality';

/** Two hundred fleets: npm run test:long. */
test('a stamped stack is the same as one made by itself, in fleets of every kind', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(anyFleet, (fleet) => void expectStampedEqualsPlain(fleet)),
    { numRuns: 4 },
  );
});
