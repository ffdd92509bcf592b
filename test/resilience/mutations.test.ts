import { describe, expect, test } from 'vitest';
import type { Finding } from '../../lib/findings';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { prove } from '../../lib/resilience/prove';
import type { Proof } from '../../lib/resilience/types';
import { exampleFleet } from '../support/loaded-fleets';
import { type AssemblyEdit, exampleAssembly, factsOf } from '../support/mutate-assembly';
import * as mutations from '../support/mutations';

const demand = (): ReturnType<typeof fleetDemand> => fleetDemand(exampleFleet().fleet);

function proofOf(edits: readonly AssemblyEdit[]): Proof {
  return prove(factsOf(exampleAssembly(), ...edits), demand(), { singlesOnly: true });
}

function errorsOf({ findings }: Proof): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

describe('the example fleet', { timeout: 60_000 }, () => {
  test('passes', () => {
    expect(errorsOf(proofOf([])).map(({ message }) => message)).toEqual([]);
  });
});

interface Case {
  readonly name: keyof typeof mutations;
  /** Codes and parts of messages of findings that must be there, each as an error. */
  readonly findings: readonly (readonly [code: string, message: RegExp])[];
}

const CASES: readonly Case[] = [
  {
    name: 'withoutChecksAndTargetHealth',
    findings: [
      ['availability-violated', /^region:use1: .*no bound/],
      [
        'availability-violated',
        /^stamp:enterprise-use1: .*no bound.*\n.*no switch and no check sends clients to enterprise-usw2/,
      ],
    ],
  },
  {
    name: 'withoutHealthChecks',
    findings: [
      ['availability-violated', /^region:use1: .*no bound/],
      ['availability-violated', /^database:enterprise-use1: .*no bound/],
      ['usually-unfit', /after a failover .*cannot write/],
    ],
  },
  { name: 'withoutHealthCheckOfPrimary', findings: [['availability-violated', /^region:use1: /]] },
  { name: 'slowChecks', findings: [['availability-violated', /10 x \(30 s \+ 6 s\)/]] },
  {
    name: 'withoutInversion',
    findings: [
      ['usually-unfit', /falls open/],
      ['evacuation-impossible', /not inverted/],
    ],
  },
  { name: 'otherToken', findings: [['evacuation-impossible', /another text/]] },
  { name: 'longTtl', findings: [['availability-violated', /ttl +900 s/]] },
  { name: 'zeroTasks', findings: [['availability-violated', /^region:use1/]] },
  { name: 'maxBelowPeak', findings: [['usually-unfit', /asked for 400 requests\/s/]] },
  { name: 'withoutReplica', findings: [['usually-unfit', /pool-usw2 has no replica/]] },
  { name: 'outsideGlobalCluster', findings: [['availability-violated', /not in the writer’s global cluster/]] },
  { name: 'withoutCopies', findings: [['backup-copies-missing', /enterprise-use1/]] },
  { name: 'withoutPlan', findings: [['backup-missing', /enterprise-use1/]] },
  { name: 'withoutSecondary', findings: [['availability-violated', /^region:use1/]] },
  { name: 'withoutCheckerAccess', findings: [['evacuation-impossible', /does not let every checker read it/]] },
  { name: 'controlInOnlyStampRegion', findings: [['control-region-needed', /pool-euw1/]] },
];

describe('an edit of the templates by hand flips the verdict', { timeout: 60_000 }, () => {
  test.each(CASES)('$name', ({ name, findings }) => {
    const errors = errorsOf(proofOf(mutations[name]));
    const shown = errors.map(({ code, message }) => `${code} ${message}`).join('\n');
    for (const [code, message] of findings) {
      expect(
        errors.some((finding) => finding.code === code && message.test(finding.message)),
        `${code} ${String(message)}\n${shown}`,
      ).toBe(true);
    }
  });
});

describe('checks and EvaluateTargetHealth, one without the other', { timeout: 60_000 }, () => {
  /** State and bound of every failure of the group, in every orientation. */
  function bounds({ groups }: Proof): readonly string[] {
    const group = groups.find((candidate) => candidate.group === 'enterprise');
    return (group?.verdicts ?? []).flatMap(({ failure, state, outcomes }) =>
      outcomes.map(({ orientation, rto, rpo }) =>
        [failure, state, orientation, rto.pessimistic, rto.unbounded, rpo.pessimistic].join(' '),
      ),
    );
  }

  test('EvaluateTargetHealth off while the checks are there: no bound changes, and a warning says what was lost', () => {
    const [before, after] = [proofOf([]), proofOf(mutations.withoutTargetHealth)];
    expect(errorsOf(after)).toEqual([]);
    expect(bounds(after)).toEqual(bounds(before));
    const codes = ({ findings }: Proof): readonly string[] => findings.map(({ code }) => code);
    expect(codes(before)).not.toContain('target-health-ignored');
    expect(after.findings.find(({ code }) => code === 'target-health-ignored')).toMatchObject({
      severity: 'warning',
      where: { file: 'groups/enterprise.yaml' },
      message: expect.stringMatching(
        /^EvaluateTargetHealth is off on [1-9]\d* of the records that have a health check/,
      ) as string,
    });
  });

  test('checks off while EvaluateTargetHealth is there: the loss of the stamp alone is still seen, by the load balancer', () => {
    const { groups } = proofOf(mutations.withoutHealthChecks);
    const verdicts = groups.find(({ group }) => group === 'enterprise')?.verdicts ?? [];
    const verdict = verdicts.find(({ failure }) => failure === 'stamp:enterprise-use1');
    expect(verdict?.state).toBe('holds');
    expect(verdict?.worst.rto.terms.map(({ name }) => name)).toContain('elb-status');
  });

  test('both off: the loss of the stamp is not seen either', () => {
    const { groups } = proofOf(mutations.withoutChecksAndTargetHealth);
    const verdicts = groups.find(({ group }) => group === 'enterprise')?.verdicts ?? [];
    expect(verdicts.find(({ failure }) => failure === 'stamp:enterprise-use1')).toMatchObject({
      state: 'violated',
      worst: { effect: 'lost' },
    });
  });
});

test('every mutation has a test', () => {
  expect([...CASES.map(({ name }) => name), 'withoutTargetHealth'].sort()).toEqual(Object.keys(mutations).sort());
});
