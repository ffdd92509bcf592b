import { ASSUMPTION_NAMES, ASSUMPTIONS } from '../../facts/assumptions';
import { type LabAssumption, LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import { LAB_FORMS } from '../../facts/lab-conditions';

/** The table of assumptions for docs/proof.md, which a test compares with it. */
export function assumptionsMarkdown(): string {
  const rows = ASSUMPTION_NAMES.map((name) => {
    const { typical, pessimistic, basis, source, meaning, unit } = ASSUMPTIONS[name];
    const lab = LAB_ASSUMPTIONS[name];
    const value = (number: number): string => `${number}${unit === 'seconds' ? '' : ` (${unit})`}`;
    const cells = [`\`${name}\``, value(typical), value(pessimistic), labValue(lab), basis, source, meaning];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| Name | Typical | Pessimistic | In the lab | Basis | Source | Meaning |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Work, and the waits of each form when there are any. */
function labValue({ nature, pessimistic, work, waits }: LabAssumption): string {
  if (waits === undefined || work === undefined) return `${pessimistic}, ${nature}`;
  const real = `${work} + ${LAB_FORMS.map((form) => waits[form]).join(' / ')}, real`;
  return nature === 'real' ? real : `${pessimistic}, ${nature}, then ${real}`;
}
