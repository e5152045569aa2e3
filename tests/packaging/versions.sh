#!/usr/bin/env bash
# Runs the packages' tests in environments of their own, which are gone afterwards.
#   versions.sh lowest         with the lowest version of everything that the packages ask for
#   versions.sh pythons        with each Python from 3.11 on that is found here
#   versions.sh lowest TEST…   only these tests
set -euo pipefail
cd "$(dirname "$0")/../.."
uv=.boot/bin/uv
how=$1
shift
# The two files that need schemathesis are left out: what it asks for keeps the lowest versions away.
tests=("${@:-tests/core tests/providers tests/sdk tests/cli tests/api}")
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
ours=(-e 'packages/persona-core[office]' -e 'packages/persona-providers[minilm]' -e packages/persona-sdk
    -e 'packages/persona-api[postgres]' -e 'packages/persona-cli[postgres]' -e packages/persona)
: >"$room/limits"

tried() { # NAME PYTHON
    echo "== $1: $("$2" --version)"
    "$uv" venv --quiet --python "$2" "$room/env"
    "$uv" pip install --quiet --compile-bytecode --python "$room/env" --constraints "$room/limits" --group test "${ours[@]}"
    # shellcheck disable=SC2086 # several words
    "$room/env/bin/python" -m pytest -n 2 -q --ignore tests/api/test_abuse.py --ignore tests/api/test_openapi.py ${tests[*]}
    rm -rf "$room/env"
}

if [ "$how" = lowest ]; then
    "$uv" pip compile --quiet --python .boot/bin/python --resolution lowest-direct --all-extras --no-header --no-annotate \
        packages/*/pyproject.toml | grep -v '^-e' >"$room/limits"
    tried 'lowest versions' .boot/bin/python
    exit
fi
if command -v pyenv >/dev/null; then # shows uv all that it has
    PYENV_VERSION=$(pyenv versions --bare --skip-aliases | paste -sd: -)
    export PYENV_VERSION
fi
for version in 3.11 3.12 3.13 3.14; do
    if python=$("$uv" python find --no-project --system --no-python-downloads "$version" 2>/dev/null); then
        pythons+=("$python")
    else
        echo "== Python $version is not here"
    fi
done
unset PYENV_VERSION
for python in "${pythons[@]}"; do
    tried "Python" "$python"
done
