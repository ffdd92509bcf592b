import { Token } from 'aws-cdk-lib';
import { StampError } from '../../errors';
import { isGeolocationArea } from '../../facts/geolocations';
import { NAME_LIMITS, NUMBER_RANGES } from '../../facts/limits';
import { QUOTAS } from '../../facts/quotas';
import { RoutingPolicy, type RoutedStamp } from '../routed-stamp';
import type { StampRoutingProps } from '../stamp-routing';
import { areasOf, DEFAULT_AREA } from './routing-records';

/** Records of one policy with the same name and type (aws-facts 1.8). */
const MAX_RECORDS_PER_NAME = QUOTAS.routedRecordsPerName.defaultValue;
/** Length of a set identifier (aws-facts 1.8). */
const MAX_IDENTIFIER = NAME_LIMITS.setIdentifier.max;
const MAX_WEIGHT = NUMBER_RANGES.weight.max;

/** Everything Route 53 would reject at deployment, or accept and then answer wrongly, said at synth. */
export function checkRouting(props: StampRoutingProps): void {
  checkStamps(props);
  checkNames({ ...props, zoneName: props.hostedZone.zoneName });
  checkPolicy(props.policy, props.stamps);
}

function checkStamps({ stamps, switches }: StampRoutingProps): void {
  if (stamps.length === 0) throw new StampError('ROUTING_STAMPS', 'there is no stamp to route to', 'Give at least one stamp');
  for (const { stampId } of stamps) {
    if (Token.isUnresolved(stampId) || stampId.length > MAX_IDENTIFIER) {
      throw new StampError(
        'ROUTING_STAMP_ID',
        `the stamp id ${stampId} is not a plain string of at most ${MAX_IDENTIFIER} characters`,
        'Stamp ids become construct ids and set identifiers: give them literally',
      );
    }
  }
  const twice = firstDuplicate(stamps.map(({ stampId }) => stampId));
  if (twice !== undefined) throw new StampError('ROUTING_STAMP_ID', `the stamp ${twice} is given twice`, 'Give each stamp once');
  if (switches.every(({ joining }) => joining === true)) {
    throw new StampError(
      'ROUTING_SWITCHES',
      'no control Region holds a switch that counts',
      'Give at least one switch bucket that is not joining, better two: without one nobody can evacuate a stamp',
    );
  }
}

/** What has a name in the hosted zone of a group. */
export interface RoutedNames {
  readonly zoneName: string;
  readonly recordName: string;
  readonly tenantRecordNames?: readonly string[];
  readonly stamps: readonly Pick<RoutedStamp, 'stampId' | 'recordName'>[];
}

/** @throws StampError `ROUTING_GUARDED_NAME`, `ROUTING_ZONE`, `ROUTING_NAME_CLASH` */
export function checkNames({ zoneName, recordName, tenantRecordNames, stamps }: RoutedNames): void {
  const guarded = [recordName, ...(tenantRecordNames ?? [])];
  for (const stamp of stamps) {
    const clash = guarded.find((name) => sameName(name, stamp.recordName));
    if (clash !== undefined) {
      throw new StampError(
        'ROUTING_GUARDED_NAME',
        `the check of ${stamp.stampId} would probe ${stamp.recordName}, the very name that it guards (aws-facts 2.3)`,
        'Give each stamp a record of its own, such as <regionCode>.<group>.<zone>',
      );
    }
  }
  const names = [...guarded, ...stamps.map((stamp) => stamp.recordName)];
  for (const name of names) {
    if (!inZone(name, zoneName)) {
      throw new StampError(
        'ROUTING_ZONE',
        `${name} lies outside of the hosted zone ${zoneName}, and alias records reach only their own zone (aws-facts 1.4)`,
        'Use names of the hosted zone',
      );
    }
  }
  const twice = firstDuplicate(names.filter((name) => !Token.isUnresolved(name)).map(canonical));
  if (twice !== undefined) {
    throw new StampError(
      'ROUTING_NAME_CLASH',
      `${twice} is the name of two records`,
      'Tenants and groups share one namespace: rename one',
    );
  }
}

