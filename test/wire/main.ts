import { parseArgs } from 'node:util';
import { loadFleet } from '../../lib/cli/load-fleet';
import { deployFleet } from './deploy-fleet';
import { director } from './director';
import { Outside } from './outside';
import { WireAws, wireVariables } from './wire-aws';

/** The fake as a process; see README.md. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      speed: { type: 'string', default: '1' },
      stamps: { type: 'string' },
    },
  });
  const aws: WireAws = new WireAws({ speed: Number(values.speed) }, (path, body) => director(aws)(path, body));
  let outside: Outside | undefined;
  if (values.stamps !== undefined) {
    const { fleet, findings } = loadFleet(values.stamps);
    if (fleet === undefined) throw new Error(`${values.stamps} is no fleet: ${findings[0]?.message ?? 'it has errors'}`);
    deployFleet(aws, fleet);
    outside = new Outside(aws, fleet);
  }
  const endpoint = await aws.start(Number(values.port));
  const environment = { ...wireVariables(endpoint), ...(await outside?.start()) };
  process.stdout.write(`${JSON.stringify({ endpoint, environment })}\n`);
  const stop = (): void => {
    void Promise.all([aws.stop(), outside?.stop()]).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.resume();
  process.stdin.once('end', stop);
}
