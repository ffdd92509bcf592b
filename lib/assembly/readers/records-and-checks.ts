import type { HealthCheckConfig, ResourceRecordSet } from '../route53-types';
import { definedOf, type ResourceView } from '../resource-view';
import type { ValueView } from '../value-view';
import type { Drafts, RecordDraft } from './drafts';
import { numberOr } from './number-or';
import type { Reader } from './reader';

/** `AWS::Route53::*`: zones, records and checks in the words of the API. */
export const RECORD_READERS: Readonly<Record<string, Reader>> = {
  'AWS::Route53::HostedZone': readHostedZone,
  'AWS::Route53::RecordSet': (view, drafts) =>
    drafts.records.push({ ...view.fact(recordOf(view, view.properties)), zone: zoneOf(view.properties) }),
  'AWS::Route53::RecordSetGroup': readRecordSetGroup,
  'AWS::Route53::HealthCheck': readHealthCheck,
};

function readHostedZone(view: ResourceView, drafts: Drafts): void {
  drafts.zones.push({
    id: view.id,
    hostedZoneId: view.attribute('Id'),
    name: withoutFinalDot(view.at('Name').text() ?? ''),
    account: view.stack.account,
    privateZone: view.at('VPCs').exists,
  });
}

/** One resource, many records: each says the zone itself or leaves it to the group. */
function readRecordSetGroup(view: ResourceView, drafts: Drafts): void {
  const groupZone = zoneOf(view.properties);
  for (const [index, item] of view.at('RecordSets').items().entries()) {
    const record: RecordDraft = { ...view.fact(recordOf(view, item)), zone: zoneOf(item) ?? groupZone };
    drafts.records.push({ ...record, id: `${view.id}#${index}` });
  }
}

function zoneOf(view: ValueView): RecordDraft['zone'] {
  const id = view.at('HostedZoneId').text();
  if (id !== undefined) return { id };
  const name = view.at('HostedZoneName').text();
  return name === undefined ? undefined : { name: withoutFinalDot(name) };
}

function recordOf(resource: ResourceView, view: ValueView): ResourceRecordSet {
  for (const policy of ['GeoProximityLocation', 'CidrRoutingConfig']) {
    if (view.at(policy).exists) resource.notUnderstood(`${policy} is not modelled`, 'Treat its answers as unknown.', [policy]);
  }
  const values = view.at('ResourceRecords');
  const failover = view.at('Failover').text();
  return definedOf({
    Name: view.at('Name').text() ?? '',
    Type: view.at('Type').text() ?? '',
    SetIdentifier: view.at('SetIdentifier').text(),
    Weight: view.at('Weight').number(),
    Region: view.at('Region').text(),
    GeoLocation: geoLocationOf(view.at('GeoLocation')),
    Failover: failover === 'PRIMARY' || failover === 'SECONDARY' ? failover : undefined,
    MultiValueAnswer: view.at('MultiValueAnswer').flag(),
    TTL: view.at('TTL').number(),
    ResourceRecords: values.exists ? values.texts().map((Value) => ({ Value })) : undefined,
    AliasTarget: aliasOf(view.at('AliasTarget')),
    HealthCheckId: view.at('HealthCheckId').text(),
  });
}

function geoLocationOf(view: ValueView): ResourceRecordSet['GeoLocation'] {
  if (!view.exists) return undefined;
  return definedOf({
    ContinentCode: view.at('ContinentCode').text(),
    CountryCode: view.at('CountryCode').text(),
    SubdivisionCode: view.at('SubdivisionCode').text(),
  });
}

/** CloudFormation's default for `EvaluateTargetHealth` is false. */
function aliasOf(view: ValueView): ResourceRecordSet['AliasTarget'] {
  if (!view.exists) return undefined;
  return {
    HostedZoneId: view.at('HostedZoneId').text() ?? '',
    DNSName: view.at('DNSName').text() ?? '',
    EvaluateTargetHealth: view.at('EvaluateTargetHealth').flag() ?? false,
  };
}

function readHealthCheck(view: ResourceView, drafts: Drafts): void {
  const config = view.at('HealthCheckConfig');
  const children = config.at('ChildHealthChecks');
  const alarm = config.at('AlarmIdentifier');
  const locations = config.at('Regions');
  const type = config.at('Type').text() ?? '';
  const probes = /^(HTTP|TCP)/.test(type);
  const read: HealthCheckConfig = definedOf({
    Type: type as HealthCheckConfig['Type'],
    IPAddress: config.at('IPAddress').text(),
    Port: config.at('Port').number(),
    ResourcePath: config.at('ResourcePath').text(),
    FullyQualifiedDomainName: config.at('FullyQualifiedDomainName').text(),
    SearchString: config.at('SearchString').text(),
    // Defaults of the API for checks of endpoints (aws-facts 2.1).
    RequestInterval: probes ? numberOr(config.at('RequestInterval'), 30) : undefined,
    FailureThreshold: probes ? numberOr(config.at('FailureThreshold'), 3) : undefined,
    MeasureLatency: config.at('MeasureLatency').flag(),
    Inverted: config.at('Inverted').flag(),
    Disabled: config.at('Disabled').flag(),
    HealthThreshold: config.at('HealthThreshold').number(),
    ChildHealthChecks: children.exists ? children.texts() : undefined,
    EnableSNI: config.at('EnableSNI').flag(),
    Regions: locations.exists ? locations.texts() : undefined,
    AlarmIdentifier: alarm.exists ? { Region: alarm.at('Region').text() ?? '', Name: alarm.at('Name').text() ?? '' } : undefined,
    InsufficientDataHealthStatus: config
      .at('InsufficientDataHealthStatus')
      .text() as HealthCheckConfig['InsufficientDataHealthStatus'],
    RoutingControlArn: config.at('RoutingControlArn').text(),
  });
  const name = view.tags('HealthCheckTags')['Name'];
  drafts.healthChecks.push({
    ...view.fact({ Id: view.id, HealthCheckConfig: read }),
    ...(name !== undefined && { name }),
  });
}

export function withoutFinalDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
