import type { StampSpec } from '../../topology/types';
import type { GroupView } from '../group-view';
import type { PointerValue, Step } from '../plan';
import { call, step } from './step';
import { assumed } from './timing';

/** Swaps a stamp's pointer and replaces its tasks, which read it at start (design 6). */
export function adoptSteps(
  view: GroupView,
  stamp: StampSpec,
  value: PointerValue,
  after: readonly string[],
  before?: PointerValue,
): Step[] {
  const { region } = stamp.shape;
  const name = stamp.values.names.databaseParameter;
  const target = value.to === 'table' ? value.table : value.cluster;
  return [
    step({
      id: `pointer:${stamp.id}`,
      title: `Point ${stamp.id} at ${target}`,
      after,
      action: { do: 'write-pointer', region, name, value },
      postcondition: [{ is: 'pointer', region, name, value }],
      ...(before !== undefined && { compensation: { do: 'write-pointer', region, name, value: before } }),
      calls: [
        call('ssm', region, 'regional-control'),
        ...(value.to === 'cluster' ? [call('rds', region, 'regional-control')] : []),
      ],
      expected: { typical: 2, pessimistic: 30 },
    }),
    step({
      id: `roll:${stamp.id}`,
      title: `Replace the tasks of ${stamp.id}`,
      after: [`pointer:${stamp.id}`],
      action: { do: 'roll', stamp: stamp.id },
      postcondition: [{ is: 'rolled', stamp: stamp.id, pointer: name }],
      calls: [call('ecs', region, 'regional-control'), call('ssm', region, 'regional-control')],
      expected: assumed(view, stamp.shape.compute.kind === 'ec2' ? 'ec2ScaleOut' : 'ecsScaleOut'),
      timeout: 1800,
    }),
  ];
}
