#!/usr/bin/env bash
# Looks for known faults (OSV) in every package that the workspace resolves to.
# Ends with 0 where nothing is known, 1 where something is, and 0 with a word where the data cannot be reached.
#   audit.sh [OPTION…]   further options of pip-audit, such as --osv-url for a mirror of the data
set -uo pipefail
cd "$(dirname "$0")/../.."
uv=.boot/bin/uv
list=$(mktemp -d)
trap 'rm -rf "$list"' EXIT
"$uv" export --quiet --all-packages --all-extras --no-dev --no-hashes --no-emit-workspace --no-annotate --no-header \
    --output-file "$list/requirements.txt" >/dev/null || exit 1
count=$(grep -c == "$list/requirements.txt")
"$uv" tool run --quiet --from 'pip-audit>=2.9' pip-audit --requirement "$list/requirements.txt" --disable-pip --no-deps \
    --vulnerability-service osv --timeout 20 --progress-spinner off "$@" >"$list/found" 2>"$list/said"
code=$?
if [ $code = 0 ]; then
    echo "$count packages looked up: nothing is known against them."
elif grep -q '^Name .*Version .*ID' "$list/found"; then
    cat "$list/found"
    exit 1
else
    echo "NOT AUDITED: the data on known faults, or pip-audit itself, cannot be reached from here. It ended with:"
    tail -n 1 "$list/said"
fi
