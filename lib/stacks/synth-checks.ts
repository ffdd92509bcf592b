import { Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';

/**
 * Registers the rule packs whose findings fail synth: cdk-nag AwsSolutions and NIST 800-53 Revision 5. The CloudFormation
 * validation that ships with aws-cdk-lib needs no registration: it runs by itself and `APP_CONTEXT` makes its errors fatal.
 *
 * A finding that cannot be met is acknowledged on the narrowest construct with `Validations.of(construct).acknowledge(...)`;
 * `acknowledgedFindings` lists them all. Call it once, on the app: the packs walk everything below it.
 */
export function addSynthChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
}
