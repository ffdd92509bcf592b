import type { Counters, StackCount } from '../counter';
import { type Found, listOf, type Properties, recordOf, type TemplateReader, textOf } from '../template-reader';

/** Zones, records and health checks. */
export const DNS_COUNTERS: Counters = {
  'AWS::Route53::HostedZone': (_found, count) => {
    count.inAccount('hostedZones');
  },
  'AWS::Route53::HealthCheck': ({ properties, template, logicalId }, count) => {
    count.inAccount('healthChecks');
    // All of a new fleet's are made in the first deployment.
    count.inAccount('healthChecksPerDay');
    const children = listOf(recordOf(properties['HealthCheckConfig'])['ChildHealthChecks']).length;
    if (children > 0) count.inGlobalResource('childrenPerCalculatedCheck', template.idOf(logicalId), children);
  },
  'AWS::Route53::RecordSet': (found, count) => {
    countRecord(found, found.properties, found.properties, count);
  },
  'AWS::Route53::RecordSetGroup': (found, count) => {
    for (const record of listOf(found.properties['RecordSets'])) countRecord(found, recordOf(record), found.properties, count);
  },
};

function countRecord({ template }: Found, record: Properties, zone: Properties, count: StackCount): void {
  const zoneId = zoneOf(template, record['HostedZoneId'] === undefined && record['HostedZoneName'] === undefined ? zone : record);
  count.inGlobalResource('recordsPerZone', zoneId);
  const name = `${textOf(record['Name'])} ${textOf(record['Type'])}`;
  if (ROUTED.some((property) => record[property] !== undefined))
    count.inGlobalResource('routedRecordsPerName', `${zoneId} ${name}`);
  const values = listOf(record['ResourceRecords']).length;
  if (values > 0) count.inGlobalResource('valuesPerRecord', `${zoneId} ${name}`, values);
}

/** A zone is the same whether it is named by its id or by its domain only when all records agree on one of them. */
function zoneOf(template: TemplateReader, properties: Properties): string {
  return template.identity(properties['HostedZoneId'] ?? properties['HostedZoneName']);
}

/** What makes several records of one name and type possible, and has the quota (aws-facts 1.8). */
const ROUTED = ['Weight', 'Region', 'GeoLocation', 'MultiValueAnswer', 'CidrRoutingConfig'];
