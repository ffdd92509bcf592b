import { Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { ValueChecks } from './stamping/value-checks';
import { perShape, ShapeValidatePlugin } from './validation/shape-validation';

/** One for all apps of a process: its engine takes a second to start. */
let cloudFormationValidation: ShapeValidatePlugin | undefined;

/**
 * Registers the checks whose findings fail synth: cdk-nag AwsSolutions and NIST 800-53 Revision 5, the CloudFormation validation that ships
 * with aws-cdk-lib (`APP_CONTEXT` makes its errors fatal), and the values of every stamp. Stacks of one shape are checked once, and a
 * finding says how many of them it concerns.
 *
 * A finding that cannot be met is acknowledged on the narrowest construct with `Validations.of(construct).acknowledge(...)`;
 * `acknowledgedFindings` lists them all. Call it once, on the app: the packs walk everything below it.
 */
export function addSynthChecks(app: App): void {
  cloudFormationValidation ??= new ShapeValidatePlugin();
  Validations.of(app).addPlugins(
    perShape(new AwsSolutionsChecks(app)),
    perShape(new NIST80053R5Checks(app)),
    cloudFormationValidation,
    new ValueChecks(),
  );
}
