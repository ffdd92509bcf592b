import { describe, expect, test } from 'vitest';
import type { CheckTarget } from '../../lib/assembly/facts/dns';
import { parseFleet, readFleet } from '../../lib/assembly/parse-fleet';
import type { ParsedFleet, ParsedStamp } from '../../lib/assembly/parsed-fleet';
import { exampleFleet, variantFleet } from '../support/loaded-fleets';
import { edited, exampleAssembly, factsOf } from '../support/mutate-assembly';
import * as mutations from '../support/mutations';
import { once } from '../support/once';
import { synthesizeInto } from '../support/synthesized-fleet';

const example = once(() => parseFleet(exampleAssembly()));
const variant = once(() => readFleet(synthesizeInto(variantFleet().fleet)));

function byId<T extends { readonly id: string }>(facts: readonly T[], id: string | undefined): T {
  const found = facts.find((fact) => fact.id === id);
  if (found === undefined) throw new Error(`no fact ${id ?? ''}`);
  return found;
}

function stampOf(parsed: ParsedFleet, id: string): ParsedStamp {
  return byId(parsed.stamps, id);
}

const fleets = once(() => [
  { fleet: exampleFleet().fleet, parsed: example() },
  { fleet: variantFleet().fleet, parsed: variant() },
]);

/** Both fleets' stamps, with what the templates say about them. */
const stamps = once(() =>
  fleets().flatMap(({ fleet, parsed }) =>
    fleet.groups.flatMap((group) =>
      group.stamps.map((spec) => ({ fleet, parsed, group, spec, stamp: stampOf(parsed, spec.id) })),
    ),
  ),
);

function each(check: (one: ReturnType<typeof stamps>[number]) => void): void {
  expect(stamps().length).toBeGreaterThan(8);
  for (const one of stamps()) check(one);
}

const recovered = (parsed: ParsedFleet): unknown => JSON.parse(JSON.stringify(parsed));

