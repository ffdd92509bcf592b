/**
 * What stampkit is compared with: a plain CDK app that makes the same stacks one after another from finished props, with the same
 * rule packs and validation. No configuration to read, no checks of its own, no fleet app.
 */
import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { APP_CONTEXT } from '../lib/stacks/app-context';
import { ControlStack } from '../lib/stacks/control-stack';
import { GroupDataStack, hasDataStack } from '../lib/stacks/group-data-stack';
import { RoutingStack } from '../lib/stacks/routing-stack';
import { StampStack } from '../lib/stacks/stamp-stack';
import type { Fleet } from '../lib/topology/types';

const fleet = JSON.parse(readFileSync(process.env['BENCH_FLEET'] ?? '', 'utf8')) as Fleet;
const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
for (const member of [...fleet.control.members, ...fleet.control.joining])
  new ControlStack(app, member.stackName, { fleet, member });
for (const group of fleet.groups) {
  if (hasDataStack(group)) new GroupDataStack(app, group.names.dataStack, { group, regions: fleet.regions });
  for (const { shape, values } of group.stamps) new StampStack(app, values.names.stack, { shape, values });
  new RoutingStack(app, group.names.routingStack, { fleet, group });
}
app.synth();
