#!/usr/bin/env bash
# What the product consists of, as CycloneDX JSON: the packages that requirements.lock names, with version and hashes.
# Usage: scripts/sbom.sh [FILE]; without one it goes to standard output. It needs no network.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:--}
.venv/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
  --output-reproducible --output-format JSON --output-file "$target"
