#!/usr/bin/env bash
# Known weaknesses: in our own code (bandit), and in what the locks name (pip-audit, which asks the network).
# Ends with 1 when something was found. When the network cannot be asked in time it says so, and that is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
patience=${AUDIT_SECONDS:-60}

status=0
echo "bandit: our own code"
$bin/bandit --quiet --recursive --severity-level medium --confidence-level medium \
  intake triage register responder console klachtwijzer || status=1

for lock in requirements.lock requirements-dev.lock; do
  echo "pip-audit: $lock"
  said=$(timeout "$patience" $bin/pip-audit --progress-spinner off --disable-pip --require-hashes \
    --requirement "$lock" 2>&1) && found=0 || found=$?
  # Findings are told as a number; any other bad end is a network that does not answer.
  if [ "$found" != 0 ] && grep -qE '^Found [0-9]+ known vulnerabilit' <<<"$said"; then
    grep -v 'could not be audited' <<<"$said"
    status=1
  elif [ "$found" != 0 ]; then
    echo "pip-audit could not ask the network within $patience seconds; nothing is known about $lock" >&2
  else
    echo "no known vulnerability; $(grep -c 'could not be audited' <<<"$said") of" \
      "$(grep -c '^[a-z].*==' "$lock") packages could not be looked up"
  fi
done
exit $status
