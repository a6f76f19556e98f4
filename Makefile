# Thin on purpose: what a target does stands in hack/, and each script can be run by itself.
.DEFAULT_GOAL := help
.PHONY: help demo demo-down test build images e2e bench crd format setup clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a Kubernetes with the operator and the five-pod samples/demo.yaml on it
	@hack/demo up

demo-down: ## ends what `make demo` started
	@hack/demo down

test: ## everything: format, unit, integration, API-server, chart and end-to-end tests
	@hack/test all

e2e: ## the end-to-end tests alone
	@hack/test e2e

build: ## the two jars, without tests
	@hack/build

images: build ## target/images/*.tar, with docker where it runs, else with buildah
	@hack/images

bench: images ## memory and time to ready of agent and operator as their images run them
	@bench/run

crd: ## regenerates crds/ and the chart's copy from the operator's types
	@hack/crd

format: ## formats the Java sources
	@hack/build format

setup: ## what build, tests and demo need on this machine, installed or built where missing
	@hack/setup

clean: ## removes what was built here; caches under ~/.cache stay
	@rm -rf target */target
