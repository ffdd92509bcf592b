import type { Assumed } from '../assumed';
import { criticalPath } from '../bounds/critical-path';
import type { Bound, Step } from '../bounds/types';
import { type FeltFailure, feltFailures } from '../failures/enumerate';
import { type PairsToJudge, pairsToJudge } from '../failures/pairs';
import type { Failure } from '../failures/types';
import { GROUP_MARK } from '../model/names';
import type { GroupModel } from '../model/types';
import type { Effect, Orientation, Outcome } from '../types';
import { type AnswerCache, Answers, NOWHERE, type Routed, described } from './answers';
import { type LoadQuestion, type LoadState, loadQuestion } from './load';
import { lossOfWrites } from './lost-writes';
import { Path } from './path';
import { type Plan, findPlan } from './plan';
import { recoveryOutcome } from './recovery';
import { unusable, writes } from './stamp-state';
import { Steps } from './steps';
import { type World, mergeLosses, orientationsOf, usualWorld } from './world';

/** A failure as all clients of a group see it. */
export interface Situation {
  readonly orientation: Orientation;
  readonly before: World;
  readonly world: World;
  readonly usual: readonly Routed[];
  readonly first: readonly Routed[];
  readonly last: readonly Routed[];
  readonly loads: LoadQuestion;
  readonly plan?: Plan;
  /** Why no plan helps. */
  readonly obstacle?: string;
  /** Nothing is answered differently, and nothing that answers is less. */
  readonly quiet: boolean;
}

/** What happens to a group in one orientation: a failure of infrastructure, or data that has to be restored. */
export type Case = { readonly situation: Situation } | { readonly recovery: Outcome };

/**
 * What the failures of groups with one structure have in common: answers, plans and bounds. Outcomes come with marks in place of the
 * numbers of a group ({@link loadMark}) and for each state that loads may be in; `Evaluator` puts one group's numbers in.
 */
export class SharedEvaluator {
  public readonly answers: Answers;
  public readonly steps: Steps;
  private readonly bounds = new Map<string, Bound>();
  private readonly numbers = new Map<Step, number>();
  private readonly worlds = new Map<Orientation, World>();
  private readonly calm = new Map<Orientation, Situation>();
  private readonly cases = new Map<string, readonly Case[]>();
  private readonly questions = new Map<string, LoadQuestion>();
  private readonly outcomes = new WeakMap<Situation, Map<string, readonly Outcome[]>>();
  private felt?: readonly FeltFailure[];
  private judgedPairs?: PairsToJudge;

  /** @param model any group of the structure: its numbers are not used */
  public constructor(
    public readonly model: GroupModel,
    public readonly assumed: Assumed,
    cache?: AnswerCache,
  ) {
    this.answers = new Answers(model, cache);
    this.steps = new Steps(model, assumed);
  }

  public get failures(): readonly FeltFailure[] {
    return (this.felt ??= feltFailures(this.model));
  }

  public get pairs(): PairsToJudge {
    return (this.judgedPairs ??= pairsToJudge(this.model, this.failures));
  }

  /** One failure or pair in every orientation; looked at once. */
  public casesOf(id: string, parts: readonly Failure[]): readonly Case[] {
    let known = this.cases.get(id);
    if (known === undefined) {
      known = orientationsOf(this.model).map((orientation) => this.caseOf(parts, orientation));
      this.cases.set(id, known);
    }
    return known;
  }

  /** The world before anything fails. */
  public usually(orientation: Orientation): World {
    const known = this.worlds.get(orientation) ?? usualWorld(this.model, orientation);
    this.worlds.set(orientation, known);
    return known;
  }

  /** Nothing has failed. */
  public calmly(orientation: Orientation): Situation {
    const known = this.calm.get(orientation) ?? this.situation([], orientation);
    this.calm.set(orientation, known);
    return known;
  }

