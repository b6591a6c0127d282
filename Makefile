# Everything a person does with this project, on a fresh machine too: each target sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SOURCES := $(shell git ls-files '*.py')

.PHONY: help demo test check bench month format clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY)  ## a census of the bundled exchange, from nothing to Parquet and CSV
	@$(BIN)/python deploy/demo.py

test: $(READY)  ## the whole test suite, with coverage measured
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile
	$(BIN)/coverage combine --quiet

check: $(READY) .coverage  ## format, lint, types, Scrapy's own lint, branch coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/scrapy-lint
	$(BIN)/coverage report

.coverage: $(SOURCES)
	$(MAKE) test

bench: $(READY)  ## speed beside bare Scrapy and a plain collector, in one run
	$(BIN)/python -m benchmarks

month: $(READY)  ## thirty days of batches through the warehouse, and what they take (hours)
	$(BIN)/python -m benchmarks.month

format: $(READY)  ## put the code into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): requirements.txt requirements-dev.txt constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:  ## remove what was made, but for collected data
	rm -rf .venv build dist *.egg-info .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
