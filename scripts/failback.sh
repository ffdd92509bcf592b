#!/usr/bin/env bash
# Brings a tenant group back to where its configuration prefers it. Shows the plan and changes nothing without --go. See docs/operations.md.
#
#   scripts/failback.sh enterprise                        the plan, with its hash
#   scripts/failback.sh enterprise --go --plan HASH       exactly this plan
#
# Exit codes: 0 ok, 1 findings or failed, 2 usage or unreadable input, 3 stopped by the operator or a guard.
set -euo pipefail

source="${BASH_SOURCE[0]}"
while [[ -L "$source" ]]; do
  folder="$(cd -P "$(dirname "$source")" && pwd)"
  source="$(readlink "$source")"
  [[ "$source" == /* ]] || source="$folder/$source"
done
program="$(cd -P "$(dirname "$source")/.." && pwd)/dist/bin/stampkit.js"

if [[ ! -f "$program" ]]; then
  printf 'failback.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
# exec: a signal to this script is a signal to the program, which stops in order.
exec node "$program" failback "$@"
