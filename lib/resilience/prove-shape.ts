import type { Assumed } from './assumed';
import type { BoundTerm } from './bounds/types';
import type { AnswerCache } from './evaluate/answers';
import { Evaluator } from './evaluate/evaluator';
import { recoveryOutcome } from './evaluate/recovery';
import { mergeLosses, orientationsOf } from './evaluate/world';
import { type FeltFailure, feltFailures } from './failures/enumerate';
import { type JudgedPair, pairId, pairSymmetry, pairsToJudge } from './failures/pairs';
import type { ObjectiveName } from './failures/types';
import { touched } from './evaluate/touched';
import { GROUP_MARK } from './model/names';
import type { GroupModel } from './model/types';
import type { Outcome, Verdict, VerdictState } from './types';
import { worstOutcome } from './worst';

/** Everything that was found out about one shape of groups, with marks in place of names. */
export interface ShapeProof {
  readonly model: GroupModel;
  readonly evaluator: Evaluator;
  readonly failures: readonly FeltFailure[];
  /** Every single failure; those alike share outcomes. */
  readonly singles: readonly Verdict[];
  /** Pairs that leave an objective or that configuration names, one of each kind. The others are only counted. */
  readonly pairs: readonly Verdict[];
  /** Before anything fails, one for each orientation and client. */
  readonly usual: readonly Outcome[];
  readonly counts: {
    readonly pairs: number;
    readonly contained: number;
    readonly symmetric: number;
    readonly judged: number;
    readonly kinds: number;
  };
}

export interface ShapeOptions {
  /** Leave pairs out. @default false */
  readonly singlesOnly?: boolean;
  /** Answers of other shapes of the same proof. */
  readonly answers?: AnswerCache;
}

/** Judges every failure of one shape of groups. */
export function proveShape(model: GroupModel, assumed: Assumed, { singlesOnly = false, answers }: ShapeOptions = {}): ShapeProof {
  const evaluator = new Evaluator(model, assumed, answers);
  const judge = new Judge(model, assumed, evaluator);
  const failures = feltFailures(model);
  const singles = judge.singles(failures);
  const { pairs, all, contained, symmetric } = singlesOnly
    ? { pairs: [], all: 0, contained: 0, symmetric: 0 }
    : pairsToJudge(model, failures);
  const told = pairs.map((pair) => judge.pair(pair)).filter((verdict) => mattersAlone(verdict, model));
  return {
    model,
    evaluator,
    failures,
    singles,
    pairs: told,
    usual: orientationsOf(model).flatMap((orientation) => evaluator.outcomes('', [], orientation)),
    counts: {
      pairs: all,
      contained,
      symmetric,
      judged: new Set(failures.map(({ symmetry }) => symmetry)).size + pairs.length,
      kinds: pairs.length,
    },
  };
}

function mattersAlone({ state, failure }: Verdict, { survive, accept }: GroupModel): boolean {
  return state !== 'holds' || survive.includes(failure) || accept.some((accepted) => accepted.failure === failure);
}

/** One failure or pair of a shape, judged by its id; undefined when the group does not feel it. */
export function judgeNamed(proof: ShapeProof, assumed: Assumed, id: string): Verdict | undefined {
  const parts = id.split('+').map((part) => proof.failures.find((failure) => failure.id === part));
  const [a, b] = parts;
  if (a === undefined || parts.includes(undefined)) return undefined;
  if (b === undefined) return proof.singles.find(({ failure }) => failure === a.id);
  const symmetry = pairSymmetry(a, b);
  const pair: JudgedPair = { id: pairId(a.id, b.id), parts: [a, b], symmetry };
  return new Judge(proof.model, assumed, proof.evaluator).pair(pair);
}

/** A model's verdict on failures that it did not enumerate itself: what a knob would change. */
export function judgeAgain(model: GroupModel, assumed: Assumed, id: string): Verdict | undefined {
  const judge = new Judge(model, assumed, new Evaluator(model, assumed));
  const failures = feltFailures(model);
  const parts = id.split('+').map((part) => failures.find((failure) => failure.id === part));
  const [a, b] = parts;
  if (a === undefined || parts.includes(undefined)) return undefined;
  return b === undefined ? judge.single(a, []) : judge.pair({ id, parts: [a, b], symmetry: pairSymmetry(a, b) });
}

class Judge {
  private readonly accepted: ReadonlyMap<string, string>;
  private readonly promised: ReadonlySet<string>;

  public constructor(
    private readonly model: GroupModel,
    private readonly assumed: Assumed,
    private readonly evaluator: Evaluator,
  ) {
    this.accepted = new Map(model.accept.map(({ failure, reason }) => [failure, reason]));
    this.promised = new Set(model.survive);
  }

