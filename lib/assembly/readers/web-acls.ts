import { definedOf, type ResourceView } from '../resource-view';
import type { ValueView } from '../value-view';
import type { AclRuleDraft, Drafts } from './drafts';
import type { Reader } from './reader';
import { aclStatement } from './web-acl-statements';

/** `AWS::WAFv2::*`. */
export const WEB_ACL_READERS: Readonly<Record<string, Reader>> = {
  'AWS::WAFv2::WebACL': readWebAcl,
  'AWS::WAFv2::IPSet': (view, drafts) =>
    drafts.addressSets.push({ arn: view.attribute('Arn'), addresses: view.at('Addresses').texts() }),
  'AWS::WAFv2::WebACLAssociation': (view, drafts) =>
    drafts.webAclAssociations.push({ webAcl: view.at('WebACLArn').text() ?? '', resource: view.at('ResourceArn').text() ?? '' }),
};

function readWebAcl(view: ResourceView, drafts: Drafts): void {
  const statements = view.at('Rules').items().map(ruleOf);
  statements.sort((a, b) => a.priority - b.priority);
  drafts.webAcls.push(
    view.fact({
      arn: view.attribute('Arn'),
      defaultAction: view.at('DefaultAction', 'Block').exists ? ('block' as const) : ('allow' as const),
      rules: statements.map(({ name, priority, action }) => ({ name, priority, action })),
      loadBalancerIds: [],
      statements,
    }),
  );
}

function ruleOf(rule: ValueView): AclRuleDraft {
  return definedOf({
    name: rule.at('Name').text() ?? '',
    priority: rule.at('Priority').number() ?? 0,
    action: actionOf(rule),
    statement: aclStatement(rule.at('Statement')),
  });
}

/** `allow`, `block`, `count`, `captcha`, `challenge`; `group` for rule groups whose own rules decide. */
function actionOf(rule: ValueView): string {
  const [own] = rule.at('Action').entries();
  if (own !== undefined) return own[0].toLowerCase();
  return rule.at('OverrideAction', 'Count').exists ? 'count' : 'group';
}
