import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { awsPorts } from '../../lib/aws/operation-ports';
import { dataPorts } from '../../lib/aws/operations/data-ports';
import type { AwsAccess } from '../../lib/aws/call/access';
import type { Cancellation, Clock } from '../../lib/ports';
import { FLEET } from '../operations/support';
import { deployFleet } from '../wire/deploy-fleet';
import { WireAws, wireVariables } from '../wire/wire-aws';
import type { Scene } from './scene';

/**
 * Time of the adapters: that of the fake AWS. A pause is over at once and moves it; a time-out, which somebody can take back, is real, so that
 * it never fires while the fake answers.
 */
export function wireClock(aws: WireAws): Clock {
  return {
    now: () => aws.world.now,
    monotonic: () => aws.world.now,
    sleep: (milliseconds, cancellation?: Cancellation) =>
      new Promise((resolve) => {
        if (cancellation === undefined) {
          aws.world.clock.advance(milliseconds);
          resolve();
          return;
        }
        const timer = setTimeout(resolve, milliseconds);
        cancellation.onRaise(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** Variables of the environment by which the SDK's clients find the fake, and nothing else. */
export function wireEnvironment(endpoint: string, account: string): Readonly<Record<string, string>> {
  return {
    ...wireVariables(endpoint),
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** The real adapters over the wire-level fake. */
export async function wireScene(): Promise<Scene> {
  const aws = new WireAws();
  deployFleet(aws, FLEET);
  const environment = wireEnvironment(await aws.start(), FLEET.account);
  const before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
  Object.assign(process.env, environment);
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-contract-'));
  const accesses: AwsAccess[] = [];
  const ports = awsPorts({
    fleet: FLEET,
    reporter: { event: () => undefined },
    data: (access) => {
      accesses.push(access);
      return dataPorts(access, FLEET);
    },
    clock: wireClock(aws),
    random: () => 0.5,
    environment,
    journalFolder: folder,
  });
  const place = (region: string): { account: string; region: string } => ({ account: FLEET.account, region });
  return {
    target: 'wire',
    fleet: FLEET,
    ports,
    now: () => aws.world.now,
    later: (milliseconds) => {
      aws.world.clock.advance(milliseconds);
      return Promise.resolve();
    },
    down: (region) => {
      aws.world.down(region);
    },
    up: (region) => {
      aws.world.up(region);
    },
    exhaust: () => {
      aws.compute.exhausted = true;
    },
    failRestores: (reason) => {
      aws.backup.failure = reason;
    },
    setVersion: (region, id, version) => {
      const cluster = aws.rds.cluster(place(region), id)!;
      cluster.settings = { ...cluster.settings, EngineVersion: version };
    },
    queue: (stamp, { visible, dead }) => {
      const { shape, values } = FLEET.groups.flatMap((group) => group.stamps).find((each) => each.id === stamp)!;
      const { queue, deadLetterQueue } = values.names;
      const send = (name: string, count: number): void => {
        for (let at = 0; at < count; at += 1) aws.queues.send(aws.queues.key(place(shape.region), name), `message ${at}`);
      };
      send(queue, visible);
      send(deadLetterQueue, dead);
    },
    close: async () => {
      for (const access of accesses) access.clients.destroy();
      await aws.stop();
      rmSync(folder, { recursive: true, force: true });
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    },
  };
}
