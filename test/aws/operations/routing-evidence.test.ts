import { describe, expect, test } from 'vitest';
import { createRoutingEvidence } from '../../../lib/aws/operations/routing-evidence';
import type { Fleet } from '../../../lib/topology/types';
import { bench } from '../support/adapter';
import { type Reply, xmlError } from '../support/answering-clients';

const fleet = {
  groups: [
    {
      name: 'pool',
      account: '222222222222',
      recordName: 'pool.shop.example',
      zone: { name: 'shop.example', hostedZoneId: 'Z123' },
      stamps: ['use1', 'use2'].map((code) => ({ id: `pool-${code}`, values: { recordName: `${code}.pool.shop.example` } })),
    },
  ],
} as unknown as Fleet;

const set = (name: string, failover: string, target: string): string =>
  `<ResourceRecordSet><Name>${name}</Name><Type>A</Type><SetIdentifier>${failover.toLowerCase()}</SetIdentifier>` +
  `<Failover>${failover}</Failover><AliasTarget><HostedZoneId>Z123</HostedZoneId><DNSName>${target}</DNSName>` +
  `<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>`;
const listing = (...sets: string[]): Reply => ({
  body:
    '<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>' +
    `${sets.join('')}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>10</MaxItems></ListResourceRecordSetsResponse>`,
});
const PAIR = [
  set('pool.shop.example.', 'SECONDARY', 'use1.pool.shop.example.'),
  set('pool.shop.example.', 'PRIMARY', 'use2.pool.shop.example.'),
];

const ask = async (reply: Reply, group = 'pool', dead: string[] = []) => {
  const setup = bench(() => reply, dead);
  return { setup, holder: await setup.clock.run(createRoutingEvidence(setup, fleet).primaryHolder(group)) };
};

describe('who holds the PRIMARY record', () => {
  test('as it is deployed', async () => {
    const { setup, holder } = await ask(listing(...PAIR));
    expect(holder).toBe('pool-use2');
    expect(setup.clients.last).toMatchObject({
      account: '222222222222',
      path: '/2013-04-01/hostedzone/Z123/rrset',
      query: { name: 'pool.shop.example', type: 'A' },
    });
  });

  test.each<[string, Reply]>([
    ['there is no such record', listing()],
    [
      'the record is no failover record',
      listing('<ResourceRecordSet><Name>pool.shop.example.</Name><Type>A</Type></ResourceRecordSet>'),
    ],
    ['another name comes first', listing(set('z.shop.example.', 'PRIMARY', 'use1.pool.shop.example.'))],
    ['it leads to nobody we know', listing(set('pool.shop.example.', 'PRIMARY', 'elsewhere.example.'))],
    ['it may not be read', xmlError(403, 'AccessDenied')],
    ['the API fails', xmlError(500, 'ServiceUnavailable')],
    ['the API is not reached', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ])('nobody knows when %s, and it is asked once', async (_name, reply) => {
    const { setup, holder } = await ask(reply);
    expect(holder).toBeUndefined();
    expect(setup.clients.sent).toHaveLength(1);
  });

  test.each([
    ['a group that is not there', 'nobody', []],
    ['the Region of its control plane is dead', 'pool', ['us-east-1']],
  ])('nothing is asked for %s', async (_name, group, dead) => {
    const { setup, holder } = await ask(listing(...PAIR), group, dead);
    expect(holder).toBeUndefined();
    expect(setup.clients.sent).toEqual([]);
  });

  test('two seconds are enough', async () => {
    const setup = bench(() => 'hang');
    const work = createRoutingEvidence(setup, fleet).primaryHolder('pool');
    while (setup.clients.sent.length === 0) await setup.clock.pass(0);
    await setup.clock.pass(2_000);
    expect(await work).toBeUndefined();
    expect(setup.clients.aborted).toBe(1);
  });
});
