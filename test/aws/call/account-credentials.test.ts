import { describe, expect, test } from 'vitest';
import { AccountCredentials, type AccountCredentialsOptions, type RegionalSts } from '../../../lib/aws/call/account-credentials';
import { Caller } from '../../../lib/aws/call/caller';
import type { Credentials } from '../../../lib/aws/call/clients';
import { ManualClock, START } from '../support/manual-clock';
import { failureOf } from '../support/adapter';

const HOME = '111111111111';
const OTHER = '222222222222';
const HOUR = 3_600_000;

interface Asked {
  readonly region: string;
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

class Setup {
  public readonly clock = new ManualClock();
  public readonly asked: Asked[] = [];
  public readonly silent = new Set<string>();
  public denied = false;
  private sessions = 0;
  public expired = false;
  public readonly credentials: AccountCredentials;

  public constructor(over: Partial<AccountCredentialsOptions> = {}, dead: readonly string[] = []) {
    this.credentials = new AccountCredentials({
      caller: new Caller({ clock: this.clock, random: () => 0, deadRegions: new Set(dead) }),
      sts: (region) => this.sts(region),
      regions: ['us-east-1', 'us-east-2', 'eu-west-1'],
      home: HOME,
      ...over,
    });
  }

  public get(account: string, region = 'us-east-2'): Promise<Credentials> {
    return this.clock.run(this.credentials.provider(region, account)());
  }

  private sts(region: string): RegionalSts {
    return {
      chain: () => Promise.resolve({ accessKeyId: `chain-${region}`, secretAccessKey: 's' }),
      client: {
        send: (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
          const name = command.constructor.name.replace('Command', '');
          this.asked.push({ region, command: name, input: command.input });
          if (this.silent.has(region)) return Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
          if (this.expired)
            return Promise.reject(
              Object.assign(new Error('expired'), { name: 'ExpiredTokenException', $metadata: { httpStatusCode: 403 } }),
            );
          if (name === 'GetCallerIdentity') return Promise.resolve({ Account: HOME });
          if (this.denied)
            return Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
          this.sessions += 1;
          return Promise.resolve({
            Credentials: {
              AccessKeyId: `session-${this.sessions}`,
              SecretAccessKey: 's',
              SessionToken: 't',
              Expiration: new Date(START + this.clock.time + HOUR),
            },
          });
        },
      },
    };
  }
}

describe('the caller’s own account', () => {
  test('the chain of the Region that is called; whose credentials it has is asked once', async () => {
    const setup = new Setup();
    expect(await setup.get(HOME)).toMatchObject({ accessKeyId: 'chain-us-east-2' });
    expect(await setup.get(HOME, 'eu-west-1')).toMatchObject({ accessKeyId: 'chain-eu-west-1' });
    expect(setup.asked.map(({ region, command }) => [region, command])).toEqual([['us-east-2', 'GetCallerIdentity']]);
  });

  test('nobody is asked when nobody could know', async () => {
    const setup = new Setup({ identify: false });
    expect(await setup.get(OTHER)).toMatchObject({ accessKeyId: 'chain-us-east-2' });
    expect(setup.asked).toEqual([]);
  });

  test('no STS answers: the credentials are tried as they are', async () => {
    const setup = new Setup({ operatorRole: 'operator' });
    for (const region of ['us-east-1', 'us-east-2', 'eu-west-1']) setup.silent.add(region);
    expect(await setup.get(HOME)).toMatchObject({ accessKeyId: 'chain-us-east-2' });
  });

  test('fails with one line when they have expired', async () => {
    const setup = new Setup();
    setup.expired = true;
    expect(await failureOf(setup.get(HOME))).toMatchObject({
      name: 'PortError',
      kind: 'denied',
      message: expect.stringContaining('expired') as string,
    });
    setup.expired = false;
    expect(await setup.get(HOME)).toMatchObject({ accessKeyId: 'chain-us-east-2' });
  });
});

describe('another account', () => {
  test('fails without a role, naming both accounts and the way out', async () => {
    const error = await failureOf(new Setup().get(OTHER));
    expect(error).toMatchObject({ name: 'PortError', kind: 'denied' });
    expect((error as Error).message).toMatch(
      /of account 111111111111, and this is in account 222222222222.*STAMPKIT_OPERATOR_ROLE/,
    );
  });

  test('assumes the role of that account through the STS of the Region that is called', async () => {
    const setup = new Setup({ operatorRole: 'ops/operator', sessionName: 'stampkit-jo doe' });
    expect(await setup.get(OTHER)).toMatchObject({ accessKeyId: 'session-1', sessionToken: 't' });
    expect(setup.asked.at(-1)).toEqual({
      region: 'us-east-2',
      command: 'AssumeRole',
      input: { RoleArn: 'arn:aws:iam::222222222222:role/ops/operator', RoleSessionName: 'stampkit-jo-doe' },
    });
  });

  test('one session for all Regions and calls', async () => {
    const setup = new Setup({ operatorRole: 'operator' });
    const provider = setup.credentials.provider('us-east-2', OTHER);
    const both = Promise.all([provider(), provider(), setup.credentials.provider('eu-west-1', OTHER)()]);
    expect((await setup.clock.run(both)).map(({ accessKeyId }) => accessKeyId)).toEqual(['session-1', 'session-1', 'session-1']);
  });

  test('is renewed before it ends', async () => {
    const setup = new Setup({ operatorRole: 'operator' });
    await setup.get(OTHER);
    await setup.clock.pass(HOUR - 361_000);
    expect(await setup.get(OTHER)).toMatchObject({ accessKeyId: 'session-1' });
    await setup.clock.pass(1_000);
    expect(await setup.get(OTHER)).toMatchObject({ accessKeyId: 'session-2' });
  });

  test('a silent STS: the next Region’s; a Region that is called dead is not asked', async () => {
    const setup = new Setup({ operatorRole: 'operator' }, ['us-east-1']);
    setup.silent.add('us-east-2');
    expect(await setup.get(OTHER)).toMatchObject({ accessKeyId: 'session-1' });
    expect(setup.asked.map(({ region }) => region)).toEqual(['us-east-2', 'eu-west-1', 'us-east-2', 'eu-west-1']);
  });

  test('fails when the role may not be assumed, and is tried again at the next call', async () => {
    const setup = new Setup({ operatorRole: 'operator' });
    setup.denied = true;
    const error = await failureOf(setup.get(OTHER));
    expect(error).toMatchObject({ kind: 'denied' });
    expect((error as Error).message).toMatch(
      /arn:aws:iam::222222222222:role\/operator cannot be assumed: it has to exist, and trust/,
    );
    setup.denied = false;
    expect(await setup.get(OTHER)).toMatchObject({ accessKeyId: 'session-1' });
  });
});
