// Fleets of 1 to thousands of stamps: the same web tasks, worker, Aurora database and backups in every stamp.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a `stamps/` folder without its lock. One stamp is a group in one Region; more are groups of two Regions. */
export function writeFleet(folder, stamps) {
  if (stamps !== 1 && stamps % 2 !== 0) throw new Error(`${stamps} stamps: give 1 or an even number`);
  mkdirSync(join(folder, 'groups'), { recursive: true });
  writeFileSync(join(folder, 'fleet.yaml'), FLEET);
  const groups = Math.ceil(stamps / 2);
  for (let index = 0; index < groups; index += 1) {
    const name = `group${String(index + 1).padStart(4, '0')}`;
    writeFileSync(join(folder, 'groups', `${name}.yaml`), group(name, stamps === 1));
  }
}

const FLEET = `schemaVersion: 1
fleet: bench
account: "111111111111"
zone: { name: bench.example.com, hostedZoneId: Z0123456789ABCDEFGHIJ }
regions:
  use1: { region: us-east-1, azs: [a, b, c] }
  use2: { region: us-east-2, azs: [a, b, c] }
  usw2: { region: us-west-2, azs: [a, b, c] }
network: { pool: 10.0.0.0/8, stampPrefix: 20 }
control: { regions: [use2, usw2], witness: use1 }
alarms: { subscriptions: ["mailto:oncall@example.com"] }
`;

const group = (name, single) => `group: ${name}
tenants: [${name}-tenant]
objectives:
  availability: { rto: 20m, rpo: 1m }
  recovery: { rto: 12h, rpo: 30h }
placement: ${single ? '{ mode: single, region: use1 }' : '{ mode: active-passive, primary: use1, standby: usw2 }'}
compute:
  kind: fargate
  image: 111111111111.dkr.ecr.{region}.amazonaws.com/bench/web:1.0.0
  cpu: 512
  memory: 1024
  port: 8080
  healthPath: /healthz
  peakRequestsPerSecond: 100
  requestsPerSecondPerTask: 50
worker:
  image: 111111111111.dkr.ecr.{region}.amazonaws.com/bench/worker:1.0.0
  maxLatency: 60s
  averageProcessing: 200ms
  maxTasks: 40
database:
  engine: aurora-postgresql
  version: "16.8"
  serverless: { minAcu: 8, maxAcu: 32 }
backup: { schedule: daily, continuous: true, retain: 35d, copyTo: ${single ? '[], copyReason: a benchmark' : 'peers'}, restoreTest: weekly }
`;
