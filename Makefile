# Needs Python 3.11 to 3.14 and make, nothing else. `make` alone says what there is.
#
#     make test ARGS="-k kidal"        more words for the command behind a target
#     make demo PYTHON=python3.12      another Python for a new .venv
#     make lock UPGRADE=--upgrade      newer versions, not only what pyproject.toml now asks for

PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
UPGRADE ?=

BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help demo test console check lint format bench lock clean

help: ## say what there is (this)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

# Without npm's packages all but the page is served.
demo: $(READY) ## record the Mali scenario and serve it: http://127.0.0.1:8000/ in a browser
	@$(BIN)/python -m api.console.build || true
	@$(BIN)/tenure demo $(ARGS)

test: console ## run every test, a real PostgreSQL and a real UmaDB included
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

console: $(READY) ## build the page in the browser, if its sources have changed
	@$(BIN)/python -m api.console.build

check: lint ## everything that must hold before a commit: lint, then test
	@$(MAKE) --no-print-directory test

lint: $(READY) ## look without running: style, types, and which layer imports which
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Not formatted: run make format." >&2; exit 1; }
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo

format: $(READY) ## let ruff format, and mend what it can
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet

bench: $(READY) ## measure speed against the numbers in the design
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock: $(READY) ## write the lock files anew from pyproject.toml
	@$(COMPILE) --all-extras --group dev --output-file requirements.lock
	@$(COMPILE) --all-extras --constraint requirements.lock --output-file requirements-runtime.lock
	@$(COMPILE:pyproject.toml=) --group build --constraint requirements.lock \
		--output-file requirements-build.lock

clean: ## remove .venv, caches and builds; ledgers stay
	@rm -rf .venv .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	@rm -rf api/console/built api/console/*/node_modules api/console/app/src/made
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that somebody else made is brought to the locked versions, not made anew.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || { \
		echo "Tenure needs Python 3.11 to 3.14 and \"$(PYTHON)\" is not one: make PYTHON=python3.11 ..." >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python has no venv module; on Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@echo "Installing the locked versions into .venv; this takes a minute or two, once." >&2
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
