import { type RecordsFiles, readRecordsFiles } from '../../config/records-file';
import { type Finding, hasErrors } from '../../findings';
import { type ZoneInput, canonicalName, zoneProblems } from '../../resilience/dns';
import { type ZoneSource, problemFinding } from './zone-source';

/**
 * Records and checks of files that the AWS CLI wrote.
 *
 * @throws StampError RECORDS_FILE_UNREADABLE or RECORDS_FILE_NOT_JSON
 */
export function zoneOfFiles(paths: readonly string[]): ZoneSource {
  const files = readRecordsFiles(paths);
  const { records, checks } = files;
  const zones: ZoneInput = { records, checks };
  const ids = [
    ...checks.flatMap(({ Id, HealthCheckConfig: { ChildHealthChecks = [] } }) => [Id, ...ChildHealthChecks]),
    ...records.flatMap(({ HealthCheckId }) => HealthCheckId ?? []),
  ];
  return {
    zones,
    downable: aliasTargets(files),
    checkIds: new Map(ids.map((id) => [id, id])),
    stateOf: ({ down = [] }) => ({
      targets: Object.fromEntries(down.map((name) => [name, { kind: 'status', healthy: false } as const])),
    }),
    targetNames: new Map(),
    regionCodes: new Map(),
    findings: [...files.findings, ...(hasErrors(files.findings) ? [] : problemsOf(zones, files))],
  };
}

/** DNS names of what aliases lead to outside the zone. */
function aliasTargets({ records }: RecordsFiles): string[] {
  const owned = new Set(records.map(({ Name }) => canonicalName(Name)));
  const targets = records.flatMap(({ AliasTarget }) => (AliasTarget === undefined ? [] : [canonicalName(AliasTarget.DNSName)]));
  return [...new Set(targets.filter((name) => !owned.has(name)))].sort();
}

function problemsOf(zones: ZoneInput, { recordPlaces, checkPlaces }: RecordsFiles): Finding[] {
  return zoneProblems(zones).map((problem) => {
    const { member, kind, index } = problem.at;
    const place = (kind === 'record' ? recordPlaces : checkPlaces)[index];
    if (place === undefined) return problemFinding(problem, {});
    const inside = kind === 'check' && member !== 'Id' ? ['HealthCheckConfig', member] : [member];
    return problemFinding(problem, { file: place.file, path: [...place.path, ...inside.filter((key) => key !== undefined)] });
  });
}
