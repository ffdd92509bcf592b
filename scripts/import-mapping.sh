#!/usr/bin/env bash
# Writes the mapping with which `cdk import` adopts what a removed stack left behind. See docs/destroy-and-adopt.md, or run with --help.
#
#   scripts/import-mapping.sh shop-enterprise-usw2 --stack-id ARN --out mapping.json
#
# Exit codes: 0 ok, 1 a retained resource is not in the mapping, 2 usage or unreadable input.
set -euo pipefail

source="${BASH_SOURCE[0]}"
while [[ -L "$source" ]]; do
  folder="$(cd -P "$(dirname "$source")" && pwd)"
  source="$(readlink "$source")"
  [[ "$source" == /* ]] || source="$folder/$source"
done
program="$(cd -P "$(dirname "$source")/.." && pwd)/dist/bin/deploy.js"

if [[ ! -f "$program" ]]; then
  printf 'import-mapping.sh: %s is missing: run npm ci (in a clone of stampkit: npm run build)\n' "$program" >&2
  exit 2
fi
exec node "$program" import-mapping "$@"
