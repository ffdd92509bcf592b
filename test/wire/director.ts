import type { WireAws } from './wire-aws';
import type { Direct } from './server';

type Order = (aws: WireAws, body: Readonly<Record<string, unknown>>) => unknown;

/** What a test in another process may tell the fake: `POST /_wire/<order>` with a JSON body. */
const ORDERS: Readonly<Record<string, Order>> = {
  /** `{ region }`: nothing of it answers any more. */
  down: (aws, { region }) => {
    aws.world.down(region as string);
  },
  /** `{ region }` */
  up: (aws, { region }) => {
    aws.world.up(region as string);
  },
  /** `{ service, region }`: one service of a Region does not answer; `{ ..., silent: false }` ends it. */
  silent: (aws, { service, region, silent }) => {
    const key = `${service as string}@${region as string}`;
    if (silent === false) aws.world.silent.delete(key);
    else aws.world.silent.add(key);
  },
  /** `{ milliseconds }`: time passes at once. */
  advance: (aws, { milliseconds }) => {
    aws.world.clock.advance(milliseconds as number);
  },
  /** `{ speed }` */
  speed: (aws, { speed }) => {
    aws.world.clock.setSpeed(speed as number);
  },
  /** `{ action: 'rds:FailoverGlobalCluster' }` is not allowed any more. */
  deny: (aws, { action }) => {
    aws.world.denied.add(action as string);
  },
  /** `{ operation, times }`: the next calls of an operation are throttled. */
  throttle: (aws, { operation, times }) => {
    aws.world.throttled.set(operation as string, times as number);
  },
  /** `{ operation, times }`: the next calls of an operation happen, and their answers are lost. */
  lose: (aws, { operation, times }) => {
    aws.world.lostAnswers.set(operation as string, times as number);
  },
  /** `{ exhausted }`: whether new tasks and instances start. */
  capacity: (aws, { exhausted }) => {
    aws.compute.exhausted = exhausted as boolean;
  },
  /** `{ failure }`: why restores of AWS Backup fail; without it they do not. */
  restores: (aws, { failure }) => {
    aws.backup.failure = failure as string | undefined;
  },
  /** `{ region, cluster, seconds }`: how far a secondary is behind. */
  lag: (aws, { region, cluster, seconds }) => {
    aws.rds.lagSeconds.set(`${region as string}/${cluster as string}`, seconds as number);
  },
  /** `{ account, region, queue, messages }`: texts that wait in a queue from now on. */
  send: (aws, { account, region, queue, messages }) => {
    const key = aws.queues.key({ account: account as string, region: region as string }, queue as string);
    for (const message of messages as readonly string[]) aws.queues.send(key, message);
  },
  /** All requests so far, in their order. */
  log: (aws) => aws.world.log,
  /** Milliseconds since 1970 in the fake. */
  now: (aws) => aws.world.now,
};

export function director(aws: WireAws): Direct {
  return (path, body) => {
    const order = ORDERS[path];
    return order === undefined ? undefined : (order(aws, body as Readonly<Record<string, unknown>>) ?? {});
  };
}
