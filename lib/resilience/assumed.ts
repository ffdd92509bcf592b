import { type AssumedValue, type AssumptionName, ASSUMPTIONS, assumedValue } from '../facts/assumptions';
import { LAB_ASSUMPTIONS, labReality } from '../facts/lab-assumptions';
import { type LabConditions, USUAL_LAB } from '../facts/lab-conditions';
import type { Step, Term, TermKind } from './bounds/types';
import type { Profile } from './types';

/** A term made of one assumption alone. */
export interface AssumedTerm {
  readonly name: string;
  readonly kind: TermKind;
  readonly assumption: AssumptionName;
  readonly after?: readonly string[];
  /** What comes before the number in the arithmetic. @default - the assumption's meaning */
  readonly because?: string;
}

/** The table of assumptions as one proof uses it. */
export class Assumed {
  public constructor(
    public readonly profile: Profile,
    private readonly overrides: Readonly<Record<string, number>>,
    /** Without meaning for `aws`: there nothing is scaled, and no form of a failure is better than another. */
    private readonly conditions: LabConditions = USUAL_LAB,
    /** File that the overrides stand in. */
    private readonly overriddenIn = 'fleet.yaml',
  ) {}

  public of(name: AssumptionName): AssumedValue {
    // Overrides are measurements on AWS: they say nothing about the lab.
    if (this.profile !== 'lab') return assumedValue(name, this.overrides);
    const { nature, typical, pessimistic } = LAB_ASSUMPTIONS[name];
    if (ASSUMPTIONS[name].unit !== 'seconds') return { typical, pessimistic };
    const real = labReality(name, this.conditions);
    if (nature === 'real') return { typical, pessimistic: real };
    return { typical: this.played(typical), pessimistic: this.played(pessimistic) + real };
  }

  /** Seconds that something takes which a template says: the lab plays it faster. */
  public played(seconds: number): number {
    return this.profile === 'lab' ? seconds / this.conditions.speed : seconds;
  }

  public source(name: AssumptionName): string {
    if (this.profile === 'lab') return `lab: ${LAB_ASSUMPTIONS[name].nature}`;
    return Object.hasOwn(this.overrides, name) ? `${this.overriddenIn}, assumptions` : ASSUMPTIONS[name].source;
  }

  public step({ name, kind, assumption, after = [], because }: AssumedTerm): Step {
    const { typical, pessimistic } = this.of(assumption);
    return {
      name,
      kind,
      typical,
      pessimistic,
      because: because ?? ASSUMPTIONS[assumption].meaning,
      source: this.source(assumption),
      assumptions: [assumption],
      after,
      ...this.lab(assumption),
    };
  }

  /** `lab` of a term that rests on an assumption, or on a value of a template when none is given. */
  public lab(assumption?: AssumptionName): Pick<Term, 'lab' | 'labEmulated'> {
    if (this.profile !== 'lab') return {};
    if (assumption === undefined) return { lab: 'emulated' };
    const { nature, work, pessimistic } = LAB_ASSUMPTIONS[assumption];
    // Played first, and then it really happens.
    if (nature === 'emulated' && work !== undefined) return { lab: 'real', labEmulated: this.played(pessimistic) };
    return { lab: nature };
  }
}
