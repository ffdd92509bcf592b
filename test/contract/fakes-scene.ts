import { FakeAws } from '../fakes/fake-aws';
import { EPOCH, FakeProcess } from '../fakes/world';
import { FLEET } from '../operations/support';
import type { Scene } from './scene';

/** The in-process fakes of `test/fakes`. */
export function fakesScene(): Promise<Scene> {
  const aws = new FakeAws(FLEET);
  const process = new FakeProcess(aws.world);
  return Promise.resolve({
    target: 'fakes',
    fleet: FLEET,
    ports: aws.ports(process),
    now: () => EPOCH + aws.world.time,
    later: (milliseconds) => aws.world.run(aws.world.wait(milliseconds)),
    down: (region) => aws.world.down.add(region),
    up: (region) => aws.world.down.delete(region),
    exhaust: () => {
      aws.capacity.exhausted = true;
    },
    failRestores: (reason) => {
      aws.backups.failure = reason;
    },
    setVersion: (region, cluster, version) => {
      aws.databases.clusters.get(`${region}/${cluster}`)!.engineVersion = version;
    },
    queue: (stamp, { visible, dead }) => {
      Object.assign(aws.queues.of(stamp), { visible, deadLetters: dead });
    },
    close: () => Promise.resolve(),
  });
}
