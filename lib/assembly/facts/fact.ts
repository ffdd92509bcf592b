/** Where in the assembly a fact was read. */
export interface Origin {
  readonly stack: string;
  readonly logicalId: string;
  readonly account: string;
  readonly region: string;
}

/** What all facts share. */
export interface Fact {
  /** `<stack>/<logicalId>`. */
  readonly id: string;
  readonly origin: Origin;
  /** The stamp or unit whose stack it is in; absent in stacks of a group or of the control plane. */
  readonly stampId?: string;
  /** Paths in the resource's properties whose value could not be resolved; findings say why. */
  readonly unresolved?: readonly string[];
}

/** How far something holds for all Route 53 checkers. */
export type CheckerShare = 'all' | 'some' | 'none';
