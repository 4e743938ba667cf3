# One command for each thing one does here. Every target makes its own .venv; nothing needs sudo.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
FRAMEWORKS := $(VENV)/.frameworks
# Where uv does not get at packages and pip does: make UV= test
UV := $(shell command -v uv 2>/dev/null)
INSTALL = $(if $(UV),$(UV) pip install --python $(BIN)/python,$(BIN)/python -m pip install) \
  --quiet -c constraints.txt
# What `make test` leaves to `make check`.
QUICK := not browser and not scale and not checkov and not jsonata and not frameworks and not sdk and not airflow
# Tests of whole accounts take seconds each: a worker that is done takes over from one that is not.
PARALLEL := -n auto --dist worksteal

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# uv trusts certificates of its own where pip trusts those of the system.
export UV_SYSTEM_CERTS ?= true

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED) ## Audit an emulated account and write the reports to out/demo
	$(BIN)/mlaudit scan --demo --out out/demo

test: $(INSTALLED) ## Run the tests, but for those that need a browser or minutes
	$(BIN)/python -m pytest $(PARALLEL) -m "$(QUICK)"

# The tests include what the wheel holds.
check: $(FRAMEWORKS) ## Run everything that must hold before a change is merged
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(PARALLEL)
	$(BIN)/python tools/generate_docs.py --check

format: $(INSTALLED) ## Format the code and apply the safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(INSTALLED) ## Write the documentation that derives from the code
	$(BIN)/python tools/generate_docs.py

bench: $(INSTALLED) ## Measure how long the command takes to start and the HTML report to open
	$(BIN)/python tests/benchmarks/bench_startup.py
	$(BIN)/python tests/benchmarks/bench_report.py

clean: ## Remove everything that was made here
	rm -rf $(VENV) dist out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# `--group` came with pip 25.1, so a newer pip comes first. hatchling comes before the project
# because building without isolation takes the constrained version of it.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mlaudit needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) pip hatchling
	$(INSTALL) --no-build-isolation --group dev --editable '.[emulator]'
	@touch $@

# pip finds a build of torch for processors alone where uv does not, so torch comes first and by pip.
$(FRAMEWORKS): $(INSTALLED)
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(INSTALL) --no-build-isolation --editable '.[emulator,reference]'
	@touch $@
