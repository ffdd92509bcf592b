import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addSynthChecks } from '../../lib/stacks/synth-checks';

/** One finding on one resource that nobody acknowledged. */
export interface CheckViolation {
  /** `AwsSolutions`, `NIST.800.53.R5` or `CloudFormation Validate`. */
  readonly plugin: string;
  /** The id to acknowledge, such as `AwsSolutions-IAM5[Resource::*]` or `CloudFormation-Validate::F3034`. */
  readonly rule: string;
  readonly severity: string;
  /** Construct path of the resource. */
  readonly path: string;
  readonly description: string;
}

export interface CheckedSynthesis {
  readonly template: Template;
  readonly violations: CheckViolation[];
}

/**
 * What the real app's synth checks say about the resources made by `build`: cdk-nag's two packs and the built-in CloudFormation
 * validation, warnings included. Never throws for a violation, so that tests can `expect(violations).toEqual([])`.
 */
export function synthesizeChecked(
  build: (stack: Stack) => void,
  options: { region?: string; stackId?: string; account?: string } = {},
): CheckedSynthesis {
  const app = checkedApp();
  const stack = new Stack(app, options.stackId ?? 'Test', {
    env: { account: options.account ?? '111111111111', region: options.region ?? 'us-east-1' },
  });
  build(stack);
  const { templates, violations } = synthesizeApp(app);
  return { template: templates[stack.stackName]!, violations };
}

/** The same for an app of several stacks; templates by stack name. */
export function synthesizeAppChecked(build: (app: App) => void): {
  templates: Record<string, Template>;
  violations: CheckViolation[];
} {
  const app = checkedApp();
  build(app);
  return synthesizeApp(app);
}

function checkedApp(): App {
  // The report is read instead of thrown; everything else is as in the real app.
  const app = new App({
    context: { ...APP_CONTEXT, '@aws-cdk/core:failSynthOnValidationErrors': false },
    analyticsReporting: false,
  });
  addSynthChecks(app);
  return app;
}

function synthesizeApp(app: App): { templates: Record<string, Template>; violations: CheckViolation[] } {
  const assembly = app.synth();
  const templates = Object.fromEntries(
    assembly.stacks.map((stack) => [stack.stackName, Template.fromJSON(stack.template as Record<string, unknown>)]),
  );
  const violations = readReport(assembly.directory);
  rmSync(assembly.directory, { recursive: true, force: true });
  return { templates, violations };
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly metadata?: { readonly error?: string };
    readonly violations: readonly {
      readonly ruleName: string;
      readonly severity: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

function readReport(directory: string): CheckViolation[] {
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap(({ pluginName, metadata, violations }) => [
    // A pack that broke has proven nothing: that is a violation too.
    ...(metadata?.error === undefined
      ? []
      : [{ plugin: pluginName, rule: 'plugin-failed', severity: 'error', path: '', description: metadata.error }]),
    ...violations.flatMap((violation) =>
      violation.violatingConstructs.map(({ constructPath }) => ({
        plugin: pluginName,
        rule: pluginName === 'CloudFormation Validate' ? `CloudFormation-Validate::${violation.ruleName}` : violation.ruleName,
        severity: violation.severity,
        path: constructPath,
        description: violation.description,
      })),
    ),
  ]);
}
