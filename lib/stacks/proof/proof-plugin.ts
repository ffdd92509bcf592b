import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import { readFleet } from '../../assembly/parse-fleet';
import type { Finding } from '../../findings';
import type { FleetDemand } from '../../resilience/demand';
import { fleetDemand } from '../../resilience/fleet-demand';
import type { Fleet } from '../../topology/types';
import { templatesInMemory } from '../stamping/templates-in-memory';
import { proveAhead, type ProofAhead } from './proof-ahead';
import { proofErrors } from './proof-errors';

/**
 * Makes synth fail on an objective that cannot hold, with what `stampkit verify` says. For apps that hold a whole fleet: a part of one
 * proves nothing about the rest. Call it after the stacks are added.
 */
export function addProof(app: App, fleet: Fleet): void {
  const demand = fleetDemand(fleet);
  Validations.of(app).addPlugins(new ProofPlugin(demand, app.outdir, proveAhead(app, demand)));
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

  /**
   * @param assembly folder that the app is synthesized to
   * @param ahead the same proof in another thread, which is asked once
   */
  public constructor(
    private readonly demand: FleetDemand,
    private readonly assembly: string,
    private ahead?: ProofAhead,
  ) {}

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    if (!this.isFirstOfSynth(context)) return { success: true, violations: [] };
    const errors = this.ahead?.wait() ?? this.errors(context);
    delete this.ahead;
    return { success: errors.length === 0, violations: errors.map((finding) => violationOf(finding, context)) };
  }

  private errors({ appConstruct }: IPolicyValidationContext): Finding[] {
    return proofErrors(readFleet(this.assembly, templatesInMemory(appConstruct)), this.demand);
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
