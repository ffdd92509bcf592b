import type { ParsedFleet } from '../assembly/parsed-fleet';
import type { LabConditions } from '../facts/lab-conditions';
import { type Finding, sortFindings } from '../findings';
import { compareText } from '../order';
import { Assumed } from './assumed';
import { type GroupOfShape, blastRadius } from './blast';
import type { AnswerCache } from './evaluate/answers';
import { SharedEvaluator } from './evaluate/shared-evaluator';
import { keysOf } from './evaluate/structure';
import type { FleetDemand } from './demand';
import { countFailures } from './failures/count';
import { FactIndex } from './model/fact-index';
import { type NamedModel, groupModel } from './model/group-model';
import { type Labels, deeplyNamed, unnamed, withNames } from './model/names';
import type { GroupModel } from './model/types';
import { type ShapeProof, judgeNamed, proveShape } from './prove-shape';
import type { GroupProof, Profile, Proof, Verdict } from './types';
import { flags } from './verdict/flags';
import { inForeignWords } from './verdict/foreign-words';
import type { ProofBasis } from './verdict/knobs';
import { sentences } from './verdict/sentences';
import { violations } from './verdict/violations';
import { badness } from './worst';

export interface ProofOptions {
  /** @default 'aws' */
  readonly profile?: Profile;
  /** With `lab`: how fast it plays, in what form the failure comes, how slow the machine was. @default - real time, the worst form, a machine like that of the table */
  readonly lab?: LabConditions;
  /** Judge this failure or pair only, as `verify --fail` names it. Groups that do not feel it are left out. */
  readonly fail?: string;
  /** Leave pairs out. @default false */
  readonly singlesOnly?: boolean;
}

/** Everything that was found out about one shape, with what follows from it. */
interface JudgedShape {
  readonly proof: GroupOfShape['proof'];
  /** What judges further failures of the shape: much, and kept only when somebody asks for one. */
  readonly full?: ShapeProof;
  readonly judged: GroupProof;
}

/**
 * The proof of a fleet: every failure, every pair that can matter, against what each group promises. Pure: the same facts and the
 * same demand give the same proof.
 */
export function prove(
  parsed: ParsedFleet,
  demand: FleetDemand,
  { profile = 'aws', lab, fail, singlesOnly = false }: ProofOptions = {},
): Proof {
  const assumed = new Assumed(profile, demand.assumptions, lab, demand.objectivesFile);
  const facts = new FactIndex(parsed);
  const codes = new Map(demand.regions.map(({ region, code }) => [region, code]));
  const named = demand.groups.map((group) => ({ ...groupModel(group, facts, codes), tenants: group.tenants }));
  const basis: ProofBasis = {
    profile,
    overrides: demand.assumptions,
    ...(demand.objectivesFile !== undefined && { objectivesFile: demand.objectivesFile }),
  };
  const judge = (model: GroupModel, shared: SharedEvaluator): JudgedShape => {
    const proof = proveShape(model, assumed, { singlesOnly: singlesOnly || fail !== undefined, shared });
    const judged = judgedGroup(proof, assumed, basis, fail);
    const { counts, failures, singles } = proof;
    return { proof: { model, counts, failures, singles }, judged, ...(fail !== undefined && { full: proof }) };
  };
  const shapes = judgedShapes(named, assumed, judge);
  const members = named.flatMap(({ model, labels, tenants }) => {
    const shape = shapes.get(model);
    return shape === undefined ? [] : [{ labels, tenants, shape, proof: shape.proof }];
  });
  const groups = members
    .map(({ shape, labels }) => new NamedGroup(fail === undefined ? shape.judged : judgedFailure(shape, fail, labels), labels))
    .filter(({ told }) => fail === undefined || told);
  const findings = sortFindings([...parsed.findings, ...groups.flatMap((group) => group.findings)]);
  const verdicts = [...new Set(shapes.values())].flatMap(({ judged }) => judged.verdicts);
  return {
    profile,
    groups,
    blast: blastRadius(members),
    counts: countFailures(members),
    findings,
    dnsAssumptions: dnsAssumptions(verdicts),
  };
}

