#!/usr/bin/env bash
# Deploys a fleet in the right order, or removes it in the reverse one. See docs/destroy-and-adopt.md, or run with --help.
#
#   scripts/deploy.sh                        everything in stamps/: prints the plan, asks, deploys
#   scripts/deploy.sh enterprise             one group
#   scripts/deploy.sh --dry-run              print the order and change nothing
#   scripts/deploy.sh --destroy pool         remove a group; asks for the exact name of each stack
#
# Exit codes: 0 ok, 1 findings or failed, 2 usage or unreadable input, 3 stopped by the operator or a guard.
set -euo pipefail

source="${BASH_SOURCE[0]}"
while [[ -L "$source" ]]; do
  folder="$(cd -P "$(dirname "$source")" && pwd)"
  source="$(readlink "$source")"
  [[ "$source" == /* ]] || source="$folder/$source"
done
program="$(cd -P "$(dirname "$source")/.." && pwd)/dist/bin/deploy.js"

if [[ ! -f "$program" ]]; then
  printf 'deploy.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
# exec: a signal to this script is a signal to the program, which ends what it has started.
exec node "$program" "$@"
