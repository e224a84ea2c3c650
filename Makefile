# The few commands a newcomer needs. Every target sets up what it is missing; a second call sets up nothing.
# Needs git, make and CPython >= 3.11 with venv. Everything lands in .venv and .circularity, nowhere else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help release test dev lint bench
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
SOURCE ?= sample
YEAR   ?= 2026
PORT   ?= 3000
REPEATS ?= 5

VENV     := .venv
BIN      := $(VENV)/bin
READY    := $(VENV)/.ready
MANIFEST := dbt_project/target/manifest.json
# Folders that dbt itself writes are not sources of its manifest.
DBT_SOURCES := $(shell find dbt_project \( -name target -o -name logs -o -name dbt_packages \) -prune -o -type f ! -name .user.yml -print) \
               $(wildcard connectors/reference/*.csv)

export DAGSTER_DISABLE_TELEMETRY := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export TQDM_DISABLE := 1
export UV_PYTHON_DOWNLOADS := never

help:
	@echo "make release [SOURCE=sample|live] [YEAR=2026]  build the release candidate of a year"
	@echo "make test                                      run the whole test suite, end to end included"
	@echo "make dev [PORT=3000]                           open the Dagster UI on this machine only"
	@echo "make lint                                      style, types and import boundaries"
	@echo "make bench [REPEATS=5]                         CPU time and memory against other ways to read the same bytes"
	@echo "Without SOURCE the embedded sample is used: invented figures, no network, never publishable."

release: $(READY) $(MANIFEST)
	@CIRCULARITY_SOURCE=$(SOURCE) $(BIN)/circularity run --year $(YEAR)

test: $(READY) $(MANIFEST)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

dev: $(READY) $(MANIFEST)
	@CIRCULARITY_SOURCE=$(SOURCE) $(BIN)/python -m orchestration.ui --port $(PORT)

# The packages compared with are no dependencies: they have an environment of their own.
bench: $(READY) $(VENV)/bench/.ready
	@$(BIN)/python -m tests.bench.run --bench-python $(VENV)/bench/bin/python --repeats $(REPEATS)

$(VENV)/bench/.ready: $(READY) requirements.bench.lock
	@echo "Setting up $(VENV)/bench (once) ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/bench
	@$(BIN)/uv pip install --quiet --python $(VENV)/bench/bin/python --compile-bytecode --require-hashes -r requirements.bench.lock
	@touch $@

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# uv comes from pip, everything else from uv: several times faster, and --compile-bytecode saves each later process
# from compiling again. setuptools is pinned in the lock, so the project itself is built without fetching anything.
$(READY): requirements.bootstrap.lock requirements.lock requirements.oldest-duckdb.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CPython 3.11 or newer is needed; call make with PYTHON=/path/to/python3.11")'
	@echo "Setting up $(VENV) (once; about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.bootstrap.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@rm -rf $(VENV)/oldest-duckdb
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --target $(VENV)/oldest-duckdb --require-hashes -r requirements.oldest-duckdb.lock
	@touch $@

# Dagster reads dbt's manifest; it is made here, not while definitions load.
$(MANIFEST): $(READY) $(DBT_SOURCES)
	@echo "Reading the dbt project ..."
	@CIRCULARITY_WAREHOUSE=$(CURDIR)/.circularity/sample/warehouse $(BIN)/dbt --quiet parse --project-dir $(CURDIR)/dbt_project --profiles-dir $(CURDIR)/dbt_project
	@touch $@
