import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts, type AwsPortsOptions } from '../../../lib/aws/operation-ports';
import { dataPorts } from '../../../lib/aws/operations/data-ports';
import { CALL_TIMEOUT_MS, type OperationPorts, type StampRef } from '../../../lib/ports';
import { stampRef } from '../../../lib/operations/group-view';
import { FLEET } from '../../operations/support';
import { failureOf, guardOf } from '../support/adapter';
import { ManualClock, settle } from '../support/manual-clock';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly region: string;
  /** True once the client has hung up before it was answered. */
  gone: boolean;
}

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let url: string;
let seen: Seen[];
let answering: Answering;
let folder: string;
const before: Record<string, string | undefined> = {};

/** What the SDK reads of this process while a test runs. */
function environment(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(name in before)) before[name] = process.env[name];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

beforeEach(async () => {
  seen = [];
  answering = (_request, response) => response.writeHead(404).end();
  server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '');
    const entry: Seen = { method, url: path, host: headers.host ?? '', region: scope?.[1] ?? '', gone: false };
    seen.push(entry);
    response.on('close', () => (entry.gone = !response.writableEnded));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      answering(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'stampkit-loopback-'));
  environment({
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: 'eu-north-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ENDPOINT_URL: url,
  });
});

afterEach(async () => {
  for (const [name, value] of Object.entries(before)) environment({ [name]: value });
  for (const name of Object.keys(before)) Reflect.deleteProperty(before, name);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function ports(over: Partial<AwsPortsOptions> = {}): OperationPorts {
  return awsPorts({
    fleet: FLEET,
    reporter: { event: () => undefined },
    data: (access) => dataPorts(access, FLEET),
    journalFolder: join(folder, 'journal'),
    environment: { ...process.env, STAMPKIT_RESOLVERS: '127.0.0.1:9', STAMPKIT_NAME_SERVERS: '127.0.0.1:9' },
    random: () => 0,
    ...over,
  });
}

const group = FLEET.groups.find((each) => each.name === 'enterprise')!;
const [first, second] = group.stamps.map((stamp) => stampRef(group, stamp)) as [StampRef, StampRef];
const [control] = FLEET.control.members;
const guard = guardOf({ validUntil: Infinity });
const thrown = (): Parameters<OperationPorts['switches']['write']>[0] => ({
  region: control!.region,
  bucket: control!.bucketName,
  stamp: first.id,
  state: 'evacuated',
  reason: 'r',
  time: '2026-08-01T03:00:00.000Z',
  etag: undefined,
  guard,
});

describe('endpoints', () => {
  test('AWS_ENDPOINT_URL, with the Region of the call and not that of the environment', async () => {
    answering = (_request, response) => response.writeHead(200, { etag: '"a"' }).end();
    expect(await ports().switches.write(thrown())).toBe('written');
    expect(seen).toMatchObject([
      { method: 'PUT', url: `/${control!.bucketName}/switches/${first.id}?x-id=PutObject`, region: control!.region },
    ]);
  });

  test('AWS_ENDPOINT_URL_<SERVICE> goes before it', async () => {
    environment({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_SSM: url });
    answering = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"Parameter":{"Value":"v","Version":1}}');
    expect(await ports().pointers.read(first.region, first.names.databaseParameter)).toMatchObject({ value: 'v', version: 1 });
    expect(seen.map(({ region }) => region)).toEqual([first.region]);
  });

  test('STAMPKIT_DIRECT_URL leads to the stamps themselves', async () => {
    answering = (_request, response) => response.writeHead(503).end();
    const world = ports({ environment: { ...process.env, STAMPKIT_DIRECT_URL: `${url}/at/{stamp}{path}` } });
    expect(await world.probes.direct(first)).toEqual({ httpStatus: 503 });
    expect(seen.map(({ url: path }) => path)).toEqual([`/at/${first.id}${first.healthPath}`]);
  });
});

describe('when nobody answers', () => {
  test('fails for a change after its ten seconds, hangs up, and says that it may have happened', async () => {
    const clock = new ManualClock();
    answering = () => undefined;
    const work = failureOf(ports({ clock }).switches.write(thrown()));
    while (seen.length === 0) await settle();
    await clock.pass(CALL_TIMEOUT_MS);
    expect(await work).toMatchObject({ kind: 'timeout', maybeApplied: true });
    while (!seen[0]!.gone) await settle();
    expect(seen).toHaveLength(1);
  });

  test('fails with doubt when the line breaks after the request', async () => {
    answering = (request) => request.socket.destroy();
    expect(await failureOf(ports().switches.write(thrown()))).toMatchObject({ kind: 'unreachable', maybeApplied: true });
    expect(seen).toHaveLength(1);
  });

  test('fails without doubt when nobody listens', async () => {
    environment({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(await failureOf(ports().switches.write(thrown()))).toMatchObject({ kind: 'unreachable', maybeApplied: false });
  });

  test('a read is asked three times in all', async () => {
    answering = (request, response) =>
      seen.length < 3 ? request.socket.destroy() : response.writeHead(200).end('{"Parameter":{"Value":"v","Version":1}}');
    expect(await ports().pointers.read(first.region, first.names.databaseParameter)).toMatchObject({ value: 'v' });
    expect(seen).toHaveLength(3);
  });
});

describe('credentials', () => {
  test('fails with one line when there are none, before anything is sent', async () => {
    environment({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    const error = await failureOf(ports().switches.write(thrown()));
    expect(error).toMatchObject({ name: 'PortError', kind: 'denied', maybeApplied: false });
    expect((error as Error).message).toMatch(
      /^s3 PutObject in \S+: there are no AWS credentials that work \([^\n]+\)\. Sign in, or set AWS_PROFILE$/,
    );
    expect(seen).toEqual([]);
  });

  test('fails with one line for those of another account', async () => {
    environment({ AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_S3: url, AWS_ENDPOINT_URL_STS: url });
    answering = (_request, response, body) => {
      const account = body.includes('GetCallerIdentity') ? '999999999999' : '';
      response
        .writeHead(200)
        .end(
          `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        );
    };
    // The emulator's variables are in the process; the ports are told of none, as on AWS.
    const error = await failureOf(ports({ environment: {} }).switches.write(thrown()));
    expect(error).toMatchObject({ kind: 'denied', maybeApplied: false });
    expect((error as Error).message).toContain(
      `the credentials are of account 999999999999, and this is in account ${FLEET.account}`,
    );
    expect(seen).toHaveLength(1);
  });
});

describe('a Region that is called dead', () => {
  const calls = (world: OperationPorts): Readonly<Record<string, () => Promise<unknown>>> => {
    const { region } = first;
    const pointer = first.names.databaseParameter;
    const cluster = first.names.databaseCluster;
    const table = 'shop-pool.table';
    const change = { region, guard };
    return {
      'probes.health': () => world.probes.health(first),
      'probes.direct': () => world.probes.direct(first),
      'switches.read': () => world.switches.read(region, 'b', first.id),
      'switches.write': () => world.switches.write({ ...thrown(), region }),
      'controlTable.get': () => world.controlTable.get(region, 'a', 'b'),
      'controlTable.put': () => world.controlTable.put(region, { pk: 'a', sk: 'b', version: 1, body: {} }, 'absent'),
      'controlTable.query': () => world.controlTable.query(region, 'a'),
      'pointers.read': () => world.pointers.read(region, pointer),
      'pointers.write': () => world.pointers.write({ region, name: pointer, value: 'v', version: 1, guard }),
      'stacks.exists': () => world.stacks.exists(region, first.names.stack),
      'queues.read': () => world.queues.read(first),
      'queues.redrive': () => world.queues.redrive({ stamp: first, guard }),
      'queues.forward': () => world.queues.forward({ from: first, to: second, guard }),
      'databases.global': () => world.databases.global(region, group.names.globalCluster),
      'databases.cluster': () => world.databases.cluster(region, cluster),
      'databases.lag': () => world.databases.lag(region, cluster),
      'databases.failover': () => world.databases.failover({ ...change, globalCluster: group.names.globalCluster, cluster }),
      'tables.describe': () => world.tables.describe(region, table),
      'tables.addReplica': () => world.tables.addReplica({ ...change, table, replica: second.region }),
      'capacity.read': () => world.capacity.read(first),
      'capacity.setBounds': () => world.capacity.setBounds({ stamp: first, bounds: { web: { min: 1, max: 2 } }, guard }),
      'capacity.roll': () => world.capacity.roll({ stamp: first, guard }),
      'backups.points': () => world.backups.points(region, first.names.backupVault),
    };
  };

  test.each(Object.keys(calls(undefined as unknown as OperationPorts)))('%s fails and sends nothing', async (name) => {
    const dead = FLEET.regions.map(({ region }) => region);
    const world = ports({ deadRegions: dead, environment: { ...process.env, STAMPKIT_DIRECT_URL: `${url}/{stamp}` } });
    expect(await failureOf(calls(world)[name]!())).toMatchObject({ name: 'PortError', kind: 'unreachable', maybeApplied: false });
    expect(seen).toEqual([]);
  });

  test('may be named in STAMPKIT_DEAD_REGIONS', async () => {
    const world = ports({ environment: { ...process.env, STAMPKIT_DEAD_REGIONS: ` ${first.region}, ` } });
    expect(await failureOf(world.stacks.exists(first.region, first.names.stack))).toMatchObject({ kind: 'unreachable' });
    expect(seen).toEqual([]);
    await failureOf(world.stacks.exists(second.region, second.names.stack));
    expect(seen.length).toBeGreaterThan(0);
  });
});
