import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFleet } from '../../assembly/parse-fleet';
import type { ParsedFleet } from '../../assembly/parsed-fleet';
import { StampError, isStampError } from '../../errors';
import type { Finding } from '../../findings';
import { type ZoneInput, fleetZones, stampState, zoneProblems } from '../../resilience/dns';
import type { Fleet } from '../../topology/types';
import { type LoadedFleet, loadFleet } from '../load-fleet';
import { knownName } from './known-name';
import { type ZoneSource, problemFinding } from './zone-source';

/** A fleet that cannot be built, and why. */
export interface BrokenFleet {
  readonly broken: readonly Finding[];
}

/**
 * Records and checks of a `stamps/` folder as it is now, from the templates themselves.
 *
 * @param named stamps that have to exist; said before the time is spent that templates take
 * @throws StampError when the folder cannot be read, STAMP_UNKNOWN
 */
export async function zoneOfFleet(directory: string, named: readonly string[]): Promise<ZoneSource | BrokenFleet> {
  const { findings, fleet } = loadStamps(directory);
  if (fleet === undefined) return { broken: findings };
  const stamps = fleet.groups.flatMap((group) => group.stamps.map(({ id }) => id));
  named.forEach((name) => knownName(name, stamps, 'stamp'));
  return sourceOf(fleet, await synthesize(fleet));
}

function loadStamps(directory: string): LoadedFleet {
  try {
    return loadFleet(directory);
  } catch (error) {
    if (!isStampError(error) || error.code !== 'STAMPS_FOLDER_MISSING') throw error;
    throw new StampError(
      error.code,
      `there is no folder ${directory} to take records from`,
      'Name one with --stamps, or give what the AWS CLI printed with --records',
    );
  }
}

/**
 * Without the rule packs, which take most of the time: what a name answers is one question, whether its template may be deployed
 * another.
 */
async function synthesize(fleet: Fleet): Promise<ParsedFleet> {
  // Loading the CDK takes a second that other commands do not pay.
  const [{ App }, { addFleetStacks }, { APP_CONTEXT }] = await Promise.all([
    import('aws-cdk-lib'),
    import('../../stacks/fleet-app.js'),
    import('../../stacks/app-context.js'),
  ]);
  const outdir = mkdtempSync(join(tmpdir(), 'stampkit-'));
  try {
    const app = new App({
      outdir,
      context: { ...APP_CONTEXT },
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    addFleetStacks(app, fleet);
    return readFleet(app.synth().directory);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function sourceOf(fleet: Fleet, parsed: ParsedFleet): ZoneSource {
  const zones = fleetZones(
    parsed,
    [fleet.zone, ...fleet.groups.map(({ zone }) => zone)].map(({ hostedZoneId, name }) => ({ hostedZoneId, name })),
  );
  const stamps = parsed.stamps.map(({ id }) => id);
  return {
    zones,
    downable: stamps,
    evacuable: stamps,
    checkIds: new Map(
      parsed.healthChecks.flatMap(({ Id, name }) => [[Id, Id], ...(name === undefined ? [] : [[name, Id] as const])] as const),
    ),
    stateOf: (events) => stampState(parsed, events),
    targetNames: new Map(
      parsed.loadBalancers.flatMap(({ dnsName, stampId }) => {
        const name = `load balancer of ${stampId ?? dnsName}`;
        return [
          [dnsName, name],
          [`dualstack.${dnsName}`, name],
        ] as const;
      }),
    ),
    regionCodes: new Map(fleet.regions.map(({ code, region }) => [code, region])),
    findings: problemsOf(zones, parsed),
  };
}

function problemsOf(zones: ZoneInput, parsed: ParsedFleet): Finding[] {
  const ofRecord = new Map(parsed.records.map((record) => [record as ZoneInput['records'][number], record]));
  return zoneProblems(zones).map((problem) => {
    const { kind, index, member } = problem.at;
    const record = zones.records[index];
    const fact = kind === 'check' ? parsed.healthChecks[index] : record === undefined ? undefined : ofRecord.get(record);
    const path = [fact?.origin.logicalId, member].filter((key) => key !== undefined);
    return problemFinding(problem, { ...(fact !== undefined && { file: fact.origin.stack }), path });
  });
}
