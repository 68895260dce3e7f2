# Everything a developer or operator does. Needs python 3.11 or newer, make and git; the rest is installed from here.
# PORT and STATE_DIR (as arguments or from the environment) let several local stacks run side by side.

PYTHON ?= python3
PORT ?= 4566
STATE_DIR ?= .local/state
DAYS ?= 30
export PORT STATE_DIR

BIN := .venv/bin
SAM := .local/sam/bin/sam
PACKAGE_PYTHON ?= $(BIN)/python
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps
# SAM without an account: where a command only looks at the template.
OFFLINE := SAM_CLI_TELEMETRY=0 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 \
	AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run up down clean logs token link rotate-keys sources import export lock environments test check bench format deploy

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 | \2/p' $(firstword $(MAKEFILE_LIST)) | awk -F' [|] ' '{ printf "%-20s %s\n", $$1, $$2 }'

run: environments ## everything from nothing: the local stack with sample data, then its logs until Ctrl-C
	@$(BIN)/python -m tools.stack run

up: environments ## the local stack in the background; again to deploy what changed (PORT=4566 STATE_DIR=.local/state)
	@$(BIN)/python -m tools.stack up

down: $(BIN)/installed ## stop the local stack, keep its data
	@$(BIN)/python -m tools.stack down

clean: $(BIN)/installed ## stop the local stack, remove its data and what was built
	@$(BIN)/python -m tools.stack clean

logs: $(BIN)/installed ## follow the logs of the local stack until Ctrl-C
	@$(BIN)/python -m tools.stack logs

token: $(BIN)/installed ## print an access token: SCOPE="scores:read ..." [CLIENT=acme] [SOURCE=hr] [DAYS=30] [STACK=name]
	@$(BIN)/python -m tools.access token --scope "$(SCOPE)" --client "$(CLIENT)" --source "$(SOURCE)" --days "$(DAYS)" --stack "$(STACK)"

link: $(BIN)/installed ## print a link that opens the pages in a browser: [CLIENT=acme] [DAYS=30] [STACK=name]
	@$(BIN)/python -m tools.access link --client "$(CLIENT)" --days "$(DAYS)" --stack "$(STACK)"

rotate-keys: $(BIN)/installed ## sign tokens with a new key; twice revokes all older tokens [STACK=name]
	@$(BIN)/python -m tools.access rotate-keys --stack "$(STACK)"

sources: $(BIN)/installed ## check and store the tools that may post: FILE=sources.json; without FILE list them [STACK=name]
	@$(BIN)/python -m tools.sources --file "$(FILE)" --stack "$(STACK)"

# TOKEN reaches it through the environment: `TOKEN=... make import ...` shows it in no list of processes.
import: $(BIN)/installed ## import facts: FILE=responses.csv or a folder, SOURCE=nps [DRY_RUN=1] [STACK=name, or API=... TOKEN=...]
	@test -n "$(FILE)" || { echo "Which file? make import FILE=responses.csv SOURCE=nps"; exit 2; }
	@$(BIN)/python -m tools.transfer.importing --file "$(FILE)" --source "$(SOURCE)" --dry-run "$(DRY_RUN)" \
		--stack "$(STACK)" --api "$(API)"

export: $(BIN)/installed ## export facts to files that can be imported: TO=folder [CLIENT=acme] [STACK=name]
	@test -n "$(TO)" || { echo "Where to? make export TO=folder"; exit 2; }
	@$(BIN)/python -m tools.transfer.exporting --to "$(TO)" --client "$(CLIENT)" --stack "$(STACK)"

test: environments ## every test: unit and integration on two cores, then end to end on a stack of their own
	$(BIN)/pytest -n 2 --dist loadfile tests/unit tests/integration
	$(BIN)/pytest tests/end_to_end

check: environments ## format, lint, types, template and requirements, then every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(OFFLINE) $(SAM) validate --lint
	$(BIN)/python -m tools.lock check
	@$(MAKE) --no-print-directory test

bench: $(BIN)/installed ## measure what a cold start costs, as ratios to `import boto3` in one interleaved run
	@rm -rf .local/bench
	@PACKAGE_HOST=1 PACKAGE_PYTHON=$(BIN)/python $(BIN)/python tools/package.py .local/bench
	@$(BIN)/python -m tests.benchmarks.cold_start .local/bench

format: $(BIN)/installed ## format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(BIN)/installed ## compile requirements*.txt from pyproject.toml
	@$(BIN)/python -m tools.lock

deploy: environments ## build and deploy to your AWS account: STACK=name [ARGS="--profile ... --confirm-changeset"]
	@test -n "$(STACK)" || { echo "Which stack? make deploy STACK=name"; exit 2; }
	SAM_CLI_TELEMETRY=0 $(SAM) build --build-in-source --build-dir .aws-sam/deploy
	SAM_CLI_TELEMETRY=0 $(SAM) deploy --template-file .aws-sam/deploy/template.yaml --stack-name "$(STACK)" \
		--resolve-s3 --s3-prefix "$(STACK)" --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset $(ARGS)

# Called by `sam build` for each function of the template.
build-IngestFunction build-ScoreFunction build-QueryFunction build-PagesFunction:
	@"$(PACKAGE_PYTHON)" tools/package.py "$(ARTIFACTS_DIR)"

environments: ## install what is not installed yet, side by side
	@$(MAKE) --silent --no-print-directory -j 3 $(BIN)/installed .local/emulator/bin/installed .local/sam/bin/installed

# An environment is made anew when what it is compiled from changes. The compiled files are complete, so nothing is
# resolved again (pip cannot, with hashes and extras together); `pip check` says when a platform needs more.
$(BIN)/installed: requirements.txt requirements-dev.txt
.local/emulator/bin/installed: requirements-emulator.txt
.local/sam/bin/installed: requirements-sam.txt
%/bin/installed:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is not Python 3.11 or newer. Name one that is: make PYTHON=python3.12 ..."; exit 2; }
	@echo "Install $* ($^)"
	@$(PYTHON) -m venv --clear $*
	@$*/bin/python $(PIP_INSTALL) $(addprefix --requirement ,$^)
	@$*/bin/python -m pip check --quiet --disable-pip-version-check
	@touch $@
