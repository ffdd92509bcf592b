import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { APP_CONTEXT } from '../../../lib/stacks/app-context';
import { addFleetStacks } from '../../../lib/stacks/fleet-app';
import { stampedStacksOf } from '../../../lib/stacks/stamping/concerned-stacks';
import { keysOf } from '../../../lib/stacks/stamping/placeholders';
import { leavesOf } from '../../../lib/stacks/stamping/value-leaves';
import { shapeKey } from '../../../lib/topology/shape';
import type { StampShape } from '../../../lib/topology/types';
import { exampleFleet, variantFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';

/** Values that no template of a stamp holds, and where they are instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  fleet: 'part of the names, which are values themselves',
  regionCode: 'part of the names, which are values themselves',
  tags: 'the tags of the stack, in the manifest',
  zoneName: 'part of the names, which are values themselves; the hosted zone is known by its id',
  'groupNames.dataStack': 'the name of another stack',
  'groupNames.routingStack': 'the name of another stack',
};

const stamps = once(() => [exampleFleet(), variantFleet()].flatMap(({ fleet }) => fleet.groups.flatMap((group) => group.stamps)));

const taken = once(() => {
  const paths = new Set<string>();
  for (const { fleet } of [exampleFleet(), variantFleet()]) {
    const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
    addFleetStacks(app, fleet);
    app.synth();
    const stampStacks = new Set(fleet.groups.flatMap((group) => group.stamps.map(({ values }) => values.names.stack)));
    for (const stack of stampedStacksOf(app)) {
      if (stampStacks.has(stack.stackName)) for (const path of stack.shape.text.valuePaths) paths.add(leafName(path));
    }
  }
  return paths;
});

describe('values', () => {
  test('every one reaches a template, or is named as one that does not', () => {
    const all = new Set(stamps().flatMap(({ values }) => [...leavesOf(values).keys()].map(leafName)));
    expect(all.size).toBeGreaterThan(55);
    expect([...all].filter((leaf) => !taken().has(leaf) && !(leaf in ELSEWHERE)).sort()).toEqual([]);
    expect(Object.keys(ELSEWHERE).filter((leaf) => taken().has(leaf))).toEqual([]);
  });

  test('a template takes nothing but values', () => {
    const all = new Set(stamps().flatMap(({ values }) => [...leavesOf(values).keys()].map(leafName)));
    expect([...taken()].filter((leaf) => !all.has(leaf))).toEqual([]);
  });
});

describe('structure', () => {
  test('every leaf of a shape distinguishes it', () => {
    for (const { id, shape } of stamps()) {
      const paths = leafPaths(shape);
      expect(paths.length).toBeGreaterThan(20);
      for (const path of paths) {
        expect([id, path.join('.'), shapeKey(changed(shape, path) as StampShape) === shapeKey(shape)]).toEqual([
          id,
          path.join('.'),
          false,
        ]);
      }
    }
  });

  test('holds nothing that is a value too: two stamps of one shape may differ in every value', () => {
    const values = new Set(['fleet', 'group', 'account', 'names', 'capacity', 'vpcCidr', 'image', 'recordName', 'tags']);
    for (const { shape } of stamps()) expect(Object.keys(shape).filter((key) => values.has(key))).toEqual([]);
    for (const { id, shape } of stamps()) expect([id, JSON.stringify(shape).includes(id)]).toEqual([id, false]);
  });
});

/** Entries of lists and records count as one. */
function leafName(path: string): string {
  const keys = keysOf(path);
  return (keys[0] === 'tags' ? ['tags'] : keys.filter((key) => !/^\d+$/.test(key))).join('.');
}

function leafPaths(node: unknown): string[][] {
  if (typeof node !== 'object' || node === null) return [[]];
  return Object.entries(node).flatMap(([key, item]) => leafPaths(item).map((path) => [key, ...path]));
}

function changed(node: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return typeof node === 'number' ? node + 1 : typeof node === 'boolean' ? !node : `${String(node)}x`;
  if (Array.isArray(node)) return node.map((item: unknown, index) => (String(index) === key ? changed(item, rest) : item));
  return { ...(node as object), [key]: changed((node as Record<string, unknown>)[key], rest) };
}
