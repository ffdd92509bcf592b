import type { MutableFleet } from '../base-config';
import { auroraOf, backupOf, enterpriseOf, makeSingle, makeStrong, poolOf, serverlessOf, tableOf } from '../base-config';
import type { FindingCases } from './finding-case';

const KEYS = {
  use1: 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555',
  usw2: 'arn:aws:kms:us-west-2:111111111111:alias/table',
  euw1: 'arn:aws:kms:eu-west-1:111111111111:alias/table',
};

function external(config: MutableFleet, endpoints: Record<string, string>): void {
  const group = enterpriseOf(config);
  group.database = {
    engine: 'external',
    protocol: 'postgresql',
    name: 'app',
    endpoints: Object.fromEntries(
      Object.entries(endpoints).map(([code, reader]) => [code, { writer: 'db.us-east-1.example.com', reader, port: 5432 }]),
    ),
  };
  delete group.backup;
}

export const DATABASE_CASES = {
  'strong-outside-region-set': {
    change: (config) => {
      tableOf(config).consistency = 'strong';
    },
    at: 'groups/pool.yaml database.consistency',
    says: /us-east-1, us-west-2, eu-west-1/,
  },
  'strong-replica-count': {
    change: (config) => {
      makeStrong(config);
      Object.assign(poolOf(config).placement, { regions: ['use1', 'usw2'] });
    },
    at: 'groups/pool.yaml database.consistency',
    says: /here are 2 \(use1, usw2\)/,
  },
  'strong-witness-is-replica': {
    change: (config) => {
      makeStrong(config).witness = 'use1';
    },
    at: 'groups/pool.yaml database.witness',
    says: /use1 is the witness and holds a replica/,
  },
  'strong-with-time-to-live': {
    change: (config) => {
      makeStrong(config).timeToLive = 'expires';
    },
    at: 'groups/pool.yaml database.timeToLive',
    says: /timeToLive expires/,
  },
  'witness-without-strong': {
    change: (config) => {
      tableOf(config).witness = 'use2';
    },
    at: 'groups/pool.yaml database.witness',
    says: /witness use2/,
  },
  'index-name-duplicate': {
    change: (config) => {
      const index = { name: 'by-date', partitionKey: { name: 'date', type: 'string' as const } };
      tableOf(config).indexes = [index, { ...index }];
    },
    at: 'groups/pool.yaml database.indexes.1.name',
    says: /"by-date"/,
  },
  'key-arn-invalid': {
    change: (config) => (tableOf(config).keyArns = { ...KEYS, use1: 'alias/table' }),
    at: 'groups/pool.yaml database.keyArns.use1',
    says: /"alias\/table"/,
  },
  'key-arn-missing': {
    change: (config) => (tableOf(config).keyArns = { use1: KEYS.use1, usw2: KEYS.usw2 }),
    at: 'groups/pool.yaml database.keyArns',
    says: /euw1 has no key/,
  },
  'key-arn-wrong-region': {
    change: (config) => (tableOf(config).keyArns = { ...KEYS, euw1: KEYS.use1 }),
    at: 'groups/pool.yaml database.keyArns.euw1',
    says: /euw1 \(eu-west-1\) lies in us-east-1/,
  },
  'key-arn-other-account': {
    change: (config) => (tableOf(config).keyArns = { ...KEYS, euw1: 'arn:aws:kms:eu-west-1:222222222222:alias/table' }),
    at: 'groups/pool.yaml database.keyArns.euw1',
    says: /account 222222222222/,
  },
  'key-arn-not-member': {
    change: (config) => (tableOf(config).keyArns = { ...KEYS, use2: 'arn:aws:kms:us-east-2:111111111111:alias/table' }),
    at: 'groups/pool.yaml database.keyArns.use2',
    says: /use2, which holds no stamp/,
  },
  'acu-step': {
    change: (config) => (serverlessOf(config).minAcu = 8.25),
    at: 'groups/enterprise.yaml database.serverless.minAcu',
    says: /minAcu 8\.25/,
  },
  'acu-range': {
    change: (config) => (serverlessOf(config).minAcu = 33),
    at: 'groups/enterprise.yaml database.serverless.minAcu',
    says: /minAcu 33 is above maxAcu 32/,
  },
  'acu-below-global-minimum': {
    change: (config) => (serverlessOf(config).minAcu = 7.5),
    at: 'groups/enterprise.yaml database.serverless.minAcu',
    says: /minAcu 7\.5 .* 8 ACU/,
  },
  'readers-out-of-range': {
    change: (config) => (serverlessOf(config).readers = 16),
    at: 'groups/enterprise.yaml database.serverless.readers',
    says: /no 16 readers/,
  },
  'aurora-without-reader': {
    change: (config) => {
      makeSingle(enterpriseOf(config), 'use1');
      delete auroraOf(config).maxReplicationLag;
      serverlessOf(config).readers = 0;
      enterpriseOf(config).objectives.availability.rto = 599;
    },
    also: ['single-region-group'],
    at: 'groups/enterprise.yaml database.serverless.readers',
    says: /up to 10m; the availability rto is 599s/,
  },
  'aurora-active-active': {
    change: (config) =>
      (enterpriseOf(config).placement = { mode: 'active-active', regions: ['use1', 'usw2'], routing: { policy: 'latency' } }),
    at: 'groups/enterprise.yaml database.engine',
    says: /use1, usw2 all serve users/,
  },
  'replication-lag-cap-mysql': {
    change: (config) => (auroraOf(config).engine = 'aurora-mysql'),
    at: 'groups/enterprise.yaml database.maxReplicationLag',
    says: /maxReplicationLag 30s has no effect/,
  },
  'replication-lag-cap-range': {
    change: (config) => (auroraOf(config).maxReplicationLag = 19),
    at: 'groups/enterprise.yaml database.maxReplicationLag',
    says: /maxReplicationLag 19s is refused/,
  },
  'replication-lag-cap-single': {
    change: (config) => {
      makeSingle(enterpriseOf(config), 'use1');
    },
    also: ['single-region-group'],
    at: 'groups/enterprise.yaml database.maxReplicationLag',
    says: /one Region/,
  },
  'replication-lag-above-rpo': {
    change: (config) => (auroraOf(config).maxReplicationLag = 61),
    at: 'groups/enterprise.yaml database.maxReplicationLag',
    says: /61s behind, while the availability rpo allows 1m/,
  },
  'replication-lag-unbounded': {
    change: (config) => delete auroraOf(config).maxReplicationLag,
    at: 'groups/enterprise.yaml database',
    says: /rpo of 1m/,
  },
  'endpoint-missing': {
    change: (config) => {
      external(config, { use1: 'read.example.com' });
    },
    at: 'groups/enterprise.yaml database.endpoints',
    says: /usw2 has no database endpoint/,
  },
  'endpoint-not-member': {
    change: (config) => {
      external(config, { use1: 'read.example.com', usw2: 'read.example.com', euw1: 'read.example.com' });
    },
    at: 'groups/enterprise.yaml database.endpoints.euw1',
    says: /euw1, which holds no stamp/,
  },
  'endpoint-other-region': {
    change: (config) => {
      external(config, { use1: 'db.us-east-1.example.com', usw2: 'db.us-east-1.example.com' });
    },
    at: 'groups/enterprise.yaml database.endpoints.usw2.reader',
    says: /usw2 \(us-west-2\) reads from db\.us-east-1\.example\.com/,
  },
} satisfies FindingCases;

