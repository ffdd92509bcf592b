import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ACTIONS, actionOf } from '../../../lib/aws/call/actions';
import { RESOURCES } from '../../../lib/aws/call/resources';

const root = resolve(__dirname, '..', '..', '..', 'lib', 'aws');

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

interface Use {
  readonly file: string;
  readonly service: string;
  readonly call: string;
}

/** Every command of the SDK that a file imports. */
function usesOf(path: string): Use[] {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/import\s+(?!type\s)\{([^}]*)\}\s+from\s+'@aws-sdk\/client-([\w-]+)'/g)];
  return imports.flatMap(([, names = '', service = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/\s+as\s+.*/, ''))
      .filter((name) => name.endsWith('Command'))
      .map((name) => ({ file: relative(root, path), service, call: name.replace(/Command$/, '') })),
  );
}

const files = [...sourceFiles(join(root, 'operations')), ...sourceFiles(join(root, 'call'))];
const uses = files.flatMap(usesOf);
const named = (service: string, call: string): string => `${service} ${call}`;

describe('adapters call nothing but what the table of actions has', () => {
  test('there is something to look at', () => {
    expect(uses.length).toBeGreaterThan(15);
  });

  test('every command that is imported is in the table', () => {
    const missing = uses
      .filter((use) => actionOf(use) === undefined)
      .map((use) => `${use.file}: ${named(use.service, use.call)}`);
    expect(missing).toEqual([]);
  });

  test('every entry of the table is used', () => {
    const used = new Set(uses.map((use) => named(use.service, use.call)));
    const idle = ACTIONS.filter(({ action }) => action !== '-').map(({ service, call }) => named(service, call));
    expect(idle.filter((call) => !used.has(call))).toEqual([]);
  });

  test('a file that imports a command names the same call to Caller', () => {
    const silent = uses.filter(({ file, call }) => !readFileSync(join(root, file), 'utf8').includes(`'${call}'`));
    expect(silent.map(({ file, call }) => `${file}: ${call}`)).toEqual([]);
  });

  test('nobody goes past Caller: no paginator, no waiter, no command that is made at run time', () => {
    const past = files.filter((file) =>
      /\b(paginate[A-Z]|waitUntil[A-Z])|@aws-sdk\/lib-|import\(/.test(readFileSync(file, 'utf8')),
    );
    expect(past.map((file) => relative(root, file))).toEqual([]);
  });
});

describe('the table itself', () => {
  test('has each call once', () => {
    const calls = ACTIONS.map(({ service, call }) => named(service, call));
    expect(calls.filter((call, place) => calls.indexOf(call) !== place)).toEqual([]);
  });

  test('grants no action without saying on what', () => {
    const loose = ACTIONS.filter(
      ({ action, on, also = [] }) => (action !== '-' && on.length === 0) || also.some((each) => each.on.length === 0),
    );
    expect(loose.map(({ call }) => call)).toEqual([]);
  });

  test('actions are spelled like IAM’s, and never with a wildcard', () => {
    const actions = ACTIONS.flatMap(({ action, also = [] }) => [action, ...also.map((each) => each.action)]);
    expect(actions.filter((action) => action !== '-' && !/^[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]+$/.test(action))).toEqual([]);
  });

  test('every kind of resource is used and explains its wildcards', () => {
    const used = new Set(ACTIONS.flatMap(({ on, also = [] }) => [...on, ...also.flatMap((each) => each.on)]));
    expect(Object.keys(RESOURCES).filter((key) => !used.has(key as keyof typeof RESOURCES))).toEqual([]);
    const scope = { partition: 'aws', fleet: 'shop', account: '1', role: 'operator' };
    const unexplained = Object.entries(RESOURCES).filter(
      ([, { arn, wildcards }]) => arn(scope).includes('*') && wildcards === '',
    );
    expect(unexplained.map(([key]) => key)).toEqual([]);
  });
});
