import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../lib/functions/stamp-health/settings';

const MINIMAL = {
  AWS_REGION: 'us-east-1',
  STAMP_ID: 'internal-euw1',
  STAMP_STANDBY_SERVES: 'reads',
  STAMP_WRITER_GRACE_SECONDS: '90',
  STAMP_REPLICA_GRACE_SECONDS: '0',
  STAMP_LOAD_BALANCER: 'alb.example.com',
  STAMP_RECORD_NAME: 'euw1.internal.example.com',
  STAMP_HEALTH_PATH: '/healthz',
  STAMP_DATABASE_PROBE: 'none',
};

describe('settings', () => {
  test('without database and dependencies', () => {
    expect(readSettings(MINIMAL)).toMatchObject({ database: { kind: 'none' }, dependencies: [], compute: { kind: 'loop' } });
  });

  test('of a shared database', () => {
    const database = { STAMP_DATABASE_PROBE: 'connection', STAMP_DATABASE_PARAMETER: '/p', STAMP_DATABASE_SHARED: 'true' };
    expect(readSettings({ ...MINIMAL, ...database }).database).toEqual({ kind: 'connection', parameter: '/p', shared: true });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['no stamp', { STAMP_ID: undefined }, 'STAMP_ID is missing'],
    ['an empty name', { STAMP_RECORD_NAME: '' }, 'STAMP_RECORD_NAME is missing'],
    ['an unknown engine', { STAMP_DATABASE_PROBE: 'oracle' }, 'STAMP_DATABASE_PROBE is oracle'],
    ['a database without a pointer', { STAMP_DATABASE_PROBE: 'dynamodb' }, 'STAMP_DATABASE_PARAMETER is missing'],
    [
      'a login without a user',
      { STAMP_DATABASE_PROBE: 'mysql', STAMP_DATABASE_PARAMETER: '/p' },
      'STAMP_DATABASE_USER is missing',
    ],
    ['a grace that is no number', { STAMP_WRITER_GRACE_SECONDS: '90s' }, 'STAMP_WRITER_GRACE_SECONDS is 90s'],
    ['a grace below zero', { STAMP_WRITER_GRACE_SECONDS: '-1' }, 'STAMP_WRITER_GRACE_SECONDS is -1'],
    ['dependencies that are no JSON', { STAMP_DEPENDENCIES: '[' }, 'STAMP_DEPENDENCIES'],
    ['dependencies that are no list', { STAMP_DEPENDENCIES: '{}' }, 'STAMP_DEPENDENCIES'],
    ['a dependency without sharing', { STAMP_DEPENDENCIES: '[{"name":"a","url":"https://a"}]' }, 'STAMP_DEPENDENCIES'],
    ['a dependency without a URL', { STAMP_DEPENDENCIES: '[{"name":"a","url":"a","shared":true}]' }, 'STAMP_DEPENDENCIES'],
  ])('fails for %s', (_name, change, message) => {
    expect(() => readSettings({ ...MINIMAL, ...change })).toThrow(message);
  });
});
