# Sluice. `make run` shows it at work, `make test` proves it, `make help` lists the rest.

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SAMPLE := --source csv_file:app/sample/companies.csv --replay app/sample/web

.DEFAULT_GOAL := help
.PHONY: help install run test lint format schema chaos bench eval clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## Set up the virtual environment with pinned dependencies

run: $(VENV)/.installed ## The bundled sample, from criteria to CSV, in seconds
	@$(BIN)/python -m app.cli run $(SAMPLE) --output-dir out --quantity 12 \
		--criteria '{"category": "property_management", "state": "TX"}'

test: lint ## All tests, lint, types, import layers
	@$(BIN)/python -m pytest -q

lint: $(VENV)/.tested ## Lint, format, types, import layers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.tested ## Put the code into shape
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

schema: $(VENV)/.tested ## Write sql/schema.sql anew from the migrations
	@UPDATE_SCHEMA=1 $(BIN)/python -m pytest -q tests/postgres/test_schema.py

chaos: $(VENV)/.tested ## Every fault at full counts, one by one; FAULTS="kill storm" and SCALE=0.1 choose
	@$(BIN)/python -m tests.faults.chaos $(FAULTS) --scale $(or $(SCALE),1)

bench: $(VENV)/.benched ## Throughput, latency, crawl, memory: ratios; BENCH="chain crawl" and ROUNDS=1 choose
	@$(BIN)/python -m bench $(BENCH) --rounds $(or $(ROUNDS),3)

eval: $(VENV)/.tested ## Accuracy per field on labelled sites, and every error with its page
	@$(BIN)/python -m bench.evaluate --errors

clean: ## Remove the virtual environment, caches, builds and the sample's output
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Sluice needs Python 3.11 or later; set PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing dependencies into $(VENV) ..." >&2
	@$(PIP) -e '.[local,geo,osm]'
	@touch $@

$(VENV)/.benched: $(VENV)/.tested
	@$(PIP) -e '.[local,geo,osm,dev,bench]' || echo "Scrapy cannot be installed: its race is left out" >&2
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(PIP) -e '.[local,geo,osm,dev]'
	@touch $@