  public situation(parts: readonly Failure[], orientation: Orientation): Situation {
    const { model, answers } = this;
    const before = this.usually(orientation);
    const world: World = parts.length === 0 ? before : { ...before, lost: mergeLosses(parts) };
    const usual = answers.in(before);
    const first = answers.in(world);
    const stuck = model.clients
      .map((_, index) => index)
      .filter((index) => !this.served(before, usual[index], world, first[index]));
    const found = stuck.length === 0 ? undefined : findPlan(model, answers, world, stuck);
    const plan = found !== undefined && 'world' in found ? found : undefined;
    const obstacle = found !== undefined && 'obstacle' in found ? found.obstacle : undefined;
    const last = plan?.routed ?? first;
    const { zones, writers, deployments, queues, dependencies } = world.lost;
    const whole = zones.size + writers.size + deployments.size + queues.size + dependencies.size === 0;
    return {
      orientation,
      before,
      world,
      usual,
      first,
      last,
      loads: this.question(loadQuestion(model, plan?.world ?? world, usual, last)),
      ...(plan && { plan }),
      ...(obstacle !== undefined && { obstacle }),
      quiet: whole && first === usual && found === undefined,
    };
  }

  /** By client, once loads are in these states; none: loads are not judged. */
  public outcomesOf(situation: Situation, states: readonly LoadState[]): readonly Outcome[] {
    const known = this.outcomes.get(situation) ?? new Map<string, readonly Outcome[]>();
    this.outcomes.set(situation, known);
    const key = states.join();
    let outcomes = known.get(key);
    if (outcomes === undefined) {
      outcomes = this.model.clients.map((_, index) => this.outcome(situation, index, states));
      known.set(key, outcomes);
    }
    return outcomes;
  }

  /** The critical path of a graph; many failures have the same one. */
  public bound(graph: readonly Step[]): Bound {
    const key = graph.map((step) => this.numberOf(step)).join();
    let known = this.bounds.get(key);
    if (known === undefined) {
      known = criticalPath(graph);
      this.bounds.set(key, known);
    }
    return known;
  }

  private numberOf(step: Step): number {
    let number = this.numbers.get(step);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(step, number);
    }
    return number;
  }

  private caseOf(parts: readonly Failure[], orientation: Orientation): Case {
    if (!parts.some(({ kind }) => kind === 'data')) return { situation: this.situation(parts, orientation) };
    const world = { ...this.usually(orientation), lost: mergeLosses(parts) };
    return { recovery: recoveryOutcome(this.model, this.assumed, world, orientation) };
  }

  /** Equal questions as one, so that a group answers each once. */
  private question(question: LoadQuestion): LoadQuestion {
    const known = this.questions.get(question.key) ?? question;
    this.questions.set(question.key, known);
    return known;
  }

  /** Whether Route 53 alone sends a client where it is served as well as before. */
  private served(before: World, usual: Routed | undefined, world: World, first: Routed | undefined): boolean {
    if (usual === undefined || first === undefined || first.destinations.length === 0) return false;
    const wrote = usual.destinations.every(({ stamp }) => writes(this.model, before, stamp));
    return first.destinations.every(
      ({ stamp }) => !unusable(this.model, world, stamp) && (!wrote || writes(this.model, world, stamp)),
    );
  }

  private outcome(situation: Situation, index: number, states: readonly LoadState[]): Outcome {
    const path = new Path(this, situation, index, states);
    const { model } = this;
    const { world, plan, orientation } = situation;
    const after = plan?.world ?? world;
    const first = situation.first[index] ?? NOWHERE;
    const last = situation.last[index] ?? NOWHERE;
    const rto = path.bound();
    const rpo = lossOfWrites(model, this.assumed, situation, rto);
    return {
      failure: '',
      group: GROUP_MARK,
      orientation,
      client: model.clients[index]?.name ?? '',
      effect: effectOf(rto, rpo, path),
      first: described(model, world, first),
      last: described(model, after, last),
      canRead: last.destinations.length > 0 && last.destinations.every(({ stamp }) => !unusable(model, after, stamp)),
      canWrite: last.destinations.length > 0 && last.destinations.every(({ stamp }) => writes(model, after, stamp)),
      needsOperator: path.operator,
      capacity: [],
      rto,
      rpo,
      detection: path.detection.join('; ') || 'nothing to detect',
      response: path.response.join('; ') || 'none needed',
      notes: path.notes,
    };
  }
}

function effectOf(rto: Bound, rpo: Bound, path: Path): Effect {
  if (rto.unbounded !== undefined) return 'lost';
  if (path.operator) return 'operator';
  if ((rto.pessimistic ?? 0) > 0 || (rpo.pessimistic ?? 0) > 0) return 'recovers';
  return path.reduced ? 'reduced' : 'none';
}
