import { type Document, isScalar, type Node, parseDocument } from 'yaml';

/** Region codes of an active-passive group. */
export interface PreferredRoles {
  readonly primary: string;
  readonly standby: string;
}

/**
 * The text of a group's file with other preferred roles, and every other byte as it was: comments, order, quotes, line ends. Roles that the
 * file inherits from `defaults` are written into it.
 *
 * @param text valid YAML, one mapping
 */
export function withPreferredRoles(text: string, roles: PreferredRoles): string {
  const document = parseDocument(text, { keepSourceTokens: true });
  const changes = (['primary', 'standby'] as const).map((role) => ({
    role,
    region: roles[role],
    node: scalarAt(document, role),
  }));
  if (changes.some(({ node }) => node === undefined)) {
    for (const { role, region } of changes) document.setIn(['placement', role], region);
    return document.toString({ lineWidth: 0 });
  }
  const splices = changes
    .flatMap(({ region, node }) => (node?.range ? [{ from: node.range[0], to: node.range[1], region }] : []))
    .sort((a, b) => b.from - a.from);
  return splices.reduce((result, { from, to, region }) => result.slice(0, from) + region + result.slice(to), text);
}

function scalarAt(document: Document.Parsed, role: string): Node | undefined {
  const node: unknown = document.getIn(['placement', role], true);
  return isScalar(node) ? node : undefined;
}