function checkPolicy(policy: RoutingPolicy, stamps: readonly RoutedStamp[]): void {
  if (stamps.length > MAX_RECORDS_PER_NAME) {
    throw new StampError(
      'ROUTING_STAMPS',
      `${stamps.length} stamps would need as many records of one name, and Route 53 takes ${MAX_RECORDS_PER_NAME}`,
      'Divide the tenants over more groups',
    );
  }
  switch (policy) {
    case RoutingPolicy.SIMPLE:
      if (stamps.length !== 1) {
        throw new StampError(
          'ROUTING_SIMPLE',
          `simple routing was given ${stamps.length} stamps`,
          'Choose another policy, or one stamp',
        );
      }
      return;
    case RoutingPolicy.FAILOVER:
      if (stamps.length !== 2 || stamps.filter(({ primary }) => primary === true).length !== 1) {
        throw new StampError(
          'ROUTING_FAILOVER',
          `failover routing was given ${stamps.length} stamps, ${stamps.filter(({ primary }) => primary === true).length} of them primary`,
          'Give exactly two stamps and mark one of them primary (aws-facts 1.3)',
        );
      }
      return;
    case RoutingPolicy.LATENCY: {
      const twice = firstDuplicate(stamps.map(({ region }) => region));
      if (twice !== undefined) {
        throw new StampError('ROUTING_LATENCY', `two stamps are in ${twice}`, 'Latency routing takes one record per Region');
      }
      return;
    }
    case RoutingPolicy.WEIGHTED:
      checkWeights(stamps);
      return;
    case RoutingPolicy.GEOLOCATION:
      checkAreas(stamps);
      return;
  }
}

function checkWeights(stamps: readonly RoutedStamp[]): void {
  for (const { stampId, weight } of stamps) {
    if (weight !== undefined && Token.isUnresolved(weight)) continue;
    if (weight === undefined || !Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT) {
      throw new StampError(
        'ROUTING_WEIGHT',
        `the weight of ${stampId} is ${weight ?? 'missing'}`,
        `Give every stamp a whole number from 0 to ${MAX_WEIGHT}`,
      );
    }
  }
  if (stamps.every(({ weight }) => weight === 0)) {
    throw new StampError(
      'ROUTING_WEIGHT',
      'every weight is 0, which Route 53 answers as if all were equal',
      'Give at least one stamp a weight above 0',
    );
  }
}

function checkAreas(stamps: readonly RoutedStamp[]): void {
  for (const stamp of stamps) {
    const bad = (stamp.areas ?? []).find((area) => !isGeolocationArea(area));
    if (bad !== undefined) {
      throw new StampError(
        'ROUTING_AREA',
        `${stamp.stampId} serves ${bad}, which is no area`,
        'Write continent:EU, country:DE or country:US/state:CA, and mark one stamp with defaultArea',
      );
    }
    if (areasOf(stamp).length === 0) {
      throw new StampError('ROUTING_AREA', `${stamp.stampId} serves no area`, 'Give it areas, or mark it as the default');
    }
  }
  const areas = stamps.flatMap(areasOf);
  const twice = firstDuplicate(areas);
  if (twice !== undefined) {
    throw new StampError('ROUTING_AREA', `two stamps serve ${twice}`, 'Let one stamp answer for each area');
  }
  if (!areas.includes(DEFAULT_AREA)) {
    throw new StampError(
      'ROUTING_AREA',
      'no stamp is the default, so clients that match no area would get no answer (aws-facts 1.3)',
      'Mark one stamp with defaultArea',
    );
  }
  if (areas.length > MAX_RECORDS_PER_NAME) {
    throw new StampError(
      'ROUTING_AREA',
      `${areas.length} areas need as many records of one name`,
      `Use at most ${MAX_RECORDS_PER_NAME}`,
    );
  }
}

function sameName(a: string, b: string): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && canonical(a) === canonical(b);
}

function inZone(name: string, zoneName: string): boolean {
  if (Token.isUnresolved(name) || Token.isUnresolved(zoneName)) return true;
  return canonical(name) === canonical(zoneName) || canonical(name).endsWith(`.${canonical(zoneName)}`);
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function firstDuplicate(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