describe('what the templates say is what the fleet says', () => {
  test('a vault outside the assembly is pointed out, and no more', () => {
    expect(example().findings).toEqual([]);
    expect(variant().findings).toMatchObject([
      { code: 'template-reference-dangling', severity: 'info', where: { file: 'lab-sandbox-use2' } },
    ]);
  });

  test('everything is resolved: no finding, no fact with an open value', () => {
    for (const { parsed } of fleets()) {
      // The variant fleet copies into a vault of another account.
      expect(parsed.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(
        Object.values(parsed)
          .flat()
          .filter((fact) => typeof fact === 'object' && 'unresolved' in fact),
      ).toEqual([]);
    }
  });

  test('plain data: the same after JSON', () => {
    expect(recovered(example())).toEqual(example());
  });

  test('the stamps, with group, Region, account, zones and names', () => {
    for (const { fleet, parsed } of fleets()) {
      expect(parsed.stamps.map(({ id }) => id)).toEqual(fleet.groups.flatMap((group) => group.stamps.map(({ id }) => id)).sort());
    }
    each(({ spec, stamp }) => {
      expect(stamp).toMatchObject({
        generated: true,
        group: spec.group,
        regionCode: spec.regionCode,
        region: spec.shape.region,
        account: spec.values.account,
        stacks: [spec.values.names.stack],
        availabilityZones: spec.shape.availabilityZones,
        recordNames: [spec.values.recordName],
      });
    });
  });

  test('tasks: minimum, maximum, sizes, images, targets of scaling, zones', () => {
    each(({ parsed, spec, stamp }) => {
      const { shape, values } = spec;
      expect(stamp.webServiceIds).toHaveLength(1);
      const web = byId(parsed.services, stamp.webServiceIds[0]);
      expect(web).toMatchObject({
        name: values.names.service,
        role: 'web',
        launchType: shape.compute.kind === 'ec2' ? 'EC2' : 'FARGATE',
        minTasks: values.capacity.minTasks,
        maxTasks: values.capacity.maxTasks,
        availabilityZones: shape.availabilityZones,
        zoneRebalancing: true,
        deployment: { circuitBreaker: true, rollback: true, minimumHealthyPercent: 100, maximumPercent: 200 },
        task: { family: values.names.taskFamily, cpu: shape.compute.cpu, memory: shape.compute.memory },
      });
      expect(web.desiredCount).toBeUndefined();
      expect(web.deployment.alarms.length).toBeGreaterThan(0);
      expect(web.deployment.alarms.every((id) => parsed.alarms.some((alarm) => alarm.id === id))).toBe(true);
      const container = web.task?.containers.find(({ name }) => name === 'web');
      expect(container).toMatchObject({
        image: values.image,
        stopTimeout: shape.compute.stopTimeout,
        ports: [shape.compute.port],
      });
      expect(container?.imageRegion).toBe(shape.region);
      expect(container?.secrets.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(shape.compute.secrets)));
      expect(container?.secrets.every(({ region }) => region === shape.region)).toBe(true);
      expect(web.scaling).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ metric: 'ALBRequestCountPerTarget', target: values.capacity.requestsPerTargetPerMinute }),
          expect.objectContaining({ metric: 'ECSServiceAverageCPUUtilization', target: shape.compute.cpuTarget }),
        ]),
      );
    });
  });

  test('workers and queues', () => {
    each(({ parsed, spec, stamp }) => {
      const { shape, values } = spec;
      const { worker } = shape;
      expect(stamp.workerServiceIds).toHaveLength(worker === undefined ? 0 : 1);
      expect(stamp.queueIds).toHaveLength(worker === undefined ? 0 : 2);
      if (worker === undefined) return;
      expect(byId(parsed.services, stamp.workerServiceIds[0])).toMatchObject({
        name: values.names.workerService,
        role: 'worker',
        minTasks: values.capacity.workerMinTasks,
        maxTasks: values.capacity.workerMaxTasks,
        scaling: [{ metric: 'custom', target: values.capacity.workerBacklogPerTask }],
        task: { cpu: worker.cpu, memory: worker.memory, containers: [{ image: values.workerImage }] },
      });
      const queue = parsed.queues.find(({ name }) => name === values.names.queue);
      expect(queue).toMatchObject({
        visibilityTimeout: worker.visibilityTimeout,
        retention: worker.retention,
        deadLetter: { maxReceives: worker.maxReceives },
      });
      expect(byId(parsed.queues, queue?.deadLetter?.queueId).name).toBe(values.names.deadLetterQueue);
    });
  });

  test('instances carry the tasks of EC2 stamps, and of no others', () => {
    each(({ parsed, spec, stamp }) => {
      const { shape, values } = spec;
      const web = byId(parsed.services, stamp.webServiceIds[0]);
      expect(stamp.autoScalingGroupIds).toEqual(web.autoScalingGroupIds);
      expect(stamp.autoScalingGroupIds).toHaveLength(shape.compute.kind === 'ec2' ? 1 : 0);
      if (shape.compute.kind !== 'ec2') return;
      expect(byId(parsed.autoScalingGroups, stamp.autoScalingGroupIds[0])).toMatchObject({
        min: values.capacity.minInstances,
        max: values.capacity.maxInstances,
        instanceType: shape.compute.instanceType,
        availabilityZones: shape.availabilityZones,
        capacityProviders: [expect.stringContaining(values.names.stack)],
      });
    });
  });

  test('load balancers and target groups', () => {
    each(({ parsed, spec, stamp }) => {
      const balancer = byId(parsed.loadBalancers, stamp.loadBalancerIds[0]);
      expect(balancer).toMatchObject({
        scheme: 'internet-facing',
        availabilityZones: spec.shape.availabilityZones,
        clientKeepAlive: spec.shape.edge.clientKeepAlive,
        deletionProtection: spec.shape.guards.deletionProtection.enabled,
        zonalShift: true,
        targetGroupIds: stamp.targetGroupIds,
      });
      expect(balancer.listeners.map(({ port, protocol }) => [port, protocol])).toEqual([
        [80, 'HTTP'],
        [443, 'HTTPS'],
      ]);
      const web = parsed.targetGroups.find(({ targetIds }) => targetIds.includes(stamp.webServiceIds[0] ?? ''));
      expect(web).toMatchObject({
        targetType: 'ip',
        healthCheck: { enabled: true, path: spec.shape.compute.healthPath, interval: 10 },
        deregistrationDelay: spec.shape.compute.deregistrationDelay,
        stickiness: false,
        loadBalancerIds: stamp.loadBalancerIds,
        otherTargets: 0,
      });
      expect(web?.dnsFailover.count ?? 0).toBeGreaterThanOrEqual(web?.unhealthyStateRouting.count ?? 0);
      const health = parsed.targetGroups.find(({ targetIds }) => targetIds.includes(stamp.healthFunctionId ?? ''));
      expect(health).toMatchObject({ targetType: 'lambda', healthCheck: { enabled: true, path: '/.stamp/live', interval: 35 } });
      expect(byId(parsed.functions, stamp.healthFunctionId)).toMatchObject({
        name: spec.values.names.healthFunction,
        reservedConcurrency: spec.values.capacity.healthConcurrency,
        environment: expect.objectContaining({ STAMP_ID: spec.id }) as unknown,
      });
    });
  });

  test('networks: range, zones, a way out per zone', () => {
    each(({ parsed, spec, stamp }) => {
      const network = byId(parsed.networks, stamp.networkIds[0]);
      const zones = spec.shape.availabilityZones;
      expect(network).toMatchObject({ cidr: spec.values.vpcCidr, availabilityZones: zones });
      expect(network.subnets.map(({ cidr }) => cidr).sort()).toEqual(
        [...spec.values.publicSubnets, ...spec.values.privateSubnets, ...spec.values.isolatedSubnets].sort(),
      );
      const nat = spec.shape.network.egress === 'nat';
      expect(network.natGateways.map(({ availabilityZone }) => availabilityZone)).toEqual(nat ? zones : []);
      const privates = network.subnets.filter(({ cidr }) => spec.values.privateSubnets.includes(cidr ?? ''));
      expect(privates.map(({ availabilityZone, natZone }) => natZone === (nat ? availabilityZone : undefined))).toEqual(
        zones.map(() => true),
      );
    });
  });

  test('databases: members of the global cluster, tables with their replicas, pointers', () => {
    each(({ parsed, spec, group, stamp }) => {
      const { database } = spec.shape;
      const pointer = parsed.pointers.find(({ name }) => name === spec.values.names.databaseParameter);
      if (database.engine === 'none') {
        expect([stamp.databaseIds, pointer]).toEqual([[], undefined]);
        return;
      }
      expect(pointer).toMatchObject({ stampId: spec.id });
      if (database.engine === 'external') {
        expect(pointer).toMatchObject({ writer: spec.values.databaseWriter });
        expect(stamp.databaseIds).toEqual([]);
        return;
      }
      expect(stamp.databaseIds).toEqual([pointer?.databaseId]);
      if (database.engine === 'dynamodb') {
        const table = byId(parsed.tables, pointer?.databaseId);
        expect(table).toMatchObject({ name: group.names.table, consistency: database.consistency });
        expect(table.replicas.map(({ region }) => region)).toEqual([...database.peerRegions, spec.shape.region].sort());
        expect(table.replicas.every(({ pointInTimeRecovery }) => pointInTimeRecovery)).toBe(true);
        return;
      }
      const cluster = byId(parsed.databaseClusters, pointer?.databaseId);
      expect(cluster).toMatchObject({
        identifier: spec.values.names.databaseCluster,
        engine: database.engine,
        engineVersion: database.version,
        home: spec.home,
        deletionProtection: spec.shape.guards.deletionProtection.enabled,
        deletionPolicy: 'RetainExceptOnCreate',
        availabilityZones: spec.shape.availabilityZones,
      });
      // Members of a global cluster have the databases of their writer.
      expect(cluster.databaseName).toBe(spec.home ? database.databaseName : undefined);
      expect(cluster.instances).toHaveLength(1 + database.readers);
      // The writer's member enforces it; a standby that took over would block every commit.
      expect(cluster.parameters['rds.global_db_rpo']).toBe(spec.home ? database.maxReplicationLag?.toString() : undefined);
      if (database.capacity === 'serverless') {
        expect(cluster.serverless).toEqual({
          minCapacity: spec.values.capacity.minAcu,
          maxCapacity: spec.values.capacity.maxAcu,
        });
      } else {
        expect(cluster.instances.every(({ instanceClass }) => instanceClass === database.instance)).toBe(true);
      }
      expect(parsed.globalClusters.find(({ id }) => id === cluster.globalClusterId)?.identifier).toBe(
        database.global ? group.names.globalCluster : undefined,
      );
    });
    const [globalCluster] = example().globalClusters;
    expect(globalCluster).toMatchObject({ memberIds: [expect.stringMatching(/use1/), expect.stringMatching(/usw2/)] });
    expect(globalCluster?.homeId).toMatch(/^shop-enterprise-use1/);
  });

  test('backups: rules, retention, locks, copies that find the vaults of other Regions, restore tests', () => {
    each(({ parsed, spec, stamp }) => {
      const { backup, database } = spec.shape;
      expect(stamp.backupPlanIds).toHaveLength(backup === undefined ? 0 : 1);
      if (backup === undefined) return;
      const plan = byId(parsed.backupPlans, stamp.backupPlanIds[0]);
      expect(plan.protects).toEqual([{ databaseId: stamp.databaseIds[0], region: spec.shape.region }]);
      const scheduled = plan.rules.find(({ continuous }) => !continuous);
      const day = 86_400;
      expect(scheduled).toMatchObject({
        vaultId: stamp.vaultIds[0],
        scheduleInterval: { hourly: 3600, daily: day, weekly: 7 * day }[backup.schedule],
        retentionDays: backup.retain / day,
      });
      expect(scheduled?.copies).toEqual(
        spec.values.backupCopyVaultArns.map(
          (destinationArn) => expect.objectContaining({ destinationArn, retentionDays: backup.copyRetain / day }) as unknown,
        ),
      );
      for (const copy of scheduled?.copies ?? []) {
        const inFleet = parsed.vaults.some(({ arn }) => arn === copy.destinationArn);
        expect(inFleet).toBe(copy.account === spec.values.account);
        expect(parsed.vaults.find(({ id }) => id === copy.vaultId)?.arn).toBe(inFleet ? copy.destinationArn : undefined);
      }
      expect(plan.rules.some(({ continuous }) => continuous)).toBe(backup.continuous && database.engine !== 'dynamodb');
      expect(byId(parsed.vaults, stamp.vaultIds[0]).lock?.mode).toBe(backup.lock === 'none' ? undefined : backup.lock);
      const test = parsed.restoreTests.find(({ stampId }) => stampId === spec.id);
      expect(test?.scheduleInterval).toBe(
        { none: undefined, daily: day, weekly: 7 * day, monthly: 31 * day }[backup.restoreTest],
      );
      if (test !== undefined)
        expect(test).toMatchObject({ vaultIds: stamp.vaultIds, selections: [{ name: 'data_of_the_stamp' }] });
    });
  });

  test('records lead to their stamps', () => {
    for (const { fleet, parsed } of fleets()) {
      for (const group of fleet.groups) {
        const ids = group.stamps.map(({ id }) => id).sort();
        const own = parsed.records.filter(({ Name }) => Name === group.recordName);
        expect(
          own
            .flatMap(({ leadsTo }) => leadsTo)
            .filter((id, index, all) => all.indexOf(id) === index)
            .sort(),
        ).toEqual(ids);
        for (const name of group.tenantRecordNames) {
          expect(parsed.records.find(({ Name }) => Name === name)).toMatchObject({
            leadsTo: ids,
            hostedZoneId: group.zone.hostedZoneId,
          });
        }
      }
    }
  });

  test('checks watch the stamps past their web ACLs, and the switches that checkers may read', () => {
    for (const { fleet, parsed } of fleets()) {
      for (const stamp of fleet.groups.flatMap((group) => group.stamps)) {
        const watches = parsed.healthChecks.flatMap(({ watches: target }) =>
          target !== undefined && stampIdOf(target) === stamp.id ? [target] : [],
        );
        const switches = watches.flatMap((target) => (target.kind === 'switch' ? [target] : []));
        const members = [...fleet.control.members, ...fleet.control.joining];
        expect(switches.map(({ region }) => region).sort()).toEqual(members.map(({ region }) => region).sort());
        expect(
          switches.every(
            ({ token, readers, key }) => token === 'evacuated' && readers === 'all' && key === `switches/${stamp.id}`,
          ),
        ).toBe(true);
        expect(watches.filter(({ kind }) => kind === 'load-balancer')).toMatchObject([
          {
            path: '/.stamp/health',
            targetGroupId: expect.stringContaining('HealthTargetGroup') as unknown,
            filter: { verdict: 'allowed' },
          },
        ]);
      }
    }
  });

  test('control plane: buckets with their readers, the table with its Regions', () => {
    for (const { fleet, parsed } of fleets()) {
      const members = [...fleet.control.members, ...fleet.control.joining];
      expect(parsed.switchBuckets.map(({ bucketName }) => bucketName).sort()).toEqual(
        members.map(({ bucketName }) => bucketName).sort(),
      );
      for (const bucket of parsed.switchBuckets) {
        expect(bucket).toMatchObject({
          versioned: true,
          publicAccessBlocked: true,
          generated: true,
          anonymousReads: [{ keys: 'switches/*' }],
        });
      }
      const table = byId(parsed.tables, parsed.controlTableId);
      expect(table).toMatchObject({ name: fleet.control.table.name, consistency: 'strong' });
      expect(table.replicas.map(({ region }) => region)).toEqual(fleet.control.table.replicaRegions);
      expect(table.witnessRegion).toBe(fleet.control.table.witness?.region);
    }
  });

  test('skips what says nothing about resilience, and counts it', () => {
    expect(example().skipped).toContainEqual({ type: 'AWS::IAM::Role', count: expect.any(Number) as unknown });
    expect(example().skipped.map(({ count }) => count)).toEqual(
      example()
        .skipped.map(({ count }) => count)
        .sort((a, b) => b - a),
    );
  });
});

