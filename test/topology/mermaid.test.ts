import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toMermaid } from '../../lib/topology/mermaid';
import type { Fleet } from '../../lib/topology/types';
import { buildFleet } from '../../lib/topology/build-fleet';
import { builtFleet, firstLock, fleetConfig } from './fixtures';

/** What is left of Mermaid's grammar when ids are counted and every text is a quoted label of harmless characters. */
const LABEL = String.raw`"(?:[\p{L}\p{N} .,:/*_-]|<br/>|#\d+;)*"`;
const LINE = new RegExp(
  [
    'flowchart LR',
    String.raw`  g\d+\(\[${LABEL}\]\)`,
    String.raw`  subgraph r\d+\[${LABEL}\]`,
    String.raw`    s\d+\[${LABEL}\]`,
    String.raw`    c\d+\[\(${LABEL}\)\]`,
    '  end',
    String.raw`  [gs]\d+ (?:-->|-\.->|==>|<-->)\|${LABEL}\| s\d+`,
  ]
    .map((form) => `(?:${form})`)
    .join('|')
    .replace(/^/, '^(?:')
    .replace(/$/, ')$'),
  'u',
);

describe('the example fleet', () => {
  const text = toMermaid(builtFleet());

  test('every Region is a subgraph with its stamps', () => {
    expect(text).toContain(
      '  subgraph r1["use1: us-east-1"]\n' +
        '    s0["enterprise-use1<br/>10.0.0.0/20<br/>aurora-postgresql, home"]\n' +
        '    s4["pool-use1<br/>10.0.64.0/20<br/>dynamodb, home"]\n' +
        '    c1[("witness of the control table")]\n' +
        '  end\n',
    );
  });

  test('control Regions are told apart', () => {
    expect(text).toContain('c2[("switches, control table")]');
    expect(text).toContain('c3[("switches, table replica")]');
  });

  test('groups lead to their stamps by role, dotted to a standby', () => {
    expect(text).toContain('  g0(["enterprise.shop.example.com<br/>2 tenants"])\n');
    expect(text).toContain('  g0 -->|"primary"| s0\n  g0 -.->|"standby"| s1\n');
    expect(text).toContain('  g2 -->|"active"| s4\n');
  });

  test('data flows from the home of a cluster, and both ways between the replicas of a table', () => {
    expect(text).toContain('  s0 ==>|"Aurora replication"| s1\n');
    expect(text.match(/ <-->\|"table, eventual"\| /g)).toHaveLength(3);
  });

  test('switches and table that went apart are told apart', () => {
    const config = fleetConfig({ groups: [] });
    const control = { regions: ['use2', 'use1'], joining: [] };
    const moved = toMermaid(buildFleet({ ...config, control }, firstLock(config)).fleet);
    expect(moved).toContain('c1[("switches, witness of the control table")]');
    expect(moved).toContain('c2[("switches, control table")]');
    expect(moved).toContain('c3[("table replica")]');
  });

  test('a joining control Region and a Region without anything', () => {
    const control = { regions: ['use2', 'usw2'], joining: ['euw1'] };
    const joined = toMermaid(builtFleet(fleetConfig({ control, groups: [] })));
    expect(joined).toContain('("switches, joining")');
    expect(joined).not.toContain('us-east-1');
  });
});

test('whatever things are called, every line keeps to the grammar', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('end', '"]', 'a"|b', 'click', '`code`', '%%', '\n', '<script>', '#quot;'),
  );
  fc.assert(
    fc.property(text, text, text, (group, tenant, region) => {
      const fleet = builtFleet();
      const renamed: Fleet = {
        ...fleet,
        regions: fleet.regions.map((one) => ({ ...one, region })),
        groups: fleet.groups.map((one) => ({
          ...one,
          recordName: group,
          tenants: [tenant],
          stamps: one.stamps.map((stamp) => ({ ...stamp, id: `${group}-${stamp.id}` })),
        })),
      };
      const lines = toMermaid(renamed).trimEnd().split('\n');
      expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
      expect(lines.filter((line) => line.startsWith('  subgraph'))).toHaveLength(lines.filter((line) => line === '  end').length);
    }),
  );
});
