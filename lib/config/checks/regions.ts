import { AWS_REGION_NAMES, awsRegion, isOtherPartition, REGIONS_AS_OF } from '../../facts/regions';
import type { Finding, FindingPlace } from '../../findings';
import { didYouMean } from '../suggest';
import type { GroupConfig, RegionCode, RegionConfig } from '../types';
import { type CheckContext, fleetPlace, groupPlace, memberCodes, repeated, report } from './context';
import { controlTableCodes } from './control-table';

interface RegionReference {
  readonly code: RegionCode;
  readonly where: FindingPlace;
}

/** Region codes, what they stand for, and their zones. */
export function checkRegions(context: CheckContext): Finding[] {
  const { config } = context;
  const references = [...controlReferences(context), ...config.groups.flatMap(groupReferences)];
  const used = new Set([...references.map((reference) => reference.code), ...controlTableCodes(context)]);
  const stampRegions = new Set(config.groups.flatMap((group) => memberCodes(group.placement)));
  return [
    ...unknownCodes(references, context),
    ...claimedTwice(config.regions),
    ...config.regions.flatMap((region) => [
      ...checkName(region),
      ...checkZones(region, stampRegions.has(region.code)),
      ...(used.has(region.code) ? [] : [unused(region)]),
    ]),
  ];
}

function unknownCodes(references: readonly RegionReference[], context: CheckContext): Finding[] {
  const known = [...context.regions.keys()];
  return references
    .filter(({ code }) => !context.regions.has(code))
    .map(({ code, where }) => {
      const fix = `${didYouMean(code, known)}Use one of ${known.join(', ')}, or add the Region under regions: in fleet.yaml`;
      return report('region-code-unknown', where, `"${code}" is no Region code or Region name of this fleet`, fix);
    });
}

function controlReferences({ config: { control, quotas } }: CheckContext): RegionReference[] {
  return [
    ...quotas.flatMap(({ region }, index) =>
      region === undefined ? [] : [{ code: region, where: fleetPlace('quotas', index, 'region') }],
    ),
    ...control.regions.map((code, index) => ({ code, where: fleetPlace('control', 'regions', index) })),
    ...control.joining.map((code, index) => ({ code, where: fleetPlace('control', 'joining', index) })),
    ...(control.witness === undefined ? [] : [{ code: control.witness, where: fleetPlace('control', 'witness') }]),
  ];
}

function groupReferences(group: GroupConfig): RegionReference[] {
  const { placement, database, backup, network } = group;
  const at = (code: RegionCode, ...path: (string | number)[]): RegionReference => ({ code, where: groupPlace(group, ...path) });
  const keys = (record: Readonly<Record<RegionCode, unknown>>, ...path: string[]): RegionReference[] =>
    Object.keys(record).map((code) => at(code, ...path, code));
  const references: RegionReference[] = [...keys(network.transitGateways, 'network', 'transitGateways')];
  if (placement.mode === 'active-passive') {
    references.push(at(placement.primary, 'placement', 'primary'), at(placement.standby, 'placement', 'standby'));
  } else if (placement.mode === 'single') {
    references.push(at(placement.region, 'placement', 'region'));
  } else {
    const { regions, routing } = placement;
    references.push(...regions.map((code, index) => at(code, 'placement', 'regions', index)));
    if (routing.policy === 'weighted') references.push(...keys(routing.weights, 'placement', 'routing', 'weights'));
    if (routing.policy === 'geolocation') {
      references.push(
        ...keys(routing.areas, 'placement', 'routing', 'areas'),
        at(routing.default, 'placement', 'routing', 'default'),
      );
    }
  }
  if (database.engine === 'dynamodb') {
    references.push(...keys(database.keyArns, 'database', 'keyArns'));
    if (database.witness !== undefined) references.push(at(database.witness, 'database', 'witness'));
  }
  if (database.engine === 'external') references.push(...keys(database.endpoints, 'database', 'endpoints'));
  if (backup !== undefined && backup.copyTo !== 'peers') {
    const codes = backup.copyTo.map((target, index) => at(target, 'backup', 'copyTo', index));
    references.push(...codes.filter(({ code }) => !code.startsWith('arn:')));
  }
  return references;
}

function claimedTwice(regions: readonly RegionConfig[]): Finding[] {
  return repeated(regions.map((region) => region.region)).map(({ item, index }) => {
    const codes = regions.filter((region) => region.region === item).map((region) => region.code);
    const where = fleetPlace('regions', regions[index]?.code ?? '', 'region');
    const message = `${codes.join(' and ')} both stand for ${item}: their stamps would fail together while the plan counts them apart`;
    return report('region-claimed-twice', where, message, `Keep ${codes[0] ?? ''} and remove the other code`);
  });
}

function checkName({ code, region }: RegionConfig): Finding[] {
  const where = fleetPlace('regions', code, 'region');
  if (isOtherPartition(region)) {
    const message = `${region} lies in another partition than the global services this fleet needs (Route 53 and its checkers)`;
    return [report('region-other-partition', where, message, 'Give that partition a fleet of its own')];
  }
  const known = awsRegion(region);
  if (known === undefined) {
    const fix = `${didYouMean(region, AWS_REGION_NAMES)}Write an AWS Region name such as us-east-1`;
    return [report('region-name-unknown', where, `AWS has no Region "${region}" (as of ${REGIONS_AS_OF})`, fix)];
  }
  if (!known.optIn) return [];
  const message = `${region} is an opt-in Region: deployments fail until it is enabled, and AWS Backup copies less to and from it`;
  return [report('region-opt-in', where, message, 'Enable the Region in every account of the fleet before the first deployment')];
}

function checkZones(region: RegionConfig, holdsStamp: boolean): Finding[] {
  const { code, azs } = region;
  const duplicates = repeated(azs).map(({ item, index }) => {
    const message = `zone ${item} of ${code} is listed twice: one zone would count as two when a loss is survived`;
    return report('zone-letter-duplicate', fleetPlace('regions', code, 'azs', index), message, `List every zone of ${code} once`);
  });
  if (duplicates.length > 0 || azs.length !== 1) return duplicates;
  const where = fleetPlace('regions', code, 'azs');
  if (region.singleAzReason === undefined) {
    const message = `${code} has one Availability Zone (${azs.join()}), so losing that zone is losing the Region`;
    return [report('single-zone-without-reason', where, message, 'List two zones or better three, or say why in singleAzReason')];
  }
  if (!holdsStamp) return [];
  const message =
    `${code} holds stamps and has one Availability Zone (${azs.join()}): an Application Load Balancer and an Aurora subnet ` +
    'group are refused with fewer than two, whatever the reason';
  return [report('single-zone-stamp', where, message, 'Add a second zone')];
}

function unused({ code, region }: RegionConfig): Finding {
  const message = `${code} (${region}) holds no stamp and no control Region`;
  return report('region-unused', fleetPlace('regions', code), message, 'Place a group there, or remove it');
}
