import { App, type Stack } from 'aws-cdk-lib';
import type * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { Fleet, StampSpec, TenantGroup } from '../topology/types';
import { APP_CONTEXT } from './app-context';
import { ControlStack } from './control-stack';
import { GroupDataStack, hasDataStack } from './group-data-stack';
import { RoutingStack } from './routing-stack';
import { StampStack } from './stamp-stack';
import { retoldLate } from './stamping/shape-errors';
import { StampedFleet } from './stamping/stamped-fleet';
import { addSynthChecks } from './synth-checks';

/** Every stack of a fleet, in the order they are created; removal is the reverse. */
export interface FleetStacks {
  readonly control: readonly ControlStack[];
  readonly data: readonly Stack[];
  readonly stamps: readonly Stack[];
  readonly routing: readonly Stack[];
}

export interface FleetStacksOptions {
  /**
   * Whether stacks of one shape are made from one tree of constructs (design 11). False makes every stack by itself, as an app without
   * stampkit's fleet would: the same templates, for tests and for code that has to see the constructs of each stamp.
   *
   * @default true
   */
  readonly stamping?: boolean;
}

export interface AppOptions {
  /** Folder of the cloud assembly. @default - what the CDK CLI says, or a temporary folder */
  readonly outdir?: string;
}

/** A CDK app with stampkit's feature flags, whose synth fails on findings of cdk-nag and of the CloudFormation validation. */
export function createApp(options: AppOptions = {}): App {
  const app = new App({
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    // Who makes the app synthesizes it. By itself the CDK would do all of it once more after a failure, and print every finding twice.
    autoSynth: false,
    ...(options.outdir !== undefined && { outdir: options.outdir }),
  });
  addSynthChecks(app);
  return app;
}

/**
 * Adds the stacks of a fleet. No stack depends on another one: links between them are names, so that each can be deployed alone
 * (R3). The order to deploy in is control, data, home stamps, other stamps, routing.
 */
export function addFleetStacks(scope: Construct, fleet: Fleet, options: FleetStacksOptions = {}): FleetStacks {
  const make = (options.stamping ?? true) ? new StampedFleet(scope, fleet) : plainStacks(scope, fleet);
  const control = [...fleet.control.members, ...fleet.control.joining].map(
    (member) => new ControlStack(scope, member.stackName, { fleet, member }),
  );
  const data = fleet.groups.filter(hasDataStack).map((group) => make.data(group));
  // The CDK CLI takes stacks in the order of the assembly: a member joins a global cluster that its home stamp has filled.
  const stamps = fleet.groups
    .flatMap((group) => [...group.stamps].sort((a, b) => Number(b.home) - Number(a.home)))
    .map((stamp) => make.stamp(stamp));
  const routing = fleet.groups.map((group) => make.routing(group));
  dropTraces(scope);
  return { control, data, stamps, routing };
}

/** Acknowledgements record where they were made: other paths on every machine, and the same input has to give the same bytes. */
function dropTraces(scope: Construct): void {
  for (const { node } of scope.node.findAll()) {
    for (const entry of node.metadata) delete (entry as { trace?: unknown }).trace;
  }
}

/** Every stack with constructs of its own. */
function plainStacks(
  scope: Construct,
  fleet: Fleet,
): Record<'data' | 'routing', (group: TenantGroup) => Stack> & {
  readonly stamp: (stamp: StampSpec) => Stack;
} {
  return {
    data: (group) => new GroupDataStack(scope, group.names.dataStack, { group, regions: fleet.regions }),
    stamp: ({ shape, values }) => new StampStack(scope, values.names.stack, { shape, values }),
    routing: (group) => new RoutingStack(scope, group.names.routingStack, { fleet, group }),
  };
}

/**
 * Synthesizes a fleet into a folder and returns it.
 *
 * @throws Error with every finding when a check fails
 */
export function synthesizeFleet(fleet: Fleet, outdir: string): string {
  const app = createApp({ outdir });
  addFleetStacks(app, fleet);
  return synthesizeApp(app).directory;
}

/**
 * Synthesizes an app. What aws-cdk-lib throws while it does names stacks and values, and nothing of shapes.
 *
 * @throws Error with every finding when a check fails
 */
export function synthesizeApp(app: App): cxapi.CloudAssembly {
  try {
    return app.synth();
  } catch (error) {
    throw retoldLate(app, error);
  }
}
