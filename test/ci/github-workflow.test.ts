import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderGithubWorkflow } from '../../lib/ci/github-workflow';
import { lintWorkflow } from './actionlint';
import { examplePlan } from './pipeline';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Record<string, string>;
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Record<string, { branches: string[] } | null>;
  readonly permissions: Record<string, string>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': string };
  readonly jobs: Record<string, Job>;
}

const text = renderGithubWorkflow(examplePlan());
const workflow = parse(text) as Workflow;
const jobs = Object.entries(workflow.jobs);

function runs(job: string): string[] {
  return workflow.jobs[job]!.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
}

describe('actionlint', () => {
  test.each([
    ['with the defaults', examplePlan()],
    ['with every option', examplePlan({ branch: 'release/1.x', bakeMinutes: 60, canary: 'pool-use1', scriptFile: "ci/it's.sh" })],
  ])('has nothing to say: %s', async (_name, plan) => {
    expect(await lintWorkflow(renderGithubWorkflow(plan))).toEqual([]);
  });

  test('has nothing to say about the inputs of the actions, which it knows by tag and not by commit', async () => {
    const byTag = text.replace(/@[0-9a-f]{40} # (v\d+).*$/gm, '@v4');
    expect(byTag).toContain('actions/checkout@v4');
    expect(await lintWorkflow(byTag)).toEqual([]);
  });

  test('would speak: a context that does not exist, an input that the action does not take', async () => {
    expect(await lintWorkflow(text.replace('github.token', 'github.tokn'))).not.toEqual([]);
    expect(
      await lintWorkflow(text.replace(/@[0-9a-f]{40}/g, '@v4').replace('persist-credentials', 'persist-credential')),
    ).not.toEqual([]);
  });
});

describe('who may do what', () => {
  test('nothing by default, and each job only what it needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions]))).toEqual({
      check: { contents: 'read' },
      diff: { contents: 'read', 'id-token': 'write' },
      comment: { 'pull-requests': 'write' },
      canary: { contents: 'read', 'id-token': 'write' },
      rest: { contents: 'read', 'id-token': 'write' },
    });
  });

  test('the job that writes to a pull request checks nothing out of it and has no credentials of AWS', () => {
    const { steps } = workflow.jobs['comment']!;
    expect(steps.flatMap(({ uses }) => uses ?? []).map((uses) => uses.split('@')[0])).toEqual(['actions/download-artifact']);
  });

  test('a fork’s pull request gets no credentials; a pull request never gets those that deploy', () => {
    expect(workflow.jobs['diff']!.if).toContain('head.repo.full_name == github.repository');
    const roles = (job: string): unknown[] => workflow.jobs[job]!.steps.flatMap((step) => step.with?.['role-to-assume'] ?? []);
    expect(roles('check')).toEqual([]);
    expect(roles('diff')).toEqual(['${{ vars.STAMPKIT_DIFF_ROLE_111111111111 }}']);
    expect(roles('canary')).toEqual([
      '${{ vars.STAMPKIT_WATCH_ROLE_111111111111 }}',
      '${{ vars.STAMPKIT_DEPLOY_ROLE_111111111111 }}',
      '${{ vars.STAMPKIT_WATCH_ROLE_111111111111 }}',
    ]);
    expect(roles('rest')).toEqual(['${{ vars.STAMPKIT_DEPLOY_ROLE_111111111111 }}']);
    for (const job of ['canary', 'rest']) expect(text).toMatch(new RegExp(`^ {2}${job}:\n {4}needs: `, 'm'));
    expect(workflow.jobs['canary']!.if).toBe("github.event_name != 'pull_request' && github.ref == 'refs/heads/main'");
  });

  test('every action is pinned by commit and keeps no token on disk', () => {
    const uses = [...text.matchAll(/uses: (\S+)(.*)$/gm)];
    expect(uses.length).toBeGreaterThan(10);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/^[a-z-]+\/[a-z-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    for (const step of jobs.flatMap(([, { steps }]) => steps).filter(({ uses }) => uses?.startsWith('actions/checkout') === true))
      expect(step.with).toEqual({ 'persist-credentials': false });
  });

  test('what strangers can write reaches a script through the environment only', () => {
    for (const run of jobs.flatMap(([name]) => runs(name))) expect(run).not.toContain('${{');
  });
});

describe('what happens when', () => {
  test('pull requests are checked and compared; commits on main go check, canary, rest', () => {
    expect(workflow.on).toEqual({ pull_request: null, push: { branches: ['main'] }, workflow_dispatch: null });
    expect(Object.fromEntries(jobs.map(([name, { needs }]) => [name, needs]))).toEqual({
      check: undefined,
      diff: 'check',
      comment: 'diff',
      canary: 'check',
      rest: 'canary',
    });
  });

  test('jobs call the script’s steps in its order, and check that this file is up to date', () => {
    const script = 'bash scripts/stampkit-ci.sh';
    expect(runs('check')).toEqual(['npm ci', `${script} check`, 'npx --no-install stampkit ci github --check']);
    expect(runs('diff')).toEqual(['npm ci', `${script} diff | tee stampkit-diff.txt`]);
    expect(runs('canary')).toEqual(['npm ci', `${script} before`, `${script} canary`, `${script} bake "$BEFORE"`]);
    expect(runs('rest')).toEqual(['npm ci', `${script} rest`]);
  });

  test('one deployment at a time, never cancelled half-way, and pull requests do not stand in its queue', () => {
    expect(workflow.concurrency).toEqual({
      group: "${{ github.ref == 'refs/heads/main' && 'stampkit-deploy' || format('stampkit-{0}', github.ref) }}",
      'cancel-in-progress': "${{ github.ref != 'refs/heads/main' }}",
    });
  });

  test('both deployments wait for the approval that their environment asks for', () => {
    expect(workflow.jobs['canary']!.environment).toBe('stampkit-canary');
    expect(workflow.jobs['rest']!.environment).toBe('stampkit-production');
  });

  test('every job has a time limit, and the bake time is on top of the canary’s', () => {
    for (const [, job] of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(360);
    const longer = parse(renderGithubWorkflow(examplePlan({ bakeMinutes: 75 }))) as Workflow;
    expect(longer.jobs['canary']!['timeout-minutes'] - workflow.jobs['canary']!['timeout-minutes']).toBe(60);
  });
});

test('the text is the same every time and says how it was written', () => {
  expect(renderGithubWorkflow(examplePlan())).toBe(text);
  expect(renderGithubWorkflow(examplePlan({ branch: 'release', bakeMinutes: 5 }))).toContain(
    '# Written by: npx stampkit ci github --bake 5 --branch release\n',
  );
});
