# Everything lives in .venv; `make run` and `make test` need nothing that was installed by hand.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install install-dev run test model clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	@bash scripts/venv.sh $(PYTHON) requirements.lock
	@touch $@

install-dev: .venv/.installed-dev

.venv/.installed-dev: requirements-dev.lock pyproject.toml | install
	@bash scripts/venv.sh $(PYTHON) requirements-dev.lock
	@touch $@

run: install
	@$(BIN)/klachtwijzer run

test: install install-dev
	@bash scripts/test.sh

# Learns anew from the labelled mails of the project; `fold` folders are never named here.
model: install install-dev
	@$(BIN)/klachtwijzer train tests/corpus/learn tests/corpus/eigen/learn \
	  $(foreach file,$(wildcard tests/corpus/eigen/zinnen/*.jsonl),--sentences $(file))

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache
