import type { BackupCopyFact, BackupRuleFact, VaultFact } from '../facts/backups';
import { definedOf, type ResourceView } from '../resource-view';
import { scheduleInterval } from '../schedule-interval';
import type { ValueView } from '../value-view';
import { environmentOf, type Drafts } from './drafts';
import { flagOr, numberOr } from './number-or';
import { policyStatements } from './policy-statements';
import type { Reader } from './reader';

/** `AWS::Backup::*`. */
export const BACKUP_READERS: Readonly<Record<string, Reader>> = {
  'AWS::Backup::BackupVault': readVault,
  'AWS::Backup::LogicallyAirGappedBackupVault': readVault,
  'AWS::Backup::BackupPlan': readPlan,
  'AWS::Backup::BackupSelection': readSelection,
  'AWS::Backup::RestoreTestingPlan': readRestoreTest,
  'AWS::Backup::RestoreTestingSelection': readRestoreTestSelection,
};

/** Rules without a schedule run daily; backups start within 8 hours and are done within 7 days unless the rule says otherwise. */
const DEFAULT_SCHEDULE = 'cron(0 5 ? * * *)';
const DEFAULT_START_MINUTES = 480;
const DEFAULT_COMPLETION_MINUTES = 10_080;

function readVault(view: ResourceView, drafts: Drafts): void {
  const admitted = policyStatements(view.at('AccessPolicy'))
    .filter(
      ({ effect, actions }) => effect === 'Allow' && actions.some((action) => /^backup:(\*|CopyIntoBackupVault)$/i.test(action)),
    )
    .flatMap(({ principals }) => principals.map((principal) => /^arn:[^:]*:iam::(\d+):/.exec(principal)?.[1] ?? principal));
  drafts.vaults.push(
    view.fact({
      name: view.name(),
      arn: view.attribute('BackupVaultArn'),
      lock: lockOf(view),
      copiesFrom: [...new Set(admitted)].sort(),
      deletionPolicy: view.deletionPolicy(),
    }),
  );
}

/** A lock with a date from which nobody can change it is in compliance mode; vaults without a door are locked by nature. */
function lockOf(view: ResourceView): VaultFact['lock'] {
  const airGapped = view.type.endsWith('AirGappedBackupVault');
  const lock = airGapped ? view.properties : view.at('LockConfiguration');
  if (!lock.exists) return undefined;
  return definedOf({
    mode: airGapped || lock.at('ChangeableForDays').exists ? ('compliance' as const) : ('governance' as const),
    minRetentionDays: lock.at('MinRetentionDays').number(),
    maxRetentionDays: lock.at('MaxRetentionDays').number(),
  });
}

function readPlan(view: ResourceView, drafts: Drafts): void {
  const plan = view.at('BackupPlan');
  drafts.backupPlans.push(
    view.fact({
      name: plan.at('BackupPlanName').text() ?? view.logicalId,
      planId: view.reference(),
      rules: plan.at('BackupPlanRule').items().map(ruleOf),
      selections: [],
      protects: [],
    }),
  );
}

function ruleOf(rule: ValueView): BackupRuleFact {
  const schedule = rule.at('ScheduleExpression').text() ?? DEFAULT_SCHEDULE;
  const retention = rule.at('Lifecycle', 'DeleteAfterDays');
  return definedOf({
    name: rule.at('RuleName').text() ?? '',
    vaultName: rule.at('TargetBackupVault').text() ?? '',
    schedule,
    scheduleInterval: scheduleInterval(schedule),
    continuous: flagOr(rule.at('EnableContinuousBackup'), false),
    retentionDays: retention.number(),
    startWindowMinutes: numberOr(rule.at('StartWindowMinutes'), DEFAULT_START_MINUTES),
    completionWindowMinutes: numberOr(rule.at('CompletionWindowMinutes'), DEFAULT_COMPLETION_MINUTES),
    copies: rule.at('CopyActions').items().flatMap(copyOf),
  });
}

function copyOf(action: ValueView): BackupCopyFact[] {
  const destinationArn = action.at('DestinationBackupVaultArn').text();
  if (destinationArn === undefined) return [];
  const [, region, account] = /^arn:[^:]*:backup:([^:]*):([^:]*):/.exec(destinationArn) ?? [];
  return [definedOf({ destinationArn, region, account, retentionDays: action.at('Lifecycle', 'DeleteAfterDays').number() })];
}

function readSelection(view: ResourceView, drafts: Drafts): void {
  const selection = view.at('BackupSelection');
  const conditions = selection.at('Conditions').entries();
  const equal = conditions.filter(([operator]) => operator === 'StringEquals').flatMap(([, list]) => list.items());
  drafts.backupSelections.push({
    plan: view.at('BackupPlanId').text() ?? '',
    name: selection.at('SelectionName').text() ?? '',
    resources: selection.at('Resources').texts(),
    notResources: selection.at('NotResources').texts(),
    tags: Object.fromEntries(
      equal.map((condition) => [tagKey(condition.at('ConditionKey').text() ?? ''), condition.at('ConditionValue').text() ?? '']),
    ),
    anyTag: selection
      .at('ListOfTags')
      .items()
      .map((tag) => ({ key: tag.at('ConditionKey').text() ?? '', value: tag.at('ConditionValue').text() ?? '' })),
    otherConditions: conditions
      .filter(([operator]) => operator !== 'StringEquals')
      .reduce((sum, [, list]) => sum + list.items().length, 0),
  });
}

function tagKey(conditionKey: string): string {
  return conditionKey.replace(/^aws:ResourceTag\//, '');
}

function readRestoreTest(view: ResourceView, drafts: Drafts): void {
  const schedule = view.at('ScheduleExpression').text();
  drafts.restoreTests.push(
    view.fact({
      name: view.name(),
      schedule,
      scheduleInterval: schedule === undefined ? undefined : scheduleInterval(schedule),
      vaultArns: view.at('RecoveryPointSelection', 'IncludeVaults').texts(),
      vaultIds: [],
      selections: [],
    }),
  );
}

function readRestoreTestSelection(view: ResourceView, drafts: Drafts): void {
  drafts.restoreTestSelections.push(
    definedOf({
      environment: environmentOf(view.origin),
      plan: view.at('RestoreTestingPlanName').text() ?? '',
      name: view.at('RestoreTestingSelectionName').text() ?? '',
      resourceType: view.at('ProtectedResourceType').text(),
      validationWindowHours: view.at('ValidationWindowHours').number(),
    }),
  );
}
