import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import { readFleet } from '../assembly/parse-fleet';
import type { Finding } from '../findings';
import { fleetDemand } from '../resilience/fleet-demand';
import { prove } from '../resilience/prove';
import type { Fleet } from '../topology/types';
import { templatesInMemory } from './stamping/templates-in-memory';

/**
 * Makes synth fail on an objective that cannot hold, with what `stampkit verify` says. For apps that hold a whole fleet: a part of one
 * proves nothing about the rest.
 */
export function addProof(app: App, fleet: Fleet): void {
  Validations.of(app).addPlugins(new ProofPlugin(fleet, app.outdir));
}

/**
 * The proof as a validation plugin of the CDK. It reads the whole assembly of its folder: the CDK gives a plugin all stacks at once, or
 * (2.263) those of one account and Region after the other, and a part of a fleet would look like the loss of the rest. Templates that this
 * process has just written are not parsed again.
 */
export class ProofPlugin implements IPolicyValidationPlugin {
  public readonly name = 'stampkit-proof';
  /** Construct paths of the stacks that this synth has shown so far. */
  private readonly shown = new Set<string>();

  /** @param assembly folder that the app is synthesized to */
  public constructor(
    private readonly fleet: Fleet,
    private readonly assembly: string,
  ) {}

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    if (!this.isFirstOfSynth(context)) return { success: true, violations: [] };
    const demand = fleetDemand(this.fleet);
    // Pairs never fail synth unless they are promised or their backups are: the command shows the rest.
    const { findings } = prove(readFleet(this.assembly, templatesInMemory(context.appConstruct)), demand);
    const errors = findings.filter(({ severity }) => severity === 'error');
    return { success: errors.length === 0, violations: errors.map((finding) => violationOf(finding, context)) };
  }

  /** False for the later environments of one synth; a stack that comes again is the next synth. */
  private isFirstOfSynth({ stackTemplates }: IPolicyValidationContext): boolean {
    const paths = stackTemplates.map(({ stackConstructPath }) => stackConstructPath);
    if (paths.some((path) => this.shown.has(path))) this.shown.clear();
    const first = this.shown.size === 0;
    for (const path of paths) this.shown.add(path);
    return first;
  }
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
