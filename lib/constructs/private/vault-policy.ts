import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What takes a recovery point away or lets it expire early. */
const DELETION = ['backup:DeleteRecoveryPoint', 'backup:DisassociateRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'];

/**
 * Access policy of a vault: accounts may copy into it, and nobody takes recovery points out of it before their time but the
 * break-glass roles. Expiry by the lifecycle is the service's own and goes on. Changing this policy is not denied: a stack that
 * could never lower a guard again could not be operated either.
 */
export function vaultPolicy(
  scope: Construct,
  copySourceAccounts: readonly string[],
  breakGlassRoleArns: readonly string[],
): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'CopyIntoThisVault',
        principals: [Stack.of(scope).account, ...copySourceAccounts].map((account) => new iam.AccountPrincipal(account)),
        actions: ['backup:CopyIntoBackupVault'],
        resources: ['*'],
      }),
      new iam.PolicyStatement({
        sid: 'KeepRecoveryPoints',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: DELETION,
        resources: ['*'],
        ...(breakGlassRoleArns.length > 0 && {
          conditions: { ArnNotLike: { 'aws:PrincipalArn': [...breakGlassRoleArns] } },
        }),
      }),
    ],
  });
}
