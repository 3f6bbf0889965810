# Everything starts here; nothing is needed first but make and Python 3.11 or newer.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check bench format front-end port-is-free

VENV := .venv
PY := $(VENV)/bin/python
FIND_PYTHON := for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	[ -n "$$python" ] || { echo "Touchpoints needs Python 3.11 or newer (set PYTHON=/path/to/python3.12)"; exit 1; }
INSTALL := $(PY) -m pip --disable-pip-version-check -qq install --require-hashes -r

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

run: port-is-free $(VENV)/.runtime front-end ## start everything with demo data on http://127.0.0.1:8000 (PORT=8001 for another)
	@$(PY) scripts/run.py

test: $(VENV)/.development front-end ## run every test and the coverage rules
	@rm -f .coverage .coverage.*
	$(PY) -m pytest --numprocesses 2 --dist loadgroup --cov --cov-report=
	$(PY) -m coverage report --include='app/domain/*,app/services/*' --fail-under=100
	$(PY) -m coverage report --skip-covered | tail -n 3

check: $(VENV)/.development ## look at the code without running it
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/djlint --lint --quiet templates

bench: $(VENV)/.development front-end ## measure the served house beside nginx (ARGS="--only feed --seconds 2"; apt-get install wrk nginx)
	@$(PY) -m scripts.bench $(ARGS)

format: $(VENV)/.development ## put the code into its form
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

front-end: $(VENV)/.runtime
	@$(PY) scripts/packages.py
	@$(PY) scripts/vendor.py

port-is-free:
	@$(FIND_PYTHON); $$python scripts/run.py check-port

$(PY):
	@$(FIND_PYTHON); echo "Making a virtual environment with $$($$python --version) ..."; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The stamps stand in the environment itself: whoever removes it starts anew.
$(VENV)/.runtime: requirements.lock | $(PY)
	@echo "Installing what the application needs ..."
	@$(INSTALL) requirements.lock
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what the tests need ..."
	@$(INSTALL) requirements-dev.lock
	@touch $@
