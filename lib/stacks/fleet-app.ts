import { App } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Fleet, StampSpec } from '../topology/types';
import { APP_CONTEXT } from './app-context';
import { ControlStack } from './control-stack';
import { GroupDataStack, hasDataStack } from './group-data-stack';
import { RoutingStack } from './routing-stack';
import { StampStack } from './stamp-stack';
import { addSynthChecks } from './synth-checks';

/** Every stack of a fleet, in the order they are created; removal is the reverse. */
export interface FleetStacks {
  readonly control: readonly ControlStack[];
  readonly data: readonly GroupDataStack[];
  readonly stamps: readonly StampStack[];
  readonly routing: readonly RoutingStack[];
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
    ...(options.outdir !== undefined && { outdir: options.outdir }),
  });
  addSynthChecks(app);
  return app;
}

/**
 * Adds the stacks of a fleet. No stack depends on another one: links between them are names, so that each can be deployed alone
 * (R3). The order to deploy in is control, data, home stamps, other stamps, routing.
 */
export function addFleetStacks(scope: Construct, fleet: Fleet): FleetStacks {
  const control = [...fleet.control.members, ...fleet.control.joining].map(
    (member) => new ControlStack(scope, member.stackName, { fleet, member }),
  );
  const data = fleet.groups
    .filter(hasDataStack)
    .map((group) => new GroupDataStack(scope, group.names.dataStack, { group, regions: fleet.regions }));
  // The CDK CLI takes stacks in the order of the assembly: a member joins a global cluster that its home stamp has filled.
  const stamps = fleet.groups
    .flatMap((group) => [...group.stamps].sort((a, b) => Number(b.home) - Number(a.home)))
    .map((stamp: StampSpec) => new StampStack(scope, stamp.values.names.stack, { shape: stamp.shape, values: stamp.values }));
  const routing = fleet.groups.map((group) => new RoutingStack(scope, group.names.routingStack, { fleet, group }));
  return { control, data, stamps, routing };
}

/**
 * Synthesizes a fleet into a folder and returns it.
 *
 * @throws Error with every finding when a check fails
 */
export function synthesizeFleet(fleet: Fleet, outdir: string): string {
  const app = createApp({ outdir });
  addFleetStacks(app, fleet);
  return app.synth().directory;
}
