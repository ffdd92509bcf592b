import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { acknowledgementsMarkdown } from '../../lib/cli/acknowledgements-markdown';
import { loadFleet } from '../../lib/cli/load-fleet';
import { acknowledgedFindings } from '../../lib/stacks/acknowledgements';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { toSvg } from '../../lib/topology/svg';
import type { Fleet } from '../../lib/topology/types';
import { EXAMPLE_STAMPS } from '../support/cli';
import { codeBlocks, readPage, ROOT, tableWith } from './markdown';

/** What the pages say about the example fleet, compared with its templates. */
const fleet: Fleet = loadFleet(EXAMPLE_STAMPS).fleet!;
const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
const stacks = addFleetStacks(app, fleet);
const acknowledged = acknowledgedFindings(app);
const assembly = app.synth();

describe('README', () => {
  test('the table of stacks is the example fleet, in the order of deployment', () => {
    const home = (name: string): boolean =>
      fleet.groups.some((group) =>
        group.stamps.some(({ regionCode, values }) => values.names.stack === name && regionCode === group.homeRegion),
      );
    const rows = (order: string, of: readonly { stackName: string; region: string }[]): string[][] =>
      of.map(({ stackName, region }) => [order, `\`${stackName}\``, region]);
    expect(tableWith(readPage('README.md'), 'Order', 'Stack').map((row) => row.slice(0, 3))).toEqual([
      ...rows('1 control', stacks.control),
      ...rows('2 data', stacks.data),
      ...rows(
        '3 home stamp',
        stacks.stamps.filter(({ stackName }) => home(stackName)),
      ),
      ...rows(
        '4 other stamps',
        stacks.stamps.filter(({ stackName }) => !home(stackName)),
      ),
      ...rows('5 routing', stacks.routing),
    ]);
  });

  test('the picture of the fleet is up to date (npx stampkit topology --format svg > docs/fleet.svg)', () => {
    expect(readPage('docs/fleet.svg')).toBe(toSvg(fleet));
    expect(readPage('README.md')).toContain('](docs/fleet.svg)');
  });

  test('the picture shows Regions, stamps, names and roles of the group as they are', () => {
    const [picture = ''] = codeBlocks(readPage('README.md'), 'mermaid');
    const group = fleet.groups.find(({ name }) => name === 'enterprise')!;
    for (const { id, shape } of group.stamps) expect(picture).toContain(`["${shape.region}: stamp ${id}"]`);
    for (const name of [group.recordName, ...group.tenantRecordNames, group.names.routingStack]) expect(picture).toContain(name);
    const regions = new Set([...picture.matchAll(/\b[a-z]{2}-[a-z]+-\d\b/g)].map(([region]) => region));
    const control = fleet.control.members.map(({ region }) => region);
    expect([...regions].sort()).toEqual([...new Set([...group.stamps.map(({ shape }) => shape.region), ...control])].sort());
  });

  test('every row of the pattern table is planned, or names code that exists and a test by its title', () => {
    const rows = tableWith(readPage('docs/resilience.md'), 'Pattern', 'In stampkit');
    expect(rows.length).toBeGreaterThanOrEqual(26);
    const broken = rows.flatMap(([pattern, what = '', where = '', proof = '']) => {
      const links = (cell: string): [string, string][] =>
        [...cell.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, text, path]) => [text!, path!]);
      const code = links(where);
      const tests = links(proof);
      if (code.length === 0 || tests.length === 0)
        return where === '' && proof === '' && what.startsWith('planned') ? [] : [pattern];
      const codeExists = code.every(([, path]) => /^(lib|samples)\//.test(path) && existsSync(join(ROOT, path)));
      const testExists = tests.every(
        ([title, path]) =>
          path.startsWith('test/') &&
          existsSync(join(ROOT, path)) &&
          readFileSync(join(ROOT, path), 'utf8').includes(`'${title}'`),
      );
      return codeExists && testExists ? [] : [pattern];
    });
    expect(broken).toEqual([]);
  });
});

describe('docs/destroy-and-adopt.md', () => {
  test('lists exactly the resource types that the templates retain', () => {
    const retained = new Set<string>();
    const otherwise: string[] = [];
    for (const { template } of assembly.stacks) {
      const resources = (
        template as { Resources: Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }> }
      ).Resources;
      for (const { Type, DeletionPolicy = 'Delete', UpdateReplacePolicy } of Object.values(resources)) {
        if (DeletionPolicy === 'RetainExceptOnCreate' && UpdateReplacePolicy === 'Retain') retained.add(Type);
        else if (DeletionPolicy !== 'Delete') otherwise.push(`${Type} ${DeletionPolicy}`);
      }
    }
    const listed = tableWith(readPage('docs/destroy-and-adopt.md'), 'Resource type', 'Where').map(([type = '']) =>
      type.replaceAll('`', ''),
    );
    expect(listed.sort()).toEqual([...retained].sort());
    expect(otherwise).toEqual([]);
  });
});

describe('docs/acknowledgements.md', () => {
  test('is what npm run generate:acknowledgements writes', () => {
    expect(readPage('docs/acknowledgements.md')).toBe(acknowledgementsMarkdown(fleet, acknowledged));
  });

  test('gives every acknowledgement a reason that says something', () => {
    expect(acknowledged.filter(({ reason }) => reason.trim().length < 25)).toEqual([]);
  });
});
