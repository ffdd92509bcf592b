import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationValidatePlugin, type PolicyValidationPluginReport } from 'aws-cdk-lib';
import { RootConstruct } from 'constructs';
import type { ThreadData } from '../threads/side-thread';
import { receive, send } from '../threads/thread-port';
import type { ValidationAnswer, ValidationOrder, ValidationRequest } from './validation-messages';

/** What the thread of `validateAhead` does. When something goes wrong it has no answer, and who asked validates by itself. */
export function runValidationThread({ order, port }: ThreadData<ValidationOrder>): void {
  let answer: ValidationAnswer | undefined;
  try {
    const plugin = new CloudFormationValidatePlugin();
    startEngine(plugin, order.resourceTypes);
    const report = validate(plugin, receive(port) as ValidationRequest);
    answer = { report, version: plugin.version };
  } finally {
    send(port, answer);
  }
}

/** The engine starts with the first template and is made for the types in it; a later one with other types would make another. */
function startEngine(plugin: CloudFormationValidatePlugin, types: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-types-'));
  try {
    const templatePath = join(folder, 'types.template.json');
    const Resources = Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }]));
    writeFileSync(templatePath, JSON.stringify({ Resources }));
    validate(plugin, [{ stackConstructPath: '', templatePath, accountId: undefined, region: undefined }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function validate(plugin: CloudFormationValidatePlugin, stackTemplates: ValidationRequest): PolicyValidationPluginReport {
  // It looks at nothing but the templates.
  return plugin.validate({
    appConstruct: new RootConstruct(),
    stackTemplates,
    templatePaths: stackTemplates.map(({ templatePath }) => templatePath),
  });
}
