import {
  BYTE_MATCH_CAPACITY,
  MANAGED_RULE_GROUP_CAPACITY,
  RATE_BASED_CAPACITY,
  STATEMENT_CAPACITY,
  TEXT_TRANSFORMATION_CAPACITY,
} from '../facts/web-acl-capacity';
import { listOf, type Properties, recordOf, textOf } from './template-reader';

export interface WebAclCapacity {
  /** WCU of everything that could be judged. */
  readonly capacity: number;
  /** Rule groups and statements whose capacity nobody told. */
  readonly unknown: readonly string[];
}

/** Capacity units of a web ACL's rules, as WAF counts them (aws-facts 8.4). */
export function webAclCapacity(webAcl: Properties): WebAclCapacity {
  const unknown: string[] = [];
  const capacity = listOf(webAcl['Rules']).reduce<number>(
    (total, rule) => total + statementCapacity(recordOf(recordOf(rule)['Statement']), unknown),
    0,
  );
  return { capacity, unknown };
}

function statementCapacity(statement: Properties, unknown: string[]): number {
  const [kind, value] = Object.entries(statement)[0] ?? [];
  if (kind === undefined) return 0;
  const body = recordOf(value);
  switch (kind) {
    case 'AndStatement':
    case 'OrStatement':
      return listOf(body['Statements']).reduce<number>(
        (total, nested) => total + statementCapacity(recordOf(nested), unknown),
        0,
      );
    case 'NotStatement':
      return statementCapacity(recordOf(body['Statement']), unknown);
    case 'RateBasedStatement':
      return (
        RATE_BASED_CAPACITY.statement +
        RATE_BASED_CAPACITY.customKey * listOf(body['CustomKeys']).length +
        statementCapacity(recordOf(body['ScopeDownStatement']), unknown)
      );
    case 'ManagedRuleGroupStatement': {
      const own = MANAGED_RULE_GROUP_CAPACITY[textOf(body['Name'])];
      if (own === undefined) unknown.push(textOf(body['Name']));
      return (own ?? 0) + statementCapacity(recordOf(body['ScopeDownStatement']), unknown);
    }
    case 'ByteMatchStatement':
      return (BYTE_MATCH_CAPACITY[textOf(body['PositionalConstraint'])] ?? 10) * bodyFactor(body) + transformations(body);
    case 'RuleGroupReferenceStatement':
      unknown.push('a rule group that is referred to');
      return 0;
    default: {
      const own = STATEMENT_CAPACITY[kind];
      if (own === undefined) unknown.push(kind);
      return (own ?? 0) * bodyFactor(body) + transformations(body);
    }
  }
}

/** Looking into a JSON body costs twice as much. */
function bodyFactor(body: Properties): number {
  return recordOf(body['FieldToMatch'])['JsonBody'] === undefined ? 1 : 2;
}

function transformations(body: Properties): number {
  const changing = listOf(body['TextTransformations']).filter((one) => recordOf(one)['Type'] !== 'NONE');
  return TEXT_TRANSFORMATION_CAPACITY * changing.length;
}
