import { type PipelinePlan, shellWord } from './plan';

/** Pinned by commit, because a tag can be moved; the versions that run on Node.js 24. */
const ACTIONS = {
  checkout: 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2',
  setupNode: 'actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238 # v6.2.0',
  credentials: 'aws-actions/configure-aws-credentials@8df5847569e6427dd6c4fb1cf565c83acfa8afa7 # v6.0.0',
  upload: 'actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0',
  download: 'actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0',
};
/** A role session's length in seconds when the repository does not say: what every role allows. */
const ROLE_SECONDS = 3600;
/** Minutes for a stamp with a new Aurora cluster, and for a whole fleet: the longest that GitHub lets a job run. */
const CANARY_MINUTES = 120;
const REST_MINUTES = 360;
/** GitHub takes 65,536 characters in a comment. */
const COMMENT_BYTES = 60_000;

/** `.github/workflows/stampkit-deploy.yml`: who may do what when; what is done stands in the shell script. */
export function renderGithubWorkflow(plan: PipelinePlan): string {
  const { account, branch, canaryStamp: canary } = plan;
  const step = (name: string): string => `bash ${shellWord(plan.scriptFile)} ${name}`;
  const command = (rest: string): string =>
    ['npx', rest, ...plan.arguments.github.map(shellWord)].filter((w) => w !== '').join(' ');
  const onBranch = `github.ref == 'refs/heads/${branch}'`;
  return `# Written by: ${command('stampkit ci github')}
# Do not edit: change stamps or options and write it again; the job "check" fails while it is behind. See docs/ci.md of stampkit.
#
# Repository variables: ${variable('DIFF', account)}, ${variable('DEPLOY', account)}, ${variable('WATCH', canary.account)} (role ARNs).
# Canary: ${canary.id}, ${canary.because}.
name: stampkit-deploy
on:
  pull_request:
  push:
    branches: [${JSON.stringify(branch)}]
  workflow_dispatch:

permissions: {}

# One deployment at a time, never cancelled half-way; a newer commit takes the place of one that only waits.
concurrency:
  group: \${{ ${onBranch} && 'stampkit-deploy' || format('stampkit-{0}', github.ref) }}
  cancel-in-progress: \${{ github.ref != 'refs/heads/${branch}' }}

defaults:
  run:
    shell: bash

jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      contents: read
    steps:
${SETUP}
      - name: Configuration and lock
        run: ${yamlText(step('check'))}
      - name: This workflow is up to date
        run: ${yamlText(command('--no-install stampkit ci github --check'))}

  # What somebody's fork proposes gets no credentials.
  diff:
    needs: check
    if: >-
      github.event_name == 'pull_request' && github.actor != 'dependabot[bot]' &&
      github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    permissions:
      contents: read
      id-token: write
    steps:
${SETUP}
${credentials('DIFF', account, canary.region)}
      - name: Difference to what is deployed
        run: ${yamlText(`${step('diff')} | tee stampkit-diff.txt`)}
      - uses: ${ACTIONS.upload}
        with:
          name: stampkit-diff
          path: stampkit-diff.txt
          retention-days: 7

  # The only job that may write to the pull request runs nothing out of it.
  comment:
    needs: diff
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      pull-requests: write
    steps:
      - uses: ${ACTIONS.download}
        with:
          name: stampkit-diff
      - name: Comment
        env:
          GH_TOKEN: \${{ github.token }}
          GH_REPO: \${{ github.repository }}
          NUMBER: \${{ github.event.pull_request.number }}
          COMMIT: \${{ github.event.pull_request.head.sha }}
        run: |
          marker='<!-- stampkit-deploy: cdk diff -->'
          {
            printf '%s\\n%s\\n\\n%s\\n' "$marker" "cdk diff of $COMMIT" '\`\`\`\`text'
            head -c ${COMMENT_BYTES} stampkit-diff.txt
            printf '\\n%s\\n' '\`\`\`\`'
            if (($(wc -c < stampkit-diff.txt) > ${COMMENT_BYTES})); then printf '%s\\n' 'Cut off: all of it is in the artifact stampkit-diff.'; fi
          } > comment.md
          known="$(gh api --paginate "repos/$GH_REPO/issues/$NUMBER/comments" \\
            --jq ".[] | select(.user.login == \\"github-actions[bot]\\" and (.body | startswith(\\"$marker\\"))) | .id")"
          if [[ -n "$known" ]]; then
            gh api --method PATCH "repos/$GH_REPO/issues/comments/\${known%%$'\\n'*}" --field body=@comment.md > /dev/null
          else
            gh api --method POST "repos/$GH_REPO/issues/$NUMBER/comments" --field body=@comment.md > /dev/null
          fi

  # Approval: give the environment required reviewers.
  canary:
    needs: check
    if: github.event_name != 'pull_request' && ${onBranch}
    runs-on: ubuntu-24.04
    timeout-minutes: ${CANARY_MINUTES + plan.bakeMinutes}
    environment: stampkit-canary
    permissions:
      contents: read
      id-token: write
    steps:
${SETUP}
${credentials('WATCH', canary.account, canary.region)}
      - name: State of the canary before
        id: before
        run: ${yamlText(step('before'))}
${credentials('DEPLOY', account, canary.region, true)}
      - name: Deploy ${canary.id}
        run: ${yamlText(step('canary'))}
${credentials('WATCH', canary.account, canary.region, plan.bakeMinutes >= 45)}
      - name: Bake ${plan.bakeMinutes} minutes
        env:
          BEFORE: \${{ steps.before.outputs.state }}
        run: ${yamlText(`${step('bake')} "$BEFORE"`)}

  rest:
    needs: canary
    runs-on: ubuntu-24.04
    timeout-minutes: ${REST_MINUTES}
    environment: stampkit-production
    permissions:
      contents: read
      id-token: write
    steps:
${SETUP}
${credentials('DEPLOY', account, canary.region, true)}
      - name: Deploy the rest
        run: ${yamlText(step('rest'))}
`;
}

const SETUP = `      - uses: ${ACTIONS.checkout}
        with:
          persist-credentials: false
      - uses: ${ACTIONS.setupNode}
        with:
          node-version: 24
          cache: npm
      - run: npm ci`;

/** Repository variable that holds the ARN of an account's role. */
export function variable(purpose: 'DIFF' | 'DEPLOY' | 'WATCH', account: string): string {
  return `STAMPKIT_${purpose}_ROLE_${account}`;
}

function credentials(purpose: 'DIFF' | 'DEPLOY' | 'WATCH', account: string, region: string, long = false): string {
  const lines = [
    `      - uses: ${ACTIONS.credentials}`,
    '        with:',
    `          role-to-assume: \${{ vars.${variable(purpose, account)} }}`,
    `          role-session-name: stampkit-${purpose.toLowerCase()}-\${{ github.run_id }}`,
    `          aws-region: ${region}`,
  ];
  if (long) lines.push(`          role-duration-seconds: \${{ vars.STAMPKIT_ROLE_SECONDS || ${ROLE_SECONDS} }}`);
  return lines.join('\n');
}

/** A YAML scalar on one line: plain where that is safe. */
function yamlText(text: string): string {
  return /^[A-Za-z][A-Za-z0-9 ./_|-]*$/.test(text) ? text : JSON.stringify(text);
}
