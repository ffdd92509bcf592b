import type { Finding, FindingPlace } from '../../findings';
import { didYouMean } from '../suggest';
import type { GroupConfig } from '../types';
import { type CheckContext, groupPlace, memberCodes, report } from './context';
import { controlTableCodes } from './control-table';

/** Kinds of failure that `verify` enumerates (design 9). */
const FAILURE_KINDS = [
  'az',
  'stamp',
  'region',
  'writer',
  'database',
  'queue',
  'deployment',
  'check',
  'checkers',
  'dependency',
  'control',
  'plane',
  'image',
  'secret',
  'data',
  'account',
] as const;

interface Failure {
  readonly kind: string;
  readonly id: string;
}

/** `objectives.survive` and `accept`: their spelling, and that what they name exists. */
export function checkFailures(group: GroupConfig, context: CheckContext): Finding[] {
  const survived = group.objectives.survive.map((text, index) => ({
    text,
    where: groupPlace(group, 'objectives', 'survive', index),
  }));
  const accepted = group.accept.map(({ failure }, index) => ({
    text: failure,
    where: groupPlace(group, 'accept', index, 'failure'),
  }));
  const findings = [...survived, ...accepted].flatMap(({ text, where }) => checkFailure(group, text, where, context));
  const promised = new Set(survived.map(({ text }) => normalise(text)));
  for (const { text, where } of accepted.filter((entry) => promised.has(normalise(entry.text)))) {
    const message = `"${text}" is accepted here and promised under objectives.survive`;
    findings.push(report('failure-survived-and-accepted', where, message, 'Keep one of the two'));
  }
  return findings;
}

function checkFailure(group: GroupConfig, text: string, where: FindingPlace, context: CheckContext): Finding[] {
  const parts = parseFailures(text);
  if (typeof parts === 'string') {
    const fix = `${parts}Write KIND:ID, or two of them joined by +, with one of the kinds ${FAILURE_KINDS.join(', ')}`;
    return [report('failure-syntax', where, `"${text}" is no failure`, fix)];
  }
  return parts.flatMap((failure) => {
    const known = knownIds(failure.kind, group, context);
    if (known === undefined || known.includes(failure.id)) return [];
    const message = `"${failure.kind}:${failure.id}" names nothing in this fleet`;
    const shown = known.length === 0 ? 'There is none' : `Known: ${known.slice(0, 12).join(', ')}`;
    return [report('failure-reference', where, message, `${didYouMean(failure.id, known)}${shown}`)];
  });
}

/** The failures of a text, or a suggestion (possibly empty) when it is none. A leading `pair:` says what the + says already. */
function parseFailures(text: string): Failure[] | string {
  const parts = text.replace(/^pair:/, '').split('+');
  if (parts.length > 2) return '';
  const failures: Failure[] = [];
  for (const part of parts) {
    const [, kind, id] = /^([a-z-]+):([A-Za-z0-9._-]+)$/.exec(part) ?? [];
    if (kind === undefined || id === undefined) return '';
    if (!(FAILURE_KINDS as readonly string[]).includes(kind)) return didYouMean(kind, FAILURE_KINDS);
    failures.push({ kind, id });
  }
  return text.startsWith('pair:') && failures.length !== 2 ? '' : failures;
}

/** What may stand behind the kind; undefined for kinds whose ids only the templates know. */
function knownIds(kind: string, group: GroupConfig, context: CheckContext): string[] | undefined {
  const { config } = context;
  const stamps = memberCodes(group.placement).map((code) => `${group.group}-${code}`);
  switch (kind) {
    case 'region':
    case 'image':
    case 'secret':
      return config.regions.flatMap(({ code, region }) => [code, region]);
    case 'az':
      return config.regions.flatMap(({ code, region, azs }) =>
        azs.flatMap((letter) => [`${code}${letter}`, `${code}-${letter}`, `${region}${letter}`]),
      );
    case 'stamp':
      return stamps;
    case 'writer':
    case 'database':
    case 'queue':
    case 'deployment':
    case 'data':
      return [group.group, ...stamps];
    case 'check':
      return stamps.flatMap((stamp) => [`${stamp}.false-positive`, `${stamp}.false-negative`]);
    case 'account':
      return [group.account];
    case 'dependency':
      return group.health.dependencies.map((dependency) => dependency.name);
    case 'control':
      return [...new Set([...config.control.regions, ...controlTableCodes(context)])];
    default:
      return undefined;
  }
}

function normalise(text: string): string {
  return text
    .replace(/^pair:/, '')
    .split('+')
    .sort()
    .join('+');
}
