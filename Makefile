# What a person types in a fresh clone. Needs make and Python 3.11 or newer, nothing else:
# every target builds .venv as far as it needs it, and the second run starts at once.
#
#   make demo        a plan for Russia 2015-2020, without and with a shock, and its report
#   make test        everything that must hold, in minutes
#   make check-slow  what takes longer: the national tables, fuzzing
#   make bench       speed against the alternatives, with a description of the machine

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file locks nothing by itself: the exact versions live in constraints.txt.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# Two processes on two cores: products of matrices that want both would wait for one another.
EVERY_TEST := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --cov --cov-report=term
# Where CI is set, a test that does not run has failed.
ifeq ($(CI),true)
EVERY_TEST += -p tests.no_skips
endif

.DEFAULT_GOAL := help
.PHONY: help demo test lint check-slow fuzz bench docs constraints clean distclean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/.stamp-run
	$(BIN)/counterplan demo --out out/demo

test: lint
	$(EVERY_TEST) -m "not slow"
	$(BIN)/python -m coverage report --skip-covered --fail-under=95 \
		--include='src/counterplan/economy/*,src/counterplan/plan/*'

lint: $(VENV)/.stamp-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check-slow: $(VENV)/.stamp-dev
	$(BIN)/python -m pytest -m slow
	$(MAKE) fuzz

fuzz: $(VENV)/.stamp-dev
	tools/fuzz.sh $(BIN)/python

bench: $(VENV)/.stamp-bench
	$(BIN)/python -m benchmarks

docs: $(VENV)/.stamp-dev
	$(BIN)/python -m tools.reference

constraints: $(VENV)/.stamp-dev
	$(BIN)/python -m tools.constraints

clean:
	rm -rf out build htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache
	rm -rf .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV)

# ---- Setting up. A stamp is written last, so a broken installation is tried again.

$(VENV)/.stamp-venv:
	@tools/python_check.sh $(PYTHON)
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.stamp-run: $(VENV)/.stamp-venv pyproject.toml constraints.txt
	$(INSTALL) -e .
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-run
	$(INSTALL) -e '.[dev,mrio,linopy,dask]'
	@touch $@

$(VENV)/.stamp-bench: $(VENV)/.stamp-dev
	$(INSTALL) -e '.[bench]'
	@touch $@
