import { QUOTAS } from '../../facts/quotas';
import type { HealthCheck } from '../../assembly/route53-types';
import { canonicalName } from './names';
import type { ZoneIndex, ZoneRecord } from './zone-index';
import type { ZoneProblem, ZoneProblemCode } from './zone-problems';

const MAX_CHILDREN = QUOTAS.childrenPerCalculatedCheck.defaultValue;

/** What Route 53 refuses of health checks and references to them, or what makes them useless (aws-facts 2.3, 2.6). */
export function checkProblems(
  { records, checks }: { readonly records: readonly ZoneRecord[]; readonly checks: readonly HealthCheck[] },
  index: ZoneIndex,
): ZoneProblem[] {
  return [
    ...records.flatMap((record, at) => referenceProblems(record, at, index)),
    ...duplicateIds(checks),
    ...checks.flatMap((check, at) => calculatedProblems(check, at, index)),
  ];
}

function referenceProblems({ Name, HealthCheckId: id }: ZoneRecord, index: number, { checks }: ZoneIndex): ZoneProblem[] {
  if (id === undefined) return [];
  const at = { kind: 'record', index, member: 'HealthCheckId' } as const;
  const config = checks.get(id);
  if (config === undefined) {
    return [
      {
        code: 'check-not-given',
        severity: 'warning',
        at,
        message: `the health check ${id} of ${canonicalName(Name)} is not given, so it counts as healthy`,
        fix: 'Add it, or say what it is with --unhealthy',
      },
    ];
  }
  const probed = config.FullyQualifiedDomainName;
  if (config.IPAddress !== undefined || probed === undefined || canonicalName(probed) !== canonicalName(Name)) return [];
  return [
    {
      code: 'check-probes-guarded-name',
      severity: 'warning',
      at,
      message: `the health check ${id} probes ${canonicalName(Name)}, the very name it guards: AWS calls the results unpredictable (aws-facts 2.3)`,
      fix: 'Let it probe a name of one endpoint',
    },
  ];
}

function duplicateIds(checks: readonly HealthCheck[]): ZoneProblem[] {
  const seen = new Set<string>();
  return checks.flatMap(({ Id }, index) => {
    const again = seen.has(Id);
    seen.add(Id);
    return again ? [problem('check-same-id', 'error', index, `the health check ${Id} is given twice`, 'Remove one', 'Id')] : [];
  });
}

function calculatedProblems({ Id, HealthCheckConfig: config }: HealthCheck, index: number, { checks }: ZoneIndex): ZoneProblem[] {
  if (config.Type !== 'CALCULATED') return [];
  const children = config.ChildHealthChecks ?? [];
  const threshold = config.HealthThreshold ?? children.length;
  const problems: ZoneProblem[] = [];
  if (children.length > MAX_CHILDREN) {
    problems.push(
      problem(
        'check-too-many-children',
        'error',
        index,
        `the calculated check ${Id} has ${children.length} children; Route 53 takes ${MAX_CHILDREN}`,
        'Divide them over several checks',
        'ChildHealthChecks',
      ),
    );
  }
  for (const child of children) {
    const childConfig = checks.get(child);
    if (childConfig === undefined) {
      problems.push(
        problem(
          'check-not-given',
          'warning',
          index,
          `the child ${child} of ${Id} is not given, so it counts as healthy`,
          'Add it, or say what it is with --unhealthy',
          'ChildHealthChecks',
        ),
      );
    }
    if (childConfig?.Type === 'CALCULATED') {
      problems.push(
        problem(
          'check-nested',
          'error',
          index,
          `the calculated check ${Id} has the calculated check ${child} as a child`,
          'Route 53 does not nest them: list the children of both (aws-facts 2.6)',
          'ChildHealthChecks',
        ),
      );
    }
  }
  if (threshold > children.length) {
    problems.push(
      problem(
        'check-never-healthy',
        'warning',
        index,
        `the calculated check ${Id} needs ${threshold} of ${children.length} children, so it is always unhealthy`,
        'Lower HealthThreshold (aws-facts 2.6)',
        'HealthThreshold',
      ),
    );
  }
  if (threshold === 0) {
    problems.push(
      problem(
        'check-always-healthy',
        'warning',
        index,
        `the calculated check ${Id} needs none of its children, so it is always healthy`,
        'Raise HealthThreshold (aws-facts 2.6)',
        'HealthThreshold',
      ),
    );
  }
  return problems;
}

function problem(
  code: ZoneProblemCode,
  severity: ZoneProblem['severity'],
  index: number,
  message: string,
  fix: string,
  member: string,
): ZoneProblem {
  return { code, severity, at: { kind: 'check', index, member }, message, fix };
}
