#!/usr/bin/env bash
# Creates .venv when missing, installs exactly what a lock file names, then this project itself.
set -euo pipefail
python=$1 lock=$2
recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if ! recent "$python"; then
  for candidate in python3.14 python3.13 python3.12 python3.11; do
    if recent "$candidate"; then python=$candidate; break; fi
  done
fi
recent "$python" || { echo "klachtwijzer needs Python 3.11 or newer; install the package python3.11 or newer" >&2; exit 2; }
if [ ! -x .venv/bin/pip ]; then
  "$python" -m venv .venv || { echo "python's venv module is missing: install the package python3-venv" >&2; exit 2; }
fi
echo "installing what $lock names (the first time takes a minute or two) ..."
# -qq: only errors; the locks name exact versions and hashes, so there is nothing to choose.
.venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
