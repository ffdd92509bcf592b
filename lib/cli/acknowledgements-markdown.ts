import type { AcknowledgedFinding } from '../stacks/acknowledgements';
import type { Fleet } from '../topology/types';
import { counted } from './terminal';

/** One kind of acknowledgement: the same part, the same reason, wherever it is. */
interface Kind {
  readonly resource: string;
  readonly reason: string;
  readonly findings: ReadonlySet<string>;
  readonly stacks: ReadonlySet<string>;
}

/**
 * `docs/acknowledgements.md`: every finding of the rule packs that the fleet's templates live with, and why. Stamps differ in names
 * only, so what they have in common is one row.
 */
export function acknowledgementsMarkdown(fleet: Fleet, acknowledged: readonly AcknowledgedFinding[]): string {
  const kinds = kindsOf(fleet, acknowledged);
  const rows = kinds.map(({ resource, reason, findings, stacks }) => {
    const ids = [...findings].sort(compareText).map((finding) => `\`${finding}\``);
    return `| \`${resource}\` | ${ids.join('<br>')} | ${reason.replaceAll('|', '\\|')} | ${stacks.size} |`;
  });
  return `${[
    '# Acknowledged findings',
    '',
    '<!-- Generated from the example fleet by `npm run generate:acknowledgements`. Do not edit. -->',
    '',
    'cdk-nag (AwsSolutions, NIST 800-53 R5) and the CloudFormation validation of aws-cdk-lib fail synth. What cannot be met is acknowledged on the',
    `narrowest construct, with a reason. In the example fleet these are ${counted(acknowledged.length, 'acknowledgement')} of ${counted(kinds.length, 'kind')}:`,
    '',
    '| Resource | Finding | Reason | Stacks |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Resources are construct paths below their stack. `*` stands for a number or a stamp, names in `<>` for what differs from stamp to stamp.',
    'Other configurations (an external database, sign-in, endpoints-only networks) may acknowledge others; `npm run demo` counts those of the fleet in `stamps/`.',
  ].join('\n')}\n`;
}

function kindsOf(fleet: Fleet, acknowledged: readonly AcknowledgedFinding[]): Kind[] {
  const general = generalizer(fleet);
  const kinds = new Map<string, { resource: string; reason: string; findings: Set<string>; stacks: Set<string> }>();
  for (const { finding, stack, resource, reason } of acknowledged) {
    const path = general(resource).replace(/(?<=[a-z])\d(?=\/|$)/g, '*');
    const key = JSON.stringify([path, reason]);
    const kind = kinds.get(key) ?? { resource: path, reason, findings: new Set<string>(), stacks: new Set<string>() };
    kind.findings.add(general(finding));
    kind.stacks.add(stack);
    kinds.set(key, kind);
  }
  return [...kinds.values()].sort((a, b) => compareText(a.resource, b.resource) || compareText(a.reason, b.reason));
}

/** Replaces what differs between stamps and groups: the longest name first, since names begin with each other. */
function generalizer(fleet: Fleet): (text: string) => string {
  const names = new Map<string, string>([[fleet.account, '<account>']]);
  for (const { region } of fleet.regions) names.set(region, '<region>');
  for (const group of fleet.groups) {
    names.set(group.account, '<account>');
    names.set(group.names.appUser, '<app user>');
    names.set(group.names.probeUser, '<probe user>');
    names.set(group.names.validatorUser, '<validator user>');
    names.set(group.names.table, '<table>');
    names.set(`${group.names.tablePrefix}*`, '<table prefix>*');
    for (const { id, values } of group.stamps) {
      names.set(values.names.stack, '<stack>');
      names.set(id, '*');
    }
  }
  const ordered = [...names].sort(([a], [b]) => b.length - a.length || compareText(a, b));
  return (text) =>
    ordered
      .reduce((result, [name, placeholder]) => result.replaceAll(name, placeholder), text)
      // Logical ids end in a hash that says nothing to a reader.
      .replace(/<(\w+?)[0-9A-F]{8}(\.Arn)?>/g, '<$1>');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
