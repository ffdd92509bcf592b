import { type App, CfnResource, type IPolicyValidationContext, type PolicyValidationPluginReport } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isLarge } from '../threads/large-app';
import { SideThread, type SideThreadOptions } from '../threads/side-thread';

export interface ValidationAheadOptions extends SideThreadOptions {
  /** @default 100 */
  readonly minStampedStacks?: number;
}

/** What the thread is started with. */
export interface ValidationOrder {
  /** Types of the resources that the templates are going to have: its engine is made for them. */
  readonly resourceTypes: readonly string[];
}

/** The templates to validate: the only message to the thread. */
export type ValidationRequest = IPolicyValidationContext['stackTemplates'];

const started = new WeakMap<IConstruct, SideThread>();

/**
 * Starts the engine of the CloudFormation validation for a large app in another thread, while the app is synthesized: it takes seconds, and in a thread
 * of its own V8 does not look through all constructs whenever the engine asks for memory. Call it after the stacks are added. Small apps, machines
 * with one CPU and programs without the worker validate in their own thread.
 */
export function validateAhead(app: App, { minStampedStacks, ...options }: ValidationAheadOptions = {}): void {
  if (!isLarge(app, minStampedStacks)) return;
  const types = app.node
    .findAll()
    .flatMap((construct) => (CfnResource.isCfnResource(construct) ? [construct.cfnResourceType] : []));
  const order: ValidationOrder = { resourceTypes: [...new Set(types)].sort() };
  const thread = SideThread.start('validation-worker', order, options);
  if (thread !== undefined) started.set(app, thread);
}

/** What that engine says of templates, once for each app. Undefined when there is none, or when it failed: whoever asks has to validate then. */
export function validatedAhead(root: IConstruct, request: ValidationRequest): PolicyValidationPluginReport | undefined {
  const thread = started.get(root);
  if (thread === undefined) return undefined;
  started.delete(root);
  thread.tell(request);
  const report = thread.hear() as PolicyValidationPluginReport | undefined;
  thread.end();
  return report;
}
