#!/usr/bin/env bash
# Everything that must hold before a change lands. Needs nothing but what it installs or names.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

need() { # PACKAGE PROGRAM...: apt installs it when missing and allowed, otherwise the run ends and names it
  local package=$1; shift
  for program in "$@"; do
    if command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ]; then return 0; fi
  done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing $package (needed by the tests) ..."
    [ -n "${apt_updated:-}" ] || { apt-get update -qq; apt_updated=1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
  else
    echo "the tests need $*: install the package $package" >&2
    exit 2
  fi
}
need chromium chromium chromium-browser
need dovecot-imapd dovecot
need openssl openssl
need nodejs node
need npm npm

step() { printf '\n== %s\n' "$1"; shift; "$@"; }
step "format" $bin/ruff format --check .
step "lint" $bin/ruff check .
step "types" $bin/mypy
step "import contracts" $bin/lint-imports
step "known weaknesses" bash scripts/audit.sh
step "rulebook" $bin/klachtwijzer rules check
step "tests" $bin/python -m pytest -q "$@"
