import { describe, expect, test } from 'vitest';
import type { BootstrapReport } from '../../../lib/aws/database-bootstrap/request';
import { answerEvent } from '../../../lib/functions/database-bootstrap/custom-resource';
import { StampError } from '../../../lib/errors';

const PROPERTIES = { ServiceToken: 'arn', ServiceTimeout: '720', Version: '2', AppUser: 'a', Database: 'app' };
const REPORT: BootstrapReport = { outcome: 'changed', changed: ['create role a'], skipped: [] };

const event = (type: 'Create' | 'Update' | 'Delete', before: object = {}) => ({
  RequestType: type,
  ResponseURL: 'https://bucket/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Bootstrap1234',
  ResourceType: 'Custom::StampDatabaseBootstrap',
  ResourceProperties: PROPERTIES,
  ...(type === 'Create' ? {} : { PhysicalResourceId: 'Bootstrap1234' }),
  ...(type === 'Update' ? { OldResourceProperties: { ...PROPERTIES, ...before } } : {}),
});

/** The answer that CloudFormation gets, how often the bootstrap ran, and the log. */
async function answerTo(request: object, run: () => Promise<BootstrapReport> = () => Promise.resolve(REPORT)) {
  const log: object[] = [];
  const answers: { url: string; body: any }[] = [];
  let runs = 0;
  await answerEvent(request, {
    run: () => {
      runs += 1;
      return run();
    },
    respond: (url, body) => {
      answers.push({ url, body: JSON.parse(body) });
      return Promise.resolve();
    },
    log: (entry) => log.push(entry),
  });
  return { answers, runs, log };
}

const IDS = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Bootstrap1234', PhysicalResourceId: 'Bootstrap1234' };

describe('CloudFormation', () => {
  test.each([event('Create'), event('Update', { AppUser: 'b' }), event('Update', { Version: '1' })])(
    'gets the outcome of a run: $RequestType',
    async (request) => {
      const { answers, runs } = await answerTo(request);
      expect(runs).toBe(1);
      expect(answers).toEqual([
        { url: 'https://bucket/answer', body: { ...IDS, Status: 'SUCCESS', Data: { Outcome: 'changed' } } },
      ]);
    },
  );

  test('deletes nothing', async () => {
    const { answers, runs } = await answerTo(event('Delete'));
    expect(runs).toBe(0);
    expect(answers[0]!.body).toMatchObject({ ...IDS, Status: 'SUCCESS' });
  });

  test('can roll back while the database is down: an older version needs no run', async () => {
    const { answers, runs } = await answerTo(event('Update', { Version: '10' }));
    expect(runs).toBe(0);
    expect(answers[0]!.body).toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'unchanged' } });
  });

  test('an older version with other users is a run', async () => {
    expect((await answerTo(event('Update', { Version: '10', AppUser: 'b' }))).runs).toBe(1);
  });

  test('hears of a failure with code and fix, no longer than it can take', async () => {
    const error = new StampError('BOOTSTRAP_LOGIN', `refused ${'x'.repeat(2000)}`, 'Set the password again.');
    const { answers, log } = await answerTo(event('Create'), () => Promise.reject(error));
    const { Status, Reason } = answers[0]!.body as { Status: string; Reason: string };
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(/^BOOTSTRAP_LOGIN: refused/);
    expect(Reason.length).toBeLessThanOrEqual(1000);
    expect(log).toEqual([expect.objectContaining({ event: 'failed' })]);
  });

  test('an answer that cannot be given ends the invocation with an error, and Lambda tries again', async () => {
    const answer = answerEvent(event('Create'), {
      run: () => Promise.resolve(REPORT),
      respond: () => Promise.reject(new Error('no way to the bucket')),
      log: () => undefined,
    });
    await expect(answer).rejects.toThrow('no way to the bucket');
  });
});

describe('others', () => {
  const run = (request: unknown) =>
    answerEvent(request, {
      run: () => Promise.resolve(REPORT),
      respond: () => Promise.reject(new Error('never')),
      log: () => undefined,
    });

  test('operators get the report', async () => {
    await expect(run({ door: 'operator' })).resolves.toEqual(REPORT);
  });

  test.each([undefined, null, {}, { door: 'public' }, 'operator'])('fails for the event %j', async (request) => {
    await expect(run(request)).rejects.toMatchObject({ code: 'BOOTSTRAP_EVENT' });
  });
});
