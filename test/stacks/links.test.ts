import { describe, expect, test } from 'vitest';
import { cidrsOverlap, parseCidr } from '../../lib/cidr';
import { exampleFleet, variantFleet } from '../support/loaded-fleets';
import { type SynthesizedStack, exampleStacks, variantStacks } from '../support/synthesized-fleet';

type Json = Record<string, any>;

/** Stacks are linked by names (R3): nothing but these tests would notice when two of them no longer say the same one. */
describe.each([
  ['example', exampleFleet, exampleStacks],
  ['variant', variantFleet, variantStacks],
] as const)('names that stacks of the %s fleet know each other by', (_name, loaded, stacks) => {
  const specs = () => loaded().fleet.groups.flatMap((group) => group.stamps);
  const stamps = () => stacks().filter(({ name }) => specs().some((spec) => spec.values.names.stack === name));
  const records = () => stacks().flatMap((stack) => propertiesOf(stack, 'AWS::Route53::RecordSet'));
  const checks = () =>
    stacks().flatMap((stack) =>
      propertiesOf(stack, 'AWS::Route53::HealthCheck').map(({ HealthCheckConfig }) => HealthCheckConfig as Json),
    );

  test('every stamp has its own record, and its own name is what the deep check probes', () => {
    const own = stamps().flatMap((stack) => propertiesOf(stack, 'AWS::Route53::RecordSet').map(nameOf));
    expect(own.sort()).toEqual(
      specs()
        .map(({ values }) => values.recordName)
        .sort(),
    );
    const probed = checks().filter(({ Type }) => Type === 'HTTPS');
    expect(probed.map((check) => check['FullyQualifiedDomainName'] as string).sort()).toEqual(own.sort());
  });

  test('the path that the deep check probes is the first rule of every listener', () => {
    const [path, ...others] = new Set(
      checks()
        .filter(({ Type }) => Type === 'HTTPS')
        .map((check) => check['ResourcePath'] as string),
    );
    expect(others).toEqual([]);
    for (const stack of stamps()) {
      const rules = propertiesOf(stack, 'AWS::ElasticLoadBalancingV2::ListenerRule');
      const first = rules.find(({ Priority }) => Priority === 1);
      expect([stack.name, first?.['Conditions']]).toEqual([
        stack.name,
        [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }],
      ]);
    }
  });

  test('no check probes a name that it guards', () => {
    const guarded = loaded().fleet.groups.flatMap((group) => [group.recordName, ...group.tenantRecordNames]);
    expect(checks().filter((check) => guarded.includes(String(check['FullyQualifiedDomainName'])))).toEqual([]);
  });

  test('groups and tenants lead to names that exist', () => {
    const known = new Set(records().map(nameOf));
    const targets = records()
      .map((record) => record['AliasTarget'].DNSName as unknown)
      .filter((name) => typeof name === 'string');
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((name) => !known.has(name))).toEqual([]);
    for (const group of loaded().fleet.groups) {
      for (const name of [group.recordName, ...group.tenantRecordNames]) expect(known).toContain(name);
    }
  });

  test('every alias follows its target’s health; only stamps whose traffic operators move do not', () => {
    const blind = records().filter((record) => record['AliasTarget'].EvaluateTargetHealth !== true);
    const manual = loaded().fleet.groups.filter((group) => group.failover.traffic === 'manual');
    expect(blind.map(nameOf).sort()).toEqual(
      manual.flatMap((group) => group.stamps.map(({ values }) => values.recordName)).sort(),
    );
  });

  test('no answer lives longer than 60 seconds, and records of one name can be told apart', () => {
    expect(records().filter(({ TTL }) => TTL !== undefined && Number(TTL) > 60)).toEqual([]);
    const identities = records().map(
      (record) => `${nameOf(record)} ${String(record['Type'])} ${String(record['SetIdentifier'] ?? '')}`,
    );
    expect(new Set(identities).size).toBe(identities.length);
    const routed = records().filter((record) => record['HealthCheckId'] !== undefined);
    expect(routed.filter(({ SetIdentifier }) => typeof SetIdentifier !== 'string')).toEqual([]);
  });

  test('calculated checks follow real ones, never each other', () => {
    for (const stack of stacks()) {
      const all = stack.template.findResources('AWS::Route53::HealthCheck');
      for (const check of Object.values(all)) {
        const children = (check['Properties'].HealthCheckConfig.ChildHealthChecks ?? []) as Json[];
        const types = children.map(
          (child) => all[child['Fn::GetAtt'][0] as string]!['Properties'].HealthCheckConfig.Type as string,
        );
        expect(types).not.toContain('CALCULATED');
      }
    }
  });

  test('switch checks read the buckets of the control stacks, each bucket once for every stamp', () => {
    const buckets = stacks()
      .filter(({ name }) => name.includes('-control-'))
      .flatMap((stack) =>
        propertiesOf(stack, 'AWS::S3::Bucket')
          .filter(({ BucketName }) => BucketName !== undefined)
          .map(({ BucketName }) => `${String(BucketName)}.s3.${stack.region}.amazonaws.com`),
      );
    const read = checks()
      .filter(({ Type }) => Type === 'HTTPS_STR_MATCH')
      .map((check) => `${String(check['FullyQualifiedDomainName'])}${String(check['ResourcePath'])}`);
    const expected = buckets.flatMap((bucket) => specs().map(({ id }) => `${bucket}/switches/${id}`));
    expect(read.sort()).toEqual(expected.sort());
  });

  test('the certificate of a stamp covers every name that leads to it', () => {
    for (const group of loaded().fleet.groups) {
      for (const { values } of group.stamps) {
        const stack = stacks().find(({ name }) => name === values.names.stack)!;
        const [certificate] = propertiesOf(stack, 'AWS::CertificateManager::Certificate');
        const covered = [certificate!['DomainName'], ...(certificate!['SubjectAlternativeNames'] as string[])] as string[];
        const needed = [values.recordName, group.recordName, ...group.tenantRecordNames];
        expect([stack.name, needed.filter((name) => !covered.some((pattern) => covers(pattern, name)))]).toEqual([
          stack.name,
          [],
        ]);
      }
    }
  });

  test('canaries use the stamp’s own name and the group’s', () => {
    for (const group of loaded().fleet.groups) {
      for (const { values } of group.stamps) {
        const [canary] = propertiesOf(
          stacks().find(({ name }) => name === values.names.stack)!,
          'AWS::Synthetics::Canary',
        );
        const urls = String(canary!['RunConfig'].EnvironmentVariables.CANARY_URLS).split(' ');
        expect(urls.map((url) => new URL(url).hostname)).toEqual([values.recordName, group.recordName]);
      }
    }
  });

  test('backups are copied into vaults that exist, belong to another stamp, and take the retention', () => {
    const vaults = new Map(
      stamps().flatMap((stack) =>
        propertiesOf(stack, 'AWS::Backup::BackupVault').map((vault) => [
          `arn:aws:backup:${stack.region}:${stack.account}:backup-vault:${String(vault['BackupVaultName'])}`,
          { stack: stack.name, lock: (vault['LockConfiguration'] ?? {}) as Json },
        ]),
      ),
    );
    const accounts = new Set(stamps().map(({ account }) => account));
    for (const { name, template } of stamps()) {
      const rules = Object.values(template.findResources('AWS::Backup::BackupPlan')).flatMap(
        (plan) => plan['Properties'].BackupPlan.BackupPlanRule as Json[],
      );
      for (const copy of rules.flatMap((rule) => (rule['CopyActions'] ?? []) as Json[])) {
        const arn = String(copy['DestinationBackupVaultArn']);
        // Vaults of other accounts are somebody else's.
        if (!accounts.has(arn.split(':')[4]!)) continue;
        const vault = vaults.get(arn);
        expect([name, arn, vault !== undefined && vault.stack !== name]).toEqual([name, arn, true]);
        const days = Number(copy['Lifecycle'].DeleteAfterDays);
        expect(days).toBeGreaterThanOrEqual(Number(vault!.lock['MinRetentionDays'] ?? 0));
        expect(days).toBeLessThanOrEqual(Number(vault!.lock['MaxRetentionDays'] ?? Infinity));
      }
    }
  });

  test('what a plan selects is the data of its own stamp, and of no other', () => {
    const tagged = stacks().flatMap((stack) => [
      ...propertiesOf(stack, 'AWS::RDS::DBCluster').flatMap((cluster) => tagsIn(cluster, stack.region)),
      ...propertiesOf(stack, 'AWS::DynamoDB::GlobalTable').flatMap((table) =>
        (table['Replicas'] as Json[]).flatMap((replica) => tagsIn(replica, String(replica['Region']))),
      ),
    ]);
    const selected = stamps().flatMap((stack) =>
      propertiesOf(stack, 'AWS::Backup::BackupSelection').map((selection) => {
        const [condition] = selection['BackupSelection'].Conditions.StringEquals as Json[];
        return `${stack.region} ${String(condition!['ConditionKey']).replace('aws:ResourceTag/', '')}=${String(condition!['ConditionValue'])}`;
      }),
    );
    expect(selected.length).toBeGreaterThan(4);
    expect(selected.sort()).toEqual(tagged.sort());
  });

  test('Aurora members join the cluster of their group’s data stack, which is of the same engine and version', () => {
    const global = new Map(
      stacks().flatMap((stack) =>
        propertiesOf(stack, 'AWS::RDS::GlobalCluster').map((cluster) => [
          String(cluster['GlobalClusterIdentifier']),
          { stack, cluster },
        ]),
      ),
    );
    const members = stamps().flatMap((stack) =>
      propertiesOf(stack, 'AWS::RDS::DBCluster').map((cluster) => ({ stack, cluster })),
    );
    const joined = members.filter(({ cluster }) => cluster['GlobalClusterIdentifier'] !== undefined);
    for (const { cluster } of joined) {
      const parent = global.get(String(cluster['GlobalClusterIdentifier']))!.cluster;
      expect([cluster['Engine'], cluster['EngineVersion']]).toEqual([parent['Engine'], parent['EngineVersion']]);
    }
    for (const [identifier, { stack }] of global) {
      const own = joined.filter(({ cluster }) => cluster['GlobalClusterIdentifier'] === identifier);
      expect(own.length).toBeGreaterThanOrEqual(2);
      // Exactly one member has the data to begin with: the one in the Region of the data stack.
      expect(own.filter(({ cluster }) => cluster['MasterUsername'] !== undefined).map((member) => member.stack.region)).toEqual([
        stack.region,
      ]);
    }
    const identifiers = members.map(({ cluster }) => String(cluster['DBClusterIdentifier']));
    expect(new Set(identifiers).size).toBe(identifiers.length);
  });

  test('a table stamp points to a table with a replica in its Region, and may use it and its key', () => {
    const tables = new Map(
      stacks().flatMap((stack) =>
        propertiesOf(stack, 'AWS::DynamoDB::GlobalTable').map((table) => [String(table['TableName']), { stack, table }]),
      ),
    );
    const pointing = stamps().flatMap((stack) =>
      propertiesOf(stack, 'AWS::SSM::Parameter')
        .map(({ Value }) => (typeof Value === 'string' ? (JSON.parse(Value) as Json) : {}))
        .filter(({ engine }) => engine === 'dynamodb')
        .map(({ table }) => ({ stack, name: String(table) })),
    );
    expect(pointing.length).toBeGreaterThan(0);
    for (const { stack, name } of pointing) {
      const owner = tables.get(name)!;
      const replica = (owner.table['Replicas'] as Json[]).find(({ Region }) => Region === stack.region);
      expect([stack.name, replica !== undefined, owner.stack.account]).toEqual([stack.name, true, stack.account]);
      const policies = JSON.stringify(stack.template.findResources('AWS::IAM::Policy'));
      expect(policies).toContain(`arn:aws:dynamodb:${stack.region}:${stack.account}:table/${name}"`);
      const key = (replica!['SSESpecification'] as Json | undefined)?.['KMSMasterKeyId'] as string | undefined;
      if (key !== undefined) expect(policies).toContain(key);
    }
  });

  test('networks do not overlap', () => {
    const ranges = stamps().flatMap((stack) =>
      propertiesOf(stack, 'AWS::EC2::VPC').map(({ CidrBlock }) => parseCidr(String(CidrBlock))!),
    );
    expect(ranges).toHaveLength(stamps().length);
    ranges.forEach((range, index) => {
      for (const other of ranges.slice(index + 1)) expect(cidrsOverlap(range, other)).toBe(false);
    });
  });
});

function propertiesOf(stack: SynthesizedStack, type: string): Json[] {
  return Object.values(stack.template.findResources(type)).map((resource) => resource['Properties'] as Json);
}

/** DNS names may or may not end in a dot. */
function nameOf(record: Json): string {
  return String(record['Name']).replace(/\.$/, '');
}

function tagsIn({ Tags }: Json, region: string): string[] {
  return ((Tags ?? []) as Json[])
    .filter(({ Key }) => Key === 'stampkit:backup')
    .map(({ Key, Value }) => `${region} ${String(Key)}=${String(Value)}`);
}

/** A wildcard stands for one label. */
function covers(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2));
}
