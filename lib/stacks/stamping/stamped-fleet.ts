import type { Construct } from 'constructs';
import { shapeKey } from '../../topology/shape';
import type { Fleet, StampSpec, TenantGroup } from '../../topology/types';
import { GroupDataStack, groupDataStackSettings } from '../group-data-stack';
import { RoutingStack, routingStackSettings } from '../routing-stack';
import { StampStack, stampStackSettings } from '../stamp-stack';
import { groupDataShape, routingShape } from './group-shapes';
import { Shapes } from './shapes';
import { StampedStack } from './stamped-stack';
import { problemsOfRouting, problemsOfStamp } from './values-together';
import { leavesOf, outlineOf, tokenizeValues } from './value-leaves';
import { GROUP_VALUE_RULES, STAMP_VALUE_RULES } from './value-rules';
import { attachStampedTree } from './stamped-tree';

/** Makes the stacks of a fleet from their shapes: constructs run once per shape, however many stacks have it (design 11). */
export class StampedFleet {
  private readonly shapes: Shapes;

  public constructor(
    private readonly scope: Construct,
    private readonly fleet: Fleet,
  ) {
    this.shapes = new Shapes(scope);
    attachStampedTree(scope);
  }

  public stamp({ shape, values }: StampSpec): StampedStack {
    const id = values.names.stack;
    const keyOf = (stamp: Pick<StampSpec, 'shape' | 'values'>): string =>
      `stamp ${shapeKey(stamp.shape)} ${outlineOf(stamp.values)}`;
    const key = keyOf({ shape, values });
    const owners = {
      values: leavesOf(values),
      stacks: () =>
        this.fleet.groups
          .flatMap(({ stamps }) => stamps)
          .filter((stamp) => keyOf(stamp) === key)
          .map((stamp) => stamp.values.names.stack),
    };
    return new StampedStack(this.scope, id, {
      ...stampStackSettings(shape, values),
      shape: this.shapes.shape(key, id, STAMP_VALUE_RULES, owners, (scope, stackName, synthesizer) => {
        return new StampStack(scope, stackName, { shape, values: tokenizeValues(values), stackName, synthesizer });
      }),
      values,
      problems: () => problemsOfStamp({ shape, values }),
    });
  }

  public data(group: TenantGroup): StampedStack {
    const id = group.names.dataStack;
    const { key, props, values } = groupDataShape(group, this.fleet.regions);
    const owners = {
      values: leavesOf(values),
      stacks: () =>
        this.fleet.groups
          .filter((other) => groupDataShape(other, this.fleet.regions).key === key)
          .map(({ names }) => names.dataStack),
    };
    return new StampedStack(this.scope, id, {
      ...groupDataStackSettings(group),
      shape: this.shapes.shape(`data ${key}`, id, GROUP_VALUE_RULES, owners, (scope, stackName, synthesizer) => {
        return new GroupDataStack(scope, stackName, { ...props(), stackName, synthesizer });
      }),
      values,
    });
  }

  public routing(group: TenantGroup): StampedStack {
    const id = group.names.routingStack;
    const { key, props, values } = routingShape(this.fleet, group);
    const owners = {
      values: leavesOf(values),
      stacks: () =>
        this.fleet.groups.filter((other) => routingShape(this.fleet, other).key === key).map(({ names }) => names.routingStack),
    };
    return new StampedStack(this.scope, id, {
      ...routingStackSettings(this.fleet, group),
      shape: this.shapes.shape(`routing ${key}`, id, GROUP_VALUE_RULES, owners, (scope, stackName, synthesizer) => {
        return new RoutingStack(scope, stackName, { ...props(), stackName, synthesizer });
      }),
      values,
      problems: () => problemsOfRouting(group),
    });
  }
}
