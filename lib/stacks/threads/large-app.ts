import type { App } from 'aws-cdk-lib';
import { stampedStacksOf } from '../stamping/concerned-stacks';

/** Below, threads take about as long to start as they save. */
const MIN_STAMPED_STACKS = 100;

/** Whether other threads are to help with an app. */
export function isLarge(app: App, minStampedStacks = MIN_STAMPED_STACKS): boolean {
  return stampedStacksOf(app).length >= minStampedStacks;
}
