import type { Assumed } from '../assumed';
import type { Failure } from '../failures/types';
import type { GroupModel } from '../model/types';
import type { Orientation, Outcome } from '../types';
import { type LoadQuestion, type StampLoads, stampLoads, withLoads } from './load';
import { type Case, SharedEvaluator, type Situation } from './shared-evaluator';

/** An outcome of a group before its own numbers and the failure's name are put in: enough to judge it by. */
export interface Expected {
  readonly outcome: Outcome;
  readonly loads: StampLoads;
}

const NO_LOADS: StampLoads = { capacity: [], states: [] };

/** Judges failures of one group. What does not depend on its numbers is the structure's, and is found out once. */
export class Evaluator {
  private readonly known = new Map<LoadQuestion, StampLoads>();

  public constructor(
    public readonly model: GroupModel,
    assumed: Assumed,
    public readonly shared: SharedEvaluator = new SharedEvaluator(model, assumed),
  ) {}

  /** One outcome for each place that clients are in. */
  public outcomes(failure: string, parts: readonly Failure[], orientation: Orientation): readonly Outcome[] {
    const situation = parts.length === 0 ? this.shared.calmly(orientation) : this.shared.situation(parts, orientation);
    return this.expected({ situation }).map((expected) => this.filled(expected, failure));
  }

  public expected(found: Case): readonly Expected[] {
    if ('recovery' in found) return [{ outcome: found.recovery, loads: NO_LOADS }];
    const { situation } = found;
    const loads = this.loadsOf(situation);
    // Where nothing changes, what usually is answers under the failure's name.
    return situation.quiet && !loads.states.some((state) => state !== 'enough')
      ? this.expectedOf(this.shared.calmly(situation.orientation))
      : this.expectedOf(situation, loads);
  }

  /** The whole outcome. */
  public filled({ outcome, loads: { capacity } }: Expected, failure: string): Outcome {
    const { rto, notes } = outcome;
    const { unbounded } = rto;
    return {
      ...outcome,
      failure,
      capacity,
      rto: unbounded === undefined ? rto : { ...rto, unbounded: withLoads(unbounded, capacity) },
      notes: notes.map((note) => withLoads(note, capacity)),
    };
  }

  private expectedOf(situation: Situation, loads = this.loadsOf(situation)): readonly Expected[] {
    return this.shared.outcomesOf(situation, loads.states).map((outcome) => ({ outcome, loads }));
  }

  private loadsOf({ loads: question }: Situation): StampLoads {
    let known = this.known.get(question);
    if (known === undefined) {
      known = stampLoads(this.model, question);
      this.known.set(question, known);
    }
    return known;
  }
}
