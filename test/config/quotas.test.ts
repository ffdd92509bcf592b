import { describe, expect, test } from 'vitest';
import { FLEET, load } from './stamps-folder';

describe('quotas in fleet.yaml', () => {
  const loaded = (quotas: string) => load({ 'fleet.yaml': `${FLEET}quotas:\n${quotas}` });

  test('are named by key or code, for one account and Region or for all', () => {
    const { config } = loaded(`  - { quota: elasticIps, value: 60 }
  - { quota: L-F678F1CE, value: 40, account: "222222222222", region: us-east-1 }
`);
    expect(config?.quotas).toEqual([
      { quota: 'elasticIps', value: 60 },
      { quota: 'vpcs', value: 40, account: '222222222222', region: 'use1' },
    ]);
  });

  test.each([
    ['{ quota: elasticIp, value: 60 }', /no quota that preflight counts/, /did you mean "elasticIps"/],
    ['{ quota: resourcesPerTemplate, value: 600 }', /a limit that AWS does not raise/, /leave it out/],
    ['{ quota: vpcs, value: -1 }', /out of range|at least|-1/, /.+/],
    ['{ quota: vpcs, value: 9, region: euw9 }', /"euw9" is no Region code/, /.+/],
    ['{ quota: vpcs, value: 9, zone: a }', /zone/, /.+/],
  ])('fails for %s', (quota, message, fix) => {
    const { findings } = loaded(`  - ${quota}\n`);
    const found = findings.filter(({ where }) => where.file === 'fleet.yaml' && where.path?.[0] === 'quotas');
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toMatch(message);
    expect(found[0]!.fix).toMatch(fix);
    expect(found[0]!.where.line).toBeGreaterThan(9);
  });
});