function stampIdOf(target: CheckTarget): string | undefined {
  return 'stampId' in target ? target.stampId : undefined;
}

describe('edits of the templates show in the facts', () => {
  const facts = (edits: Parameters<typeof edited>[1][]): ParsedFleet => factsOf(exampleAssembly(), ...edits);
  const group = (parsed: ParsedFleet) => parsed.records.filter(({ Name }) => Name === 'enterprise.shop.example.com');
  const checks = (parsed: ParsedFleet) => parsed.healthChecks.filter(({ origin }) => origin.stack === 'shop-enterprise-routing');
  const web = (parsed: ParsedFleet, stamp: string) => byId(parsed.services, stampOf(parsed, stamp).webServiceIds[0]);

  test('no health check and no EvaluateTargetHealth', () => {
    const [before, after] = [group(example()), group(facts(mutations.withoutChecksAndTargetHealth))];
    expect(
      before.map(({ HealthCheckId, AliasTarget }) => [HealthCheckId !== undefined, AliasTarget?.EvaluateTargetHealth]),
    ).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(
      after.map(({ HealthCheckId, AliasTarget }) => [HealthCheckId !== undefined, AliasTarget?.EvaluateTargetHealth]),
    ).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(group(facts(mutations.withoutHealthCheckOfPrimary)).map(({ HealthCheckId }) => HealthCheckId === undefined)).toEqual([
      true,
      false,
    ]);
    expect(
      group(facts(mutations.withoutTargetHealth)).every(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth === false),
    ).toBe(true);
  });

  test('checks at 30 s x 10', () => {
    const probing = checks(facts(mutations.slowChecks)).filter(({ HealthCheckConfig: config }) => config.Type !== 'CALCULATED');
    expect(probing).toHaveLength(6);
    expect(
      probing.every(({ HealthCheckConfig: config }) => config.RequestInterval === 30 && config.FailureThreshold === 10),
    ).toBe(true);
  });

  test('inversion removed', () => {
    expect(checks(example()).filter(({ HealthCheckConfig: config }) => config.Inverted === true)).toHaveLength(4);
    expect(
      checks(facts(mutations.withoutInversion)).filter(({ HealthCheckConfig: config }) => config.Inverted === true),
    ).toHaveLength(0);
  });

  test('another token', () => {
    const tokens = checks(facts(mutations.otherToken)).flatMap(({ watches }) =>
      watches?.kind === 'switch' ? [watches.token] : [],
    );
    expect(tokens).toEqual(['other', 'other', 'other', 'other']);
  });

  test('a TTL of 900', () => {
    const record = facts(mutations.longTtl).records.find(({ Name }) => Name === 'use1.enterprise.shop.example.com.');
    expect(record).toMatchObject({ TTL: 900, ResourceRecords: [{ Value: '192.0.2.1' }] });
    expect(record).not.toHaveProperty('AliasTarget');
  });

  test('zero tasks, and a maximum below the peak', () => {
    expect(web(facts(mutations.zeroTasks), 'enterprise-usw2').minTasks).toBe(0);
    expect(web(facts(mutations.maxBelowPeak), 'enterprise-use1')).toMatchObject({ minTasks: 2, maxTasks: 4 });
  });

  test('a replica removed', () => {
    const table = facts(mutations.withoutReplica).tables.find(({ name }) => name === 'shop-pool.table');
    expect(table?.replicas.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('a cluster outside the global cluster', () => {
    const parsed = facts(mutations.outsideGlobalCluster);
    expect(parsed.globalClusters[0]?.memberIds).toEqual([expect.stringMatching(/^shop-enterprise-use1/)]);
    expect(byId(parsed.databaseClusters, stampOf(parsed, 'enterprise-usw2').databaseIds[0])).not.toHaveProperty(
      'globalClusterId',
    );
  });

  test('a copy rule deleted, and the plan', () => {
    const plan = (parsed: ParsedFleet) => parsed.backupPlans.find(({ stampId }) => stampId === 'enterprise-use1');
    expect(plan(example())?.rules.flatMap(({ copies }) => copies)).toHaveLength(1);
    expect(plan(facts(mutations.withoutCopies))?.rules.flatMap(({ copies }) => copies)).toEqual([]);
    expect(plan(facts(mutations.withoutPlan))).toBeUndefined();
    expect(stampOf(facts(mutations.withoutPlan), 'enterprise-use1').backupPlanIds).toEqual([]);
  });

  test('the SECONDARY record gone', () => {
    expect(group(facts(mutations.withoutSecondary)).map(({ Failover }) => Failover)).toEqual(['PRIMARY']);
  });

  test('a switch bucket policy without the checkers', () => {
    const parsed = facts(mutations.withoutCheckerAccess);
    expect(parsed.switchBuckets.map(({ anonymousReads }) => anonymousReads)).toEqual([[], []]);
    expect(checks(parsed).flatMap(({ watches }) => (watches?.kind === 'switch' ? [watches.readers] : []))).toEqual([
      'none',
      'none',
      'none',
      'none',
    ]);
  });

  test('control Regions that are the only Region of a stamp', () => {
    const regions = (parsed: ParsedFleet) =>
      parsed.healthChecks.flatMap(({ watches }) =>
        watches?.kind === 'switch' && watches.stampId === 'internal-euw1' ? [watches.region] : [],
      );
    expect(regions(example())).toEqual(['us-east-2', 'us-west-2']);
    expect(regions(facts(mutations.controlInOnlyStampRegion))).toEqual(['eu-west-1', 'eu-west-1']);
  });

  test('an edit leaves the assembly it starts from as it is', () => {
    edited(exampleAssembly(), ...mutations.zeroTasks);
    expect(web(parseFleet(exampleAssembly()), 'enterprise-usw2').minTasks).toBeGreaterThan(0);
  });
});
