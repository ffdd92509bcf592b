import { describe, expect, test } from 'vitest';
import { groupProof } from '../../../lib/cli/operations/group-proof';
import { worstBounds } from '../../../lib/cli/operations/status/bound';
import { exampleFleet } from '../../support/loaded-fleets';

describe('the proof of one group', { timeout: 120_000 }, () => {
  test('is that of freshly synthesized templates, of this group only', async () => {
    const proof = await groupProof(exampleFleet().fleet, 'enterprise');
    expect(proof?.verdicts.every((verdict) => verdict.group === 'enterprise')).toBe(true);
    expect(worstBounds(proof!)).toMatchObject([
      { objective: 'availability', rtoOf: '1200 s', rpoOf: '60 s', holds: true },
      { objective: 'recovery', rtoOf: '12 h', rpoOf: '30 h', holds: true },
    ]);
    expect(proof?.verdicts.some((verdict) => verdict.failure.includes('+'))).toBe(false);
  });
});
