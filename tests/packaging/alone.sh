#!/usr/bin/env bash
# Install each wheel of dist alone in an empty environment: a missing dependency shows only there.
set -euo pipefail
cd "$(dirname "$0")/../.."
uv=.boot/bin/uv
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

for wheel in dist/*.whl; do
    name=$(basename "$wheel" | cut -d- -f1)
    "$uv" venv --quiet --python .boot/bin/python "$room/$name"
    "$uv" pip install --quiet --python "$room/$name/bin/python" --find-links dist "$wheel"
    # Run elsewhere, so that nothing comes from the checkout; the meta package has no code to import.
    if [ "$name" != persona ]; then
        (cd "$room" && "$name/bin/python" -c "import $name")
    fi
    if [ "$name" = persona_cli ] || [ "$name" = persona ]; then
        (cd "$room" && "$name/bin/persona" --version)
    fi
    echo "$name stands alone"
    rm -rf "${room:?}/$name"
done
