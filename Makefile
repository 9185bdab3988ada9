# `make help` lists the targets. Builds keep their products outside the clone, so that a second clone does not rebuild the packages.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

MARTLET_SCRATCH ?= $(HOME)/.cache/martlet
DEBUG   := $(MARTLET_SCRATCH)/debug
RELEASE := $(MARTLET_SCRATCH)/release
IMAGE   ?= martlet:dev

# AUTO, ONCE: anything but empty, 0, no or false turns them on. SEED: a number. SCENARIO: a name that martlet twin scenarios lists, or a file.
on = $(if $(filter-out 0 no false,$(1)),$(2))
DEMO_ARGUMENTS = $(call on,$(AUTO),--auto) $(call on,$(ONCE),--once) $(if $(SEED),--seed $(SEED)) \
	$(if $(SCENARIO),--scenario "$(SCENARIO)")

.PHONY: help deps deps-test demo test fuzz measure build release image format lint clean

help: ## Show this list
	@echo "make demo [AUTO=1] [ONCE=1] [SEED=n] [SCENARIO=name]"
	@echo "                                       a simulated cluster, a fault, and its repair"
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | grep -v '^demo' | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do \
		printf 'make %-33s %s\n' "$$name" "$$text"; done
	@echo
	@echo "Products: $(MARTLET_SCRATCH)/{debug,release} (set MARTLET_SCRATCH to move them)"

deps:
	@scripts/deps build

deps-test:
	@scripts/deps build test

demo: deps ## A simulated cluster, a fault, and its repair
	swift build -c release --product martlet --scratch-path "$(RELEASE)"
	@exec "$(RELEASE)/release/martlet" demo $(DEMO_ARGUMENTS)

test: deps-test ## Install what is missing, build everything and run every test
	swift build --build-tests --scratch-path "$(DEBUG)"
	swift test --skip-build --disable-xctest --scratch-path "$(DEBUG)" --experimental-maximum-parallelization-width 8

measure: release ## Measure speed and size; JSON lines in docs/measured/
	@scripts/measure "$(RELEASE)/release/martlet"
	@scripts/measure-kills "$(RELEASE)/release/martlet" "$(DEBUG)"

fuzz: deps ## Feed the readers of JSON, quantities and logs with mutations (FUZZ_SECONDS=n each, default 20)
	@scripts/fuzz $(or $(FUZZ_SECONDS),20)

build: deps ## Debug build
	swift build --scratch-path "$(DEBUG)"

release: deps ## Release build of the program
	swift build -c release --product martlet --scratch-path "$(RELEASE)"
	@echo "built $(RELEASE)/release/martlet"

image: ## Build a container image (needs docker; IMAGE=name:tag)
	@command -v docker >/dev/null || { echo "error: make image needs docker, which is not on the PATH"; \
		echo "  fix: install it (Debian: apt-get install docker.io), or use the program that make release builds"; exit 1; }
	docker build --tag "$(IMAGE)" .

format: ## Format the sources in place
	swift format -i -r --parallel Sources Tests Package.swift

lint: ## Check the format; any finding is a failure
	swift format lint --strict -r --parallel Sources Tests Package.swift

clean: ## Remove the build products
	rm -rf -- "$(DEBUG)" "$(RELEASE)" .build
