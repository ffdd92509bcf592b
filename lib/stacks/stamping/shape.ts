import type { ISynthesisSession, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';
import { withOwners, type ShapeOwners } from './shape-errors';
import { ShapeSynthesizer, type SynthesizedShape } from './shape-synthesizer';
import { ShapeText } from './shape-text';
import type { StampedStack } from './stamped-stack';
import type { RuleTree } from './value-checks';
import { outlineOf, type ValueTree } from './value-leaves';

/** Makes the stack of a shape: `synthesizer` has to be the stack's. */
export type BuildShape = (scope: Construct, id: string, synthesizer: ShapeSynthesizer) => Stack;

/** What stacks of one structure have in common, synthesized once from tokens. */
export class Shape {
  /** The constructs, once for all members. It is not in the assembly. */
  public readonly stack: Stack;
  private readonly stamped: StampedStack[] = [];
  private outline?: string;
  private compiled?: ShapeText;
  private result?: SynthesizedShape;

  /** @param id shown in findings, so a name that readers know: the first member's */
  public constructor(
    scope: Construct,
    id: string,
    /** What the values of the members have to keep to. */
    public readonly rules: RuleTree,
    owners: ShapeOwners,
    build: BuildShape,
  ) {
    this.stack = withOwners(scope, owners, () => build(scope, id, new ShapeSynthesizer()));
  }

  /** The stacks that are made from it, in the order of the assembly. */
  public get members(): readonly StampedStack[] {
    return this.stamped;
  }

  /**
   * Called by a stack that is made from it.
   *
   * @throws StampError `STAMP_SHAPE_MISMATCH` for values that fill other places than those of the first member: they are of another structure
   */
  public add(member: StampedStack, values: ValueTree): void {
    const outline = outlineOf(values);
    this.outline ??= outline;
    if (outline !== this.outline) {
      throw new StampError(
        'STAMP_SHAPE_MISMATCH',
        `${member.stackName} does not have the values of the shape it shares with ${this.stamped[0]?.stackName ?? 'others'}`,
        'What decides how many values there are belongs into the shape; please report this',
      );
    }
    this.stamped.push(member);
  }

  /** Synthesizes the constructs when that was not done yet. */
  public synthesized(session: ISynthesisSession): SynthesizedShape {
    // The stack has a copy of the synthesizer that it was given.
    const { synthesizer } = this.stack;
    if (!(synthesizer instanceof ShapeSynthesizer))
      throw new StampError('STAMP_SYNTHESIZER', 'a shape has another synthesizer than it was given', 'Pass it on to the stack');
    this.result ??= synthesizer.result(session);
    this.compiled ??= new ShapeText(this.stack, this.result);
    return this.result;
  }

  public get metadataInFile(): boolean {
    return this.result?.metadataInFile ?? true;
  }

  /** @throws StampError before the synthesis */
  public get text(): ShapeText {
    if (this.compiled === undefined)
      throw new StampError('STAMP_TOO_EARLY', 'the shape is not synthesized yet', 'Call synth() first');
    return this.compiled;
  }
}
