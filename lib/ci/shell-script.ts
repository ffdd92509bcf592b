import { type PipelinePlan, shellWord } from './plan';

/** Seconds between two looks at the alarm: a composite alarm follows metrics of a minute. */
const POLL_SECONDS = 30;

/** The steps of a deployment as one bash script: what `stampkit ci shell` writes and what every generated workflow calls. */
export function renderShellScript(plan: PipelinePlan): string {
  const { canaryStamp: canary, scriptFile, bakeMinutes } = plan;
  const script = shellWord(scriptFile);
  const command = ['npx stampkit ci shell', ...plan.arguments.shell.map(shellWord)].join(' ');
  return `#!/usr/bin/env bash
# Written by: ${command}
# Do not edit: change stamps or options and write it again; the step "check" fails while it is behind.
#
# The steps of a deployment of fleet ${plan.fleet}, from the repository's root. Each is a call of its own, so that a pipeline can show, approve
# and authorize them apart:
#
#   ${script} check    configuration, lock and this file; no credentials
#   ${script} diff     what a deployment would change; credentials that read
#   ${script} before   prints the state of the canary's alarm before anything is changed; cloudwatch:DescribeAlarms
#   ${script} canary   deploys stamp ${canary.id} alone
#   ${script} bake [STATE]
#                           watches alarm ${canary.alarmName} for ${bakeMinutes} minutes and stops when it goes off;
#                           STATE is what "before" printed: from ALARM, it may go to OK first; cloudwatch:DescribeAlarms
#   ${script} rest     deploys everything else, in order
#   ${script} all      check, before, canary, bake, rest
#
# The canary is ${canary.id}, ${canary.because}.
# Let no two of them run at the same time, and do not cancel one half-way: see docs/ci.md of stampkit.
#
# Environment: STAMPKIT_DEPLOY       deploy.sh to call (default: the repository's, else that of the package)
#              STAMPKIT_BAKE_SECONDS bake time (default ${bakeMinutes * 60})
#              STAMPKIT_POLL_SECONDS time between two looks at the alarm (default ${POLL_SECONDS})
#
# Exit codes: 0 ok, 1 findings or failed, 2 usage, 3 stopped by a guard: the canary is not healthy.
set -euo pipefail

readonly STAMPS=${shellWord(plan.stampsFolder)}
readonly CANARY=${shellWord(canary.id)}
readonly ALARM=${shellWord(canary.alarmName)}
readonly REGION=${shellWord(canary.region)}
readonly BAKE_SECONDS="\${STAMPKIT_BAKE_SECONDS:-${bakeMinutes * 60}}"
readonly POLL_SECONDS="\${STAMPKIT_POLL_SECONDS:-${POLL_SECONDS}}"

# Messages go to stderr; what an operator has to know goes to the summary of a GitHub run, too.
say() { printf '%s\\n' "$*" >&2; }
report() {
  say "$*"
  if [[ -n "\${GITHUB_STEP_SUMMARY:-}" ]]; then printf '%s\\n\\n' "$*" >> "$GITHUB_STEP_SUMMARY"; fi
}

deploy() {
  local program="\${STAMPKIT_DEPLOY:-}"
  if [[ -z "$program" && -f scripts/deploy.sh ]]; then program=scripts/deploy.sh; fi
  if [[ -z "$program" ]]; then program=node_modules/stampkit/scripts/deploy.sh; fi
  # The pipeline was approved; nobody is asked again where a CI has a terminal.
  bash "$program" --stamps "$STAMPS" --yes "$@"
}

# One word: OK, ALARM, INSUFFICIENT_DATA, or None when there is no such alarm.
alarm_state() {
  aws cloudwatch describe-alarms --region "$REGION" --alarm-types CompositeAlarm --alarm-names "$ALARM" \\
    --query 'CompositeAlarms[0].StateValue' --output text
}

# Why it went off, as far as CloudWatch says: a report that fails must not hide the alarm. Asked for its children, CloudWatch takes no
# other filter and gives no reasons.
alarm_details() {
  aws cloudwatch describe-alarms --region "$REGION" --alarm-types CompositeAlarm --alarm-names "$ALARM" \\
    --query 'CompositeAlarms[0].StateReason' --output text || say "the reason of $ALARM could not be read"
  aws cloudwatch describe-alarms --region "$REGION" --children-of-alarm-name "$ALARM" \\
    --query "[MetricAlarms, CompositeAlarms][] | [?StateValue=='ALARM'].[AlarmName]" --output text ||
    say "the alarms behind $ALARM could not be read"
}

step_check() {
  npx --no-install stampkit check --stamps "$STAMPS"
  npx --no-install stampkit lock --check --stamps "$STAMPS"
  npx --no-install stampkit ci shell --check${plan.arguments.shell.map((word) => ` ${shellWord(word)}`).join('')}
}

# Compares templates, which needs the bootstrap's look-up role and not the one that deploys.
step_diff() {
  npx --no-install cdk diff --method template --no-color --context "stamps=$STAMPS" 2>&1
}

# A canary that is unhealthy already is no reason to refuse: what is deployed may be what mends it.
step_before() {
  local state
  if ! state="$(alarm_state)"; then
    report "Nothing was deployed: $ALARM in $REGION could not be read."
    return 1
  fi
  case "$state" in
    ALARM) report "Canary $CANARY is unhealthy before the deployment ($ALARM in $REGION): the deployment has to mend it." ;;
    None) say "$CANARY has no alarm yet: this is its first deployment" ;;
  esac
  if [[ -n "\${GITHUB_OUTPUT:-}" ]]; then printf 'state=%s\\n' "$state" >> "$GITHUB_OUTPUT"; fi
  printf '%s\\n' "$state"
}

step_canary() { deploy --stamp "$CANARY"; }

step_bake() {
  local before="\${1:-OK}" state waited=0
  say "watching $ALARM in $REGION for $BAKE_SECONDS s"
  while :; do
    state="$(alarm_state)" || state=UNREADABLE
    if [[ "$state" == OK ]]; then before=OK; fi
    if [[ "$state" == ALARM && "$before" != ALARM ]]; then
      report "Stopped: $ALARM in $REGION went off, seen \${waited} s into the bake time. The other stamps were not touched. Canary $CANARY keeps what was deployed: revert the change, or mend it, and deploy again."
      report "$(alarm_details)"
      return 3
    fi
    say "\${waited} s: $state"
    if ((waited >= BAKE_SECONDS)); then break; fi
    sleep "$POLL_SECONDS"
    waited=$((waited + POLL_SECONDS))
  done
  # Silence is no proof: the alarm must say OK at the end.
  case "$state" in
    OK) say "$CANARY stayed healthy" ;;
    UNREADABLE)
      report "Stopped: $ALARM in $REGION could not be read, so nobody knows how canary $CANARY is. The other stamps were not touched."
      return 1
      ;;
    *)
      report "Stopped: $ALARM in $REGION is $state after the bake time, so canary $CANARY is not known to be healthy. The other stamps were not touched."
      if [[ "$state" == ALARM ]]; then report "$(alarm_details)"; fi
      return 3
      ;;
  esac
}

# The canary is unchanged by now and is skipped.
step_rest() { deploy; }

step_all() {
  local before
  step_check
  before="$(step_before)"
  step_canary
  step_bake "$before"
  step_rest
}

usage() {
  say "usage: $0 check|diff|before|canary|bake [STATE]|rest|all"
  exit 2
}

case "\${1:-} $#" in
  'check 1' | 'diff 1' | 'before 1' | 'canary 1' | 'bake 1' | 'bake 2' | 'rest 1' | 'all 1') "step_$1" "\${@:2}" ;;
  *) usage ;;
esac
`;
}
