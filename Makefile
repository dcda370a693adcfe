# Two commands do everything on a fresh machine with Python >= 3.11 (venv included) and make:
#   make demo    watch the whole job on the built-in newsroom
#   make test    run the tests
PYTHON ?= python3
PIP = -m pip --disable-pip-version-check --no-input install --quiet
BIN = .venv/bin

.PHONY: demo run test fuzz lint bench bench-full lock clean

demo: .venv/.runtime
	@$(BIN)/scraper demo

run: .venv/.runtime
	@$(BIN)/scraper run

test: .venv/.dev
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

fuzz: .venv/.dev
	@$(BIN)/python -m benchmarks.fuzz

lint: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: .venv-bench/.done .venv/.dev
	@.venv-bench/bin/python -m benchmarks --sample

bench-full: .venv-bench/.done .venv/.dev
	@.venv-bench/bin/python -m benchmarks

.venv/bin/python:
	@echo "Creating .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing the locked runtime (about a minute the first time)"
	@$(BIN)/python $(PIP) --require-hashes -r requirements.lock
	@$(BIN)/python $(PIP) --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Installing the locked tools for tests"
	@$(BIN)/python $(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

.venv-bench/.done: requirements-bench.lock pyproject.toml
	@echo "Creating .venv-bench"
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python $(PIP) --no-deps --require-hashes -r requirements-bench.lock
	@.venv-bench/bin/python $(PIP) --no-deps -e .
	@touch $@

# Needs uv; run by hand after a change of dependencies in pyproject.toml.
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:
	$(COMPILE) --no-annotate pyproject.toml -o requirements.lock
	$(COMPILE) --no-annotate pyproject.toml --extra postgres -c requirements.lock -o requirements-postgres.lock
	$(COMPILE) --no-annotate pyproject.toml --extra dev --extra postgres -c requirements-postgres.lock -o requirements-dev.lock
	$(COMPILE) --no-annotate pyproject.toml --extra bench --extra postgres -c requirements-postgres.lock -o requirements-bench.lock

clean:
	rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache build dist
