#!/usr/bin/env bash
# Looks at the backups of every tenant group, or of those named: a line for each finding, and exit code 1 when there is one. See docs/operations.md.
#
#   scripts/backup-check.sh               every group, for cron
#   scripts/backup-check.sh enterprise    one group
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
  printf 'backup-check.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
# exec: a signal to this script is a signal to the program, which stops in order.
exec node "$program" backups --check "$@"
