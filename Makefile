# Every command here needs nothing done before: it sets up what it needs. `make` alone lists them.
PYTHON ?= python3
STACK ?= local
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup up down test test-pure test-engine test-kubernetes test-aws test-google check bench docs new status stop env clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## set up what is missing, and no more
	@$(PYTHON) -m toolchain setup

up: ## set up what is missing, deploy STACK (default local), print where it answers
	@$(PYTHON) -m toolchain up --stack '$(STACK)'

down: ## destroy STACK; VOLUMES=1 removes its named volumes too
	@$(PYTHON) -m toolchain down --stack '$(STACK)' $(if $(VOLUMES),--volumes)

new: ## write stacks/Pulumi.STACK.yaml for your own application: STACK=mine COMPOSE=compose.yaml
	@$(PYTHON) -m toolchain new --stack '$(STACK)' $(if $(COMPOSE),--compose '$(COMPOSE)') $(if $(TARGET),--target '$(TARGET)')

test: test-pure test-engine test-kubernetes test-aws test-google ## everything: first what is pure or mocked, then what really runs

test-pure: ## the tests that need no engine
	@$(PYTHON) -m toolchain setup --python
	$(VENV)/pytest -q -m "not engine"

test-engine: ## the tests that run for real
	@$(PYTHON) -m toolchain setup
	@eval "$$($(PYTHON) -m toolchain env)" && $(VENV)/pytest -q -m "engine and not kubernetes and not aws and not google"

test-kubernetes: ## the same on a Kubernetes of one node that comes and goes, or on SLIPWAY_TEST_KUBECONFIG's
	@$(PYTHON) -m toolchain setup --kubernetes=$(if $(SLIPWAY_TEST_KUBECONFIG),plugin,cluster)
	@eval "$$($(PYTHON) -m toolchain env)" && $(if $(SLIPWAY_TEST_KUBECONFIG),,$(VENV)/python -m toolchain.kubernetes) \
		$(VENV)/pytest -q -m kubernetes -n 3

test-aws: ## the same on an AWS of this machine's own, which comes and goes; see docs/setup.md
	@$(PYTHON) -m toolchain setup
	@eval "$$($(PYTHON) -m toolchain env)" && $(VENV)/python -m tests.aws $(VENV)/pytest -q -m aws -n 3

test-google: ## the same on a Google Cloud of this machine's own, which comes and goes; see docs/setup.md
	@$(PYTHON) -m toolchain setup
	@eval "$$($(PYTHON) -m toolchain env)" && $(VENV)/python -m tests.gcp $(VENV)/pytest -q -m google -n 3 tests/gcp tests/conformance

check: ## lint, format, types, and the import rule
	@$(PYTHON) -m toolchain setup --python
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/pytest -q tests/test_layout.py

bench: ## ratios against docker-compose, a hand-written program, docker stack and kubectl, and what clouds cost; never a test
	@$(PYTHON) -m toolchain setup
	@eval "$$($(PYTHON) -m toolchain env)" && $(VENV)/python -m tests.bench && $(VENV)/python -m tests.bench_swarm && $(VENV)/python -m tests.bench_kubernetes && $(VENV)/python -m tests.bench_ecs && $(VENV)/python -m tests.bench_cloudrun

docs: ## write the generated pages
	@$(PYTHON) -m toolchain setup --python
	$(VENV)/python -m components support --format markdown > docs/support.md
	$(VENV)/python -m toolchain.settings_page > docs/settings.md

status: ## list the daemons that set-up started
	@$(PYTHON) -m toolchain status

stop: ## end them
	@$(PYTHON) -m toolchain stop

env: ## print what a plain `pulumi` needs: eval "$$(make env)"
	@$(PYTHON) -m toolchain env

clean: stop ## remove .venv and .slipway (state and secrets too); what was built stays in the cache
	rm -rf .venv .slipway
