import { commonRegionSet, REGION_SETS, STRONG_REGION_COUNT } from '../../facts/region-sets';
import type { Finding } from '../../findings';
import type { DynamoDbConfig, GroupConfig } from '../types';
import { type CheckContext, groupPlace, memberCodes, repeated, report } from './context';

const REGION_SET_TEXT = REGION_SETS.map((set) => `${set.name}: ${set.regions.join(', ')}`).join('; ');

/** Global tables: what strong consistency asks for (aws-facts 4.2), and keys of each replica's own Region. */
export function checkDynamoDb(group: GroupConfig, database: DynamoDbConfig, context: CheckContext): Finding[] {
  const indexes = repeated(database.indexes.map((index) => index.name)).map(({ item, index }) =>
    report(
      'index-name-duplicate',
      groupPlace(group, 'database', 'indexes', index, 'name'),
      `two indexes are named "${item}"`,
      'Rename one of them',
    ),
  );
  const consistency = database.consistency === 'strong' ? checkStrong(group, database, context) : checkEventual(group, database);
  return [...indexes, ...consistency, ...checkKeys(group, database, context)];
}

function checkEventual(group: GroupConfig, { witness }: DynamoDbConfig): Finding[] {
  if (witness === undefined) return [];
  const message = `witness ${witness} is given, and a table with eventual consistency has none`;
  return [
    report(
      'witness-without-strong',
      groupPlace(group, 'database', 'witness'),
      message,
      'Remove it, or write consistency: strong',
    ),
  ];
}

function checkStrong(group: GroupConfig, { witness, timeToLive }: DynamoDbConfig, context: CheckContext): Finding[] {
  const findings: Finding[] = [];
  const members = memberCodes(group.placement);
  const at = (key: string) => groupPlace(group, 'database', key);
  if (witness !== undefined && members.includes(witness)) {
    const message = `${witness} is the witness and holds a replica: losing it would take two of the three votes`;
    findings.push(report('strong-witness-is-replica', at('witness'), message, 'Choose a Region without a stamp of this group'));
  } else if (members.length + (witness === undefined ? 0 : 1) !== STRONG_REGION_COUNT || members.length < 2) {
    const given = `${members.length} (${members.join(', ')})${witness === undefined ? '' : ` and the witness ${witness}`}`;
    const message = `a strongly consistent table has three replicas, or two and a witness; here are ${given}`;
    const fix =
      members.length === 2
        ? 'Add witness: with a third Region of the set'
        : 'Choose three Regions, or two and a witness, or consistency: eventual';
    findings.push(report('strong-replica-count', at('consistency'), message, fix));
  }
  const codes = witness === undefined || members.includes(witness) ? members : [...members, witness];
  const regions = codes.flatMap((code) => context.regionOf(code) ?? []);
  if (commonRegionSet(regions) === undefined) {
    const message = `${regions.join(', ')} are not in one Region set, which a strongly consistent table never leaves`;
    findings.push(report('strong-outside-region-set', at('consistency'), message, `Choose from one set (${REGION_SET_TEXT})`));
  }
  if (timeToLive !== undefined) {
    const message = `timeToLive ${timeToLive} is refused with consistency: strong, and only when the table is deployed`;
    findings.push(report('strong-with-time-to-live', at('timeToLive'), message, 'Remove it and delete items in the workload'));
  }
  return findings;
}

const KEY_ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/[\w/-]+$/;

function checkKeys(group: GroupConfig, { keyArns }: DynamoDbConfig, context: CheckContext): Finding[] {
  const members = memberCodes(group.placement);
  const given = Object.entries(keyArns);
  if (given.length === 0) return [];
  const missing = members
    .filter((code) => !Object.hasOwn(keyArns, code))
    .map((code) => {
      const message = `${code} has no key while ${Object.keys(keyArns).join(', ')} have: replicas of one table all use own keys or none does`;
      return report('key-arn-missing', groupPlace(group, 'database', 'keyArns'), message, `Add the ARN of a key in ${code}`);
    });
  const wrong = given.flatMap(([code, arn]) => {
    const where = groupPlace(group, 'database', 'keyArns', code);
    if (!members.includes(code)) {
      const message = `a key is given for ${code}, which holds no stamp of ${group.group}`;
      return [report('key-arn-not-member', where, message, 'Remove it')];
    }
    const [, region, account] = KEY_ARN.exec(arn) ?? [];
    if (region === undefined || account === undefined) {
      const fix = `Write arn:aws:kms:${context.regionOf(code) ?? 'REGION'}:${group.account}:key/ID or :alias/NAME`;
      return [report('key-arn-invalid', where, `"${arn}" is no ARN of a KMS key`, fix)];
    }
    const expected = context.regionOf(code);
    if (expected !== undefined && region !== expected) {
      const message = `the key for ${code} (${expected}) lies in ${region}: DynamoDB refuses it, and the replica would depend on another Region`;
      return [report('key-arn-wrong-region', where, message, `Create a key in ${expected}`)];
    }
    if (account === group.account) return [];
    const message = `the key for ${code} lies in account ${account}, the table in ${group.account}: all replicas of a group share one account, with their keys`;
    return [report('key-arn-other-account', where, message, `Create the key in account ${group.account}`)];
  });
  return [...missing, ...wrong];
}
