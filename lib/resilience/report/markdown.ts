import type { GroupProof, Proof, Verdict } from '../types';
import { boundText, seconds, sumText } from '../verdict/arithmetic';

/** `failure-modes.md` of every group: dependency, mode, detection, response, bound. */
export function failureModes({ groups, profile }: Proof): string {
  const head = `# Failure modes\n\nWritten by \`stampkit verify --format markdown\`${profile === 'lab' ? ' with the profile of the lab' : ''}. Bounds are upper bounds, made of pessimistic values; docs/proof.md says what they rest on.\n`;
  return [head, ...groups.map(groupModes)].join('\n');
}

function groupModes({ group, verdicts, survives, survivesNot, findings }: GroupProof): string {
  const singles = verdicts.filter(({ failure }) => !failure.includes('+'));
  const pairs = verdicts.filter(({ failure }) => failure.includes('+'));
  const notes = findings.filter(({ severity }) => severity !== 'error').map(({ code, message }) => `- \`${code}\`: ${message}`);
  return [
    `## ${group}\n`,
    `${survives} ${survivesNot}\n`,
    table(singles),
    ...(pairs.length === 0 ? [] : ['### Two at once\n', table(pairs)]),
    ...(notes.length === 0 ? [] : ['### Also worth knowing\n', `${notes.join('\n')}\n`]),
  ].join('\n');
}

function table(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ failure, what, worst, state, reason, rtoObjective }) => {
    const bound = `${sumText(worst.rto)} of ${seconds(rtoObjective)}; rpo ${boundText(worst.rpo)}`;
    const verdict = reason === undefined ? state : `${state}: ${reason}`;
    const response = [worst.response, ...worst.notes].join('; ');
    return [`\`${failure}\``, what, worst.detection, response, bound, verdict].map(cell).join(' | ');
  });
  return [
    '| Dependency | Mode | Detection | Response | Bound | Verdict |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
