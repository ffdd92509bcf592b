import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecordsFiles } from '../../lib/config/records-file';

const EVERY_POLICY = resolve(__dirname, '..', 'fixtures', 'route53', 'every-policy.json');
const folder = mkdtempSync(join(tmpdir(), 'stampkit-records-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const RECORD = { Name: 'a.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
const CHECK = { Id: 'one', HealthCheckConfig: { Type: 'HTTPS' } };

/** `code path` of each finding in a file with this record, or this check. */
function findingsOf(change: { readonly record?: object; readonly check?: object }): string[] {
  const document = {
    ResourceRecordSets: [RECORD, { ...RECORD, ...change.record }],
    HealthChecks: [{ ...CHECK, ...change.check }],
  };
  return readRecordsFiles([file('findings.json', JSON.stringify(document))]).findings.map(
    ({ code, where }) => `${code} ${where.path?.join('.') ?? ''}`,
  );
}

describe('the output of the AWS CLI', () => {
  test('is read as it is: what the model does not look at is ignored', () => {
    const { records, checks, findings } = readRecordsFiles([EVERY_POLICY]);
    expect(findings).toEqual([]);
    expect(records).toHaveLength(27);
    expect(checks).toHaveLength(14);
    expect(checks[0]).not.toHaveProperty('CallerReference');
  });

  test('may come as two files, whose places are told apart', () => {
    const records = file('records.json', JSON.stringify({ ResourceRecordSets: [RECORD] }));
    const checks = file('checks.json', JSON.stringify({ HealthChecks: [CHECK, CHECK], IsTruncated: false }));
    const read = readRecordsFiles([records, checks]);
    expect(read).toMatchObject({ records: [RECORD], checks: [CHECK, CHECK], findings: [] });
    expect(read.recordPlaces).toEqual([{ file: records, path: ['ResourceRecordSets', 0] }]);
    expect(read.checkPlaces[1]).toEqual({ file: checks, path: ['HealthChecks', 1] });
  });

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${JSON.stringify({ ResourceRecordSets: [RECORD] })}`)],
    [
      'UTF-16, as Windows PowerShell redirects',
      Buffer.from(`\ufeff${JSON.stringify({ ResourceRecordSets: [RECORD] })}`, 'utf16le'),
    ],
  ])('may be %s', (_what, bytes) => {
    expect(readRecordsFiles([file('encoded.json', bytes)]).records).toEqual([RECORD]);
  });
});

describe('nonsense is a finding at its path', () => {
  test.each<[finding: string, change: { record?: object; check?: object }]>([
    ['missing-key ResourceRecordSets.1.Name', { record: { Name: undefined } }],
    ['wrong-type ResourceRecordSets.1.TTL', { record: { TTL: '60' } }],
    ['out-of-range ResourceRecordSets.1.Weight', { record: { Weight: 256 } }],
    ['out-of-range ResourceRecordSets.1.Weight', { record: { Weight: -1 } }],
    ['wrong-type ResourceRecordSets.1.Weight', { record: { Weight: 1.5 } }],
    ['unknown-option ResourceRecordSets.1.Failover', { record: { Failover: 'TERTIARY' } }],
    ['invalid-value ResourceRecordSets.1.Type', { record: { Type: 'a' } }],
    ['invalid-value ResourceRecordSets.1.GeoLocation.CountryCode', { record: { GeoLocation: { CountryCode: 'Germany' } } }],
    ['invalid-value ResourceRecordSets.1.GeoLocation', { record: { GeoLocation: {} } }],
    [
      'invalid-value ResourceRecordSets.1.GeoProximityLocation.Coordinates.Latitude',
      { record: { GeoProximityLocation: { Coordinates: { Latitude: '91', Longitude: '0' } } } },
    ],
    [
      'out-of-range ResourceRecordSets.1.GeoProximityLocation.Bias',
      { record: { GeoProximityLocation: { AWSRegion: 'us-east-1', Bias: 100 } } },
    ],
    [
      'wrong-type ResourceRecordSets.1.AliasTarget.EvaluateTargetHealth',
      { record: { ResourceRecords: undefined, AliasTarget: { HostedZoneId: 'Z', DNSName: 'x.', EvaluateTargetHealth: 'yes' } } },
    ],
    ['invalid-value ResourceRecordSets.1', { record: { ResourceRecords: [] } }],
    [
      'invalid-value ResourceRecordSets.1',
      { record: { AliasTarget: { HostedZoneId: 'Z', DNSName: 'x.', EvaluateTargetHealth: true } } },
    ],
    ['unknown-option HealthChecks.0.HealthCheckConfig.Type', { check: { HealthCheckConfig: { Type: 'PING' } } }],
    [
      'out-of-range HealthChecks.0.HealthCheckConfig.FailureThreshold',
      { check: { HealthCheckConfig: { Type: 'TCP', FailureThreshold: 11 } } },
    ],
    ['missing-key HealthChecks.0.HealthCheckConfig', { check: { HealthCheckConfig: undefined } }],
  ])('%s', (finding, change) => {
    expect(findingsOf(change)).toEqual([finding]);
  });

  test.each([
    ['{}', 'invalid-value', /the document: .* is not the output of list-resource-record-sets/],
    ['[]', 'wrong-type', /the document: .* is not a mapping/],
    ['{"ResourceRecordSets": {}}', 'wrong-type', /ResourceRecordSets: .* is not a list/],
  ])('%s', (json, code, message) => {
    const { findings, records } = readRecordsFiles([file('odd.json', json)]);
    expect(findings).toMatchObject([{ code, severity: 'error', message: expect.stringMatching(message) as string }]);
    expect(records).toEqual([]);
  });

  test('fails for a file that is not there, or is not JSON', () => {
    expect(() => readRecordsFiles([join(folder, 'none.json')])).toThrow(
      /RECORDS_FILE_UNREADABLE: .*none\.json.*list-resource-record-sets/,
    );
    expect(() => readRecordsFiles([file('text.txt', 'RESOURCERECORDSETS\texample.com.')])).toThrow(
      /RECORDS_FILE_NOT_JSON: .*--output json/,
    );
  });
});
