import { describe, expect, test } from 'vitest';
import { edit, errorsOf, expectedPlace, FLEET, GROUP, load, placesOf } from './stamps-folder';

type Row = readonly [what: string, from: string, to: string, code: string, says: string];

/** One finding, of that code, exactly at the mark, that says so. */
function expectFinding(files: Record<string, string>, code: string, says: string): void {
  const errors = errorsOf(load(files));
  expect(placesOf(errors)).toEqual([`${expectedPlace(files)} ${code}`]);
  expect(`${errors[0]!.message} | ${errors[0]!.fix}`).toContain(says);
}

describe('fleet.yaml', () => {
  test('the smallest one has no errors', () => {
    expect(errorsOf(load())).toEqual([]);
  });

  const rows: Row[] = [
    ['another version', 'schemaVersion: 1', 'schemaVersion: §2', 'unsupported-version', 'write 1, or update stampkit'],
    ['no version', 'schemaVersion: 1\n', '§', 'missing-key', 'schemaVersion is missing'],
    ['a fleet name in capitals', 'fleet: shop', 'fleet: §Shop', 'invalid-name', 'did you mean "shop"?'],
    [
      'a fleet name that is too long',
      'fleet: shop',
      `fleet: §${'a'.repeat(21)}`,
      'invalid-value',
      '21 characters | use at most 20',
    ],
    ['an account id without quotes', '"111111111111"', '§111111111111', 'needs-quotes', 'in quotes: "111111111111"'],
    [
      'an account id with leading zeros and no quotes',
      '"111111111111"',
      '§012345678901',
      'needs-quotes',
      'in quotes: "012345678901"',
    ],
    ['an account id that is too short', '"111111111111"', '§"1111"', 'invalid-value', '"1111" is not an AWS account id'],
    ['a zone with a dot at the end', 'shop.example.com,', '§shop.example.com.,', 'invalid-dns-name', 'remove the dot'],
    ['a zone in capitals', 'shop.example.com', '§Shop.example.com', 'invalid-dns-name', 'lower-case'],
    ['a zone of one label', 'shop.example.com', '§localhost', 'invalid-dns-name', 'is not a DNS name'],
    [
      'a hosted zone id with its prefix',
      'Z0123456789ABCDEFGHIJ',
      '§/hostedzone/Z0123456789',
      'invalid-value',
      'remove "/hostedzone/"',
    ],
    ['a Region code with a hyphen', '  use1:', '  §us-e1:', 'invalid-name', 'without a hyphen'],
    ['a Region code that a stack is called', '  use1:', '  §data:', 'reserved-name', 'choose another one'],
    ['a Region without zones', 'us-east-2, azs: [a, b, c]', 'us-east-2, azs: §[]', 'too-few', 'at least 1'],
    ['a zone with its Region', 'us-east-2, azs: [a, b, c]', 'us-east-2, azs: [§us-east-2a]', 'invalid-value', 'a for us-east-1a'],
    ['a Region name with a slip', 'us-east-2', '§us-east2', 'invalid-name', 'did you mean "us-east-2"?'],
    ['an unknown key', 'fleet: shop', 'fleet: shop\n§acount: x', 'unknown-key', 'did you mean "account"?'],
    ['an unknown key deep inside', 'witness: use1', '§wittness: use1', 'unknown-key', 'did you mean "witness"?'],
    [
      'an unknown assumption',
      'control:',
      'assumptions: { §decisiontime: 5m }\ncontrol:',
      'unknown-key',
      'did you mean "decisionTime"?',
    ],
    [
      'an assumption without unit',
      'control:',
      'assumptions: { decisionTime: §5 }\ncontrol:',
      'invalid-duration',
      '5 has no unit',
    ],
    [
      'an assumed share above one',
      'control:',
      'assumptions: { checkerHealthyShare: §18 }\ncontrol:',
      'out-of-range',
      'from 0 to 1',
    ],
    [
      'a pool with host bits',
      'control:',
      'network: { pool: §10.1.2.3/8 }\ncontrol:',
      'invalid-cidr',
      'did you mean "10.0.0.0/8"?',
    ],
    ['a pool without prefix', 'control:', 'network: { pool: §10.0.0.0 }\ncontrol:', 'invalid-cidr', 'is not an IPv4 CIDR'],
    ['an octet too large', 'control:', 'network: { pool: §10.256.0.0/16 }\ncontrol:', 'invalid-cidr', 'is not an IPv4 CIDR'],
    ['a prefix too long', 'control:', 'network: { pool: §10.0.0.0/33 }\ncontrol:', 'invalid-cidr', 'is not an IPv4 CIDR'],
    ['IPv6', 'control:', 'network: { pool: §"fd00::/8" }\ncontrol:', 'invalid-cidr', 'is not an IPv4 CIDR'],
    ['a stamp larger than a VPC', 'control:', 'network: { stampPrefix: §15 }\ncontrol:', 'out-of-range', 'from 16 to 24'],
    ['a stamp too small for its subnets', 'control:', 'network: { stampPrefix: §25 }\ncontrol:', 'out-of-range', 'from 16 to 24'],
    ['a Region reference in capitals', 'witness: use1', 'witness: §USE1', 'invalid-name', 'neither a Region code nor the name'],
    ['a tag of AWS', 'control:', 'tags: { §"aws:x": y }\ncontrol:', 'reserved-name', 'starts with aws:'],
    ['a tag that is a number', 'control:', 'tags: { cost-center: §042 }\ncontrol:', 'needs-quotes', 'in quotes: "042"'],
    [
      'a list instead of a mapping',
      'control: { regions: [use2, usw2], witness: use1 }',
      'control: §[use2]',
      'wrong-type',
      'a list is not a mapping',
    ],
    [
      'a key without value',
      'control: { regions: [use2, usw2], witness: use1 }',
      '§control:',
      'empty-value',
      'control has no value',
    ],
    ['a default of one group', 'control:', 'defaults: { tenants: §[acme] }\ncontrol:', 'not-a-default', 'belongs to one group'],
    ['an unknown default', 'control:', 'defaults: { §computer: {} }\ncontrol:', 'unknown-key', 'did you mean "compute"?'],
  ];
  test.each(rows)('fails on %s', (_what, from, to, code, says) => {
    expectFinding({ 'fleet.yaml': edit(FLEET, from, to) }, code, says);
  });
});

