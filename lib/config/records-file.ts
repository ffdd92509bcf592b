import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StampError } from '../errors';
import type { Finding } from '../findings';
import type { ConfigFindingCode } from './finding-codes';
import { showPath, showValue } from './show-value';

const text = z.string().min(1).max(1024);
const whole = (min: number, max: number) => z.int().min(min).max(max);
const flag = z.boolean();

/** A record set as the CLI prints it. Members that the model does not look at are dropped. */
const recordSet = z
  .object({
    Name: text,
    Type: z.string().regex(/^[A-Z0-9]{1,16}$/, 'a record type in capitals such as A or CNAME'),
    SetIdentifier: text.max(128).optional(),
    Weight: whole(0, 255).optional(),
    Region: text.max(64).optional(),
    GeoLocation: z
      .object({
        ContinentCode: z.enum(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']).optional(),
        CountryCode: z
          .string()
          .regex(/^([A-Z]{2}|\*)$/, 'two capital letters, or "*"')
          .optional(),
        SubdivisionCode: z
          .string()
          .regex(/^[A-Z0-9]{1,3}$/, 'up to three capital letters or digits')
          .optional(),
      })
      .refine((location) => Object.keys(location).length > 0, 'a continent or a country')
      .optional(),
    GeoProximityLocation: z
      .object({
        AWSRegion: text.optional(),
        LocalZoneGroup: text.optional(),
        Coordinates: z.object({ Latitude: degrees(90), Longitude: degrees(180) }).optional(),
        Bias: whole(-99, 99).optional(),
      })
      .optional(),
    CidrRoutingConfig: z.object({ CollectionId: text, LocationName: text }).optional(),
    Failover: z.enum(['PRIMARY', 'SECONDARY']).optional(),
    MultiValueAnswer: flag.optional(),
    TTL: whole(0, 2_147_483_647).optional(),
    ResourceRecords: z.array(z.object({ Value: z.string().max(4000) })).optional(),
    AliasTarget: z.object({ HostedZoneId: text, DNSName: text, EvaluateTargetHealth: flag }).optional(),
    HealthCheckId: text.optional(),
  })
  .refine(
    ({ ResourceRecords, AliasTarget }) => (ResourceRecords ?? []).length > 0 !== (AliasTarget !== undefined),
    'either ResourceRecords or an AliasTarget',
  );

const healthCheck = z.object({
  Id: text,
  HealthCheckConfig: z.object({
    Type: z.enum([
      'HTTP',
      'HTTPS',
      'HTTP_STR_MATCH',
      'HTTPS_STR_MATCH',
      'TCP',
      'CALCULATED',
      'CLOUDWATCH_METRIC',
      'RECOVERY_CONTROL',
    ]),
    IPAddress: text.optional(),
    Port: whole(1, 65_535).optional(),
    ResourcePath: z.string().max(255).optional(),
    FullyQualifiedDomainName: z.string().max(255).optional(),
    SearchString: z.string().max(255).optional(),
    RequestInterval: whole(10, 30).optional(),
    FailureThreshold: whole(1, 10).optional(),
    MeasureLatency: flag.optional(),
    Inverted: flag.optional(),
    Disabled: flag.optional(),
    HealthThreshold: whole(0, 256).optional(),
    ChildHealthChecks: z.array(text).optional(),
    EnableSNI: flag.optional(),
    Regions: z.array(text).optional(),
    AlarmIdentifier: z.object({ Region: text, Name: text }).optional(),
    InsufficientDataHealthStatus: z.enum(['Healthy', 'Unhealthy', 'LastKnownStatus']).optional(),
    RoutingControlArn: text.optional(),
  }),
});

const recordsFile = z
  .object({ ResourceRecordSets: z.array(recordSet).optional(), HealthChecks: z.array(healthCheck).optional() })
  .refine(
    ({ ResourceRecordSets, HealthChecks }) => ResourceRecordSets !== undefined || HealthChecks !== undefined,
    'the output of list-resource-record-sets or list-health-checks, or both in one object',
  );

/** A record set of a records file. */
export type FileRecord = z.output<typeof recordSet>;
/** A health check of a records file. */
export type FileHealthCheck = z.output<typeof healthCheck>;

/** A record or check with its place: the file, and where in its JSON. */
export interface FilePlace {
  readonly file: string;
  readonly path: readonly (string | number)[];
}

/** What one or more records files say together. */
export interface RecordsFiles {
  readonly records: readonly FileRecord[];
  readonly checks: readonly FileHealthCheck[];
  /** Where each of `records` is, in the same order. */
  readonly recordPlaces: readonly FilePlace[];
  readonly checkPlaces: readonly FilePlace[];
  /** Sorted as read. With any, `records` and `checks` hold what could be read. */
  readonly findings: readonly Finding[];
}

/**
 * Reads what `aws route53 list-resource-record-sets` and `list-health-checks` printed as JSON, together in one file or each in its own.
 *
 * @throws StampError RECORDS_FILE_UNREADABLE or RECORDS_FILE_NOT_JSON
 */
export function readRecordsFiles(paths: readonly string[]): RecordsFiles {
  const all = paths.map((path) => readRecordsText(path, readText(path)));
  return {
    records: all.flatMap(({ records }) => records),
    checks: all.flatMap(({ checks }) => checks),
    recordPlaces: all.flatMap(({ recordPlaces }) => recordPlaces),
    checkPlaces: all.flatMap(({ checkPlaces }) => checkPlaces),
    findings: all.flatMap(({ findings }) => findings),
  };
}

function readRecordsText(file: string, json: string): RecordsFiles {
  const value = parseJson(file, json);
  const result = recordsFile.safeParse(value);
  if (!result.success) {
    const findings = result.error.issues.map((issue) => findingOf(file, issue, value));
    return { records: [], checks: [], recordPlaces: [], checkPlaces: [], findings };
  }
  const { ResourceRecordSets: records = [], HealthChecks: checks = [] } = result.data;
  return {
    records,
    checks,
    recordPlaces: records.map((_record, index) => ({ file, path: ['ResourceRecordSets', index] })),
    checkPlaces: checks.map((_check, index) => ({ file, path: ['HealthChecks', index] })),
    findings: [],
  };
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    // Windows PowerShell redirects into UTF-16.
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
    return new TextDecoder(encoding).decode(bytes);
  } catch (error) {
    throw new StampError(
      'RECORDS_FILE_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Name a file with the output of aws route53 list-resource-record-sets',
    );
  }
}

function parseJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new StampError(
      'RECORDS_FILE_NOT_JSON',
      `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      'Print it with --output json, and name two outputs as two files',
    );
  }
}

function degrees(limit: number) {
  const rule = `degrees as text, from -${limit} to ${limit}`;
  return z.string().refine((value) => /^-?\d{1,3}(\.\d+)?$/.test(value) && Math.abs(Number(value)) <= limit, rule);
}

function findingOf(file: string, issue: z.core.$ZodIssue, root: unknown): Finding {
  const path = issue.path as (string | number)[];
  const value = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined | null)?.[key], root);
  const report = (code: ConfigFindingCode, message: string, fix: string): Finding => ({
    code,
    severity: 'error',
    where: { file, path },
    message: `${path.length === 0 ? 'the document' : showPath(path)}${message}`,
    fix,
  });
  const wanted = wantedBy(issue);
  if (value === undefined) return report('missing-key', ' is missing', `Give ${wanted}`);
  const shown = `: ${showValue(value)}`;
  switch (issue.code) {
    case 'invalid_type':
      return report('wrong-type', `${shown} is not ${wanted}`, `Give ${wanted}`);
    case 'too_small':
    case 'too_big':
      return report('out-of-range', `${shown} is out of range`, `Give ${wanted}`);
    case 'invalid_value':
      return report('unknown-option', `${shown} is not known`, `Give ${wanted}`);
    default:
      return report('invalid-value', `${shown} is not ${wanted}`, `Give ${wanted}`);
  }
}

/** Kinds of values in the words of a user. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['int', 'a whole number'],
  ['number', 'a number'],
]);

/** What would have been right, as a noun. */
function wantedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS.get(issue.expected) ?? issue.expected;
    case 'too_small':
      return issue.origin === 'string' ? 'text that is not empty' : `a number from ${String(issue.minimum)}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `at most ${String(issue.maximum)} characters`
        : `a number up to ${String(issue.maximum)}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}
