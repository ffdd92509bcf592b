import { Stack, Validations, type App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { compareText } from '../order';

/** A finding of the synth checks that somebody decided to live with, and why. */
export interface AcknowledgedFinding {
  /** Rule id with its detail, such as `AwsSolutions-IAM5[Resource::*]` or `CloudFormation-Validate::W3010`. */
  readonly finding: string;
  /** Name of the stack that holds the resource. */
  readonly stack: string;
  /** Construct path of what was acknowledged, below its stack; empty for a whole stack. */
  readonly resource: string;
  readonly reason: string;
}

/**
 * Every acknowledgement in the app, sorted by stack, resource and finding, for the demo, the docs and reviews. In a fleet synth,
 * stamps of one shape share a construct tree, so each acknowledgement is listed once per shape.
 */
export function acknowledgedFindings(app: App): AcknowledgedFinding[] {
  const findings = new Map<string, AcknowledgedFinding>();
  for (const construct of app.node.findAll()) {
    for (const [id, reason] of acknowledgementsOn(construct)) {
      const finding = { finding: id.replace(/^annotation::/i, ''), ...placeOf(construct), reason };
      findings.set(JSON.stringify(finding), finding);
    }
  }
  return [...findings.values()].sort(
    (a, b) => compareText(a.stack, b.stack) || compareText(a.resource, b.resource) || compareText(a.finding, b.finding),
  );
}

function acknowledgementsOn(construct: IConstruct): [string, string][] {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
}

function placeOf(construct: IConstruct): { stack: string; resource: string } {
  const stack = construct.node.scopes.findLast((scope): scope is Stack => Stack.isStack(scope));
  if (stack === undefined) return { stack: '', resource: construct.node.path };
  return { stack: stack.stackName, resource: construct.node.path.slice(stack.node.path.length + 1) };
}
