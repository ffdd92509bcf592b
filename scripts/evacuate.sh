#!/usr/bin/env bash
# Takes a stamp out of service by its switch. Shows the plan and changes nothing without --go. See docs/operations.md, or run with --help.
#
#   scripts/evacuate.sh pool-euw1 --reason "bad release"         the plan, with its hash
#   scripts/evacuate.sh pool-euw1 --reason "bad release" --go    does it
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
  printf 'evacuate.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
# exec: a signal to this script is a signal to the program, which stops in order.
exec node "$program" evacuate "$@"
