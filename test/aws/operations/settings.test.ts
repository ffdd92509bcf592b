import { describe, expect, test } from 'vitest';
import { operationSettings } from '../../../lib/aws/operations/settings';
import { USE1 } from '../support/adapter';

describe('what the environment says', () => {
  test('nothing, at first', () => {
    expect(operationSettings({ STAMPKIT_OPERATOR_ROLE: ' ', STAMPKIT_RESOLVERS: '' })).toEqual({ deadRegions: new Set() });
  });

  test('lists, with or without spaces', () => {
    const settings = operationSettings({
      STAMPKIT_DEAD_REGIONS: 'us-east-1, eu-west-1,',
      STAMPKIT_RESOLVERS: '1.1.1.1,127.0.0.1:5353, system,[2606:4700::1111]:53,2606:4700::1111',
      STAMPKIT_NAME_SERVERS: '127.0.0.1:5354',
      STAMPKIT_OPERATOR_ROLE: 'ops/stampkit-operator',
    });
    expect([...settings.deadRegions]).toEqual(['us-east-1', 'eu-west-1']);
    expect(settings.resolvers).toEqual(['1.1.1.1', '127.0.0.1:5353', 'system', '[2606:4700::1111]:53', '2606:4700::1111']);
    expect(settings).toMatchObject({ nameServers: ['127.0.0.1:5354'], operatorRole: 'ops/stampkit-operator' });
  });

  test.each([
    ['http://127.0.0.1:8080/{stamp}{path}', 'http://127.0.0.1:8080/pool-use1/healthz'],
    ['http://{record}:8080{path}', 'http://use1.pool.shop.example:8080/healthz'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ])('where stamps are: %s', (STAMPKIT_DIRECT_URL, url) => {
    expect(operationSettings({ STAMPKIT_DIRECT_URL }).directUrl?.(USE1)).toBe(url);
  });

  test.each([
    ['STAMPKIT_OPERATOR_ROLE', 'arn:aws:iam::1:role/x'],
    ['STAMPKIT_OPERATOR_ROLE', 'two words'],
    ['STAMPKIT_RESOLVERS', 'dns.example'],
    ['STAMPKIT_RESOLVERS', '1.1.1.1:99999'],
    ['STAMPKIT_NAME_SERVERS', 'system'],
    ['STAMPKIT_DEAD_REGIONS', 'use1'],
    ['STAMPKIT_DIRECT_URL', '/relative'],
  ])('fails for %s=%s, and says how to write it', (name, value) => {
    const words = value.split(',').at(-1)!;
    expect(() => operationSettings({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'ENVIRONMENT', message: expect.stringContaining(`${name} is ${words}`) }),
    );
  });
});