  public singles(failures: readonly FeltFailure[]): Verdict[] {
    const classes = new Map<string, FeltFailure[]>();
    for (const failure of failures) classes.set(failure.symmetry, [...(classes.get(failure.symmetry) ?? []), failure]);
    return [...classes.values()].flatMap((members) => {
      const [first] = members;
      if (first === undefined) return [];
      const judged = this.single(first, []);
      return members.map((failure) => {
        const alike = members.filter((other) => other !== failure).map(({ id }) => id);
        if (failure === first) return { ...judged, alike };
        const outcomes = judged.outcomes.map((outcome) => ({ ...outcome, failure: failure.id }));
        return this.verdict(failure.id, failure.what, [failure], outcomes, alike);
      });
    });
  }

  public single(failure: FeltFailure, alike: readonly string[]): Verdict {
    return this.verdict(failure.id, failure.what, [failure], this.outcomes(failure.id, [failure]), alike);
  }

  public pair({ id, parts }: JudgedPair): Verdict {
    const [a, b] = parts;
    const verdict = this.verdict(id, `${a.what}, and ${b.what}`, parts, this.outcomes(id, parts), []);
    return { ...verdict, outcomes: [verdict.worst] };
  }

  private outcomes(id: string, parts: readonly FeltFailure[]): readonly Outcome[] {
    return orientationsOf(this.model).flatMap((orientation) => {
      if (!parts.some(({ kind }) => kind === 'data')) return this.evaluator.outcomes(id, parts, orientation);
      const world = { ...this.evaluator.usually(orientation), lost: mergeLosses(parts) };
      return [recoveryOutcome(this.model, this.assumed, world, id, orientation)];
    });
  }

  private verdict(
    failure: string,
    what: string,
    parts: readonly FeltFailure[],
    outcomes: readonly Outcome[],
    alike: readonly string[],
  ): Verdict {
    const objective: ObjectiveName = parts.some(({ kind }) => kind === 'data' || kind === 'account')
      ? 'recovery'
      : 'availability';
    const { rto, rpo } = this.model[objective];
    const worst = worstOutcome(outcomes, { rto, rpo });
    const violated = exceeds(worst, rto, rpo);
    const reason = this.reasonNotToGate(failure, parts, worst);
    const accepted = this.acceptedReason(failure);
    const state: VerdictState = !violated
      ? 'holds'
      : accepted !== undefined
        ? 'accepted'
        : reason !== undefined
          ? 'reported'
          : 'violated';
    const said = state === 'accepted' ? accepted : state === 'reported' ? reason : undefined;
    return {
      failure,
      what,
      group: GROUP_MARK,
      objective,
      state,
      gates: reason === undefined && accepted === undefined,
      rtoObjective: rto,
      rpoObjective: rpo,
      worst,
      outcomes,
      alike,
      // A pair that holds is only counted.
      ...(parts.length > 1 && !violated ? { clientsTouched: 0, capacityLost: 0 } : touched(this.model, this.evaluator, parts)),
      knobs: [],
      ...(said !== undefined && { reason: said }),
    };
  }

  private acceptedReason(failure: string): string | undefined {
    const direct = this.accepted.get(failure);
    if (direct !== undefined) return direct;
    // `deployment:GROUP` stands for the stamps of the group.
    const [kind = ''] = failure.split(':');
    return failure.includes('+') ? undefined : this.accepted.get(`${kind}:${GROUP_MARK}`);
  }

  /** Why leaving the objective does not fail the proof; undefined when it does. */
  private reasonNotToGate(failure: string, parts: readonly FeltFailure[], worst: Outcome): string | undefined {
    const { mode, promisedCopies = 0, stamps } = this.model;
    const [part] = parts;
    if (parts.length > 1) {
      if (this.promised.has(failure)) return undefined;
      const lostForGood = worst.rto.unbounded !== undefined && parts.some(({ kind }) => kind === 'data');
      if (lostForGood && promisedCopies > 0) return undefined;
      return 'a pair that objectives.survive does not name';
    }
    if (part?.kind === 'account')
      return 'an account is the boundary of a group: its stamps go with it, and only copies of backups can be kept outside';
    if (mode !== 'single' || part === undefined) return undefined;
    const own = stamps[0]?.region;
    const takesAll =
      part.kind === 'stamp' ||
      part.kind === 'database' ||
      (part.kind === 'region' && own !== undefined && (part.takes.regions ?? []).includes(own));
    return takesAll ? 'mode single: one stamp, and nothing that takes over' : undefined;
  }
}

/** Whether an outcome leaves its objective. */
export function exceeds({ rto, rpo }: Outcome, rtoObjective: number, rpoObjective: number): boolean {
  return (
    rto.unbounded !== undefined ||
    rpo.unbounded !== undefined ||
    (rto.pessimistic ?? 0) > rtoObjective ||
    (rpo.pessimistic ?? 0) > rpoObjective
  );
}

/** Terms that decide a bound, in their order. */
export function criticalTerms(terms: readonly BoundTerm[]): readonly BoundTerm[] {
  return terms.filter(({ critical, pessimistic }) => critical && pessimistic > 0);
}
