#!/usr/bin/env bash
# Restores a tenant group beside its live data, or with --test restores, validates and tears down again, for schedules. See docs/operations.md.
#
#   scripts/restore.sh enterprise --at 2026-11-21T09:30:00Z               the plan, with its hash
#   scripts/restore.sh enterprise --at "$(date -u +%FT%H:00:00Z)" --test --go   a restore test
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
  printf 'restore.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
# exec: a signal to this script is a signal to the program, which stops in order.
exec node "$program" restore "$@"
