# Everything a person does with this project, on a fresh machine too: each target sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SOURCES := $(shell git ls-files '*.py')

.PHONY: help demo deploy test check trials bench month proof steady soak format clean chromium tools

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY)  ## a census of the bundled exchange, from nothing to Parquet and CSV
	@$(BIN)/python deploy/demo.py

test: $(READY) chromium tools  ## the whole test suite, with coverage measured
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet

# The tests of the browser road are skipped where there is none and nobody may install it.
chromium:  ## Chromium for the browser road, from Debian, where that may be done
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	    [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	} || echo "no Chromium, and none could be installed: the tests that need it are skipped"

# Debian's packages start services where an init system runs, which no test should leave behind.
tools:  ## Prometheus, its pushgateway and Alertmanager for the tests, where that may be done
	@command -v promtool >/dev/null && command -v prometheus-pushgateway >/dev/null && \
	    command -v prometheus-alertmanager >/dev/null && command -v amtool >/dev/null || { \
	    [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ ! -d /run/systemd/system ] && \
	    apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	        prometheus prometheus-pushgateway prometheus-alertmanager >/dev/null; \
	} || echo "no Prometheus, pushgateway and Alertmanager, and they could not be installed" \
	    "(that takes root, apt-get, and no init system, which would start them):" \
	    "the tests that need them are skipped"

check: $(READY) .coverage  ## format, lint, types, Scrapy's own lint, branch coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/scrapy-lint
	$(BIN)/coverage report

.coverage: $(SOURCES)
	$(MAKE) test

trials: $(READY)  ## an hour of cuts, fifty kills, alerts as shipped (5 minutes, on a quiet machine)
	$(BIN)/pytest -m long

# Apart from the project's own packages, some of which they want in other versions.
build/contenders: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $@ \
	    cryptofeed==2.4.1 websockets==17.4

bench: $(READY) build/contenders  ## speed beside bare Scrapy and a plain collector, in one run
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.futures_history
	$(BIN)/python -m benchmarks.futures_stream

month: $(READY)  ## thirty days of batches through the warehouse, and what they take (hours)
	$(BIN)/python -m benchmarks.month

proof: $(READY)  ## a thousand sweeps of books that never rest, beside what was true (half an hour)
	$(BIN)/python -m benchmarks.proof --churn 0.035
	$(BIN)/python -m benchmarks.proof --churn 0.35

steady: $(READY)  ## does a full census fit its windows: eight batches at 200 requests a minute (minutes)
	$(BIN)/python -m benchmarks.collecting --batches 8 --lapse 10 --latency-ms 30

soak: $(READY)  ## six hours of faults in a time-lapse: memory, files, sockets (minutes)
	$(BIN)/python -m benchmarks.collecting --batches 36 --lapse 60 --markets 120 --ads 2400 \
		--limit 100 --database '' --fault html403=0.002 --fault error503=0.01 --fault cut=0.01 \
		--fault timeout=0.002 --fault broken-json=0.01 --fault null-data=0.01 \
		--fault changing-total=0.02 --fault duplicate-rows=0.01 --fault moving-ads=0.05

# A server's environment is made by hand, without what tests need: that will do.
deploy: $(if $(wildcard $(BIN)/scrapyd-deploy),,$(READY))  ## an egg to the scrapyd of scrapy.cfg, and proof that it is what runs there
	@$(BIN)/python -m deploy.deploy

format: $(READY)  ## put the code into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): requirements.txt requirements-dev.txt constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:  ## remove what was made, but for collected data
	rm -rf .venv build dist *.egg-info .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
