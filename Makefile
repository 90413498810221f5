# Two commands do all the set-up: `make brief` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install ready brief test lint types imports docs bench starter clean

install: ready

$(VENV)/.installed: requirements/core.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/core.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# What planning compiles is compiled here, once: a quarter of a minute.
ready: $(VENV)/.installed
	$(BIN)/sulh forces ready

brief: $(VENV)/.installed
	$(BIN)/sulh brief OIC -o oic.html
	-$(BIN)/sulh forces ready

test: $(VENV)/.installed-dev
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest --doctest-modules -n auto

docs: $(VENV)/.installed
	$(BIN)/python -m sulh.store.document > docs/tables.md
	$(BIN)/python -m sulh.cli.document > docs/commands.md
	$(BIN)/python -m sulh.facts.document > docs/data-licences.md

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

starter: $(VENV)/.installed  # STORE=DIR, a store that files were imported into
	$(BIN)/python -m sulh.store.starter $(STORE) src/sulh/starter

clean:
	rm -rf $(VENV) build dist src/*.egg-info
