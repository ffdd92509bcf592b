import type { GroupProof } from '../../../lib/resilience/types';

/** What the proof says of a group, in three verdicts; test/cli/operations/group-proof.test.ts asks the proof itself. */
export function proofExample(group: string): Promise<GroupProof> {
  const term = { name: 'promote', kind: 'promote', typical: 0, because: '', source: '', assumptions: [], critical: true };
  const bound = (pessimistic: number): unknown => ({ pessimistic, typical: 0, terms: [{ ...term, pessimistic }] });
  const verdict = (objective: string, failure: string, rto: number, rpo: number, of: [number, number]): unknown => ({
    ...{ objective, failure, gates: true, state: 'holds', rtoObjective: of[0], rpoObjective: of[1] },
    worst: { effect: 'operator', rto: bound(rto), rpo: bound(rpo) },
  });
  const verdicts = [
    verdict('availability', 'region:use1', 1048, 30, [1200, 60]),
    verdict('availability', 'stamp:enterprise-use1', 400, 0, [1200, 60]),
    verdict('recovery', `data:${group}`, 7870, 300, [43_200, 108_000]),
  ];
  const proof = { group, verdicts, survives: `${group} survives any Region.`, survivesNot: '', findings: [] };
  return Promise.resolve(proof as unknown as GroupProof);
}
