import { ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ListResourceRecordSetsCommand,
  Route53Client,
  paginateListHealthChecks,
  type HealthCheck,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { beforeAll, describe, expect, test } from 'vitest';
import { evacuatedToken, switchBucketName, switchKey } from '../../../lib/topology/names';
import { ACCOUNT, CONTROL, STAMPS, ZONE, type Scene } from '../support/scene';

const route53 = new Route53Client({});

/** Records and health checks, as the Route 53 API tells them. */
export function describeRoute53(scene: Scene): void {
  describe('what landed in Route 53', () => {
    let records: ResourceRecordSet[];
    let checks: Map<string, HealthCheck>;
    const named = (name: string): ResourceRecordSet[] => records.filter((record) => record.Name?.replace(/\.$/, '') === name);

    beforeAll(async () => {
      records = (await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: scene.zoneId }))).ResourceRecordSets!;
      checks = new Map();
      for await (const { HealthChecks } of paginateListHealthChecks({ client: route53 }, {})) {
        for (const check of HealthChecks ?? []) checks.set(check.Id!, check);
      }
    });

    test('active-passive: a failover pair of aliases to the stamps’ own names', () => {
      const pair = named(`orders.${ZONE}`);
      expect(pair.map(({ SetIdentifier, Failover, Type }) => [SetIdentifier, Failover, Type]).sort()).toEqual([
        ['primary', 'PRIMARY', 'A'],
        ['secondary', 'SECONDARY', 'A'],
      ]);
      const target = (failover: string): string | undefined =>
        pair.find(({ Failover }) => Failover === failover)?.AliasTarget?.DNSName;
      expect(target('PRIMARY')).toMatch(/^use1\.orders\.e2e\.example\.com\.?$/);
      expect(target('SECONDARY')).toMatch(/^usw2\.orders\.e2e\.example\.com\.?$/);
    });

    test('active-active: latency aliases, one for each Region', () => {
      expect(
        named(`feed.${ZONE}`)
          .map(({ Region, AliasTarget }) => [Region, AliasTarget?.DNSName?.replace(/\.$/, '')])
          .sort(),
      ).toEqual([
        ['us-east-1', `use1.feed.${ZONE}`],
        ['us-west-2', `usw2.feed.${ZONE}`],
      ]);
    });

    test('single: one alias, and tenants lead to their group', () => {
      expect(named(`tools.${ZONE}`)).toHaveLength(1);
      const tenant = (name: string): string | undefined => named(`${name}.${ZONE}`)[0]?.AliasTarget?.DNSName?.replace(/\.$/, '');
      expect(tenant('acme')).toBe(`orders.${ZONE}`);
      expect(tenant('initech')).toBe(`feed.${ZONE}`);
    });

    test('every alias of a group evaluates its target, has a set identifier of its own and a check that is calculated', () => {
      for (const group of ['orders', 'feed']) {
        const set = named(`${group}.${ZONE}`);
        expect(set.map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth)).toEqual([true, true]);
        expect(set.map(({ AliasTarget }) => AliasTarget?.HostedZoneId)).toEqual([scene.zoneId, scene.zoneId]);
        expect(new Set(set.map(({ SetIdentifier }) => SetIdentifier)).size).toBe(2);
        expect(set.map(({ HealthCheckId }) => checks.get(HealthCheckId!)?.HealthCheckConfig?.Type)).toEqual([
          'CALCULATED',
          'CALCULATED',
        ]);
      }
    });

    test.each(STAMPS)('%s-%s: its own name leads to its load balancer in %s', async (group, code, region) => {
      const [record] = named(`${code}.${group}.${ZONE}`);
      const names: string[] = [];
      const client = new ElasticLoadBalancingV2Client({ region });
      for await (const { LoadBalancers } of paginateDescribeLoadBalancers({ client }, {})) {
        names.push(...(LoadBalancers ?? []).map(({ DNSName }) => DNSName!));
      }
      expect(names).toContain(record?.AliasTarget?.DNSName?.replace(/\.$/, '').replace(/^dualstack\./, ''));
      expect(record?.AliasTarget?.EvaluateTargetHealth).toBe(true);
    });

    test.each(STAMPS.filter(([group]) => group !== 'tools'))(
      '%s-%s: its check counts a deep check and an inverted switch in each control Region',
      (group, code) => {
        const id = `${group}-${code}`;
        const record = named(`${group}.${ZONE}`).find(({ AliasTarget }) => AliasTarget?.DNSName?.startsWith(`${code}.`));
        const verdict = checks.get(record!.HealthCheckId!)!.HealthCheckConfig!;
        const children = verdict.ChildHealthChecks!.map((child) => checks.get(child)!.HealthCheckConfig!);
        expect(verdict.HealthThreshold).toBe(1 + CONTROL.length);
        expect(children).toHaveLength(1 + CONTROL.length);
        expect(children.filter(({ Inverted }) => Inverted !== true)).toEqual([
          expect.objectContaining({
            Type: 'HTTPS',
            FullyQualifiedDomainName: `${code}.${group}.${ZONE}`,
            ResourcePath: '/.stamp/health',
            RequestInterval: 10,
            FailureThreshold: 3,
            EnableSNI: true,
          }),
        ]);
        expect(
          children
            .filter(({ Inverted }) => Inverted === true)
            .map(({ FullyQualifiedDomainName: host }) => host)
            .sort(),
        ).toEqual(CONTROL.map(([control, region]) => `${switchBucketName('e2e', ACCOUNT, control)}.s3.${region}.amazonaws.com`));
        for (const { Type, SearchString, ResourcePath } of children.filter(({ Inverted }) => Inverted === true)) {
          expect([Type, SearchString, ResourcePath]).toEqual(['HTTPS_STR_MATCH', evacuatedToken(id), `/${switchKey(id)}`]);
        }
      },
    );
  });
}
