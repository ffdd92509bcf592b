import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, run, shown } from './support/run';

/** What moto answers as. */
const ACCOUNT = '123456789012';

describe('stampkit preflight --live against the emulator', () => {
  let assembly: string;
  let document: Record<string, any>;

  beforeAll(async () => {
    const { HostedZone } = await new Route53Client({}).send(
      new CreateHostedZoneCommand({ Name: 'preflight.example.com', CallerReference: 'preflight' }),
    );
    assembly = mkdtempSync(join(tmpdir(), 'stampkit-preflight-'));
    const zone = HostedZone!.Id!.replace('/hostedzone/', '');
    const Resources = {
      ...Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`Vpc${index}`, { Type: 'AWS::EC2::VPC', Properties: {} }])),
      Record: { Type: 'AWS::Route53::RecordSet', Properties: { HostedZoneId: zone, Name: 'a.preflight.example.com', Type: 'A' } },
    };
    writeFileSync(join(assembly, 'network.template.json'), JSON.stringify({ Resources }));
    const artifact = {
      type: 'aws:cloudformation:stack',
      environment: `aws://${ACCOUNT}/eu-west-1`,
      properties: { templateFile: 'network.template.json' },
    };
    writeFileSync(join(assembly, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts: { network: artifact } }));
    const result = await run(process.execPath, [
      join(ROOT, 'dist', 'bin', 'stampkit.js'),
      ...['preflight', '--assembly', assembly, '--stamps', join(assembly, 'no-stamps'), '--live', '--json'],
    ]);
    expect(result.exitCode, shown(result)).toBe(1);
    document = JSON.parse(result.stdout) as Record<string, any>;
  });

  afterAll(() => {
    rmSync(assembly, { recursive: true, force: true });
  });

  test('reads quotas of the Region from Service Quotas', () => {
    expect(document['live']).toBe(true);
    expect(document['lines']).toContainEqual(
      expect.objectContaining({ quota: 'vpcs', account: ACCOUNT, region: 'eu-west-1', used: 6, limit: 5, limitFrom: 'live' }),
    );
  });

  test('knows which stacks exist, and that the Region is not bootstrapped', () => {
    expect(document['lines']).toContainEqual(
      expect.objectContaining({ quota: 'stacks', region: 'eu-west-1', used: 1, inUse: 0 }),
    );
    expect(document['findings']).toContainEqual(expect.objectContaining({ code: 'not-bootstrapped', severity: 'error' }));
  });

  test('says what the emulator does not tell, and goes on with the defaults', () => {
    const unread = (document['findings'] as { code: string; severity: string; message: string }[]).filter(
      ({ code }) => code === 'live-not-read',
    );
    expect(unread.length).toBeGreaterThan(0);
    expect(unread.every(({ severity }) => severity === 'info')).toBe(true);
    expect(document['lines']).toContainEqual(expect.objectContaining({ quota: 'recordsPerZone', limitFrom: 'default' }));
  });
});
