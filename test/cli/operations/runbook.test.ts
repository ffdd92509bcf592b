import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { viewOf } from '../../../lib/operations/group-view';
import { prepare } from '../../../lib/operations/decide/prepare';
import { MODEL_NOW, observationIn } from '../../../lib/cli/operations/runbook/situation';
import { documentOf, StampsCopy } from '../../support/cli';
import { exampleFleet } from '../../support/loaded-fleets';
import { hashIn, OnCall } from './on-call';
import { proofExample as proof } from './proof-example';

const jo = new OnCall(undefined, { proof });
const runbook = async (group: string): Promise<string> => (await jo.run('runbook', group)).out;

/** Sections by their title. */
function section(text: string, title: string): string {
  const [, ...parts] = text.split(/^## /m);
  return parts.find((part) => part.includes(title)) ?? '';
}

describe('the runbook of an active-passive group', () => {
  test('has a page for every situation, with the command, the plan and its times', async () => {
    const text = await runbook('enterprise');
    const titles = [...text.matchAll(/^## \d+\. (.+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      'us-east-1 is lost or impaired',
      'Move to us-west-2 on purpose',
      'us-east-1 answers again after a failover',
      'Back to us-east-1',
      'Take enterprise-usw2 out of service',
      'Put enterprise-usw2 back',
      'us-east-1 is lost for good',
      'Data is lost or wrong: restore',
    ]);
    const lost = section(text, 'us-east-1 is lost');
    expect(lost).toContain('npx stampkit failover enterprise --to usw2 --reason "WHY"');
    expect(lost).toMatch(/Expected: `failover of enterprise \(managed-failover\)`, 5 steps, .*nothing is called in us-east-1/);
    expect(lost).toMatch(/\| `promote:enterprise-usw2` \| Fail the writer over .* \| 3 min \| 10 min \| 20 min \| stops \|/);
    expect(lost).toContain('Proved for `region:use1`: rto at worst 1048 s of 1200 s');
  });

  test('says how to throw the switch and promote by hand, with the names of this group', async () => {
    const lost = section(await runbook('enterprise'), 'us-east-1 is lost');
    expect(lost).toContain(
      'aws s3api put-object --region us-east-2 --bucket shop-switches-111111111111-use2 --key switches/enterprise-use1',
    );
    expect(lost).toMatch(/--if-match ETAG {2}# no object yet: --if-none-match '\*'/);
    expect(lost).toContain(`printf '%s' '{"switch":"stampkit-evacuated:enterprise-use1","operator":"YOU"`);
    expect(lost).toContain(
      'aws rds failover-global-cluster --region us-west-2 --global-cluster-identifier shop-enterprise-global --target-db-cluster-identifier arn:aws:rds:us-west-2:111111111111:cluster:shop-enterprise-usw2 --allow-data-loss',
    );
    expect(lost).not.toMatch(/aws [^\n]*us-east-1/);
  });

  test('every line for the AWS CLI names its Region and nothing is left to fill in but what only a person knows', async () => {
    for (const group of ['enterprise', 'pool', 'internal']) {
      const lines = (await runbook(group)).split('\n').filter((line) => line.startsWith('aws '));
      expect(lines.filter((line) => !line.includes(' --region '))).toEqual([]);
      expect(lines.filter((line) => /undefined|\[object|NaN/.test(line))).toEqual([]);
    }
  });

  test('has no number that neither a plan nor the proof nor the configuration gave', async () => {
    const text = await runbook('enterprise');
    const restore = section(text, 'Data is lost');
    expect(restore).not.toMatch(/1970/);
    expect(restore).toContain('--cutover ID');
    expect(section(text, 'What was proved')).toContain('| `region:use1` | holds | 1048 s | 1200 s | 30 s | 60 s | you |');
  });

  test('says what to do when a step fails', async () => {
    const trouble = section(await runbook('enterprise'), 'goes wrong');
    expect(trouble).toContain('npx stampkit journal resume ID --go');
    expect(trouble).toContain('--break-glass --reason "..."');
  });
});

test('an active-active group has pages of evacuation for every stamp', async () => {
  const text = await runbook('pool');
  for (const { id } of exampleFleet().fleet.groups.find(({ name }) => name === 'pool')!.stamps)
    expect(text).toContain(`npx stampkit evacuate ${id} --reason "WHY"`);
  expect(text).not.toContain('aws rds');
});

test('a group of one stamp without a database has nothing to switch, and says what was proved', async () => {
  const text = await runbook('internal');
  expect(text).not.toMatch(/^## \d+\./m);
  expect(text).toContain('## What was proved');
});

describe('a home Region that is lost for good', () => {
  let stamps: StampsCopy;
  beforeEach(() => {
    stamps = new StampsCopy();
  });
  afterEach(() => {
    stamps.remove();
  });

  /** Runs the command lines of a page one after another as they stand there; what shows a plan goes with its hash. */
  async function follow(kim: OnCall, page: string): Promise<string> {
    let last = '';
    for (const [, line = ''] of page.matchAll(/^npx stampkit (.+)$/gm)) {
      const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
      let run = await kim.run(...args);
      if (run.out.includes('--go --plan')) run = await kim.run(...args, '--go', '--plan', hashIn(run));
      expect(run.exitCode, `${line}\n${run.out}${run.err}`).toBe(0);
      last = run.out;
    }
    return last;
  }
  const commandsOf = (page: string): string => /```bash\n([^]*?)```/.exec(page)![1]!;

  test('active-passive: the page works as it is written, after the page about the failover', async () => {
    const kim = new OnCall(undefined, { proof, stamps: stamps.directory });
    const text = (await kim.run('runbook', 'enterprise')).out;
    const page = section(text, 'us-east-1 is lost for good');
    expect(page).toMatch(/adopt:shop-enterprise-data[^]*waits for you[^]*npx cdk import shop-enterprise-data/);
    expect(page).toMatch(/Left for later:[^]*remove-from-global-cluster/);
    // The lag was measured while the source lived.
    await kim.run('status', 'enterprise', '--no-proof');
    kim.aws.world.down.add('us-east-1');
    await follow(kim, commandsOf(section(text, 'us-east-1 is lost or impaired')));
    kim.aws.stacks.names.clear();
    // The person in the other terminal.
    void kim.aws.world.wait(600_000).then(() => kim.aws.stacks.names.add('us-west-2/shop-enterprise-data'));
    expect(await follow(kim, commandsOf(page))).toMatch(/completed after .*Rehome of enterprise is done/);
    expect(stamps.read('fleet.lock.yaml')).toMatch(/group: enterprise\n +from: use1\n +to: usw2\n +reason: WHY/);
  });

  test('active-active: another Region comes first by hand', async () => {
    const kim = new OnCall(undefined, { proof, stamps: stamps.directory });
    const text = (await kim.run('runbook', 'pool')).out;
    const page = section(text, 'us-east-1 is lost for good');
    expect(page).toMatch(/put euw1, or another Region that is well, first under `placement\.regions` in groups\/pool\.yaml/);
    kim.aws.world.down.add('us-east-1');
    const pool = stamps.read('groups/pool.yaml');
    stamps.write('groups/pool.yaml', pool.replace('regions: [use1, usw2, euw1]', 'regions: [euw1, use1, usw2]'));
    kim.aws.stacks.names.clear();
    void kim.aws.world.wait(600_000).then(() => kim.aws.stacks.names.add('eu-west-1/shop-pool-data'));
    expect(await follow(kim, commandsOf(page))).toMatch(/completed after .*Rehome of pool is done/);
  });
});

test('plans of a runbook are those that the same situation gives in life', async () => {
  const { fleet } = exampleFleet();
  const view = viewOf(fleet, 'enterprise');
  const request = { operation: 'failover', group: 'enterprise', to: 'usw2', reason: 'WHY', allowDataLoss: false } as const;
  const written = prepare(request, view, observationIn(view, {}), { now: MODEL_NOW }, () => '').plan!;
  const live = documentOf(await new OnCall().run('failover', 'enterprise', '--to', 'usw2', '--reason', 'WHY', '--json'));
  expect(live['plan']).toMatchObject({ variant: written.variant, steps: written.steps, avoid: written.avoid });
});

test('--json holds the Markdown and the plans', async () => {
  const document = documentOf(await jo.run('runbook', 'enterprise', '--json'));
  expect(document).toMatchObject({
    schemaVersion: 1,
    ok: true,
    group: 'enterprise',
    markdown: expect.stringMatching(/^# Runbook/),
  });
  expect(document['pages']).toHaveLength(8);
});
