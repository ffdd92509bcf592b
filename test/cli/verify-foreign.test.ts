import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CliRun, documentOf, run } from '../support/cli';
import { foreignStacks } from '../support/foreign-assembly';
import { writeAssembly } from '../support/mutate-assembly';
import { type HandWrittenStack, handWritten } from '../support/template-stacks';

const folder = mkdtempSync(join(tmpdir(), 'stampkit-foreign-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let files = 0;

function objectives(rto: string, ...more: readonly string[]): string {
  files += 1;
  const file = join(folder, `objectives-${files}.yaml`);
  const lines = [
    'schemaVersion: 1',
    'groups:',
    '  - name: web',
    '    record: www.example.com',
    `    objectives: { availability: { rto: ${rto}, rpo: 1m }, recovery: { rto: 8h, rpo: 24h } }`,
    ...more.map((line) => `    ${line}`),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function verify(stacks: readonly HandWrittenStack[], file: string, ...args: readonly string[]): Promise<CliRun> {
  files += 1;
  const assembly = writeAssembly(stacks.map(handWritten), join(folder, `assembly-${files}`));
  return run('verify', '--assembly', assembly, '--objectives', file, ...args);
}

interface Document {
  readonly ok: boolean;
  readonly groups: readonly {
    readonly survivesNot: string;
    readonly verdicts: readonly {
      readonly failure: string;
      readonly state: string;
      readonly worst: {
        readonly effect: string;
        readonly rto: { readonly pessimistic?: number; readonly unbounded?: string };
        readonly rpo: { readonly pessimistic?: number };
      };
    }[];
  }[];
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
  readonly skipped: readonly string[];
}

async function judged(stacks: readonly HandWrittenStack[], file: string): Promise<Document & { readonly exitCode: number }> {
  const result = await verify(stacks, file, '--json');
  return { ...(documentOf(result) as unknown as Document), exitCode: result.exitCode };
}

/** `violated operator 1048 10`, by failure. */
function verdictsOf({ groups }: Document): Readonly<Record<string, string>> {
  const verdicts = groups.flatMap((group) => group.verdicts).filter(({ failure }) => !failure.includes('+'));
  return Object.fromEntries(
    verdicts.map(({ failure, state, worst: { effect, rto, rpo } }) => [
      failure.replaceAll('111111111111/', ''),
      `${state} ${effect} ${rto.pessimistic ?? 'no bound'} ${rpo.pessimistic ?? 'no bound'}`,
    ]),
  );
}

function errorsOf({ findings }: Document): readonly string[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`);
}

const DEMAND = ['peakRequestsPerSecond: 100', 'requestsPerSecondPerTask: 50'];
const ACCEPTED = [
  ...DEMAND,
  'accept:',
  "  - { failure: 'deployment:web', reason: 'no alarms yet' }",
  "  - { failure: 'database:111111111111/us-east-1', reason: 'the check does not look at the table' }",
];

describe('verify of an assembly that stampkit did not generate', { timeout: 60_000 }, () => {
  test('a global table behind failover records: Route 53 moves clients by the checks that it found in the templates', async () => {
    const document = await judged(foreignStacks('table'), objectives('15m', ...DEMAND));
    expect(document.exitCode).toBe(1);
    expect(verdictsOf(document)).toMatchObject({
      // 3 x (10 + 6) + 60 + 60 + 60; the lag of eventually consistent replicas.
      'region:us-east-1': 'holds recovers 228 10',
      'stamp:us-east-1': 'holds recovers 228 0',
      'region:us-west-2': 'holds none 0 0',
      // The check asks the load balancer only, and nothing reads a switch.
      'database:us-east-1': 'violated lost no bound 10',
      'deployment:us-east-1': 'violated lost no bound 0',
      'data:web': 'holds operator 15070 300',
    });
    expect(errorsOf(document).map((text) => text.split(':', 2).join(':'))).toEqual([
      'availability-violated database:111111111111/us-east-1',
      'availability-violated deployment:111111111111/us-east-1',
    ]);
    expect(document.skipped).toEqual(['AWS::Cognito::UserPool (2)', 'AWS::SNS::Topic (2)']);
  });

  test('passes with exit code 0 when what does not hold is accepted, and still shows it', async () => {
    const { exitCode, out, err } = await verify(foreignStacks('table'), objectives('15m', ...ACCEPTED));
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/database:111111111111\/us-east-1 +accepted +no bound/);
    expect(out).toContain('not understood, and not judged: AWS::Cognito::UserPool (2), AWS::SNS::Topic (2)');
  });

  test('a tighter objective fails with the arithmetic of its own checks', async () => {
    const { exitCode, out } = await verify(foreignStacks('table'), objectives('3m', ...ACCEPTED));
    expect(exitCode).toBe(1);
    expect(out).toMatch(/availability-violated: region:us-east-1.*rto 228 s, promised 180 s/);
    expect(out).toMatch(/detection +48 s +3 x \(10 s \+ 6 s\)/);
  });

  test('a global cluster: the loss of the writer’s Region needs an operator, nothing caps its lag, nothing is backed up', async () => {
    const document = await judged(foreignStacks('cluster'), objectives('15m', ...DEMAND));
    expect(document.exitCode).toBe(1);
    expect(verdictsOf(document)).toMatchObject({
      'region:us-east-1': 'violated operator 1048 10',
      'data:web': 'violated lost no bound no bound',
      'region:us-west-2': 'holds none 0 0',
    });
    const codes = document.findings.map(({ code }) => code);
    expect(codes).toContain('replication-lag-unbounded');
    expect(codes).toContain('evacuation-impossible');
  });

  test('database instances outside a cluster are said not to be judged, and everything else is', async () => {
    const document = await judged(foreignStacks('instance'), objectives('15m', ...ACCEPTED.slice(0, 4)));
    expect(errorsOf(document)).toEqual([]);
    expect(document.exitCode).toBe(0);
    expect(document.findings).toContainEqual(
      expect.objectContaining({
        code: 'data-not-judged',
        severity: 'info',
        message: expect.stringContaining('neither') as string,
      }),
    );
    expect(verdictsOf(document)).toMatchObject({ 'region:us-east-1': 'holds recovers 228 0' });
  });

  test('checks that lead nowhere known are no checks: the Region’s loss has no bound', async () => {
    const text = JSON.stringify(foreignStacks('table')).replaceAll(
      '"FullyQualifiedDomainName":"us-east-1.example.com"',
      '"FullyQualifiedDomainName":"probe.example.net"',
    );
    const document = await judged(JSON.parse(text) as HandWrittenStack[], objectives('15m', ...ACCEPTED));
    expect(document.exitCode).toBe(1);
    expect(verdictsOf(document)['region:us-east-1']).toBe('violated lost no bound 10');
  });
});

describe('verify of an assembly with nothing to judge', { timeout: 60_000 }, () => {
  const without = (pattern: RegExp): HandWrittenStack[] =>
    foreignStacks('table').map((stack) => ({
      ...stack,
      resources: Object.fromEntries(Object.entries(stack.resources).filter(([id]) => !pattern.test(id))),
    }));

  test.each<[string, readonly HandWrittenStack[]]>([
    ['no records at all', without(/^(Own|Record)/)],
    ['records of other names only', without(/^Record/)],
    ['nothing that serves', [{ name: 'app', resources: { Topic: ['AWS::SNS::Topic', {}] } }]],
    ['no stack', []],
  ])('%s: exit code 1, one finding that says so, and no verdict', async (_what, stacks) => {
    const document = await judged(stacks, objectives('15m', ...DEMAND));
    expect(document.exitCode).toBe(1);
    expect(document.ok).toBe(false);
    expect(verdictsOf(document)).toEqual({});
    expect(errorsOf(document)).toEqual([
      'usually-unfit before anything fails, no record leads to a load balancer of these templates for web: nothing is judged',
    ]);
    expect(document.groups[0]?.survivesNot).toBe('No failure of web could be judged.');
  });

  test('a stamp that the file names and the assembly does not have is a usage error', async () => {
    const file = objectives('15m', "stamps: [{ id: '111111111111/eu-west-1' }]");
    const { exitCode, out, err } = await verify(foreignStacks('table'), file);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/the assembly has no "111111111111\/eu-west-1"[\s\S]*111111111111\/us-east-1, 111111111111\/us-west-2/);
  });

  test('stamps that are named are judged without records: nobody is sent to them', async () => {
    const file = objectives('15m', ...DEMAND, "stamps: [{ id: '111111111111/us-east-1' }, { id: '111111111111/us-west-2' }]");
    const document = await judged(without(/^(Own|Record)/), file);
    expect(document.exitCode).toBe(1);
    expect(errorsOf(document).join('\n')).toContain('usually-unfit before anything fails, no record answers the name of web');
  });
});
