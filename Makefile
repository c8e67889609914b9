# Thin on purpose: the work is in scripts/, so that hooks, CI and people run the same thing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHON

.PHONY: help install assets clients browser screenshots dev serve test check lint format bench eval-ingest audit lock clean

help: ## Show what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Make .venv with what the service needs; leaves .venv/bin/lexgate
	@scripts/install runtime

dev: ## Make .venv with what development needs as well
	@scripts/install dev

assets: ## Bundle the scripts and styles of the console
	@scripts/assets

clients: dev ## Build the Python and the TypeScript client
	@scripts/clients

browser: assets ## Bring the browser that the tests of the console drive
	@scripts/browser

serve: install assets ## Install, then answer on http://127.0.0.1:8000, with the console at /console
	@exec .venv/bin/lexgate serve

test: dev browser clients ## The gate: style, types, floors, packs, tests with coverage
	@scripts/check
	@scripts/coverage

check: dev ## The gate without the tests
	@scripts/check

lint: dev ## Style, types, floors and the form of the packs only
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lexgate packs format --check
	@.venv/bin/mypy --strict engine ingest
	@.venv/bin/mypy --strict clients/python/lexgate_client
	@.venv/bin/lint-imports

format: dev ## Write the one format there is
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .
	@.venv/bin/lexgate packs format

audit: dev ## Dangerous calls, secrets, a bill of materials, and known holes of what is locked
	@scripts/audit

bench: ## Compare with other engines, tax libraries and a bare echo; writes docs/benchmarks.md
	@scripts/install bench
	@scripts/bench

eval-ingest: dev ## How well publications are read and linked, on the labelled items in tests/
	@scripts/eval-ingest

screenshots: dev browser ## Take the pictures of the console in docs/console
	@.venv/bin/python -m tests.browser.shots

lock: ## Write the lock files anew (scripts/lock --upgrade for newer releases)
	@scripts/lock

clean: ## Remove what was built; the database stays
	rm -rf .venv .venv-lock dist build htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