export const OBJECTIVE_CASES = {
  'availability-rpo-zero': {
    change: (config) => (enterpriseOf(config).objectives.availability.rpo = 0),
    at: 'groups/enterprise.yaml objectives.availability.rpo',
    says: /aurora-postgresql across Regions replicates asynchronously/,
  },
  'availability-rto-below-detection': {
    change: (config) => (poolOf(config).objectives.availability.rto = 167),
    at: 'groups/pool.yaml objectives.availability.rto',
    says: /48s detection \+ 60s propagation \+ 60s TTL = 168s/,
  },
  'availability-rto-below-operator': {
    change: (config) => (enterpriseOf(config).objectives.availability.rto = 899),
    at: 'groups/enterprise.yaml objectives.availability.rto',
    says: /300s decision \+ 600s promotion = 900s/,
  },
  'recovery-rpo-below-backup': {
    change: (config) => (enterpriseOf(config).objectives.recovery.rpo = 299),
    at: 'groups/enterprise.yaml objectives.recovery.rpo',
    says: /299s cannot be kept: the latest restorable time is up to 5m old/,
  },
  'recovery-rpo-below-copy': {
    change: (config) => (enterpriseOf(config).objectives.recovery.rpo = 86_400),
    at: 'groups/enterprise.yaml objectives.recovery.rpo',
    says: /1d holds only while .* 1d \+ 4h old/,
  },
  'recovery-rto-below-decision': {
    change: (config) => (enterpriseOf(config).objectives.recovery.rto = 299),
    at: 'groups/enterprise.yaml objectives.recovery.rto',
    says: /299s is over before/,
  },
  'failure-syntax': {
    change: (config) => (enterpriseOf(config).objectives.survive = ['regoin:use1']),
    at: 'groups/enterprise.yaml objectives.survive.0',
    says: /"regoin:use1" is no failure/,
  },
  'failure-reference': {
    change: (config) => (enterpriseOf(config).accept[0]!.failure = 'pair:region:use1+region:usw1'),
    at: 'groups/enterprise.yaml accept.0.failure',
    says: /"region:usw1" names nothing/,
  },
  'failure-survived-and-accepted': {
    change: (config) => (enterpriseOf(config).objectives.survive = ['region:usw2+region:use1']),
    at: 'groups/enterprise.yaml accept.0.failure',
    says: /"pair:region:use1\+region:usw2" is accepted here and promised/,
  },
} satisfies FindingCases;

