import { aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CHECKER_RANGES } from '../../facts/checker-ranges';
import { HEALTH_PATH, RESERVED_PATH } from '../../facts/reserved-paths';

export interface WebAclProps {
  /** CloudWatch dimension of the web ACL: the stamp's own, or the metrics of all stamps of a Region would be one. */
  readonly metricName: string;
  /** Addresses from which the stamp asks its own application for its health. */
  readonly ownAddresses: readonly string[];
  /** The application's health path. */
  readonly healthPath: string;
  readonly blockedCidrs: readonly string[];
  readonly rateLimitPer5Min: number;
  readonly tenantRateLimitPer5Min: number | undefined;
}

/**
 * The web ACL of a stamp. The order of the rules is the design ("Protecting the health path"): the Route 53 checkers come
 * first, so that no block list, rate or managed rule can take a healthy stamp out of service.
 *
 * Capacity, of 1,500 that cost nothing extra (default quota 5,000): 700 common + 200 known bad inputs + 25 reputation,
 * about 65 for the paths, 2 to 40 for each rate.
 */
export function createWebAcl(scope: Construct, props: WebAclProps): wafv2.CfnWebACL {
  const checkers = addressSet(scope, 'CheckerRanges', 'Route 53 health checkers', CHECKER_RANGES);
  const rules: UnorderedRule[] = [
    {
      // Allow ends the evaluation, and anybody can point a Route 53 health check at any path of a stamp: so it is the one
      // literal path, unnormalised, that the listener forwards to the health function, and no prefix.
      name: 'allow-route53-checkers',
      action: { allow: {} },
      statement: allOf([{ ipSetReferenceStatement: { arn: checkers.attrArn } }, pathMatches('EXACTLY', HEALTH_PATH, ['NONE'])]),
    },
    {
      // A `.stamp` segment anywhere, however spelled: dot segments and empty ones may move it to the front of the path, and how
      // the load balancer normalises is not documented. No normalisation makes such a segment from a path without one.
      name: 'block-reserved-path',
      action: { block: {} },
      statement: anyOf([
        pathMatches('CONTAINS', `${RESERVED_PATH}/`, ['URL_DECODE', 'LOWERCASE']),
        pathMatches('ENDS_WITH', RESERVED_PATH, ['URL_DECODE', 'LOWERCASE']),
      ]),
    },
  ];
  if (props.ownAddresses.length > 0) {
    // The health function takes the users' way to the application, for every check anew. A client limit on it would be a health
    // check that fails in all stamps at once (R5).
    const own = addressSet(
      scope,
      'OwnAddresses',
      'NAT gateways of the stamp',
      props.ownAddresses.map((address) => `${address}/32`),
    );
    rules.push({
      name: 'allow-own-health-probe',
      action: { allow: {} },
      statement: allOf([{ ipSetReferenceStatement: { arn: own.attrArn } }, pathMatches('EXACTLY', props.healthPath, ['NONE'])]),
    });
  }
  if (props.blockedCidrs.length > 0) {
    const blocked = addressSet(scope, 'BlockedCidrs', 'Blocked CIDRs of the stamp', props.blockedCidrs);
    rules.push({
      name: 'block-cidrs',
      action: { block: {} },
      statement: { ipSetReferenceStatement: { arn: blocked.attrArn } },
    });
  }
  rules.push({
    name: 'limit-client',
    action: TOO_MANY_REQUESTS,
    statement: { rateBasedStatement: { limit: props.rateLimitPer5Min, evaluationWindowSec: WINDOW, aggregateKeyType: 'IP' } },
  });
  if (props.tenantRateLimitPer5Min !== undefined) {
    rules.push({
      // Tenants are host names: one noisy tenant cannot use up the stamp that it shares with others.
      name: 'limit-tenant',
      action: TOO_MANY_REQUESTS,
      statement: {
        rateBasedStatement: {
          limit: props.tenantRateLimitPer5Min,
          evaluationWindowSec: WINDOW,
          aggregateKeyType: 'CUSTOM_KEYS',
          customKeys: [{ header: { name: 'host', textTransformations: transform(['LOWERCASE']) } }],
        },
      },
    });
  }
  rules.push(
    managed('ip-reputation', 'AWSManagedRulesAmazonIpReputationList'),
    managed('known-bad-inputs', 'AWSManagedRulesKnownBadInputsRuleSet'),
    // Behind a load balancer this rule blocks every body above 8 KB, uploads and long JSON alike: it counts instead.
    managed('common', 'AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']),
  );
  return new wafv2.CfnWebACL(scope, 'WebAcl', {
    description: 'Protects the load balancer of the stamp',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(props.metricName),
    rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) })),
  });
}

type UnorderedRule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** Seconds that a rate is counted over. */
const WINDOW = 300;
const TOO_MANY_REQUESTS: wafv2.CfnWebACL.RuleActionProperty = { block: { customResponse: { responseCode: 429 } } };

function addressSet(scope: Construct, id: string, description: string, addresses: readonly string[]): wafv2.CfnIPSet {
  return new wafv2.CfnIPSet(scope, id, {
    description,
    scope: 'REGIONAL',
    ipAddressVersion: 'IPV4',
    addresses: [...addresses],
  });
}

function pathMatches(
  positionalConstraint: 'EXACTLY' | 'CONTAINS' | 'ENDS_WITH',
  searchString: string,
  transformations: readonly string[],
): wafv2.CfnWebACL.StatementProperty {
  return {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint,
      searchString,
      textTransformations: transform(transformations),
    },
  };
}

function transform(types: readonly string[]): wafv2.CfnWebACL.TextTransformationProperty[] {
  return types.map((type, priority) => ({ type, priority }));
}

function allOf(statements: wafv2.CfnWebACL.StatementProperty[]): wafv2.CfnWebACL.StatementProperty {
  return { andStatement: { statements } };
}

function anyOf(statements: wafv2.CfnWebACL.StatementProperty[]): wafv2.CfnWebACL.StatementProperty {
  return { orStatement: { statements } };
}

function managed(name: string, group: string, counted: readonly string[] = []): UnorderedRule {
  return {
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group,
        ...(counted.length > 0 && {
          ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        }),
      },
    },
  };
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
