# Needs python3 (3.11 or newer), pip and make. `make demo` is the quickest look.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
CODE := src tests tools $(wildcard benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check bench docs clean

help:
	@echo "make demo      install the core and run the 2017 case"
	@echo "make test      checks and quick tests"
	@echo "make test-all  checks, documentation and every test"
	@echo "make bench     speed against the budget"
	@echo "make docs      documentation in docs/_build/html"
	@echo "make clean     remove what make made"

demo: $(VENV)/core.stamp
	@$(BIN)/tumen run dprk-2017

test: check
	@$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow"

test-all: check docs
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

check: $(VENV)/dev.stamp
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry src
	@$(BIN)/python tools/check_sizes.py
	@$(BIN)/python tools/check_imports.py

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks.run

docs: $(VENV)/docs.stamp
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html

clean:
	rm -rf $(VENV) .venv-peers docs/_build build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache .benchmarks
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Tumen needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot make environments: install the package python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/core.stamp: pyproject.toml $(VENV)/made.stamp
	@echo "Installing Tumen into $(VENV) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/made.stamp
	@echo "Installing Tumen and its tools into $(VENV) ..."
	@$(PIP) --editable ".[dev]"
	@touch $(VENV)/core.stamp $@

$(VENV)/docs.stamp: pyproject.toml $(VENV)/made.stamp
	@echo "Installing Tumen and its documentation tools into $(VENV) ..."
	@$(PIP) --editable ".[docs]"
	@touch $(VENV)/core.stamp $@
