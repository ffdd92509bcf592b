import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolatingResource,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { representsItsShape } from '../stamping/assembly-stacks';
import { aboutStacks, stampedStacksOf } from '../stamping/concerned-stacks';
import type { StampedStack } from '../stamping/stamped-stack';
import { withPlainNumbers } from '../stamping/tokens';
import { validatedAhead } from './validation-ahead';

/** A rule pack that looks at constructs sees each shape once by itself; this adds for which stacks its findings hold. */
export function perShape(pack: IPolicyValidationPlugin): IPolicyValidationPlugin {
  return {
    name: pack.name,
    ...(pack.version !== undefined && { version: pack.version }),
    ...(pack.ruleIds !== undefined && { ruleIds: pack.ruleIds }),
    validate: (context) => {
      return aboutStacks(
        withPlainNumbers(() => pack.validate(context)),
        stampedStacksOf(context.appConstruct),
      );
    },
  };
}

/**
 * The CloudFormation validation that ships with aws-cdk-lib, over one concrete template per shape, the first stack's. What distinguishes the
 * others is checked value by value, see `ValueChecks`.
 */
export class ShapeValidatePlugin extends CloudFormationValidatePlugin {
  /** What the engine of another thread said of itself: asking the one of this thread would load it. */
  private versionAhead?: string;

  public override get version(): string | undefined {
    return this.versionAhead ?? super.version;
  }

  public override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = stampedStacksOf(context.appConstruct);
    const byPath = new Map(stacks.map((stack) => [stack.node.path, stack]));
    const stackTemplates = context.stackTemplates.filter(({ stackConstructPath }) => {
      const stack = byPath.get(stackConstructPath);
      return stack === undefined || representsItsShape(stack);
    });
    const ahead = validatedAhead(context.appConstruct, stackTemplates);
    this.versionAhead = ahead?.version ?? this.versionAhead;
    const report =
      ahead?.report ??
      super.validate({ ...context, stackTemplates, templatePaths: stackTemplates.map(({ templatePath }) => templatePath) });
    const byTemplate = new Map(
      stackTemplates.map((template) => [template.templatePath, byPath.get(template.stackConstructPath)]),
    );
    // Every template has many findings, most of them acknowledged.
    const paths = new Map<StampedStack, ReadonlyMap<string, string>>();
    const pathsOf = (stack: StampedStack): ReadonlyMap<string, string> => {
      const known = paths.get(stack) ?? stack.shape.text.pathsByLogicalId(stack.filling);
      paths.set(stack, known);
      return known;
    };
    const placed = {
      ...report,
      violations: report.violations.map((violation) => ({
        ...violation,
        violatingResources: violation.violatingResources.map((resource) => inShape(resource, byTemplate, pathsOf)),
      })),
    };
    return aboutStacks(placed, stacks, (violation, { constructPath }) => {
      return !acknowledged(context.appConstruct, constructPath ?? '', violation.ruleName);
    });
  }
}

/** With the path of the construct in the shape's tree, where acknowledgements are. */
function inShape(
  resource: PolicyViolatingResource,
  byTemplate: ReadonlyMap<string, StampedStack | undefined>,
  pathsOf: (stack: StampedStack) => ReadonlyMap<string, string>,
): PolicyViolatingResource {
  const stack = byTemplate.get(resource.templatePath ?? '');
  if (stack === undefined) return resource;
  const { resourceLogicalId } = resource;
  const path = resourceLogicalId === undefined ? undefined : pathsOf(stack).get(resourceLogicalId);
  return { ...resource, constructPath: path ?? stack.shape.stack.node.path };
}

/** Whether the rule is acknowledged on the construct or on one that it stands in. aws-cdk-lib looks again, and lists them. */
function acknowledged(root: IConstruct, constructPath: string, rule: string): boolean {
  let construct: IConstruct | undefined = constructPath
    .split('/')
    .reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), root);
  for (; construct !== undefined; construct = construct.node.scope) {
    const ids = construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as object));
    if (ids.some((id) => id === rule || id.endsWith(`::${rule}`))) return true;
  }
  return false;
}
