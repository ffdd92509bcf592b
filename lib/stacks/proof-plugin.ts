import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import type { Finding } from '../findings';
import { fleetDemand } from '../resilience/fleet-demand';
import type { Fleet } from '../topology/types';
import { proofErrors, type ProofJob } from './proof-job';
import { type PendingProof, startProof } from './proof-thread';
import { writtenShapes } from './stamping/templates-in-memory';
import { beforeSynthChecks } from './synth-checks';

/**
 * Makes synth fail on an objective that cannot hold, with what `stampkit verify` says. For apps that hold a whole fleet: a part of one
 * proves nothing about the rest.
 */
export function addProof(app: App, fleet: Fleet): void {
  const plugin = new ProofPlugin(fleet, app.outdir);
  beforeSynthChecks(app, (context) => {
    plugin.begin(context);
  });
  Validations.of(app).addPlugins(plugin);
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
  private pending?: PendingProof | undefined;

  /**
   * @param assembly folder that the app is synthesized to
   * @param start how another thread is asked
   */
  public constructor(
    private readonly fleet: Fleet,
    private readonly assembly: string,
    private readonly start: (job: ProofJob) => PendingProof | undefined = startProof,
  ) {}

  /** Begins the proof of a large fleet in another thread: called before other plugins, which need not be waited for. */
  public begin(context: IPolicyValidationContext): void {
    if (this.isFirstOfSynth(context)) this.pending ??= this.start(this.jobOf(context));
  }

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const first = this.isFirstOfSynth(context);
    this.noteShown(context, first);
    if (!first) return { success: true, violations: [] };
    const errors = this.pending?.wait() ?? proofErrors(this.jobOf(context));
    this.pending = undefined;
    return { success: errors.length === 0, violations: errors.map((finding) => violationOf(finding, context)) };
  }

  private jobOf({ appConstruct }: IPolicyValidationContext): ProofJob {
    return { assembly: this.assembly, demand: fleetDemand(this.fleet), shapes: writtenShapes(appConstruct) };
  }

  /** False for the later environments of one synth; a stack that comes again is the next synth. */
  private isFirstOfSynth({ stackTemplates }: IPolicyValidationContext): boolean {
    return this.shown.size === 0 || stackTemplates.some(({ stackConstructPath }) => this.shown.has(stackConstructPath));
  }

  private noteShown({ stackTemplates }: IPolicyValidationContext, first: boolean): void {
    if (first) this.shown.clear();
    for (const { stackConstructPath } of stackTemplates) this.shown.add(stackConstructPath);
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
