import { isDeepStrictEqual } from 'node:util';
import { stampSpec, templateFloors, viewOf } from '../../operations/group-view';
import type { Observation } from '../../operations/observation';
import { floorFindings, knowsWhoServes, mayServe } from '../../operations/safety/floors';
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

/** Causes that a refusal names. */
const SHOWN_PROBLEMS = 3;

export interface FloorVerdict {
  readonly refusal?: string;
  readonly note?: string;
}

/** A group as operations see it. */
export interface SeenGroup {
  readonly observation: Observation;
  /** What could not be read and why, one line each. */
  readonly problems: readonly string[];
}

export interface FloorQuestion {
  readonly stamp: string;
  readonly stackName: string;
  /** Whether this deployment would write the floors. */
  readonly written: boolean;
  /** The operator says that floors nobody can read may be written. */
  readonly allowed: boolean;
  /** AWS Regions that the operator calls dead: nobody is served there. */
  readonly deadRegions: ReadonlySet<string>;
}

/**
 * After a failover the stamp that serves has a higher floor than its template; a deployment must not take it away (design 8), and one
 * that nobody can read may be such a floor.
 */
export function judgeFloors(fleet: Fleet, { observation, problems }: SeenGroup, question: FloorQuestion): FloorVerdict {
  const { stamp, stackName, written, allowed, deadRegions } = question;
  const view = viewOf(fleet, observation.group);
  const seen = seenStamp(observation, stamp);
  if (seen?.capacity === undefined) {
    if (!written || !mayServe(view, observation, stamp)) return {};
    const unread = `${stackName}: the live floors of ${stamp} cannot be read`;
    if (deadRegions.has(seen?.region ?? ''))
      return { note: `${unread}; its Region is called dead (STAMPKIT_DEAD_REGIONS), so nobody is served there` };
    if (allowed) return { note: `${unread}; they are written all the same (--allow-unread-floors)` };
    return {
      refusal: [
        `${unread}, and this deployment writes them: capacity that a failover gave it would be taken away unseen.`,
        ...problems.slice(0, SHOWN_PROBLEMS),
        'Mend that, or say --allow-unread-floors when you know that no failover or evacuation has raised them.',
      ].join('\n  '),
    };
  }
  const findings = floorFindings(view, observation, stamp, templateFloors(stampSpec(view, stamp)));
  const [first] = findings;
  if (first === undefined) return {};
  const what = findings.map((finding) => finding.message);
  if (!written)
    return { note: `${stackName}: ${stamp} keeps the floor that a failover raised; this deployment does not touch it` };
  const refusal = [`${stackName}: ${what.join('; ')}.`, `${first.fix}.`];
  if (knowsWhoServes(observation, stamp)) return { refusal: refusal.join('\n  ') };
  if (allowed) return { note: `${stackName}: ${what.join('; ')} (--allow-unread-floors)` };
  return { refusal: [...refusal, 'When you know that it does not serve: --allow-unread-floors.'].join('\n  ') };
}
