import { DescribeGlobalClustersCommand, FailoverGlobalClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFleet } from '../../lib/cli/load-fleet';

const ROOT = join(__dirname, '..', '..');

describe('the wire-level fake as a process, with the example fleet', () => {
  let child: ChildProcess;
  let started: { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> };
  const order = async (name: string, body: object = {}): Promise<unknown> =>
    (await fetch(`${started.endpoint}/_wire/${name}`, { method: 'POST', body: JSON.stringify(body) })).json();

  beforeAll(async () => {
    child = spawn(process.execPath, [join(__dirname, 'start.mjs'), '--speed', '0', '--stamps', join(ROOT, 'stamps')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (data: Buffer) => {
        resolve(data.toString());
      });
      child.once('exit', (code) => {
        reject(new Error(`it ended with ${code ?? 'a signal'}`));
      });
    });
    started = JSON.parse(line) as typeof started;
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    expect(await ended).toBe(0);
  });

  test('answers for every service that it names, a failover takes its time, and a dead Region is silent', async () => {
    const { fleet } = loadFleet(join(ROOT, 'stamps'));
    const group = fleet!.groups.find((each) => each.database.engine === 'aurora-postgresql' && each.stamps.length > 1)!;
    const peer = group.stamps.find((stamp) => !stamp.home)!;
    const { globalCluster } = group.names;
    const client = (region: string): RDSClient =>
      new RDSClient({
        region,
        endpoint: started.environment.AWS_ENDPOINT_URL_RDS!,
        maxAttempts: 1,
        credentials: { accessKeyId: group.account, secretAccessKey: 'nothing' },
      });
    const rds = client(peer.shape.region);
    const writer = async (): Promise<string | undefined> => {
      const found = await rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: globalCluster }));
      return found.GlobalClusters?.[0]?.GlobalClusterMembers?.find((each) => each.IsWriter)?.DBClusterArn?.split(':')[3];
    };
    const home = group.stamps.find((stamp) => stamp.home)!.shape.region;
    expect(await writer()).toBe(home);
    await order('down', { region: home });
    await expect(client(home).send(new DescribeGlobalClustersCommand({}))).rejects.toThrow();
    await rds.send(
      new FailoverGlobalClusterCommand({
        GlobalClusterIdentifier: globalCluster,
        TargetDbClusterIdentifier: `arn:aws:rds:${peer.shape.region}:${group.account}:cluster:${peer.values.names.databaseCluster}`,
        AllowDataLoss: true,
      }),
    );
    expect(await writer()).toBe(home);
    await order('advance', { milliseconds: 120_000 });
    expect(await writer()).toBe(peer.shape.region);
    expect(await order('log')).toContainEqual(
      expect.objectContaining({ service: 'rds', operation: 'FailoverGlobalCluster', region: peer.shape.region, status: 200 }),
    );
  });
});