export const BACKUP_CASES = {
  'backup-missing': {
    change: (config) => delete enterpriseOf(config).backup,
    at: 'groups/enterprise.yaml backup',
    says: /\(aurora-postgresql\) and no backups/,
  },
  'copy-nowhere': {
    change: (config) => {
      makeSingle(poolOf(config), 'euw1');
      poolOf(config).backup!.copyTo = 'peers';
    },
    also: ['single-region-group'],
    at: 'groups/pool.yaml backup.copyTo',
    says: /backups of pool-euw1 have nowhere to go/,
  },
  'copy-not-member': {
    change: (config) => (backupOf(config).copyTo = ['use1', 'usw2', 'euw1']),
    at: 'groups/enterprise.yaml backup.copyTo.2',
    says: /copied to euw1, where group enterprise has no stamp/,
  },
  'copy-vault-arn-invalid': {
    change: (config) => (backupOf(config).copyTo = ['use1', 'usw2', 'arn:aws:backup:us-east-3:111111111111:backup-vault:far']),
    at: 'groups/enterprise.yaml backup.copyTo.2',
    says: /"arn:aws:backup:us-east-3:111111111111:backup-vault:far"/,
  },
  'copy-target-duplicate': {
    change: (config) => (backupOf(config).copyTo = ['use1', 'usw2', 'use1']),
    at: 'groups/enterprise.yaml backup.copyTo.2',
    says: /"use1" is given twice/,
  },
  'copy-same-region': {
    change: (config) => {
      makeSingle(poolOf(config), 'euw1');
      poolOf(config).backup!.copyTo = ['arn:aws:backup:eu-west-1:111111111111:backup-vault:other'];
    },
    also: ['single-region-group'],
    at: 'groups/pool.yaml backup.copyTo',
    says: /every copy of pool-euw1 stays in eu-west-1/,
  },
  'copy-other-account': {
    change: (config) => (backupOf(config).copyTo = ['use1', 'usw2', 'arn:aws:backup:eu-west-1:222222222222:backup-vault:safe']),
    at: 'groups/enterprise.yaml backup.copyTo.2',
    says: /account 222222222222/,
  },
  'copy-count': {
    change: (config) =>
      (backupOf(config).copyTo = Array.from({ length: 6 }, (_, i) => `arn:aws:backup:eu-west-1:111111111111:backup-vault:v${i}`)),
    at: 'groups/enterprise.yaml backup.copyTo',
    says: /enterprise-use1 are copied to 6 vaults/,
  },
  'copy-interval-too-short': {
    change: (config) => (backupOf(config).schedule = 'hourly'),
    at: 'groups/enterprise.yaml backup.schedule',
    says: /schedule: hourly copies the whole cluster every 1h/,
  },
  'copy-without-reason': {
    change: (config) => (backupOf(config).copyTo = []),
    at: 'groups/enterprise.yaml backup.copyTo',
    says: /no copyReason/,
  },
  'retention-below-interval': {
    change: (config) => {
      Object.assign(backupOf(config), { schedule: 'weekly', copyRetain: 6 * 86_400 });
      enterpriseOf(config).objectives.recovery.rpo = 9 * 86_400;
    },
    at: 'groups/enterprise.yaml backup.copyRetain',
    says: /copyRetain 6d ends before the next weekly backup/,
  },
  'retention-not-days': {
    change: (config) => (backupOf(config).copyRetain = 36 * 3600),
    at: 'groups/enterprise.yaml backup.copyRetain',
    says: /copyRetain 36h/,
  },
  'continuous-retention': {
    change: (config) => (backupOf(config).retain = 36 * 86_400),
    at: 'groups/enterprise.yaml backup.retain',
    says: /retain 36d/,
  },
  'vault-lock-without-reason': {
    change: (config) => (backupOf(config).lock = 'none'),
    at: 'groups/enterprise.yaml backup.lock',
    says: /lock: none/,
  },
  'vault-lock-compliance': {
    change: (config) => (backupOf(config).lock = 'compliance'),
    at: 'groups/enterprise.yaml backup.lock',
    says: /lock: compliance/,
  },
  'restore-test-none': {
    change: (config) => (backupOf(config).restoreTest = 'none'),
    at: 'groups/enterprise.yaml backup.restoreTest',
    says: /restoreTest: none/,
  },
  'restore-validation-engine': {
    change: (config) =>
      Object.assign(backupOf(config), { validation: { minimumRows: 1, newest: { attribute: 'createdAt' }, timeLimit: 600 } }),
    at: 'groups/enterprise.yaml backup.validation.newest',
    says: /names the attribute createdAt, and aurora-postgresql has tables/,
  },
  'restore-validation-unused': {
    change: (config) => Object.assign(backupOf(config), { restoreTest: 'none', validation: { minimumRows: 1, timeLimit: 600 } }),
    also: ['restore-test-none'],
    at: 'groups/enterprise.yaml backup.validation',
    says: /restoreTest: none never restores/,
  },
} satisfies FindingCases;
