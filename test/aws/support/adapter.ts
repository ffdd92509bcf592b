import type { AwsAccess } from '../../../lib/aws/call/access';
import { Caller } from '../../../lib/aws/call/caller';
import type { Guard, StampRef } from '../../../lib/ports';
import { stampNames, stampRecordName } from '../../../lib/topology/names';
import { AnsweringClients, type Reply, type SentRequest } from './answering-clients';
import { ManualClock } from './manual-clock';

export const ACCOUNT = '111111111111';
export const GROUP_ACCOUNT = '222222222222';

/** Everything an adapter is made with, and what became of its requests. */
export interface Bench extends AwsAccess {
  readonly clock: ManualClock;
  readonly clients: AnsweringClients;
}

/** The group `pool` has an account of its own. */
export function bench(reply: (request: SentRequest) => Reply | Promise<Reply>, deadRegions: readonly string[] = []): Bench {
  const clock = new ManualClock();
  const caller = new Caller({ clock, random: () => 0.5, deadRegions: new Set(deadRegions) });
  const owners = {
    fleet: ACCOUNT,
    accounts: [ACCOUNT, GROUP_ACCOUNT],
    group: () => GROUP_ACCOUNT,
    resource: () => GROUP_ACCOUNT,
  };
  return { clock, caller, clients: new AnsweringClients(reply), owners };
}

export function guardOf(over: Partial<Guard> = {}): Guard {
  return { token: 7, operator: 'jo', operation: 'op-1', validUntil: 60_000, ...over };
}

export function stampRefOf(regionCode: string, region: string): StampRef {
  const names = stampNames({ fleet: 'shop', group: 'pool', regionCode });
  return {
    id: names.stampId,
    group: 'pool',
    account: GROUP_ACCOUNT,
    region,
    names,
    recordName: stampRecordName('pool', regionCode, 'shop.example'),
    healthPath: '/healthz',
    compute: 'fargate',
    hasWorker: true,
  };
}

export const USE1 = stampRefOf('use1', 'us-east-1');
export const USE2 = stampRefOf('use2', 'us-east-2');

/** The error that a call ends with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
