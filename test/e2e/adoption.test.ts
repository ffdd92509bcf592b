import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { IMPORT_IDENTIFIERS } from '../../lib/facts/import-identifiers';
import { run } from './support/run';

/** What the CloudFormation registry says about a type, as far as cfn-lint ships it. */
interface ResourceSchema {
  readonly primaryIdentifier: readonly string[];
  readonly handlers?: Readonly<Record<string, unknown>>;
}

describe('what a removed stamp leaves can be imported, by the schemas of the CloudFormation registry', () => {
  let folder: string;
  let files: Record<string, string>;

  beforeAll(async () => {
    const found = await run(process.env['EMULATOR_PYTHON']!, [
      '-c',
      'import cfnlint, os; print(os.path.dirname(cfnlint.__file__))',
    ]);
    folder = join(found.stdout.trim(), 'data', 'schemas');
    files = JSON.parse(readFileSync(join(folder, 'providers', 'us-east-1.json'), 'utf8'));
  });

  test.each(Object.entries(IMPORT_IDENTIFIERS))('%s is identified by %s', (type, identifier) => {
    const schema: ResourceSchema = JSON.parse(readFileSync(join(folder, 'resources', `${files[type]!}.json`), 'utf8'));
    expect(schema.primaryIdentifier).toEqual([`/properties/${identifier}`]);
    // An import reads the resource as it is.
    expect(Object.keys(schema.handlers ?? {})).toContain('read');
  });
});
