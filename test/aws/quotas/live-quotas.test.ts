import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import { NoSuchHostedZone } from '@aws-sdk/client-route-53';
import { ParameterNotFound } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { createQuotas, type QuotaClients } from '../../../lib/aws/quotas/live-quotas';
import type { AccountPlace } from '../../../lib/ports';

const PLACE: AccountPlace = { account: '111111111111', region: 'us-east-1' };

/** What the fake answers to a command, by the command's name; an error is thrown. */
type Answers = Readonly<Record<string, (input: Record<string, any>) => unknown>>;

/** Clients of one account that answer from a table and remember what was asked. */
function fake(answers: Answers): { quotas: ReturnType<typeof createQuotas>; asked: string[] } {
  const asked: string[] = [];
  const send = (command: { constructor: { name: string }; input: Record<string, any> }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    asked.push(`${name} ${JSON.stringify(command.input)}`);
    const answer = answers[name];
    if (answer === undefined) return Promise.reject(named('AccessDeniedException', `not allowed: ${name}`));
    return Promise.resolve().then(() => answer(command.input));
  };
  const client = { send, config: {} };
  const clients = {
    serviceQuotas: client,
    route53: client,
    cloudFormation: client,
    ssm: client,
    sts: client,
  } as unknown as QuotaClients;
  return {
    quotas: createQuotas(
      () => undefined,
      () => Promise.resolve(clients),
    ),
    asked,
  };
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

const exception = { $metadata: {}, message: 'none' };

describe('values', () => {
  test('come from the list, page by page, and only the ones asked for', async () => {
    const { quotas, asked } = fake({
      ListServiceQuotas: ({ NextToken }) =>
        NextToken === undefined
          ? {
              Quotas: [
                { QuotaCode: 'L-1', Value: 10 },
                { QuotaCode: 'L-9', Value: 9 },
              ],
              NextToken: 'more',
            }
          : { Quotas: [{ QuotaCode: 'L-2', Value: 20 }] },
    });
    const values = await quotas.values(PLACE, 'vpc', ['L-1', 'L-2']);
    expect(values).toEqual({
      read: true,
      value: new Map([
        ['L-1', 10],
        ['L-2', 20],
      ]),
    });
    expect(asked).toHaveLength(2);
  });

  test('that the list leaves out are asked for one by one; unknown ones are left out', async () => {
    const { quotas } = fake({
      ListServiceQuotas: () => ({ Quotas: [] }),
      GetServiceQuota: ({ QuotaCode }) => {
        if (QuotaCode === 'L-1') return { Quota: { Value: 7 } };
        throw named('NoSuchResourceException', 'no such quota');
      },
    });
    expect(await quotas.values(PLACE, 'vpc', ['L-1', 'L-2'])).toEqual({ read: true, value: new Map([['L-1', 7]]) });
  });

  test('are read one by one where the list is not implemented', async () => {
    const { quotas } = fake({
      ListServiceQuotas: () => {
        throw named('UnknownError', '501');
      },
      GetServiceQuota: () => ({ Quota: { Value: 7 } }),
    });
    expect(await quotas.values(PLACE, 'vpc', ['L-1'])).toEqual({ read: true, value: new Map([['L-1', 7]]) });
  });

  test('being refused is an answer with its reason, after one call', async () => {
    const { quotas, asked } = fake({});
    expect(await quotas.values(PLACE, 'vpc', ['L-1', 'L-2'])).toEqual({
      read: false,
      reason: 'AccessDeniedException: not allowed: ListServiceQuotas',
    });
    expect(asked).toHaveLength(1);
  });
});

describe('the other readings', () => {
  test('health checks and records, with what is used', async () => {
    const { quotas } = fake({
      GetAccountLimit: ({ Type }) => ({ Limit: { Type, Value: 300 }, Count: 12 }),
      GetHostedZoneLimit: ({ HostedZoneId, Type }) => {
        if (HostedZoneId !== 'Z1') throw new NoSuchHostedZone(exception);
        return { Limit: { Type, Value: 10_000 }, Count: 40 };
      },
    });
    expect(await quotas.healthChecks(PLACE)).toEqual({ read: true, value: { limit: 300, used: 12 } });
    expect(await quotas.records(PLACE, 'Z1')).toEqual({ read: true, value: { limit: 10_000, used: 40 } });
    expect(await quotas.records(PLACE, 'Z2')).toEqual({ read: true, value: undefined });
  });

  test('stacks that exist, without those that are gone', async () => {
    const { quotas, asked } = fake({
      ListStacks: ({ NextToken }) =>
        NextToken === undefined
          ? { StackSummaries: [{ StackName: 'a' }], NextToken: 'more' }
          : { StackSummaries: [{ StackName: 'b' }] },
    });
    expect(await quotas.stacks(PLACE)).toEqual({ read: true, value: new Set(['a', 'b']) });
    expect(asked[0]).toContain('CREATE_COMPLETE');
    expect(asked[0]).not.toContain('DELETE_COMPLETE');
  });

  test('bootstrap version, or none', async () => {
    expect(await fake({ GetParameter: () => ({ Parameter: { Value: '31' } }) }).quotas.bootstrapVersion(PLACE)).toEqual({
      read: true,
      value: 31,
    });
    const none = fake({
      GetParameter: () => {
        throw new ParameterNotFound(exception);
      },
    });
    expect(await none.quotas.bootstrapVersion(PLACE)).toEqual({ read: true, value: undefined });
  });

  test('ranges of the checkers, and whose credentials these are', async () => {
    const { quotas } = fake({
      GetCheckerIpRanges: () => ({ CheckerIpRanges: ['15.177.2.0/23'] }),
      GetCallerIdentity: () => ({ Account: '222222222222' }),
    });
    expect(await quotas.checkerRanges(PLACE)).toEqual({ read: true, value: ['15.177.2.0/23'] });
    expect(await quotas.account(PLACE)).toEqual({ read: true, value: '222222222222' });
  });

  test('any failure is a reading with its reason on one line', async () => {
    const { quotas } = fake({
      ListStacks: () => {
        throw new CloudFormationServiceException({
          name: 'Throttling',
          $fault: 'client',
          $metadata: {},
          message: 'Rate\nexceeded',
        });
      },
    });
    expect(await quotas.stacks(PLACE)).toEqual({ read: false, reason: 'Throttling: Rate exceeded' });
  });
});
