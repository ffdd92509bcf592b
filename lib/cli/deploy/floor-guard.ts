import { isDeepStrictEqual } from 'node:util';
import { stampSpec, templateFloors, viewOf } from '../../operations/group-view';
import type { Observation } from '../../operations/observation';
import { floorFindings } from '../../operations/safety/floors';
import { seenStamp } from '../../operations/facts';
import type { Fleet } from '../../topology/types';

/** The parts of a template that the guard reads. */
export interface FloorTemplate {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

/** What holds the floors of a stamp: minimums of its services and of its instances. */
const HOLDS_FLOORS = new Set(['AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::AutoScaling::AutoScalingGroup']);

/**
 * Would CloudFormation write the floors? It leaves alone what did not change in the template, whatever the live values are; what changed in
 * any property it writes as a whole.
 */
export function writesFloors(deployed: FloorTemplate, next: FloorTemplate): boolean {
  const before = floorsOf(deployed);
  const after = floorsOf(next);
  return Object.entries(after).some(([logicalId, definition]) => !isDeepStrictEqual(before[logicalId], definition));
}

function floorsOf({ Resources = {} }: FloorTemplate): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(Resources).flatMap(([logicalId, { Type, Properties }]) =>
      HOLDS_FLOORS.has(Type) ? [[logicalId, Properties ?? {}] as const] : [],
    ),
  );
}

export interface FloorVerdict {
  readonly refusal?: string;
  readonly note?: string;
}

/**
 * After a failover the stamp that serves has a higher floor than its template; a deployment must not take it away (design 8).
 *
 * @param written whether this deployment would write the floors
 */
export function judgeFloors(
  fleet: Fleet,
  observation: Observation,
  stamp: string,
  stackName: string,
  written: boolean,
): FloorVerdict {
  const view = viewOf(fleet, observation.group);
  if (seenStamp(observation, stamp)?.capacity === undefined) {
    return written
      ? { note: `${stackName}: the live floors of ${stamp} cannot be read, so nobody knows whether this deployment lowers one` }
      : {};
  }
  const findings = floorFindings(view, observation, stamp, templateFloors(stampSpec(view, stamp)));
  const [first] = findings;
  if (first === undefined) return {};
  const what = findings.map((finding) => finding.message);
  if (!written)
    return { note: `${stackName}: ${stamp} keeps the floor that a failover raised; this deployment does not touch it` };
  return { refusal: [`${stackName}: ${what.join('; ')}.`, `${first.fix}.`].join('\n  ') };
}