describe('a group', () => {
  const db =
    '  engine: aurora-postgresql\n  version: "16.8"\n  serverless: { minAcu: 8, maxAcu: 32 }\n  maxReplicationLag: 30s\n';
  const placement = 'placement: { mode: active-passive, primary: use1, standby: usw2 }';
  const active = (routing: string) => `placement: { mode: active-active, regions: [use1, usw2], routing: ${routing} }`;
  const table = (rest: string) => `  { engine: dynamodb, consistency: eventual, ${rest} }\n`;
  const external = (rest: string) => `  { engine: external, ${rest} }\n`;
  const objectives = 'objectives:\n  availability: { rto: 20m, rpo: 1m }\n  recovery: { rto: 12h, rpo: 30h }\n';

  const rows: Row[] = [
    // Names.
    ['a group called control', 'group: web', 'group: §control', 'reserved-name', 'control stacks'],
    ['a group name with a double hyphen', 'group: web', 'group: §web--x', 'invalid-name', 'single hyphens'],
    ['a group name that is too long', 'group: web', `group: §${'w'.repeat(33)}`, 'invalid-name', 'use at most 32'],
    ['a group name that is a number', 'group: web', 'group: §7', 'needs-quotes', 'in quotes: "7"'],
    ['a tenant with an underscore', '[acme]', '[§big_shop]', 'invalid-name', 'did you mean "big-shop"?'],
    ['a tenant that YAML reads as a number', '[acme]', '[acme, §1e3]', 'needs-quotes', 'in quotes: "1e3"'],
    ['a tenant of 64 letters', '[acme]', `[§${'a'.repeat(64)}]`, 'invalid-value', 'use at most 63'],
    // Objectives.
    [
      'no objectives',
      `group: web\ntenants: [acme]\n${objectives}`,
      '§group: web\ntenants: [acme]\n',
      'missing-key',
      'objectives is missing',
    ],
    ['an objective without unit', 'rto: 20m', 'rto: §20', 'invalid-duration', '20 has no unit'],
    ['an objective with two units', 'rto: 20m', 'rto: §1h30m', 'invalid-duration', 'one number and one unit'],
    ['an objective below a second', 'rto: 20m', 'rto: §500ms', 'invalid-duration', 'use whole seconds'],
    ['a negative objective', 'rpo: 1m', 'rpo: §-1m', 'invalid-duration', 'is not a duration'],
    ['an objective of no time', 'rto: 20m', 'rto: §0s', 'out-of-range', 'from 1s to 30d'],
    ['an unquoted time of day', 'rto: 20m', 'rto: §20:00', 'invalid-duration', 'is not a duration'],
    ['a failure of unknown kind', '  recovery:', '  survive: [§"zone:a+zone:b"]\n  recovery:', 'invalid-value', 'kinds are az'],
    [
      'a single failure that must be survived',
      '  recovery:',
      '  survive: [§region:use1]\n  recovery:',
      'invalid-value',
      'is not a pair',
    ],
    // Placement.
    ['an unknown mode', 'mode: active-passive', 'mode: §active-pasive', 'unknown-option', 'did you mean "active-passive"?'],
    ['no mode', 'placement: { mode: active-passive, ', 'placement: §{ ', 'missing-key', 'placement.mode is missing'],
    [
      'no standby',
      placement,
      placement.replace('{', '§{').replace(', standby: usw2', ''),
      'missing-key',
      'placement.standby is missing',
    ],
    [
      'a key of another mode',
      'standby: usw2',
      'standby: usw2, §regions: [use1]',
      'unknown-key',
      'no key "regions" under placement',
    ],
    [
      'a standby capacity without sign',
      'standby: usw2',
      'standby: usw2, standbyCapacity: §100',
      'invalid-percentage',
      '100 has no % sign',
    ],
    ['a standby capacity of nothing', 'standby: usw2', 'standby: usw2, standbyCapacity: §0%', 'out-of-range', 'from 1% to 100%'],
    ['a weight above 255', placement, active('{ policy: weighted, weights: { use1: §256 } }'), 'out-of-range', 'from 0 to 255'],
    [
      'a weight with a fraction',
      placement,
      active('{ policy: weighted, weights: { use1: §1.5 } }'),
      'wrong-type',
      '1.5 is not a whole number',
    ],
    [
      'a weight of an impossible Region',
      placement,
      active('{ policy: weighted, weights: { §USE1: 1 } }'),
      'invalid-name',
      '"USE1" is neither',
    ],
    [
      'an area that is none',
      placement,
      active('{ policy: geolocation, areas: { use1: [§EU] }, default: use1 }'),
      'invalid-value',
      'continent:EU',
    ],
    [
      'a Region twice, as code and name',
      placement,
      active('{ policy: weighted, weights: { use1: 1, us-east-1: §2 } }'),
      'duplicate-region',
      'has use1 twice',
    ],
    // Compute and worker.
    ['an unknown kind of compute', 'cpu: 512', 'kind: §lambda\n  cpu: 512', 'unknown-option', 'fargate, ec2'],
    ['CPU that is text', 'cpu: 512', 'cpu: §many', 'wrong-type', 'compute.cpu: "many" is not a whole number'],
    ['CPU in quotes', 'cpu: 512', 'cpu: §"512"', 'wrong-type', 'remove the quotes'],
    [
      'an image with a space',
      'image: 111111111111.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2',
      'image: §my image',
      'invalid-value',
      'is not an image',
    ],
    ['a port out of range', 'cpu: 512', 'port: §65536', 'out-of-range', 'from 1 to 65535'],
    ['a health path without slash', 'cpu: 512', 'healthPath: §healthz', 'invalid-value', 'start with /'],
    ['a health path with a query', 'cpu: 512', 'healthPath: §/healthz?deep', 'invalid-value', 'without a query'],
    ['a peak of nothing', 'peakRequestsPerSecond: 400', 'peakRequestsPerSecond: §0', 'out-of-range', 'from 0.01'],
    ['a scaling bound below the minimum', 'cpu: 512', 'maxCapacity: §99%', 'out-of-range', 'from 100%'],
    ['a stop timeout beyond Fargate', 'cpu: 512', 'stopTimeout: §121s', 'out-of-range', 'from 2s to 2m'],
    ['an unknown architecture', 'cpu: 512', 'architecture: §arm', 'unknown-option', 'did you mean "arm64"?'],
    ['an instance type without size', 'cpu: 512', 'instanceType: §m7g', 'invalid-value', 'm7g.large'],
    ['an environment value that is a number', 'cpu: 512', 'environment: { LEVEL: §3 }', 'needs-quotes', 'in quotes: "3"'],
    ['an environment value that is true', 'cpu: 512', 'environment: { DEBUG: §true }', 'needs-quotes', 'in quotes: "true"'],
    [
      'an environment name with a hyphen',
      'cpu: 512',
      'environment: { §log-level: x }',
      'invalid-name',
      'is not the name of a variable',
    ],
    ['a secret with a space', 'cpu: 512', 'secrets: { KEY: §a b }', 'invalid-value', 'is not the name of a secret'],
    ['a command that is one text', 'cpu: 512', 'command: §node server.js', 'wrong-type', '"node server.js" is not a list'],
    ['an average of nothing', 'averageProcessing: 200ms', 'averageProcessing: §0ms', 'out-of-range', 'from 1ms'],
    ['a retention beyond SQS', 'maxTasks: 40', 'maxTasks: 40\n  retention: §15d', 'out-of-range', 'to 14d'],
    // Databases.
    ['an unknown engine', 'aurora-postgresql', '§aurora-postgres', 'unknown-option', 'did you mean "aurora-postgresql"?'],
    [
      'an engine of another kind of value',
      'engine: aurora-postgresql',
      'engine: §[x]',
      'unknown-option',
      'a list is not an allowed value',
    ],
    ['a version without quotes', '"16.8"', '§16.10', 'needs-quotes', '16.10 is read as a number'],
    [
      'neither serverless nor provisioned',
      `database:\n${db}`,
      '§database:\n  engine: aurora-mysql\n  version: "8.0"\n',
      'conflicting-keys',
      'neither serverless nor provisioned',
    ],
    [
      'both serverless and provisioned',
      '  maxReplicationLag',
      '  provisioned: §{ instance: db.r8g.large }\n  maxReplicationLag',
      'conflicting-keys',
      'exclude each other',
    ],
    [
      'an instance class without db',
      'serverless: { minAcu: 8, maxAcu: 32 }',
      'provisioned: { instance: §r8g.large }',
      'invalid-value',
      'did you mean "db.r8g.large"?',
    ],
    ['ACU between the steps', 'minAcu: 8', 'minAcu: §8.3', 'invalid-value', 'multiple of 0.5'],
    ['a lag that Aurora cannot hold', 'maxReplicationLag: 30s', 'maxReplicationLag: §19s', 'out-of-range', 'from 20s'],
    ['a database name with a hyphen', '  version:', '  name: §my-app\n  version:', 'invalid-name', 'is not a database name'],
    ['a table without consistency', db, '  §{ engine: dynamodb }\n', 'missing-key', 'database.consistency is missing'],
    ['a key of unknown type', db, table('partitionKey: { name: pk, type: §text }'), 'unknown-option', 'string, number, binary'],
    ['an index name too short', db, table('indexes: [{ name: §ab, partitionKey: { name: x } }]'), 'invalid-name', '3 to 255'],
    ['a key that is no ARN', db, table('keyArns: { use1: §alias/x }'), 'invalid-value', 'ARN of a KMS key'],
    [
      'an endpoint that is a URL',
      db,
      external('protocol: mysql, endpoints: { use1: { writer: §"mysql://x" } }'),
      'invalid-dns-name',
      'is not a DNS name',
    ],
    [
      'an unknown protocol without port',
      db,
      external('protocol: other, endpoints: { use1: §{ writer: a.example.com } }'),
      'missing-key',
      'port is missing',
    ],
    // Everything else.
    [
      'a schedule that does not exist',
      'worker:',
      'backup: { schedule: §nightly }\nworker:',
      'unknown-option',
      'hourly, daily, weekly',
    ],
    [
      'a copy target that is neither word nor list',
      'worker:',
      'backup: { copyTo: §peer }\nworker:',
      'unknown-option',
      'write peers, or a list',
    ],
    [
      'a copy target in capitals',
      'worker:',
      'backup: { copyTo: [§USW2] }\nworker:',
      'invalid-value',
      'neither a Region nor the ARN',
    ],
    ['a retention below a day', 'worker:', 'backup: { retain: §12h }\nworker:', 'out-of-range', 'from 1d'],
    ['a yes that is text', 'worker:', 'backup: { continuous: §yes }\nworker:', 'wrong-type', 'neither true nor false'],
    [
      'a promotion that does not exist',
      'worker:',
      'failover: { promotion: §automatic }\nworker:',
      'unknown-option',
      'use one of manual',
    ],
    [
      'a dependency without the decision whether it is shared',
      'worker:',
      'health: { dependencies: [§{ name: x, url: "https://x.example.com" }] }\nworker:',
      'missing-key',
      'shared is missing',
    ],
    [
      'a dependency that is no address',
      'worker:',
      'health: { dependencies: [{ name: x, url: §x.example.com, shared: true }] }\nworker:',
      'invalid-value',
      'https:// or http://',
    ],
    [
      'a password in an address',
      'worker:',
      'health: { dependencies: [{ name: x, url: §"https://u:p@x.example.com", shared: true }] }\nworker:',
      'invalid-value',
      'Secrets Manager',
    ],
    ['a keepalive below what ALB takes', 'worker:', 'edge: { clientKeepAlive: §59s }\nworker:', 'out-of-range', 'from 1m'],
    [
      'a blocked address without prefix',
      'worker:',
      'edge: { blockedCidrs: [§203.0.113.7] }\nworker:',
      'invalid-cidr',
      'is not an IPv4 CIDR',
    ],
    [
      'a guard that is off without reason',
      'worker:',
      'guards: { deletionProtection: { enabled: §false } }\nworker:',
      'reason-missing',
      'without a reason',
    ],
    [
      'a guard that is off for a blank reason',
      'worker:',
      'guards: { deletionProtection: { enabled: false, reason: §"  " } }\nworker:',
      'empty-value',
      'is blank',
    ],
    [
      'an accepted failure without reason',
      'worker:',
      'accept: [§{ failure: region:use1 }]\nworker:',
      'missing-key',
      'accept[0].reason is missing',
    ],
    [
      'an accepted failure that is none',
      'worker:',
      'accept: [{ failure: §everything, reason: x }]\nworker:',
      'invalid-value',
      'is not a failure',
    ],
    [
      'a transit gateway that is none',
      'worker:',
      'network: { transitGateways: { use1: §tgw-1 } }\nworker:',
      'invalid-value',
      'hexadecimal',
    ],
    ['the part of a group that is a text', 'worker:', 'edge: §open\nworker:', 'wrong-type', 'edge: "open" is not a mapping'],
    ['drills that are a text', 'worker:', 'drills: { allowed: §"true" }\nworker:', 'wrong-type', 'without quotes'],
  ];
  test.each(rows)('fails on %s', (_what, from, to, code, says) => {
    expectFinding({ 'groups/web.yaml': edit(GROUP, from, to) }, code, says);
  });
});
