import { didYouMean } from '../../config/suggest';
import type { Finding } from '../../findings';
import { type DnsAnswer, type PathStep, type Resolution, canonicalName } from '../../resilience/dns';
import { renderTable } from '../terminal';
import { wrapText } from '../wrap-text';
import type { ZoneSource } from './zone-source';

/** One type of one question, answered. */
export interface AskedType {
  readonly type: string;
  readonly resolution: Resolution;
}

/** Columns of a page of output. */
const WIDTH = 100;

/** The answer as a person reads it: who answers, what led there, and what it rests on. */
export function renderResolution(
  name: string,
  circumstances: readonly string[],
  asked: readonly AskedType[],
  source: ZoneSource,
): string {
  const head = wrapText([canonicalName(name), ...circumstances].join(', '), WIDTH).join('\n  ');
  return [`${head}\n`, ...asked.map((one) => renderType(one, source))].join('\n');
}

function renderType({ type, resolution }: AskedType, source: ZoneSource): string {
  const { answers, failOpen, path, assumptions } = resolution;
  const verdict = failOpen ? 'FAILS OPEN: nothing is healthy where it was chosen.\n' : '';
  const rests = assumptions.map(({ name, statement, source: from }) => bullet(`${statement} [${name}, ${from}]`));
  return [
    answers.length === 0
      ? `${type}: ${NO_ANSWER[resolution.status]}${ttlText(resolution)}\n`
      : renderAnswers(type, answers, source),
    verdict,
    `\nWhy\n${path.map(renderStep).join('')}`,
    ...(rests.length === 0 ? [] : [`\nThis rests on\n${rests.join('')}`]),
  ].join('');
}

const NO_ANSWER: Readonly<Record<Resolution['status'], string>> = {
  answer: 'no answer',
  'no-data': 'no answer (NODATA: the name exists, and has nothing to say)',
  'name-error': 'no answer (NXDOMAIN: the name does not exist)',
  delegated: 'no answer here: another zone answers',
  outside: 'no answer: none of the zones holds the name',
};

function ttlText({ ttl }: Resolution): string {
  return ttl === undefined ? '' : `, kept for ${ttl} s`;
}

function renderAnswers(type: string, answers: readonly DnsAnswer[], source: ZoneSource): string {
  const rows = answers.map((answer) => [
    `${Number((answer.probability * 100).toFixed(1))} %`,
    targetText(answer, source),
    answer.setIdentifier ?? '-',
    answer.healthy ? 'yes' : 'NO',
    answer.ttl === undefined ? '?' : `${answer.ttl} s`,
  ]);
  return renderTable(['SHARE', type, 'RECORD', 'HEALTHY', 'TTL'], rows);
}

function targetText({ alias, values = [] }: DnsAnswer, { targetNames }: ZoneSource): string {
  if (alias !== undefined) return targetNames.get(alias) ?? alias;
  return values.length <= 4 ? values.join(', ') : `${values.slice(0, 4).join(', ')} and ${values.length - 4} more`;
}

/** `choose  ...`, indented by its depth in the tree, with the rule at its end. */
function renderStep({ step, rule, detail, depth }: PathStep): string {
  const indent = '  '.repeat(depth + 1);
  const label = step.padEnd(13);
  const [first = '', ...rest] = wrapText(`${detail} [${rule}]`, WIDTH - indent.length - label.length);
  return [`${indent}${label}${first}`, ...rest.map((line) => `${indent}${' '.repeat(label.length)}${line}`)].join('\n') + '\n';
}

function bullet(text: string): string {
  return wrapText(text, WIDTH - 4)
    .map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`)
    .join('');
}

/** The answer as a document; of several types together, with each type beside its answers. */
export function resolutionJson(
  name: string,
  from: string | undefined,
  asked: readonly AskedType[],
  { targetNames }: ZoneSource,
  findings: readonly Finding[],
): Readonly<Record<string, unknown>> {
  const ttls = asked.flatMap(({ resolution: { ttl } }) => ttl ?? []);
  return {
    name: canonicalName(name),
    from: from ?? null,
    answers: asked.flatMap(({ type, resolution }) =>
      resolution.answers.map(({ setIdentifier, values, alias, probability, healthy, ttl, record, via }) => ({
        setIdentifier: setIdentifier ?? null,
        ...(alias === undefined ? { values } : { alias }),
        probability,
        healthy,
        type,
        ttl: ttl ?? null,
        record,
        ...(alias !== undefined && targetNames.has(alias) && { target: targetNames.get(alias) }),
        via,
      })),
    ),
    ttl: ttls.length === 0 ? null : Math.max(...ttls),
    failOpen: asked.some(({ resolution }) => resolution.failOpen),
    path: asked.flatMap(({ type, resolution }) =>
      resolution.path.map(({ step, rule, detail, depth }) => ({ step, rule, detail, depth, type })),
    ),
    types: asked.map(({ type, resolution: { status, ttl, failOpen } }) => ({ type, status, ttl: ttl ?? null, failOpen })),
    assumptions: [...new Map(asked.flatMap(({ resolution }) => resolution.assumptions.map((one) => [one.name, one]))).values()],
    findings,
  };
}

/** What is wrong with a question that nobody answers, and a warning when the answer is known to be dead. */
export function resolutionFindings(name: string, asked: readonly AskedType[], { zones, evacuable }: ZoneSource): Finding[] {
  const canonical = canonicalName(name);
  const names = [...new Set(zones.records.map((record) => canonicalName(record.Name)))];
  return asked.flatMap(({ type, resolution: { status, answers } }): Finding[] => {
    const where = {};
    if (status === 'name-error' || status === 'outside') {
      const partial = evacuable === undefined ? '' : '; records that are not in the fleet’s templates are not known here';
      const message = status === 'outside' ? `no zone given holds ${canonical}` : `there is no name ${canonical}${partial}`;
      return [
        { code: 'name-not-found', severity: 'error', where, message, fix: `${didYouMean(canonical, names)}${namesText(names)}` },
      ];
    }
    if (status === 'no-data') {
      const fix = 'Ask another type with --type, or read the path: it says where the answer was lost';
      return [
        { code: 'no-answer', severity: 'error', where, message: `${canonical} has no ${type} answer for this client`, fix },
      ];
    }
    const dead = answers.filter(({ healthy }) => !healthy).reduce((sum, { probability }) => sum + probability, 0);
    if (dead === 0) return [];
    const share = dead >= 1 ? 'every answer' : `${Number((dead * 100).toFixed(1))} % of the answers`;
    return [
      {
        code: 'unhealthy-answer',
        severity: 'warning',
        where,
        message: `${share} for ${canonical} ${type} leads to something unhealthy`,
        fix: 'The path says why nothing better was chosen',
      },
    ];
  });
}

function namesText(names: readonly string[]): string {
  if (names.length === 0) return 'there are no records';
  return names.length > 20 ? `there are ${names.length} names` : `names: ${names.join(', ')}`;
}
