# Everything here needs only make and python3 (3.11 or newer) with venv; the rest goes to .venv.

PYTHON ?= python3
BIN := .venv/bin
# Without the hook that makes the manual page: a checkout has no place for it.
INSTALL := HATCH_BUILD_NO_HOOKS=true $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint bench clean
.NOTPARALLEL:

# The whole story against a CalDAV server of its own, in a temporary directory.
demo: .venv/made-for-local
	$(BIN)/connectd demo

test: .venv/made-for-test
	$(BIN)/pytest

lint: .venv/made-for-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What planning and starting cost, and the memory of the idle daemon, and what the planner achieves in simulated half-years.
bench: .venv/made-for-local
	$(BIN)/python bench/slots.py
	$(BIN)/python bench/planning.py
	$(BIN)/python bench/status.py
	$(BIN)/python bench/effectiveness.py --small
	$(BIN)/python bench/memory.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made-for-%: .venv/made pyproject.toml
	@echo "installing connectd with its extra '$*' into .venv (once)"
	@$(INSTALL) --editable '.[$*]'
	@$(BIN)/python -m compileall -q connectd
	@touch $@

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "connectd needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@
