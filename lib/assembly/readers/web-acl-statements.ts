import type { ValueView } from '../value-view';

/** A statement of a web ACL's rule, as far as it says something about path and source address. */
export type AclStatement =
  | { readonly kind: 'path'; readonly match: string; readonly text: string; readonly lowerCase: boolean }
  /** ARN of an address set. */
  | { readonly kind: 'addresses'; readonly set: string }
  | { readonly kind: 'and' | 'or'; readonly statements: readonly AclStatement[] }
  | { readonly kind: 'not'; readonly statement: AclStatement }
  /** Rates, managed groups, countries, headers: may match or not. */
  | { readonly kind: 'uncertain' };

export function aclStatement(view: ValueView): AclStatement {
  const path = view.at('ByteMatchStatement');
  if (path.at('FieldToMatch', 'UriPath').exists) {
    const transformations = path.at('TextTransformations').items();
    return {
      kind: 'path',
      match: path.at('PositionalConstraint').text() ?? '',
      text: path.at('SearchString').text() ?? '',
      lowerCase: transformations.some((transformation) => transformation.at('Type').text() === 'LOWERCASE'),
    };
  }
  const addresses = view.at('IPSetReferenceStatement');
  // Behind a proxy's header the address is whatever the header says.
  if (addresses.exists && !addresses.at('IPSetForwardedIPConfig').exists) {
    return { kind: 'addresses', set: addresses.at('Arn').text() ?? '' };
  }
  for (const [name, kind] of [
    ['AndStatement', 'and'],
    ['OrStatement', 'or'],
  ] as const) {
    const list = view.at(name, 'Statements');
    if (list.exists) return { kind, statements: list.items().map(aclStatement) };
  }
  const negated = view.at('NotStatement', 'Statement');
  return negated.exists ? { kind: 'not', statement: aclStatement(negated) } : { kind: 'uncertain' };
}
