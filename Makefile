# `make` alone shows what there is. Python 3.11 or newer, make and a package index are all it takes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The client libraries the contract tests use live apart from the product.
SDK := tests/sdk
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.PHONY: help run setup test check bench soak clean messages environment-run environment-dev chromium pgbouncer client-libraries

# check --deploy asks about production, so it is shown one.
PRODUCTION := DEBUG= PUBLIC_URL=https://adoptiq.example ALLOWED_HOSTS=adoptiq.example

help:
	echo "make run     start AdoptIQ here (PORT, ADOPTIQ_HOME); Ctrl-C stops it"
	echo "make setup   build $(VENV) with everything for development"
	echo "make test    all tests, browser tests included, on services of their own"
	echo "make check   format, lint, types, import contracts, templates, migrations, deployment"
	echo "make bench   speed ratios"
	echo "make soak    long runs"
	echo "make messages  write the sentences to translate to locale/en"
	echo "make clean   remove what can be rebuilt; data stays"

run: environment-run
	exec $(BIN)/python manage.py up --stop-with-parent

setup: environment-dev chromium pgbouncer client-libraries

test: setup
	exec $(BIN)/python -m pytest -n 3 -m "not soak"

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	if grep -nE '[a-z+]+://|^-' requirements*.lock; then
		echo "A lock file names an address; it may hold versions and hashes only."
		exit 1
	fi

messages: setup
	$(BIN)/python manage.py messages

bench: setup
	exec $(BIN)/python -m tests.benchmarks

soak: setup
	exec $(BIN)/python -m pytest -m soak tests/soak

clean:
	rm -rf $(VENV) $(SDK)/.venv $(SDK)/node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment-run: LOCK := requirements.lock
environment-dev: LOCK := requirements-dev.lock
environment-run environment-dev:
	stamp="$(VENV)/.installed-$(LOCK)"
	wanted="$$(cat $(LOCK) requirements-uv.lock | sha256sum)"
	if [ "$$(cat "$$stamp" 2>/dev/null)" = "$$wanted" ]; then exit 0; fi
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
		echo "AdoptIQ needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3" >&2
		exit 1
	fi
	echo "Building $(VENV) from $(LOCK)" >&2
	if ! [ -x $(BIN)/pip ] && ! $(PYTHON) -m venv $(VENV) >&2; then
		echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2
		rm -rf $(VENV)
		exit 1
	fi
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes \
		-r requirements-uv.lock >&2
	# uv does not read pip's settings, so an index that only pip knows is passed on.
	index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"
	if [ -n "$${PIP_INDEX_URL:-$$index}" ]; then
		export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$${PIP_INDEX_URL:-$$index}}}"
	fi
	VIRTUAL_ENV="$$PWD/$(VENV)" $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r $(LOCK) >&2
	echo "$$wanted" > "$$stamp"

chromium:
	if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "Installing chromium for the browser tests" >&2
		apt-get update -q >&2
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium >&2
	else
		echo "The browser tests need chromium; on Debian: sudo apt-get install chromium" >&2
	fi

pgbouncer:
	if PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "Installing PgBouncer for the tests of shared connections" >&2
		apt-get update -q >&2
		RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends pgbouncer >&2
	else
		echo "The tests of shared connections need pgbouncer; on Debian: sudo apt-get install pgbouncer" >&2
	fi

client-libraries: environment-dev
	stamp="$(SDK)/.venv/.installed"
	wanted="$$(cat $(SDK)/requirements.lock $(SDK)/package-lock.json | sha256sum)"
	if [ "$$(cat "$$stamp" 2>/dev/null)" = "$$wanted" ] && [ -d $(SDK)/node_modules ]; then exit 0; fi
	if ! command -v npm >/dev/null; then
		echo "The tests of client libraries need Node and npm; on Debian: sudo apt-get install npm" >&2
		exit 1
	fi
	echo "Installing client libraries into $(SDK)" >&2
	rm -rf $(SDK)/.venv $(SDK)/node_modules
	index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"
	if [ -n "$${PIP_INDEX_URL:-$$index}" ]; then
		export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$${PIP_INDEX_URL:-$$index}}}"
	fi
	$(BIN)/uv venv --quiet --python $(BIN)/python $(SDK)/.venv >&2
	VIRTUAL_ENV="$$PWD/$(SDK)/.venv" $(BIN)/uv pip install --quiet --require-hashes -r $(SDK)/requirements.lock >&2
	npm ci --prefix $(SDK) --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	echo "$$wanted" > "$$stamp"
