import { Construct } from 'constructs';
import { Shape, type BuildShape } from './shape';
import type { ShapeOwners } from './shape-errors';
import type { RuleTree } from './value-checks';

/** Name of the scope that the shapes of an app stand in; findings about a shape show it in their construct path. */
const SCOPE = 'Shapes';

/** The shapes of one fleet, each made when the first stack needs it. */
export class Shapes {
  private readonly shapes = new Map<string, Shape>();
  private readonly scope: Construct;

  public constructor(scope: Construct) {
    this.scope = new Construct(scope, SCOPE);
  }

  /**
   * @param id of the first stack that has the shape
   * @throws StampError of the constructs, with the names of the first stack
   */
  public shape(key: string, id: string, rules: RuleTree, owners: ShapeOwners, build: BuildShape): Shape {
    let shape = this.shapes.get(key);
    if (shape === undefined) {
      shape = new Shape(this.scope, id, rules, owners, build);
      this.shapes.set(key, shape);
    }
    return shape;
  }
}
