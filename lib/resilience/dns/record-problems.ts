import type { IndexedRecord, RecordGroup, ZoneIndex, ZoneRecord } from './zone-index';
import type { ZoneProblem, ZoneProblemCode } from './zone-problems';

/** What Route 53 refuses of records, or answers as nobody wants (aws-facts 1.3, 1.4). */
export function recordProblems(records: readonly ZoneRecord[], { zones }: ZoneIndex): ZoneProblem[] {
  const places = new Map(records.map((record, index) => [record, index]));
  const problems: ZoneProblem[] = [];
  for (const zone of zones) {
    for (const types of zone.names.values()) {
      const cname = types.get('CNAME');
      if (types.size > 1 && cname !== undefined) problems.push(...cnameNotAlone(cname, places));
      for (const group of types.values()) {
        problems.push(...groupProblems(group, places), ...group.records.flatMap((record) => aliasProblems(record, places)));
      }
    }
  }
  return problems.sort((a, b) => a.at.index - b.at.index);
}

type Places = ReadonlyMap<ZoneRecord, number>;

function groupProblems(group: RecordGroup, places: Places): ZoneProblem[] {
  const { policy, records, name, type } = group;
  const here = `${name} ${type}`;
  const report = problemAt(places);
  if (policy === 'mixed') {
    const fix = 'Give all records of one name and type the same policy (aws-facts 1.3)';
    const message = `${here} has records of different routing policies`;
    return lastOf(records, places).map((record) => report(record, 'records-mixed-policies', 'error', message, fix));
  }
  const problems: ZoneProblem[] = [];
  if (policy === 'simple') {
    if (records.length < 2) return [];
    const fix = 'Put all values into one record, or give the records a routing policy';
    const message = `${here} has ${records.length} simple records`;
    return lastOf(records, places).map((record) => report(record, 'records-not-alone', 'error', message, fix));
  }
  for (const record of records) {
    if (record.set.SetIdentifier === undefined) {
      problems.push(
        report(
          record,
          'records-no-identifier',
          'error',
          `a ${policy} record of ${here} has no SetIdentifier`,
          'Give every record with a routing policy its own',
        ),
      );
    }
  }
  problems.push(
    ...twice(records, ({ set }) => set.SetIdentifier).map((record) =>
      report(
        record,
        'records-same-identifier',
        'error',
        `${here} has the SetIdentifier ${JSON.stringify(record.label)} twice`,
        'Give every record its own',
        'SetIdentifier',
      ),
    ),
    ...twice(records, claimOf).map((record) =>
      report(
        record,
        'records-same-claim',
        'error',
        `${here} has two records for ${claimOf(record) ?? ''}`,
        'Route 53 takes one: remove the other',
      ),
    ),
  );
  const [first] = records;
  if (first !== undefined && policy === 'failover' && records.length === 1) {
    const role = first.set.Failover ?? '';
    const missing = role === 'PRIMARY' ? 'SECONDARY' : 'PRIMARY';
    problems.push(
      report(
        first,
        'failover-one-sided',
        'warning',
        `${here} has a ${role} and no ${missing}: it answers whatever its health`,
        `Add the ${missing}`,
        'Failover',
      ),
    );
  }
  if (first !== undefined && policy === 'geolocation' && !records.some(({ set }) => set.GeoLocation?.CountryCode === '*')) {
    problems.push(
      report(
        first,
        'geolocation-without-default',
        'warning',
        `${here} has no default location: clients that no area matches get no answer`,
        'Add a record with CountryCode "*" (aws-facts 1.3)',
        'GeoLocation',
      ),
    );
  }
  return problems;
}

function aliasProblems(record: IndexedRecord, places: Places): ZoneProblem[] {
  const { alias, group, set } = record;
  if (alias === undefined) return [];
  const here = `${group.name} ${group.type}`;
  const report = problemAt(places);
  const problems: ZoneProblem[] = [];
  if (alias.kind === 'missing') {
    problems.push(
      report(
        record,
        'alias-target-missing',
        'error',
        `${here} is an alias to ${alias.dnsName}, which has no ${group.type} record`,
        'Add the record, or correct the name (an alias reaches its own zone and type only)',
        'AliasTarget',
      ),
    );
  }
  if (alias.kind === 'records' && group.looping) {
    problems.push(
      report(
        record,
        'alias-loop',
        'error',
        `the aliases of ${here} lead back to it`,
        'End them at a record with values or an AWS resource',
        'AliasTarget',
      ),
    );
  }
  if (set.MultiValueAnswer === true) {
    problems.push(
      report(
        record,
        'alias-not-possible',
        'error',
        `${here} is an alias and a multivalue record`,
        'Multivalue records hold values only (aws-facts 1.4)',
        'MultiValueAnswer',
      ),
    );
  }
  if (alias.kind === 'resource' && alias.service === 'cloudfront' && set.AliasTarget?.EvaluateTargetHealth === true) {
    problems.push(
      report(
        record,
        'alias-not-possible',
        'error',
        `${here} evaluates the health of a CloudFront distribution`,
        'Set EvaluateTargetHealth to false: Route 53 allows nothing else (aws-facts 1.4)',
        'AliasTarget',
      ),
    );
  }
  return problems;
}

function cnameNotAlone({ name, records }: RecordGroup, places: Places): ZoneProblem[] {
  const message = `${name} has a CNAME and records of other types`;
  const fix = 'A CNAME stands alone: use an alias record';
  return lastOf(records, places).map((record) => problemAt(places)(record, 'records-cname-not-alone', 'error', message, fix));
}

/** What a record wants for itself, where Route 53 gives it to one record only. */
function claimOf({ set }: IndexedRecord): string | undefined {
  if (set.Failover !== undefined) return set.Failover;
  if (set.Region !== undefined) return `the Region ${set.Region}`;
  if (set.GeoLocation === undefined) return undefined;
  const { ContinentCode, CountryCode, SubdivisionCode } = set.GeoLocation;
  return `the area ${[ContinentCode, CountryCode, SubdivisionCode].filter((code) => code !== undefined).join('/')}`;
}

/** The records whose key an earlier one has. */
function twice(records: readonly IndexedRecord[], key: (record: IndexedRecord) => string | undefined): IndexedRecord[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    const value = key(record);
    if (value === undefined) return false;
    const again = seen.has(value);
    seen.add(value);
    return again;
  });
}

/** The one that was given last; as a list, for a group is never empty but a type cannot say so. */
function lastOf(records: readonly IndexedRecord[], places: Places): IndexedRecord[] {
  return [...records].sort((a, b) => (places.get(b.set) ?? 0) - (places.get(a.set) ?? 0)).slice(0, 1);
}

function problemAt(places: Places) {
  return (
    record: IndexedRecord,
    code: ZoneProblemCode,
    severity: ZoneProblem['severity'],
    message: string,
    fix: string,
    member?: string,
  ): ZoneProblem => ({
    code,
    severity,
    at: { kind: 'record', index: places.get(record.set) ?? 0, ...(member !== undefined && { member }) },
    message,
    fix,
  });
}
