import { App, Stack } from 'aws-cdk-lib';
import type { DeployStack } from '../topology/deploy-order';

/** Writes a cloud assembly of stacks without resources: enough for the CDK CLI to find and remove the deployed ones. */
export function writeEmptyStacks(outdir: string, stacks: readonly DeployStack[]): void {
  const app = new App({ outdir, analyticsReporting: false });
  for (const { stackName, account, region } of stacks) new Stack(app, stackName, { stackName, env: { account, region } });
  app.synth();
}
