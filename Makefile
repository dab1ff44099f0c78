# quaybot: everything a developer or a first-time user runs. Needs python3 (3.11 or newer), make and git; the rest is
# installed into .venv from the lock files.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --extra build
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo serve test lint format docs screenshot bench soak lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@command -v $(firstword $(PYTHON)) >/dev/null || { echo "$(firstword $(PYTHON)) was not found. Install Python 3.11 or newer, or name yours: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "quaybot needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make virtual environments here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what quaybot needs into $(VENV); this happens once and takes about a minute"
	@$(PIP) -r requirements.lock
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the tools for developing into $(VENV); this happens once and takes about a minute"
	@$(PIP) -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime ## make .venv with what the bot needs to run

setup-dev: $(VENV)/.dev ## make .venv with the tools for developing, too

demo: setup ## the whole bot beside a simulated Slack and Quay, with a page to play with
	$(BIN)/python -m bot demo

serve: setup ## the bot against the real Slack and Quay named in the environment
	$(BIN)/python -m bot serve

test: setup-dev ## all tests, in parallel and in random order
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

lint: setup-dev ## format, lint, types, import contracts, unused dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry . --no-ansi

format: setup-dev ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup-dev ## write the tables in the documents and .env.example anew
	QUAYBOT_WRITE_DOCS=1 $(BIN)/python -m pytest -q tests/house/test_documents.py

screenshot: setup-dev ## draw the picture of the demo page in the documents anew (needs Chromium)
	$(BIN)/python -m tests.tools.screenshot docs/demo.svg

bench: setup-dev ## measure the bot against bare servers, side by side
	$(BIN)/python -m tests.bench $(ARGS)

soak: setup-dev ## bursts and kills at full length: nothing is lost, nothing is said twice (half an hour)
	$(BIN)/python -m tests.soak $(ARGS)

lock: setup-dev ## pin the newest versions of everything
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(LOCK) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## forget .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
