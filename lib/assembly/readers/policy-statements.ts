import type { ValueView } from '../value-view';

/** A statement of a resource policy, as far as it is needed to decide about anonymous readers. */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** It names everybody. */
  readonly everybody: boolean;
  /** AWS principals: account ids, ARNs, `*`. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** The statement says `NotAction`, `NotResource` or `NotPrincipal`, which are not evaluated. */
  readonly negated: boolean;
  readonly resources: readonly string[];
  readonly conditions: readonly { readonly operator: string; readonly key: string; readonly values: readonly string[] }[];
}

/** The statements of a policy document. */
export function policyStatements(document: ValueView): PolicyStatement[] {
  return document
    .at('Statement')
    .items()
    .map((statement) => {
      const principals = principalsOf(statement.at('Principal'));
      return {
        effect: statement.at('Effect').text() === 'Deny' ? ('Deny' as const) : ('Allow' as const),
        everybody: principals.includes('*'),
        principals,
        actions: statement.at('Action').texts(),
        negated: ['NotAction', 'NotResource', 'NotPrincipal'].some((key) => statement.at(key).exists),
        resources: statement.at('Resource').texts(),
        conditions: statement
          .at('Condition')
          .entries()
          .flatMap(([operator, keys]) => keys.entries().map(([key, values]) => ({ operator, key, values: values.texts() }))),
      };
    });
}

/** `"*"`, `{ "AWS": "*" }`, or accounts; services are left out, as they are no anonymous readers. */
function principalsOf(principal: ValueView): string[] {
  const accounts = principal.at('AWS');
  if (accounts.exists) return accounts.texts();
  return principal.entries().length > 0 ? [] : principal.texts();
}
