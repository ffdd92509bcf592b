import type { Finding } from '../../findings';
import type { Routed } from '../evaluate/answers';
import { mergeLosses } from '../evaluate/world';
import type { Failure } from '../failures/types';
import { stampMark } from '../model/names';
import type { CheckMeaning } from '../model/types';
import type { ShapeProof } from '../prove-shape';
import { groupFinding } from './report-finding';

/**
 * Whether every stamp can be taken out of service by hand: by each control Region alone, because one has to be enough (design 7), and
 * by one that is left when the stamp's own Region is lost.
 */
export function switchFlags(proof: ShapeProof): Finding[] {
  const { model } = proof;
  if (model.stamps.length < 2 || model.dns.policy === 'simple' || model.dns.name === undefined) return [];
  if (model.controlRegions.length === 0) {
    return [
      groupFinding(
        'evacuation-impossible',
        'warning',
        ['failover'],
        'no check reads a switch: no stamp can be taken out of service by hand without the control plane of Route 53',
        'Give each record a calculated check with an inverted switch check (docs/failover-and-switches.md)',
      ),
    ];
  }
  return [...ineffective(proof), ...controlRegions(proof)];
}

const NO_OTHER_RECORD = 'no other record matches some of its clients, so Route 53 falls open to it (aws-facts 1.3)';

function ineffective(proof: ShapeProof): Finding[] {
  const { model } = proof;
  return model.stamps.flatMap((_, stamp) =>
    model.controlRegions
      .filter(({ region }) => !evacuates(proof, stamp, [region]))
      .map(({ region }) => {
        const because = cause(proof, stamp, region);
        // Nothing is broken then: the policy leaves some clients without another record, which is a choice.
        const chosen = because === NO_OTHER_RECORD;
        return groupFinding(
          'evacuation-impossible',
          chosen ? 'warning' : 'error',
          ['failover'],
          `a switch thrown in ${region} alone does not take ${stampMark(stamp)} out of service: ${because}`,
          chosen
            ? 'Know it: the stamp of the default area cannot be evacuated for clients of no other area; name their areas under routing.areas, or choose latency or weighted routing'
            : 'Restore the switch check: inverted, on the evacuated token, readable by the checkers, and part of the calculated check of the stamp’s record',
        );
      }),
  );
}

/** Whether Route 53 stops answering a stamp when its switch is thrown in these control Regions, the others being out of reach. */
function evacuates(proof: ShapeProof, stamp: number, regions: readonly string[]): boolean {
  return thrown(proof, stamp, regions).every(({ destinations }) => destinations.every((other) => other.stamp !== stamp));
}

/** What is answered then, by client. */
function thrown({ model, evaluator }: ShapeProof, stamp: number, regions: readonly string[]): readonly Routed[] {
  const unreachable = model.controlRegions.map(({ region }) => region).filter((region) => !regions.includes(region));
  const failure: Failure = { kind: 'control', id: '', what: '', takes: { controls: unreachable } };
  const { answers } = evaluator.shared;
  return answers.in({ ...evaluator.shared.usually('before'), lost: mergeLosses([failure]), evacuated: new Set([stamp]) });
}

function cause(proof: ShapeProof, stamp: number, region: string): string {
  const { dns } = proof.model;
  const own = Object.entries(dns.meanings).filter(
    (entry): entry is [string, Extract<CheckMeaning, { kind: 'switch' }>] =>
      entry[1].kind === 'switch' && entry[1].region === region && entry[1].stamp === stamp,
  );
  const [found] = own;
  if (found === undefined) return 'no check reads its switch there';
  const [id, meaning] = found;
  const config = dns.checks.find(({ Id }) => Id === id)?.HealthCheckConfig;
  if (!meaning.readable) return 'the bucket’s policy does not let every checker read it';
  if (meaning.token !== 'evacuated')
    return `the check looks for ${meaning.token === 'in-service' ? 'the in-service token' : 'another text'}`;
  if (config?.Inverted !== true) return 'the check is not inverted';
  const [alone] = thrown(proof, stamp, [region]).filter(
    ({ failOpen, destinations }) => failOpen && destinations.some((other) => other.stamp === stamp),
  );
  return alone === undefined ? 'no record of the stamp depends on the check' : NO_OTHER_RECORD;
}

function controlRegions({ model }: ShapeProof): Finding[] {
  const { controlRegions: all, stamps } = model;
  return stamps.flatMap(({ region, role }, index) => {
    if (!all.some((control) => control.region === region)) return [];
    const left = all.filter((control) => control.region !== region);
    if (left.length === 0) {
      return [
        groupFinding(
          'control-region-needed',
          'error',
          ['control', 'regions'],
          `every control Region is ${region}, the Region of ${stampMark(index)}: when it is lost, no switch is left that could hold ${stampMark(index)} evacuated`,
          'Choose control Regions of which one is left whatever Region is lost; best Regions without stamps',
        ),
      ];
    }
    return [
      groupFinding(
        'control-region-shared',
        'warning',
        ['control', 'regions'],
        `the control Region ${region} is also the Region of ${stampMark(index)} (${role}): one loss takes both, and leaves ${left.map(({ region: other }) => other).join(' and ')} to hold switches`,
        'A control Region without stamps of the group, where a Region set of DynamoDB allows it',
      ),
    ];
  });
}
