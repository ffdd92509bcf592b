import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { ROOT } from './support/peers';
import { run } from './support/run';

interface Documented {
  readonly name: string;
  readonly docs?: { readonly summary?: string; readonly default?: string };
  readonly optional?: boolean;
  readonly protected?: boolean;
  readonly overrides?: string;
}

interface ApiType extends Documented {
  readonly datatype?: boolean;
  readonly properties?: readonly Documented[];
  readonly methods?: readonly Documented[];
  readonly members?: readonly Documented[];
}

const assembly = gunzipSync(readFileSync(join(inject('project'), 'node_modules', 'stampkit', '.jsii.gz'))).toString();
const types = Object.values((JSON.parse(assembly) as { types: Record<string, ApiType> }).types);
const membersOf = (type: ApiType): Documented[] =>
  [...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])].filter((member) => member.protected !== true);

test('everything public says what it is', () => {
  const silent = types.flatMap((type) =>
    [type, ...membersOf(type).filter(({ overrides }) => overrides === undefined)]
      .filter(({ docs }) => docs?.summary === undefined)
      .map(({ name }) => (name === type.name ? name : `${type.name}.${name}`)),
  );
  expect(silent).toEqual([]);
});

test('every optional member of a struct says its default', () => {
  const open = types
    .filter(({ datatype }) => datatype === true)
    .flatMap((type) =>
      membersOf(type)
        .filter(({ optional, docs }) => optional === true && docs?.default === undefined)
        .map(({ name }) => `${type.name}.${name}`),
    );
  expect(open).toEqual([]);
});

test('docs/API.md says the same', async () => {
  expect(await run(process.execPath, ['scripts/generate-api-docs.mjs', '--check'], { cwd: ROOT })).toMatchObject({ exitCode: 0 });
});
