import { describe, expect, test } from 'vitest';
import { answerDoor, type House } from '../../../lib/functions/stamp-health/doors';
import type { HealthDocument, HealthStatus } from '../../../lib/health/document';

const documentOf = (status: HealthStatus): HealthDocument => ({
  status,
  stampId: 'enterprise-use1',
  role: 'writer',
  writable: true,
  time: '2026-11-21T12:00:00.000Z',
  reasons: [],
  checks: { compute: { status, message: 'a secret of the inside', since: '2026-11-21T12:00:00.000Z' } },
});

function house(status: HealthStatus = 'pass'): House & { asked: number; lines: string[] } {
  const self = {
    asked: 0,
    lines: [] as string[],
    document: () => {
      self.asked += 1;
      return Promise.resolve(documentOf(status));
    },
    log: (line: string) => {
      self.lines.push(line);
    },
  };
  return self;
}

const request = (path: string, httpMethod = 'GET'): unknown => ({
  requestContext: { elb: { targetGroupArn: 'arn' } },
  httpMethod,
  path,
  headers: {},
  body: null,
  isBase64Encoded: false,
});

describe('the public door', () => {
  test.each<[HealthStatus, number]>([
    ['pass', 200],
    ['warn', 200],
    ['fail', 503],
  ])('answers %s with %i, and tells the status only', async (status, statusCode) => {
    await expect(answerDoor(request('/.stamp/health'), house(status))).resolves.toEqual({
      statusCode,
      statusDescription: statusCode === 200 ? '200 OK' : '503 Service Unavailable',
      isBase64Encoded: false,
      headers: { 'content-type': 'application/health+json', 'cache-control': 'no-store' },
      body: `{"status":"${status}"}`,
    });
  });

  test('says that it lives without looking at anything', async () => {
    const failing = house('fail');
    await expect(answerDoor(request('/.stamp/live'), failing)).resolves.toMatchObject({
      statusCode: 200,
      body: '{"status":"pass"}',
    });
    expect(failing.asked).toBe(0);
  });

  test.each(['/.stamp/health', '/.stamp/live'])('answers HEAD %s without a body', async (path) => {
    await expect(answerDoor(request(path, 'HEAD'), house())).resolves.toMatchObject({ statusCode: 200, body: '' });
  });

  test.each([
    '/',
    '/.stamp',
    '/.stamp/',
    '/.stamp/health/',
    '/.stamp/Health',
    '/.stamp/operator',
    '/.stamp/health;x',
    '//.stamp/health',
  ])('knows no %s', async (path) => {
    const quiet = house();
    await expect(answerDoor(request(path), quiet)).resolves.toMatchObject({ statusCode: 404, body: '' });
    expect(quiet.asked).toBe(0);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'get'])('refuses %s', async (method) => {
    const quiet = house();
    await expect(answerDoor(request('/.stamp/health', method), quiet)).resolves.toMatchObject({ statusCode: 405 });
    expect(quiet.asked).toBe(0);
  });

  test('does not become the operator’s door by what a request says', async () => {
    const answer = await answerDoor({ ...(request('/.stamp/health') as object), door: 'operator' }, house());
    expect(answer).toHaveProperty('body', '{"status":"pass"}');
  });

  test('a defect of the function warns and is logged: all stamps run the same code', async () => {
    const broken = { ...house(), document: () => Promise.reject(new Error('defect')) };
    await expect(answerDoor(request('/.stamp/health'), broken)).resolves.toMatchObject({
      statusCode: 200,
      body: '{"status":"warn"}',
    });
    expect(broken.lines.join()).toContain('defect');
  });
});

describe('the operator’s door', () => {
  test('answers with the full document', async () => {
    await expect(answerDoor({ door: 'operator' }, house('fail'))).resolves.toEqual(documentOf('fail'));
  });

  test.each([undefined, null, {}, 'operator', { door: 'back' }, { requestContext: {} }, { requestContext: null }])(
    'fails for event %j',
    async (event) => {
      await expect(answerDoor(event, house())).rejects.toThrow('HEALTH_EVENT');
    },
  );
});
