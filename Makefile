# `make demo` and `make test` are all a newcomer needs. Both make their own virtual environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLEANCLAIM := $(BIN)/cleanclaim

.DEFAULT_GOAL := help
.PHONY: help demo test java chromium check-style bench docs starter clean

help:
	@echo "make demo     check the example claims and print the report"
	@echo "make test     run every test, the style checks among them"
	@echo "make bench    measure speed and memory; see benchmarks/README.md"
	@echo "make docs     regenerate the reference pages from the code"
	@echo "make starter PUBLISHED=FOLDER   remake the embedded facts from published files"

$(VENV)/.python: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "cleanclaim needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing cleanclaim into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,fast,spark,pdf,browser]'
	@touch $@

# A finding is what the demo is there to show: exit code 1 ("something would be denied") is its success.
demo: $(VENV)/.python
	@CLEANCLAIM_BOOK=$(CURDIR)/.venv/demo-book $(CLEANCLAIM) check examples/claims.837; \
		code=$$?; test $$code -eq 0 -o $$code -eq 1

test: $(VENV)/.test java chromium
	@$(BIN)/python -m pytest

# Spark runs on Java. Where it is missing and cannot be installed, the tests that need it skip and say so.
java:
	@command -v java >/dev/null || test -n "$$JAVA_HOME" || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		echo "Installing Java for the tests of Spark ..." && apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; \
	} || echo "Java is not installed: tests of Spark will skip. Install Java 17 or newer, and run again."

# The site is looked at in a real browser. Where none can be installed, the tests that need it skip and say so.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		echo "Installing Chromium for the tests of the site ..." && apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	} || echo "Chromium is not installed: tests of the site in a browser will skip. Install it, and run again."

check-style: $(VENV)/.test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python benchmarks/run.py

docs: $(VENV)/.test
	@$(BIN)/python scripts/make_docs.py

starter: $(VENV)/.test
	@$(BIN)/python scripts/make_starter.py $(PUBLISHED)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
