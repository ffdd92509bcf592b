import { Stack, Validations, type App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { compareText } from '../order';
import { stampedStacksOf } from './stamping/concerned-stacks';
import type { StampedStack } from './stamping/stamped-stack';

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
 * Every acknowledgement in the app, sorted by stack, resource and finding, for the demo, the docs and reviews. Stacks that are made from one
 * shape share its constructs: each of them is listed, with its own names.
 */
export function acknowledgedFindings(app: App): AcknowledgedFinding[] {
  const members = membersOfShapes(app);
  const findings = new Map<string, AcknowledgedFinding>();
  for (const construct of app.node.findAll()) {
    for (const [id, reason] of acknowledgementsOn(construct)) {
      const { stack, resource } = placeOf(construct);
      const made = { finding: id.replace(/^annotation::/i, ''), stack: stack?.stackName ?? '', resource, reason };
      for (const finding of ofMembers(made, stack === undefined ? undefined : members.get(stack))) {
        findings.set(JSON.stringify(finding), finding);
      }
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

function placeOf(construct: IConstruct): { stack: Stack | undefined; resource: string } {
  const stack = construct.node.scopes.findLast((scope): scope is Stack => Stack.isStack(scope));
  if (stack === undefined) return { stack, resource: construct.node.path };
  return { stack, resource: construct.node.path.slice(stack.node.path.length + 1) };
}

/** The stacks made from the stack of each shape. */
function membersOfShapes(app: App): Map<Stack, readonly StampedStack[]> {
  const members = new Map<Stack, readonly StampedStack[]>();
  for (const { shape } of stampedStacksOf(app)) members.set(shape.stack, shape.members);
  return members;
}

function ofMembers(made: AcknowledgedFinding, members: readonly StampedStack[] | undefined): AcknowledgedFinding[] {
  if (members === undefined) return [made];
  return members.map((member) => ({
    finding: member.fillText(made.finding),
    stack: member.stackName,
    resource: member.fillText(made.resource),
    reason: member.fillText(made.reason),
  }));
}
