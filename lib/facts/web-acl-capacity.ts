/**
 * Web ACL capacity units (WCU) of WAF statements and of AWS's managed rule groups (aws-facts 8.4). AWS changes the capacity of a managed
 * group only with a new version of it.
 */
export const MANAGED_RULE_GROUP_CAPACITY: Readonly<Record<string, number>> = {
  AWSManagedRulesAdminProtectionRuleSet: 100,
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesBotControlRuleSet: 50,
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesLinuxRuleSet: 200,
  AWSManagedRulesPHPRuleSet: 100,
  AWSManagedRulesSQLiRuleSet: 200,
  AWSManagedRulesUnixRuleSet: 100,
  AWSManagedRulesWindowsRuleSet: 200,
  AWSManagedRulesWordPressRuleSet: 100,
};

/** What a statement costs before its text transformations. */
export const STATEMENT_CAPACITY: Readonly<Record<string, number>> = {
  AsnMatchStatement: 1,
  GeoMatchStatement: 1,
  IPSetReferenceStatement: 1,
  LabelMatchStatement: 1,
  RegexMatchStatement: 3,
  RegexPatternSetReferenceStatement: 25,
  SizeConstraintStatement: 1,
  SqliMatchStatement: 30,
  XssMatchStatement: 40,
};

/** A match on text: what it costs depends on where the text may stand. */
export const BYTE_MATCH_CAPACITY: Readonly<Record<string, number>> = {
  CONTAINS: 10,
  CONTAINS_WORD: 10,
  ENDS_WITH: 2,
  EXACTLY: 2,
  STARTS_WITH: 2,
};

/** Of each text transformation but `NONE`. */
export const TEXT_TRANSFORMATION_CAPACITY = 10;

/** A rate-based statement, and each of its own aggregation keys. */
export const RATE_BASED_CAPACITY = { statement: 2, customKey: 30 };
