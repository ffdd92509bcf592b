import { evaluateHealth } from '../../lib/health/evaluate';
import { EMPTY_MEMORY } from '../../lib/health/memory';
import { clusterOfPointer } from '../../lib/operations/observe/pointer-document';
import type { StampSpec, TenantGroup } from '../../lib/topology/types';
import type { FunctionCode } from './services/lambda';
import type { WireAws } from './wire-aws';

/**
 * The health function of a stamp: what its probes would see is taken from the state of the fake, and judged by the evaluation that runs
 * in the real function (`lib/health`).
 */
export function stampHealth(aws: WireAws, group: TenantGroup, stamp: StampSpec): FunctionCode {
  let memory = EMPTY_MEMORY;
  return (event) => {
    if ((event as { readonly door?: string }).door !== 'operator') throw new Error('only the door of operators is open');
    const evaluated = evaluateHealth({
      stampId: stamp.id,
      now: aws.world.now,
      database: settingsOf(group),
      outcomes: { compute: compute(aws, stamp), ...database(aws, group, stamp), dependencies: [] },
      memory,
    });
    ({ memory } = evaluated);
    return evaluated.document;
  };
}

function settingsOf({ database }: TenantGroup): Parameters<typeof evaluateHealth>[0]['database'] {
  const topology = database.engine === 'dynamodb' ? 'multi-active' : isSql(database.engine) ? 'single-writer' : 'none';
  return { topology, writerGraceSeconds: 90, standbyServes: 'reads' };
}

function isSql(engine: string): boolean {
  return engine === 'aurora-postgresql' || engine === 'aurora-mysql';
}

function compute(aws: WireAws, stamp: StampSpec): unknown {
  const { account, names } = stamp.values;
  aws.compute.settle();
  const service = aws.compute.services.get(
    aws.compute.key({ account, region: stamp.shape.region }, names.cluster, names.service),
  );
  const running = service?.running ?? 0;
  return answer({ serving: running > 0, detail: `${running} of ${service?.desired ?? 0} targets healthy` });
}

function database(aws: WireAws, group: TenantGroup, stamp: StampSpec): { readonly writer?: unknown; readonly reader?: unknown } {
  const place = { account: stamp.values.account, region: stamp.shape.region };
  if (group.database.engine === 'dynamodb') {
    const found = aws.dynamodb.table(place, group.names.table) !== undefined;
    return { writer: found ? answer({ answers: true, detail: 'the table answers' }) : silence('there is no such table') };
  }
  if (!isSql(group.database.engine)) return {};
  const pointer = aws.parameters.values.get(aws.parameters.key(place, stamp.values.names.databaseParameter))?.value ?? '';
  const cluster = aws.rds.cluster(place, clusterOfPointer(pointer) ?? stamp.values.names.databaseCluster);
  const role = cluster === undefined ? 'none' : aws.rds.role(cluster);
  if (role === 'none') return { writer: silence('no answer'), reader: silence('no answer') };
  const writerIsLocal = role === 'writer';
  const reader = answer({ readOnly: true, writerIsLocal, detail: 'a reader answers' });
  // The writer endpoint of a cluster that follows another one is inactive.
  return writerIsLocal
    ? { writer: answer({ readOnly: false, writerIsLocal, detail: 'takes writes' }), reader }
    : { writer: silence('inactive'), reader };
}

function answer(seen: object): unknown {
  return { kind: 'answer', answer: seen };
}

function silence(cause: string): unknown {
  return { kind: 'error', cause };
}
