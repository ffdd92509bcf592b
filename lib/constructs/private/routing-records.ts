import type { IHostedZone, CfnRecordSetProps } from 'aws-cdk-lib/aws-route53';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { RoutingPolicy, type RoutedStamp } from '../routed-stamp';

/** What every record of the group's name has in common. */
export interface GroupRecordScope {
  readonly scope: Construct;
  readonly hostedZone: IHostedZone;
  readonly recordName: string;
  /** Id of the verdict check of a stamp. */
  readonly checkOf: (stamp: RoutedStamp) => string;
}

/** Area name of the geolocation record that answers for everybody else. */
export const DEFAULT_AREA = 'default';

/**
 * The records of the group's name. What one record is *for* (a role, an area, a stamp) is its identifier and its construct id, so a
 * change of who serves it changes alias target and check of that one record, in place: each moment of the update is legal, in
 * whatever order CloudFormation takes the records.
 */
export function createGroupRecords(
  policy: RoutingPolicy,
  stamps: readonly RoutedStamp[],
  group: GroupRecordScope,
): route53.CfnRecordSet[] {
  switch (policy) {
    case RoutingPolicy.SIMPLE:
      // Route 53 chooses between records by their checks; a simple record has nobody to choose from, so it carries none.
      return stamps.map((stamp) => createAlias(group, 'simple', stamp, {}));
    case RoutingPolicy.FAILOVER:
      return stamps.map((stamp) => {
        const role = stamp.primary === true ? 'primary' : 'secondary';
        return createAlias(group, role, stamp, {
          setIdentifier: role,
          failover: role.toUpperCase(),
          healthCheckId: group.checkOf(stamp),
        });
      });
    case RoutingPolicy.LATENCY:
      return stamps.map((stamp) =>
        createAlias(group, stamp.stampId, stamp, {
          setIdentifier: stamp.stampId,
          region: stamp.region,
          healthCheckId: group.checkOf(stamp),
        }),
      );
    case RoutingPolicy.WEIGHTED:
      return stamps.map((stamp) =>
        createAlias(group, stamp.stampId, stamp, {
          // Explicit: the one CDK would make holds the weight, and a new weight would be another record (aws-facts 1.9).
          setIdentifier: stamp.stampId,
          weight: stamp.weight,
          healthCheckId: group.checkOf(stamp),
        }),
      );
    case RoutingPolicy.GEOLOCATION:
      return stamps.flatMap((stamp) =>
        areasOf(stamp).map((area) =>
          createAlias(group, area.replaceAll('/', '.'), stamp, {
            setIdentifier: area,
            geoLocation: geoLocation(area),
            healthCheckId: group.checkOf(stamp),
          }),
        ),
      );
  }
}

/** The areas a stamp answers for, with the default as one of them. */
export function areasOf(stamp: RoutedStamp): string[] {
  return [...(stamp.areas ?? []), ...(stamp.defaultArea === true ? [DEFAULT_AREA] : [])];
}

/** `continent:EU`, `country:DE`, `country:US/state:CA` or the default as Route 53 spells it; undefined when it is none of these. */
function geoLocation(area: string): route53.CfnRecordSet.GeoLocationProperty | undefined {
  if (area === DEFAULT_AREA) return { countryCode: '*' };
  const match = /^(?:continent:(?<continent>[A-Z]{2})|country:(?<country>[A-Z]{2})(?:\/state:(?<state>[A-Z0-9]{1,3}))?)$/.exec(
    area,
  );
  if (match?.groups === undefined) return undefined;
  const { continent, country, state } = match.groups;
  if (continent !== undefined) return { continentCode: continent };
  return { countryCode: country, ...(state === undefined ? {} : { subdivisionCode: state }) };
}

function createAlias(
  group: GroupRecordScope,
  id: string,
  stamp: RoutedStamp,
  routing: Partial<CfnRecordSetProps>,
): route53.CfnRecordSet {
  return aliasRecord(group.scope, id, group.hostedZone, group.recordName, stamp.recordName, routing);
}

/** An alias to another name of the zone. Alias records carry no TTL: the target's 60 s (aws-facts 1.6) hold. */
export function aliasRecord(
  scope: Construct,
  id: string,
  hostedZone: IHostedZone,
  name: string,
  targetName: string,
  routing: Partial<CfnRecordSetProps>,
): route53.CfnRecordSet {
  return new route53.CfnRecordSet(scope, id, {
    hostedZoneId: hostedZone.hostedZoneId,
    name,
    type: 'A',
    // Without it a branch that is all unhealthy would still be answered (aws-facts 1.2), and Route53RecordTarget cannot set it (1.9).
    aliasTarget: { dnsName: targetName, hostedZoneId: hostedZone.hostedZoneId, evaluateTargetHealth: true },
    ...routing,
  });
}
