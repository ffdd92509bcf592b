import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { StampStack } from '../../lib/stacks/stamp-stack';
import type { ValueLeaf } from '../../lib/stacks/stamping/placeholders';
import { mutations, type Mutation, renamed, stampedProblems } from '../support/value-mutations';

const TEXTS = [
  'x',
  'a b',
  '-a',
  'UPPER',
  '/x',
  '1',
  'a/b',
  'a_b',
  'x'.repeat(33),
  'x'.repeat(65),
  'x'.repeat(257),
  'x'.repeat(2049),
];
const CIDRS = ['10.0.0.0/8', '10.0.0.1/20', '10.0.0.0/29', '10.0.0.0/33', '300.0.0.0/20', '192.0.2.0/24'];
const NUMBERS = [0, 0.5, 1, 257, 70_000, 1e15];
/** Stacks per app: their templates are validated together. */
const BATCH = 40;

function odd(leaf: string, value: ValueLeaf): readonly ValueLeaf[] {
  // Others are no environment for the CDK.
  if (leaf === 'account') return ['1', 'x'];
  if (typeof value === 'number') return NUMBERS;
  return /^[\d.]+\/\d+$/.test(value) ? CIDRS : TEXTS;
}

/** What constructs, CDK and CloudFormation validation say of stacks that are made by themselves. */
function plainProblems(batch: readonly Mutation[]): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'stampkit-plain-'));
  try {
    const app = new App({ outdir, context: { ...APP_CONTEXT }, analyticsReporting: false, autoSynth: false });
    const problems = batch.map(({ stamp }, index) => {
      try {
        const { shape, values } = renamed(stamp, `stack-${index}`);
        new StampStack(app, `Plain${index}`, { shape, values });
        return '';
      } catch (error) {
        app.node.tryRemoveChild(`Plain${index}`);
        return (error as Error).message;
      }
    });
    try {
      app.synth();
    } catch (error) {
      expect((error as Error).message).toContain('Validation failed');
    }
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      pluginReports: {
        violations: { ruleName: string; description: string; violatingConstructs: { constructPath?: string }[] }[];
      }[];
    };
    for (const { ruleName, description, violatingConstructs } of pluginReports.flatMap(({ violations }) => violations)) {
      for (const { constructPath } of violatingConstructs) {
        const index = Number(/^Plain(\d+)/.exec(constructPath ?? '')?.[1]);
        problems[index] = `${problems[index] ?? ''} ${ruleName}: ${description}`;
      }
    }
    return problems;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test('what is refused of a stack made by itself is refused of a stamped one', () => {
  // The name of a stack is its own, and checked where it is made.
  const all = mutations(odd).filter(({ leaf }) => leaf !== 'names.stack');
  const stamped = stampedProblems(all);
  const accepted = all.filter((_, index) => stamped[index]?.length === 0);
  expect(accepted.length).toBeGreaterThan(100);
  expect(all.length - accepted.length).toBeGreaterThan(200);
  for (let start = 0; start < accepted.length; start += BATCH) {
    const batch = accepted.slice(start, start + BATCH);
    for (const [index, problem] of plainProblems(batch).entries()) {
      expect([batch[index]!.leaf, String(batch[index]!.value).slice(0, 20), problem]).toEqual([
        batch[index]!.leaf,
        String(batch[index]!.value).slice(0, 20),
        '',
      ]);
    }
  }
});
