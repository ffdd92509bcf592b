import type { Assumed } from './assumed';
import type { BoundTerm } from './bounds/types';
import { type Expected, Evaluator } from './evaluate/evaluator';
import type { SharedEvaluator } from './evaluate/shared-evaluator';
import { touched } from './evaluate/touched';
import { orientationsOf } from './evaluate/world';
import type { FeltFailure } from './failures/enumerate';
import { type JudgedPair, type PairsToJudge, pairId, pairSymmetry } from './failures/pairs';
import type { ObjectiveName } from './failures/types';
import { GROUP_MARK } from './model/names';
import type { GroupModel } from './model/types';
import type { Outcome, Verdict, VerdictState } from './types';
import { worstOf, worstOutcome } from './worst';

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
  /** What groups of its structure have in common. @default - made for this shape alone */
  readonly shared?: SharedEvaluator;
}

/** Judges every failure of one shape of groups. */
export function proveShape(model: GroupModel, assumed: Assumed, { singlesOnly = false, shared }: ShapeOptions = {}): ShapeProof {
  const evaluator = new Evaluator(model, assumed, shared);
  const judge = new Judge(model, evaluator);
  const { failures } = evaluator.shared;
  const singles = judge.singles(failures);
  const { pairs, all, contained, symmetric } = singlesOnly ? NO_PAIRS : evaluator.shared.pairs;
  return {
    model,
    evaluator,
    failures,
    singles,
    pairs: pairs.flatMap((pair) => judge.pairToTell(pair) ?? []),
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

const NO_PAIRS: PairsToJudge = { pairs: [], all: 0, contained: 0, symmetric: 0 };

/** One failure or pair of a shape, judged by its id; undefined when the group does not feel it. */
export function judgeNamed(proof: ShapeProof, id: string): Verdict | undefined {
  const known = proof.singles.find(({ failure }) => failure === id);
  return known ?? judgeAny(proof.evaluator, id);
}

/** A model's verdict on failures that it did not enumerate itself: what a knob would change. */
export function judgeAgain(model: GroupModel, assumed: Assumed, id: string): Verdict | undefined {
  return judgeAny(new Evaluator(model, assumed), id);
}

function judgeAny(evaluator: Evaluator, id: string): Verdict | undefined {
  const judge = new Judge(evaluator.model, evaluator);
  const parts = id.split('+').map((part) => evaluator.shared.failures.find((failure) => failure.id === part));
  const [a, b] = parts;
  if (a === undefined || parts.includes(undefined)) return undefined;
  if (b === undefined) return judge.single(a, []);
  return judge.pair({ id: pairId(a.id, b.id), parts: [a, b], symmetry: pairSymmetry(a, b) });
}

class Judge {
  private readonly accepted: ReadonlyMap<string, string>;
  private readonly promised: ReadonlySet<string>;

  public constructor(
    private readonly model: GroupModel,
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
    const { id } = failure;
    const outcomes = this.expected(id, [failure]).map((expected) => this.evaluator.filled(expected, id));
    return this.verdict(id, failure.what, [failure], outcomes, alike);
  }

  public pair({ id, parts }: JudgedPair): Verdict {
    return this.pairVerdict(id, parts, this.worst(id, parts));
  }

  /** The verdict on a pair that leaves its objective or that configuration names; undefined for the others, which are most. */
  public pairToTell({ id, parts }: JudgedPair): Verdict | undefined {
    const worst = this.worst(id, parts);
    const { rto, rpo } = this.model[objectiveOf(parts)];
    const told = exceeds(worst.outcome, rto, rpo) || this.promised.has(id) || this.accepted.has(id);
    return told ? this.pairVerdict(id, parts, worst) : undefined;
  }

  private pairVerdict(id: string, parts: JudgedPair['parts'], worst: Expected): Verdict {
    const [a, b] = parts;
    return this.verdict(id, `${a.what}, and ${b.what}`, parts, [this.evaluator.filled(worst, id)], []);
  }

  private worst(id: string, parts: JudgedPair['parts']): Expected {
    return worstOf(this.expected(id, parts), ({ outcome }) => outcome, this.model[objectiveOf(parts)]);
  }

  private expected(id: string, parts: readonly FeltFailure[]): readonly Expected[] {
    return this.evaluator.shared.casesOf(id, parts).flatMap((found) => this.evaluator.expected(found));
  }

  private verdict(
    failure: string,
    what: string,
    parts: readonly FeltFailure[],
    outcomes: readonly Outcome[],
    alike: readonly string[],
  ): Verdict {
    const objective = objectiveOf(parts);
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
      ...touched(this.model, this.evaluator.shared, parts),
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

function objectiveOf(parts: readonly FeltFailure[]): ObjectiveName {
  return parts.some(({ kind }) => kind === 'data' || kind === 'account') ? 'recovery' : 'availability';
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
