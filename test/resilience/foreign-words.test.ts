import { describe, expect, test } from 'vitest';
import type { Finding } from '../../lib/findings';
import { objectivesDemand } from '../../lib/resilience/objectives-demand';
import { prove } from '../../lib/resilience/prove';
import { type ForeignData, foreignStacks } from '../support/foreign-assembly';
import { factsOfTemplates } from '../support/template-stacks';

const OBJECTIVES = { availability: { rto: 120, rpo: 5 }, recovery: { rto: 600, rpo: 60 }, survive: [] };

/** What is found about an assembly without a `stamps/` folder; with too much asked of it. */
function found(data: ForeignData, more: { readonly standbyRoles?: boolean } = {}): readonly Finding[] {
  const parsed = factsOfTemplates(...foreignStacks(data));
  const roles = [
    { id: '111111111111/us-east-1', role: 'primary' as const },
    { id: '111111111111/us-west-2', role: 'standby' as const },
  ];
  const group = {
    ...{ name: 'web', record: 'www.example.com', stamps: more.standbyRoles === true ? roles : [], objectives: OBJECTIVES },
    ...{ tenants: 1, writerGrace: 120, accept: [], peakRequestsPerSecond: 900, requestsPerSecondPerTask: 50 },
  };
  const demand = objectivesDemand({ assumptions: { decisionTime: 900 }, groups: [group] }, parsed, 'objectives.yaml');
  return prove(parsed, demand, { singlesOnly: true }).findings;
}

const CASES: readonly (readonly [ForeignData, { readonly standbyRoles?: boolean }])[] = [
  ['table', {}],
  ['cluster', {}],
  ['instance', {}],
  ['cluster', { standbyRoles: true }],
];

/** Words of `stamps/`, which nobody has there. */
const SETTINGS = /groups\/|fleet\.yaml|standbyCapacity|maxReplicationLag|copyTo|edge\.|placement\.|continuous: true|\{region\}/;

describe('findings about an assembly without stamps/', { timeout: 60_000 }, () => {
  test.each(CASES)('%s %o: speak of the objectives file and of templates only', (data, more) => {
    const findings = found(data, more);
    expect(findings.length).toBeGreaterThan(3);
    for (const { code, where, message, fix } of findings) {
      expect(`${code} ${message} ${fix}`).not.toMatch(SETTINGS);
      expect(`${code} ${where.file ?? ''}`).toMatch(/ (objectives\.yaml|app-us-east-1|app-us-west-2|routing)$/);
      expect(JSON.stringify(where)).not.toMatch(/⟦/);
    }
  });

  test('a violated objective stands at its group in the objectives file', () => {
    const violation = found('table').find(({ code }) => code === 'availability-violated');
    expect(violation?.where).toEqual({ file: 'objectives.yaml', path: ['groups', 'web', 'objectives', 'availability', 'rto'] });
  });

  test('a cap on the lag is named as the database calls it, at the stack of the writer', () => {
    const lag = found('cluster').find(({ code }) => code === 'replication-lag-unbounded');
    expect(lag?.fix).toMatch(/^rds\.global_db_rpo in the writer’s cluster parameters/);
    expect(lag?.where.file).toMatch(/east/);
  });
});
