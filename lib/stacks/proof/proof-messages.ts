import type { StackEntry } from '../../assembly/read-assembly';
import type { FleetDemand } from '../../resilience/demand';
import type { WrittenShape, WrittenTemplate } from '../stamping/written-templates';

/** What the thread of a proof is started with. */
export interface ProofOrder {
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  readonly demand: FleetDemand;
  /** What its manifest is going to list, in that order. */
  readonly stacks: readonly StackEntry[];
}

/** What the thread hears of the synthesis. Shapes are numbered as they come. */
export type ProofMessage =
  | ({ readonly kind: 'shape' } & WrittenShape)
  | { readonly kind: 'stack'; readonly index: number; readonly shape: number; readonly written: WrittenTemplate }
  | { readonly kind: 'end' };
