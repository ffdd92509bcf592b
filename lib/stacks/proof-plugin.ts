import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import { parseFleet } from '../assembly/parse-fleet';
import type { AssemblyStack, AssemblyTemplate } from '../assembly/read-assembly';
import type { Finding } from '../findings';
import { fleetDemand } from '../resilience/fleet-demand';
import { prove } from '../resilience/prove';
import type { Fleet } from '../topology/types';

/**
 * Makes synth fail on an objective that cannot hold, with what `stampkit verify` says. For apps that hold a whole fleet: a part of one
 * proves nothing about the rest.
 */
export function addProof(app: App, fleet: Fleet): void {
  Validations.of(app).addPlugins(new ProofPlugin(fleet));
}

/** The proof as a validation plugin of the CDK: it reads the templates that it is given, and nothing else. */
export class ProofPlugin implements IPolicyValidationPlugin {
  public readonly name = 'stampkit-proof';

  public constructor(private readonly fleet: Fleet) {}

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = context.stackTemplates.map(readStack).sort((a, b) => (a.stackName < b.stackName ? -1 : 1));
    const demand = fleetDemand(this.fleet);
    // Pairs never fail synth unless they are promised or their backups are: the command shows the rest.
    const { findings } = prove(parseFleet(stacks), demand);
    const errors = findings.filter(({ severity }) => severity === 'error');
    return { success: errors.length === 0, violations: errors.map((finding) => violationOf(finding, context)) };
  }
}

function readStack({
  templatePath,
  stackConstructPath,
  accountId,
  region,
}: IPolicyValidationContext['stackTemplates'][number]): AssemblyStack {
  const text = readFileSync(templatePath, 'utf8');
  const template = JSON.parse(text) as Partial<AssemblyTemplate>;
  return {
    stackName: basename(templatePath, '.template.json') || stackConstructPath,
    account: accountId ?? 'unknown-account',
    region: region ?? 'unknown-region',
    // What the manifest says of a stack is not known here, and no verdict depends on it.
    terminationProtection: false,
    templateBytes: text.length,
    template: { ...template, Resources: template.Resources ?? {} },
  };
}

function violationOf({ code, message, fix, where }: Finding, { stackTemplates }: IPolicyValidationContext): PolicyViolation {
  const place = [where.file, where.path?.join('.')].filter((part) => part !== undefined).join(' ');
  const [, group] = /^groups\/(.+)\.yaml$/.exec(where.file ?? '') ?? [];
  const concerned = stackTemplates.find(({ stackConstructPath }) => stackConstructPath.endsWith(`-${group ?? ''}-routing`));
  return {
    ruleName: code,
    description: `${place === '' ? '' : `${place}: `}${message}`,
    fix,
    severity: 'error',
    violatingResources: [{ constructPath: (concerned ?? stackTemplates[0])?.stackConstructPath ?? '', locations: [] }],
  };
}