/**
 * By model; equal ones have the same. Groups of one structure come after one another, so that what they share is there while they are
 * judged and gone afterwards.
 */
function judgedShapes(
  groups: readonly NamedModel[],
  assumed: Assumed,
  judge: (model: GroupModel, shared: SharedEvaluator) => JudgedShape,
): ReadonlyMap<GroupModel, JudgedShape> {
  const structures = new Map<string, Map<string, GroupModel[]>>();
  for (const { model } of groups) {
    const { structure, numbers } = keysOf(model);
    const shapes = structures.get(structure) ?? new Map<string, GroupModel[]>();
    structures.set(structure, shapes);
    shapes.set(numbers, [...(shapes.get(numbers) ?? []), model]);
  }
  const answers: AnswerCache = new Map();
  const judged = new Map<GroupModel, JudgedShape>();
  for (const shapes of structures.values()) {
    let shared: SharedEvaluator | undefined;
    for (const models of shapes.values()) {
      const [first] = models;
      if (first === undefined) continue;
      shared ??= new SharedEvaluator(first, assumed, answers);
      const shape = judge(first, shared);
      for (const model of models) judged.set(model, shape);
    }
  }
  return judged;
}

/**
 * The proof of a shape under the names of one of its groups. Texts are filled in when somebody reads them: of a thousand groups nobody
 * reads all.
 */
class NamedGroup implements GroupProof {
  public readonly group: string;
  public readonly told: boolean;
  private named?: readonly Verdict[];

  public constructor(
    private readonly judged: GroupProof,
    private readonly labels: Labels,
  ) {
    this.group = labels.group;
    this.told = judged.verdicts.length > 0;
  }

  public get verdicts(): readonly Verdict[] {
    return (this.named ??= deeplyNamed(this.judged.verdicts, this.labels));
  }

  public get survives(): string {
    return withNames(this.judged.survives, this.labels);
  }

  public get survivesNot(): string {
    return withNames(this.judged.survivesNot, this.labels);
  }

  public get findings(): readonly Finding[] {
    return deeplyNamed(this.judged.findings, this.labels);
  }
}

function judgedGroup(proof: ShapeProof, assumed: Assumed, basis: ProofBasis, fail: string | undefined): GroupProof {
  const { singles, pairs, findings } = violations(proof, basis);
  const found = fail === undefined ? [...flags(proof, assumed), ...findings] : findings;
  const { objectivesFile: file } = basis;
  const said = sentences(proof.model, singles, pairs, proof.counts.kinds);
  return {
    group: '⟦g⟧',
    verdicts: [...worstFirst(singles), ...worstFirst(pairs)],
    ...said,
    findings: file === undefined ? found : found.map((finding) => inForeignWords(finding, proof.model, file)),
  };
}

/** A group's proof of one failure alone; without verdicts when it does not feel it. */
function judgedFailure(shape: JudgedShape, fail: string, labels: Labels): GroupProof {
  const wanted = unnamed(fail, labels);
  const known = shape.judged.verdicts.find(({ failure }) => failure === wanted);
  const verdict = known ?? (shape.full && judgeNamed(shape.full, wanted));
  const mine = (finding: Finding): boolean =>
    finding.message.startsWith(`${wanted}:`) || finding.message.startsWith(`${wanted} (`);
  return {
    ...shape.judged,
    verdicts: verdict === undefined ? [] : [verdict],
    findings: verdict === undefined ? [] : shape.judged.findings.filter(mine),
  };
}

function worstFirst(verdicts: readonly Verdict[]): Verdict[] {
  const order = { violated: 0, accepted: 1, reported: 2, holds: 3 } as const;
  const bad = ({ worst, rtoObjective, rpoObjective }: Verdict): number =>
    badness(worst, { rto: rtoObjective, rpo: rpoObjective });
  return [...verdicts].sort(
    (a, b) => order[a.state] - order[b.state] || compareNumbers(bad(b), bad(a)) || compareText(a.failure, b.failure),
  );
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function dnsAssumptions(verdicts: readonly Verdict[]): readonly string[] {
  const names = verdicts.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ first, last }) => [...first.assumptions, ...last.assumptions]),
  );
  return [...new Set(names)].sort(compareText);
}
