# The two commands a newcomer needs are `make dev` and `make test`; the rest is for those who change things.

.DEFAULT_GOAL := help
.PHONY: help install dev reset test lint fmt bench bench-large mutants build clean

help: ## What there is to run
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-12s %s\n", $$1, $$2 }'

install: ## Get what is missing for development and tests (Debian, Ubuntu; says the brew line on macOS)
	scripts/install test

dev: ## The whole system, with demo data, in this terminal
	scripts/install dev
	cargo run --quiet -- dev

reset: ## The same, beginning with an empty database
	scripts/install dev
	cargo run --quiet -- dev --reset

test: ## Every test there is, on a bare Postgres and on one shaped like Supabase's
	scripts/install test
	scripts/test $(TEST_FLAGS)

lint: ## Formatting, clippy, SQL lints; changes nothing
	scripts/lint

fmt: ## Format the Rust code
	cargo fmt

bench: ## Ratios against pgbench, Express and graphile-worker, in one run
	scripts/install bench
	bench/run

bench-large: ## The same with big tables
	scripts/install bench
	bench/run --large

mutants: ## Break each invariant once and see its test fail
	scripts/install test
	scripts/mutants

build: ## The release binary
	cargo build --release --locked

clean: ## Remove build output and the private Postgres
	cargo clean
	rm -rf .voxanne
