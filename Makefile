# `make run` shows the application, `make test` checks everything; both set up
# what they need. `make help` lists the rest.
.DEFAULT_GOAL := help
SQLC := github.com/sqlc-dev/sqlc/cmd/sqlc@v1.30.0
TOXIPROXY := github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
SOURCES := $(shell find frontend -type f -not -path 'frontend/dist/*' 2>/dev/null) package.json package-lock.json

# What a cluster of containers is made of, besides bin/yodel.
CLUSTER := bin/e2e-stack bin/toxiproxy bin/nats-server bin/e2e-fill

.PHONY: bin/e2e-stack help run build cluster test test-full check lint package e2e screenshots setup threats generate generated fuzz mutants bench bench-store bench-cluster fmt clean

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

# By its exact name: the module's latest is not marked as such. It runs on this
# machine and in containers, so it needs no library.
bin/toxiproxy:
	dir=$$(mktemp -d) && CGO_ENABLED=0 GOBIN=$$dir go install $(TOXIPROXY) && mkdir -p bin && mv $$dir/server $@ && rmdir $$dir

bin/nats-server: go.mod
	CGO_ENABLED=0 go build -trimpath -o $@ github.com/nats-io/nats-server/v2

bin/e2e-chatter: e2e/cmd/chatter/main.go
	CGO_ENABLED=0 go build -trimpath -o $@ ./e2e/cmd/chatter

bin/e2e-postgres: e2e/cmd/postgres/main.go e2e/postgres/postgres.go
	CGO_ENABLED=0 go build -trimpath -o $@ ./e2e/cmd/postgres

bin/e2e-fill: e2e/cmd/fill/main.go
	CGO_ENABLED=0 go build -trimpath -o $@ ./e2e/cmd/fill

test: setup build $(CLUSTER) bin/e2e-chatter lint generated package ## every check and suite, once; ends with the count of each
	go run ./e2e/cmd/suites

test-full: test bin/e2e-postgres ## and the long runs
	go test -count=1 -timeout 60m ./realtime -run TestDeliveryModel -model.steps 1000000 -v
	go test -count=1 -timeout 60m ./realtime/adversary -run FakeClock -adversary.steps 1000000 -v
	YODEL_LONG=1 npx playwright test --config e2e/playwright.config.ts
	YODEL_E2E_DATABASE=postgresql npx playwright test --config e2e/playwright.config.ts
	YODEL_CLUSTER=10m go test -count=1 -p 1 -timeout 40m ./e2e/stack ./e2e/chaos -v
	YODEL_CLUSTER=1 YODEL_LONG=1 npx playwright test --config e2e/playwright.config.ts --project="everything on the cluster"

check: node_modules/.package-lock.json lint ## the fast inner loop
	go test -short ./...
	npm run --silent test:unit

lint: node_modules/.package-lock.json ## formatting, vet, staticcheck, types
	@test -z "$$(gofmt -l app middleware realtime frontend e2e docs | tee /dev/stderr)"
	@for m in $$(git ls-files '*go.mod'); do (cd $$(dirname $$m) && go mod tidy -diff) || exit 1; done
	go vet ./...
	cd e2e/bench && go vet ./...
	go run $(STATICCHECK) ./...
	npm run --silent lint

package: node_modules/.package-lock.json ## the npm package of the hooks: exports, types, size
	npm run --silent package

cluster: setup build $(CLUSTER) ## a cluster to look at, and an endpoint that breaks it: three nodes, NATS, PostgreSQL, nginx
	bin/e2e-stack -cluster 18600

e2e: setup build bin/e2e-stack bin/e2e-chatter bin/toxiproxy ## the suites in a real browser
	npx playwright test --config e2e/playwright.config.ts

screenshots: setup build ## every page in every state, by width and theme: e2e/screenshots
	YODEL_SCREENSHOTS=1 npx playwright test --config e2e/playwright.config.ts --project="its own server" screenshots

setup: node_modules/.package-lock.json ## what the suites need: a browser and a container engine
	./e2e/setup.sh

generate: ## the Go code of the SQL queries; types and documents of the contract
	go run $(SQLC) generate -f app/store/sqlc.yaml
	go generate ./app

generated: # generated code is what its sources make of it
	go run $(SQLC) diff -f app/store/sqlc.yaml
	go run ./app/cmd/yodel gen --check

FUZZTIME ?= 60s
fuzz: ## every fuzz target, FUZZTIME each (60s)
	@go run ./e2e/cmd/fuzz -time $(FUZZTIME)

MUTANTS ?= 30
SEED ?= 1
mutants: ## MUTANTS small changes of the hub's code (30), chosen by SEED (1): which do the tests notice
	go run ./e2e/cmd/mutants -n $(MUTANTS) -seed $(SEED)

bench: ## what the guard costs beside echo-jwt alone, and the hub beside its peers
	go test -run '^$$' -bench . -benchmem ./middleware
	cd e2e/bench && go run . -out ../../docs/performance

bench-store: ## what each statement costs SQLite and PostgreSQL in a large chat; fails over 5 ms of CPU
	go test ./app/store -run '^$$' -bench Queries -benchtime 1x

bench-cluster: ## one, two and three nodes on one store, beside one in memory
	cd e2e/bench && go run . -cluster -rounds 3 -out ../../docs/performance

threats: ## which hostile inputs have a test, which are open, which wait
	@go run ./e2e/house/cmd/threats

fmt: ## format everything
	gofmt -w app middleware realtime frontend e2e
	npm run --silent format

clean: ## forget what was built
	rm -rf bin frontend/dist/assets frontend/dist/.vite frontend/dist/index.html* frontend/dist/favicon.svg* frontend/dist/placeholder.html.* node_modules
