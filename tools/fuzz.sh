#!/bin/sh
# Run every fuzz target under coverage guidance for FUZZ_SECONDS (60) each.
# atheris has no wheels for some machines; that is said, and the property tests of
# `make test` have then been the only fuzzing. Where CI is set that is a failure.
set -eu
python=$1
seconds=${FUZZ_SECONDS:-60}
cd "$(dirname "$0")/.."

if ! "$python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'; then
    echo "atheris cannot be installed here: the fuzz targets were NOT run" >&2
    [ -z "${CI:-}" ] || exit 1
    exit 0
fi
found=0
for target in tests/fuzz/fuzz_*.py; do
    [ -e "$target" ] || continue
    found=$((found + 1))
    corpus=$(mktemp -d)
    echo "fuzzing with $target for $seconds s"
    # A finding is saved under out/fuzz, and the run fails.
    mkdir -p out/fuzz
    "$python" "$target" -max_total_time="$seconds" -artifact_prefix=out/fuzz/ "$corpus"
    rm -rf "$corpus"
done
if [ "$found" -eq 0 ]; then
    echo "there is no fuzz target tests/fuzz/fuzz_*.py: nothing was run" >&2
    exit 1
fi
echo "$found fuzz targets ran without a finding"
