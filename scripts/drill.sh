#!/usr/bin/env bash
# Runs a failure drill and writes its report. See docs/drills.md, or run with --help.
#
#   scripts/drill.sh stamps/drills/region-loss-failover.yaml --speed 10      in the lab, on this machine
#   scripts/drill.sh stamps/drills/region-loss-failover.yaml --history       past runs and the trend
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
  printf 'drill.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
# exec: a signal to this script is a signal to the program, which rolls back.
exec node "$program" drill "$@"
