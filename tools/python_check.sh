#!/bin/sh
# Say what is missing before make tries to build .venv, and how to mend it.
set -eu
python=$1

if ! command -v "$python" >/dev/null 2>&1; then
    echo "'$python' was not found; install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$python" --version) is too old, Counterplan needs 3.11 or newer;" \
        "name another: make PYTHON=python3.12" >&2
    exit 2
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "$("$python" --version) cannot build virtual environments;" \
        "on Debian and Ubuntu: apt install python3-venv" >&2
    exit 2
fi
