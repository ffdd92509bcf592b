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
  { name: 'withoutHealthChecks', findings: [['availability-violated', /^region:use1: .*no bound/]] },
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
