# `make run` shows the application, `make test` checks everything; both set up
# what they need. `make help` lists the rest.
.DEFAULT_GOAL := help
SQLC := github.com/sqlc-dev/sqlc/cmd/sqlc@v1.30.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
SOURCES := $(shell find frontend -type f -not -path 'frontend/dist/*' 2>/dev/null) package.json package-lock.json

.PHONY: bin/e2e-stack help run build test test-full check lint e2e setup threats generate generated fuzz bench fmt clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: build ## start the application in demo mode on 127.0.0.1:8080
	bin/yodel serve --demo

build: frontend/dist/index.html ## the binary with the front end in it: bin/yodel
	CGO_ENABLED=0 go build -trimpath -o bin/yodel ./app/cmd/yodel

frontend/dist/index.html: node_modules/.package-lock.json $(SOURCES)
	npm run --silent build

node_modules/.package-lock.json: package.json package-lock.json
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-fund --no-audit
	@touch $@

bin/e2e-stack: build
	go build -o $@ ./e2e/cmd/stack

test: setup build bin/e2e-stack lint generated ## every check and suite, once; ends with the count of each
	go run ./e2e/cmd/suites

test-full: test ## and the long runs
	go test -count=1 -timeout 60m ./realtime -run TestDeliveryModel -model.steps 1000000 -v

check: node_modules/.package-lock.json lint ## the fast inner loop
	go test -short ./...
	npm run --silent test:unit

lint: node_modules/.package-lock.json ## formatting, vet, staticcheck, types
	@test -z "$$(gofmt -l app middleware realtime frontend e2e docs | tee /dev/stderr)"
	go vet ./...
	cd e2e/bench && go vet ./...
	go run $(STATICCHECK) ./...
	npm run --silent lint

e2e: setup build bin/e2e-stack ## the suites in a real browser
	npx playwright test --config e2e/playwright.config.ts

setup: node_modules/.package-lock.json ## what the suites need: a browser and a container engine
	./e2e/setup.sh

generate: ## the Go code of the SQL queries
	go run $(SQLC) generate -f app/store/sqlc.yaml

generated: # generated code is what its sources make of it
	go run $(SQLC) diff -f app/store/sqlc.yaml

FUZZTIME ?= 60s
fuzz: ## every fuzz target, FUZZTIME each (60s)
	@go run ./e2e/cmd/fuzz -time $(FUZZTIME)

bench: ## what the guard costs beside echo-jwt alone, and the hub beside its peers
	go test -run '^$$' -bench . -benchmem ./middleware
	cd e2e/bench && go run .

threats: ## which hostile inputs have a test, which are open, which wait
	@go run ./e2e/house/cmd/threats

fmt: ## format everything
	gofmt -w app middleware realtime frontend e2e
	npm run --silent format

clean: ## forget what was built
	rm -rf bin frontend/dist/assets frontend/dist/index.html frontend/dist/favicon.svg node_modules
