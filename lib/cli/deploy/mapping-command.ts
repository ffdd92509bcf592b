import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { readArtifacts } from '../../assembly/read-artifacts';
import type { DeployedStacks } from '../../aws/deployment/deployed-stacks';
import { StampError } from '../../errors';
import { EXIT_FINDINGS, EXIT_OK, type Terminal, counted } from '../terminal';
import { type ImportTemplate, importMapping } from './import-mapping';

interface MappingOptions {
  readonly assembly: string;
  readonly stackId?: string;
  readonly out?: string;
}

/** `scripts/import-mapping.sh STACK`: the file that `cdk import --resource-mapping` reads to adopt what a removed stack left. */
export function mappingCommand(terminal: Terminal, deployed: DeployedStacks, finish: (exitCode: number) => void): Command {
  return new Command('import-mapping.sh')
    .description('Writes the mapping with which `cdk import` adopts the resources that a removed stack left behind.')
    .argument('<stack>', 'name of the stack')
    .option('--stack-id <arn>', 'id of the removed stack: CloudFormation remembers its resources for 90 days')
    .option('--assembly <dir>', 'cloud assembly that holds the stack', 'cdk.out')
    .option('--out <file>', 'write the mapping here instead of stdout')
    .addHelpText(
      'after',
      [
        '',
        'Example:',
        '  $ scripts/import-mapping.sh shop-enterprise-usw2 --stack-id arn:aws:cloudformation:... --out mapping.json',
        '  $ npx cdk import shop-enterprise-usw2 --resource-mapping mapping.json',
        '',
        'Exit codes: 0 ok, 1 a retained resource is not in the mapping, 2 usage or unreadable input.',
      ].join('\n'),
    )
    .action(async (stackName: string, options: MappingOptions) => {
      const artifact = readArtifacts(options.assembly).get(stackName);
      if (artifact === undefined)
        throw new StampError(
          'STACK_UNKNOWN',
          `no stack "${stackName}" in ${options.assembly}`,
          'Synthesize first: npx cdk synth.',
        );
      const remembered = options.stackId === undefined ? [] : await deployed.resources(options.stackId, artifact);
      const physicalIds = new Map(
        remembered.flatMap(({ logicalId, physicalId }) => (physicalId === undefined ? [] : [[logicalId, physicalId] as const])),
      );
      const template = JSON.parse(readFileSync(artifact.templatePath, 'utf8')) as ImportTemplate;
      const { mapping, missing, notImportable } = importMapping(template, physicalIds);
      const text = `${JSON.stringify(mapping, undefined, 2)}\n`;
      if (options.out === undefined) terminal.out(text);
      else writeFileSync(options.out, text);
      for (const resource of missing) terminal.err(`not known: ${resource}; give --stack-id, or add it by hand\n`);
      for (const resource of notImportable) terminal.err(`cannot be imported: ${resource}\n`);
      terminal.err(`${counted(Object.keys(mapping).length, 'resource')} to import\n`);
      finish(missing.length + notImportable.length === 0 ? EXIT_OK : EXIT_FINDINGS);
    });
}
