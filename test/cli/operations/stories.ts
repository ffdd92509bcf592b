import { hashIn, OnCall } from './on-call';
import { proofExample } from './proof-example';

const FAILOVER = ['failover', 'enterprise', '--to', 'usw2', '--reason', 'us-east-1 impaired'];

/** What docs/operations.md shows, by name: each really run over the in-process fakes. Commands of a story share one AWS. */
export async function transcripts(): Promise<Record<string, string>> {
  return {
    ...(await regionLoss()),
    ...(await evacuation()),
    ...(await interruption()),
    ...(await darkness()),
    ...(await restore()),
  };
}

/** Shows a plan, then goes with it: both as they are typed. */
async function plannedThenGo(jo: OnCall, ...args: string[]): Promise<[string, string]> {
  const shown = await jo.transcript(...args);
  return [shown, await jo.transcript(...args, '--go', '--plan', hashIn({ exitCode: 0, out: shown, err: '' }))];
}

async function regionLoss(): Promise<Record<string, string>> {
  const jo = new OnCall(undefined, { proof: proofExample });
  const well = await jo.transcript('status', 'enterprise');
  jo.aws.world.down.add('us-east-1');
  const [plan, go] = await plannedThenGo(jo, ...FAILOVER);
  const after = await jo.transcript('status', 'enterprise', '--no-proof');
  jo.aws.world.down.clear();
  jo.aws.queues.of('enterprise-use1').visible = 25;
  const [, back] = await plannedThenGo(jo, 'return', 'enterprise-use1');
  const [, home] = await plannedThenGo(jo, 'failback', 'enterprise');
  const list = await jo.transcript('journal', 'list', 'enterprise');
  return {
    status: well,
    'failover-plan': plan,
    'failover-go': go,
    'status-after': after,
    return: back,
    failback: home,
    'journal-list': list,
  };
}

async function evacuation(): Promise<Record<string, string>> {
  const jo = new OnCall();
  const refused = await jo.transcript('evacuate', 'enterprise-use1', '--reason', 'bad release');
  const evacuate = await jo.transcript('evacuate', 'pool-euw1', '--reason', 'bad release', '--go');
  const [, readmit] = await plannedThenGo(jo, 'readmit', 'pool-euw1');
  return { refused, evacuate, readmit };
}

async function interruption(): Promise<Record<string, string>> {
  let pressed = false;
  const jo: OnCall = new OnCall(undefined, {
    wrap: (ports) => ({
      ...ports,
      databases: {
        ...ports.databases,
        switchover: async (change) => {
          await ports.databases.switchover(change);
          if (!pressed) jo.interrupt();
          pressed = true;
        },
      },
    }),
  });
  const [, stopped] = await plannedThenGo(jo, 'failover', 'enterprise', '--to', 'usw2', '--reason', 'maintenance');
  const id = /journal resume (\S+)/.exec(stopped)![1]!;
  const left = await jo.transcript('journal', 'resume', id);
  const resumed = await jo.transcript('journal', 'resume', id, '--go');
  return { stopped, left, resumed };
}

async function darkness(): Promise<Record<string, string>> {
  const jo = new OnCall();
  for (const region of jo.aws.fleet.control.table.replicaRegions) jo.aws.world.silent.add(`dynamodb@${region}`);
  const dark = await jo.transcript('evacuate', 'pool-euw1', '--reason', 'bad release');
  const glass = ['evacuate', 'pool-euw1', '--break-glass', '--reason', 'control table is down, I lead the incident'];
  const [, broken] = await plannedThenGo(jo, ...glass);
  jo.aws.world.silent.clear();
  const reconcile = await jo.transcript('journal', 'reconcile', '--go');
  return { dark, broken, reconcile };
}

async function restore(): Promise<Record<string, string>> {
  const jo = new OnCall();
  const backups = await jo.transcript('backups', 'enterprise');
  const [, made] = await plannedThenGo(jo, 'restore', 'enterprise', '--at', '2026-11-21T09:00:00Z', '--reason', 'orders deleted');
  const [, cutover] = await plannedThenGo(
    jo,
    'restore',
    'enterprise',
    '--cutover',
    'r20261121t080000',
    '--reason',
    'orders deleted',
  );
  return { backups, restore: made, cutover };
}
