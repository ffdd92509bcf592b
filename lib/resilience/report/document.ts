import type { AssumptionName } from '../../facts/assumptions';
import { ASSUMPTION_NAMES, ASSUMPTIONS } from '../../facts/assumptions';
import { LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import { DNS_ASSUMPTIONS, type DnsAssumptionName } from '../dns/assumptions';
import { Assumed } from '../assumed';
import type { Outcome, Proof, Verdict } from '../types';

/** Version of the document that `verify --json` prints; raised when a member changes its meaning or goes away. */
export const PROOF_SCHEMA_VERSION = 1;

export interface DocumentOptions {
  /** Every orientation and client instead of the worst alone. @default false */
  readonly allOutcomes?: boolean;
  readonly overrides: Readonly<Record<string, number>>;
}

/** The proof as plain data, as docs/proof.md describes it. */
export function proofDocument(
  proof: Proof,
  { allOutcomes = false, overrides }: DocumentOptions,
): Readonly<Record<string, unknown>> {
  return {
    ok: proof.findings.every(({ severity }) => severity !== 'error'),
    profile: proof.profile,
    counts: proof.counts,
    groups: proof.groups.map(({ group, survives, survivesNot, verdicts }) => ({
      group,
      survives,
      survivesNot,
      verdicts: verdicts.map((verdict) => verdictDocument(verdict, allOutcomes)),
    })),
    blast: proof.blast,
    findings: proof.findings,
    assumptions: assumptionsInForce(proof.profile, overrides),
    dnsAssumptions: proof.dnsAssumptions.map((name) => ({ name, ...DNS_ASSUMPTIONS[name as DnsAssumptionName] })),
  };
}

function verdictDocument({ outcomes, worst, ...verdict }: Verdict, allOutcomes: boolean): Readonly<Record<string, unknown>> {
  return { ...verdict, worst: withoutFailure(worst), ...(allOutcomes && { outcomes: outcomes.map(withoutFailure) }) };
}

function withoutFailure({ failure: _failure, group: _group, ...outcome }: Outcome): Omit<Outcome, 'failure' | 'group'> {
  return outcome;
}

/** One entry of the table of assumptions as a proof uses it. */
export interface AssumptionInForce {
  readonly name: AssumptionName;
  readonly unit: string;
  readonly typical: number;
  readonly pessimistic: number;
  readonly source: string;
  readonly meaning: string;
  readonly lab?: 'emulated' | 'real';
}

export function assumptionsInForce(
  profile: Proof['profile'],
  overrides: Readonly<Record<string, number>>,
): readonly AssumptionInForce[] {
  const assumed = new Assumed(profile, overrides);
  return ASSUMPTION_NAMES.map((name) => {
    const { typical, pessimistic } = assumed.of(name);
    const { unit, meaning } = ASSUMPTIONS[name];
    const lab = profile === 'lab' ? { lab: LAB_ASSUMPTIONS[name].nature } : {};
    return { name, unit, typical, pessimistic, source: assumed.source(name), meaning, ...lab };
  });
}
