# Every target sets itself up in .venv with nothing but Python 3.11, make and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ONLY ?=
# What touches the database; it is tested on SQLite with everything else, and on PostgreSQL again.
ON_BOTH := tests/people tests/credentials tests/intake tests/care tests/measure tests/console tests/project tests/outreach tests/portal tests/kernel/test_outbox.py tests/cli/test_backup.py tests/stream tests/scoring tests/api tests/jobs
PROOFS_ON_BOTH := tests/proof/test_reading_on.py tests/proof/test_kills_of_the_lake.py tests/proof/test_real_files.py
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

.PHONY: install start demo test check proof bench lock translations pictures clean help

help:  ## What there is to make.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regulars needs Python 3.11 or later.")'
	$(PYTHON) -m venv $(VENV)

# What the product itself needs.
$(VENV)/.product: requirements/product.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/product.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# What its developers need on top: tests, checks, benches and every optional part.
$(VENV)/.developer: requirements/developer.lock $(VENV)/.product
	$(PIP) --require-hashes -r requirements/developer.lock
	@touch $@

install: $(VENV)/.product  ## Set up what the product needs, and nothing else.

start: $(VENV)/.product  ## Start Regulars and open it in the browser; AT=build/demo/home for the demo's café.
	$(BIN)/regulars start $(if $(AT),--home $(AT))

demo: $(VENV)/.product  ## Simulate a café's town, score it, write the report and open the café.
	$(BIN)/regulars demo --out build/demo

test: $(VENV)/.developer  ## Run the tests.
	$(BIN)/pytest -n 2 --dist worksteal
	$(BIN)/python -m tests.postgresql -n 2 --dist worksteal $(ON_BOTH)

check: $(VENV)/.developer  ## Format, lint, types, import contracts, docs against code.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -p no:cacheprovider tests/docs

proof: $(VENV)/.developer  ## Run the slow proofs: kills, traces of the disk, HTTPS, coverage of intervals, long fuzzing.
	$(BIN)/pytest -n 2 -m proof --timeout 2400 tests/proof
	$(BIN)/python -m tests.postgresql -n 1 -m proof --timeout 2400 $(PROOFS_ON_BOTH)

bench: $(VENV)/.developer  ## Measure against the yardsticks; ONLY=name for one.
	$(BIN)/python -m benches $(ONLY)

lock: $(VENV)/.developer  ## Resolve the dependency locks anew.
	$(BIN)/python requirements/lock.py

translations: $(VENV)/.developer  ## Gather the messages to translate into the catalogues.
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k gettext -k mark -k ngettext:1,2 --no-default-keywords \
	  --no-location --sort-output --no-wrap --project Regulars --copyright-holder "The Regulars developers" \
	  -o build/messages.pot src/regulars
	@for code in de es th; do $(BIN)/pybabel -q update -i build/messages.pot \
	  -o src/regulars/locale/$$code/messages.po -l $$code --no-wrap --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date || exit 1; done

pictures: $(VENV)/.developer  ## Take the README's pictures anew, of the demo's café.
	$(BIN)/regulars demo --out build/demo
	$(BIN)/python docs/pictures.py build/demo

clean:  ## Remove everything that was made.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
