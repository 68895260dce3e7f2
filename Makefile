# Everything a developer or operator does. Needs python 3.11 or newer, make and git; the rest is installed from here.
# What is more than a line of shell is a command of `python -m tools`; a variable that is set becomes its option.
# PORT and STATE_DIR (as arguments or from the environment) let several local stacks run side by side.

PYTHON ?= python3

BIN := .venv/bin
SAM := .local/sam/bin/sam
PACKAGE_PYTHON ?= $(BIN)/python
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps
RUNTIME = $(shell sed -n '/^  Runtime:/,/Default:/s/.*Default: python//p' template.yaml)
# SAM without an account: where a command only looks at the template.
OFFLINE := SAM_CLI_TELEMETRY=0 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 \
	AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run up down clean logs token link feed links revoke rotate-keys sources destinations alarms people demo-idp import export restore \
	erase subjects verify rebuild model lock environments test test-runtime faults mutants campaign check bench format deploy prove

# What each target takes besides PYTHON, PORT and STATE_DIR. Anything else on the command line is refused, and so is
# what is empty: a mistyped or forgotten CLIENT= must not come to mean every client.
# A stack in an account, and where that is.
STACK_AND_WHERE := STACK REGION PROFILE
takes.token := SCOPE CLIENT SOURCE NAME DAYS $(STACK_AND_WHERE)
takes.link := CLIENT ALL NAME ROLE DAYS $(STACK_AND_WHERE)
takes.feed := OWNER ALL FORMAT LANGUAGE NAME DAYS $(STACK_AND_WHERE)
takes.links := $(STACK_AND_WHERE)
takes.revoke := ID $(STACK_AND_WHERE)
takes.rotate-keys := $(STACK_AND_WHERE)
takes.sources := FILE YES SOURCE TEST CLIENT DRY_RUN SHOW $(STACK_AND_WHERE)
takes.destinations := FILE YES TEST $(STACK_AND_WHERE)
takes.alarms := $(STACK_AND_WHERE)
takes.people := FILE $(STACK_AND_WHERE)
takes.import := FILE SOURCE MAP SAVE YES ALSO DRY_RUN DATE DATES LANGUAGE $(STACK_AND_WHERE) API TOKEN ZONE MODEL
takes.export := TO CLIENT FORCE $(STACK_AND_WHERE)
takes.restore := TIME FROM CLIENT EXACT DRY_RUN DISCARD $(STACK_AND_WHERE)
takes.erase := RESPONDENT RATINGS CLIENT $(STACK_AND_WHERE)
takes.subjects := RESPONDENT $(STACK_AND_WHERE)
takes.rebuild := CLIENT $(STACK_AND_WHERE)
takes.verify := CLIENT $(STACK_AND_WHERE)
takes.model := FILE
takes.faults := SEEDS COLUMN SEED
takes.campaign := SEEDS
takes.bench := LOCAL FACTS
takes.deploy := $(STACK_AND_WHERE) PARAMS ADOPT UNCOMPILED CONFIRM ARGS
takes.prove := $(STACK_AND_WHERE)

ifeq ($(MAKELEVEL),0)
takes := $(strip $(foreach goal,$(MAKECMDGOALS),$(takes.$(goal))))
given := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
given := $(filter-out MAKE% PYTHON PACKAGE_PYTHON,$(given))
unknown := $(strip $(filter-out PORT STATE_DIR $(takes),$(given)))
empty := $(strip $(foreach name,$(given),$(if $(strip $(value $(name))),,$(name))))
$(if $(unknown),$(error $(strip make $(MAKECMDGOALS)) does not take $(unknown), but $(or $(takes),nothing)))
$(if $(empty),$(error $(empty) is empty: give it a value, or leave it out))
endif

# `python -m tools`, a command, and an option for each variable that was set. TOKEN is read from the environment, where
# no list of processes shows it.
quoted = '$(subst ','\'',$(value $1))'
flag = $(if $(filter 1,$($1)),,$(error $1 takes 1 and nothing else; leave it out for no))
flags := DRY_RUN YES ALSO EXACT DISCARD FORCE ALL RATINGS ADOPT UNCOMPILED CONFIRM SHOW
option = --$(shell echo $1 | tr A-Z_ a-z-) $(if $(filter $(flags),$1),$(call flag,$1),$(quoted))
# Names that the environment may have for reasons of its own: they count on the command line only.
typed := TIME FROM EXACT DISCARD ALL NAME ROLE ID RESPONDENT RATINGS REGION PROFILE PARAMS ADOPT UNCOMPILED CONFIRM ARGS DATES LANGUAGE MAP SAVE YES ALSO DATE TEST SHOW OWNER FORMAT
origins = command $(if $(filter $(typed),$1),,environment)
set = $(foreach name,$(filter-out TOKEN,$(takes.$1)),$(if $(filter $(call origins,$(name)),$(origin $(name))),$(name)))
tool = $(BIN)/python -m tools $1 $(foreach name,$(call set,$1),$(call option,$(name)))

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 | \2/p' $(firstword $(MAKEFILE_LIST)) | awk -F' [|] ' '{ printf "%-20s %s\n", $$1, $$2 }'

run: environments ## everything from nothing: the local stack with sample data, then its logs until Ctrl-C
	@$(call tool,run)

up: environments ## the local stack in the background; again to deploy what changed (PORT=4566 STATE_DIR=.local/state)
	@$(call tool,up)

down: $(BIN)/installed ## stop the local stack, keep its data
	@$(call tool,down)

clean: $(BIN)/installed ## stop the local stack, remove its data and what was built
	@$(call tool,clean)

logs: $(BIN)/installed ## follow the logs of the local stack until Ctrl-C
	@$(call tool,logs)

token: $(BIN)/installed ## print an access token: SCOPE="scores:read ..." [CLIENT=acme,...] [SOURCE=hr] [NAME=...] [DAYS=30] [STACK=name]
	@$(call tool,token)

link: $(BIN)/installed ## print a link that opens the pages: CLIENT=acme or ALL=1, NAME="Sam Example" [ROLE=viewer] [DAYS=30] [STACK=name]
	@$(call tool,link)

feed: $(BIN)/installed ## print an address that a calendar or spreadsheet reads: OWNER="Sam Example" or ALL=1, [FORMAT=csv] [LANGUAGE=nl] [DAYS=365] [STACK=name]
	@$(call tool,feed)

links: $(BIN)/installed ## list links, tokens and feeds until they end, with their ids [STACK=name]
	@$(call tool,links)

revoke: $(BIN)/installed ## end one link, token, feed or session before its time: ID=... [STACK=name]
	@$(call tool,revoke)

rotate-keys: $(BIN)/installed ## sign tokens with a new key; twice revokes all older tokens [STACK=name]
	@$(call tool,rotate-keys)

sources: $(BIN)/installed ## check and store the tools that may post: FILE=sources.json [YES=1]; without FILE how they fare; SOURCE=nps: what to type into the tool [SHOW=1], TEST=1 or payload.json [CLIENT=acme] [DRY_RUN=1]: what becomes of a payload [STACK=name]
	@$(call tool,sources)

destinations: $(BIN)/installed ## check and store whom the service tells what happens: FILE=destinations.json [YES=1]; without FILE list them; TEST=crm: send one a sample, step by step [STACK=name]
	@$(call tool,destinations)

alarms: $(BIN)/installed ## what is wrong by now, and which page of docs/runbook.md says what to do [STACK=name]
	@$(call tool,alarms)

people: $(BIN)/installed ## check and store who signs in and what they may do: FILE=people.json; without FILE show it [STACK=name]
	@$(call tool,people)

demo-idp: $(BIN)/installed ## let invented people sign in to the local stack, with an identity provider of its own
	@$(call tool,demo-idp)

import: $(BIN)/installed ## import facts: FILE=responses.csv or a folder, SOURCE=nps [MAP=typeform] [DATE=2026-11-01] [YES=1] [DRY_RUN=1] [STACK=name, or API=... TOKEN=... ZONE=...]
	@$(call tool,import)

export: $(BIN)/installed ## export facts to files that can be imported: TO=folder [CLIENT=acme] [FORCE=1] [STACK=name]
	@$(call tool,export)

restore: $(BIN)/installed ## bring facts back, after asking: TIME=2026-11-25T10:00:00Z [CLIENT=acme] [EXACT=1], or FROM=folder; [DRY_RUN=1] [STACK=name]
	@$(call tool,restore)

subjects: $(BIN)/installed ## say how much is held of a person, before it is erased: RESPONDENT=robin@example.com [STACK=name]
	@$(call tool,subjects)

erase: $(BIN)/installed ## erase a person or a client, after asking: RESPONDENT=... [RATINGS=1] or CLIENT=acme [STACK=name]
	@$(call tool,erase)

verify: $(BIN)/installed ## compare stored scores with the facts, status 1 when any differs: [CLIENT=acme] [STACK=name]
	@$(call tool,verify)

rebuild: $(BIN)/installed ## make scores anew from the facts, beside the running service: [CLIENT=acme] [STACK=name]
	@$(call tool,rebuild)

model: $(BIN)/installed ## check a model document: FILE=model.json, or the name of a published one
	@$(BIN)/python -m tools model check $(if $(FILE),$(call quoted,FILE))

# Files keep their order: what is short comes last, so that neither core waits for the other at the end. End to end, much
# is waiting, for scores and for processes that start: so one worker more than there are cores.
PYTEST := $(BIN)/pytest --dist loadfile --no-loadscope-reorder

test: environments ## every test: unit and integration on two cores, then end to end on stacks of their own
	$(PYTEST) -n 2 tests/integration tests/unit
	$(PYTEST) -n 3 tests/end_to_end

test-runtime: $(BIN)/installed ## the unit and integration tests under the Python that the functions run with, in an environment of its own
	@python=$$($(BIN)/python -m tools.packaging.interpreters $(RUNTIME)) && \
		$(MAKE) --no-print-directory PYTHON="$$python" .local/runtime/bin/installed
	$(subst $(BIN),.local/runtime/bin,$(PYTEST)) -n 2 tests/integration tests/unit

# The options of the campaign are those of its targets.
faults: $(BIN)/installed ## histories under faults, in columns: [SEEDS=400] [COLUMN=clocks] [SEED=7]
	@$(BIN)/python -m tests.campaigns $(foreach name,$(call set,faults),$(call option,$(name)))

mutants: $(BIN)/installed ## mistakes made on purpose, each of which the campaign must catch within a minute
	@$(BIN)/python -m tests.campaigns --mutants

campaign: environments faults mutants ## all the long runs: these two, and what is counted and drawn elsewhere, at length
	FAULT_SEEDS=400 FLAT_COST_FACTS=20000 ALIAS_COST_RESPONSES=1500 $(BIN)/pytest -n 2 --dist worksteal \
		tests/integration/test_moved_responses.py tests/integration/test_flat_cost.py tests/integration/test_alias_cost.py
	OPENAPI_CASES=all $(BIN)/pytest tests/end_to_end/test_openapi.py

check: environments ## format, lint, types, template and requirements, then every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(OFFLINE) $(SAM) validate --lint
	$(BIN)/python -m tools lock --check
	@$(MAKE) --no-print-directory test

bench: $(BIN)/installed ## report what it costs and how fast it is, beside the bars: [LOCAL=1 on the stack that is up] [FACTS=100000]
	@rm -rf .local/bench
	@PACKAGE_HOST=1 PACKAGE_PYTHON=$(BIN)/python $(BIN)/python tools/package.py .local/bench/package
	@$(BIN)/python -m tests.benchmarks .local/bench/package --to .local/bench $(if $(FACTS),--facts $(call quoted,FACTS)) \
		$(if $(filter 1,$(LOCAL)),--stack $(or $(STATE_DIR),.local)/stack.json)

format: $(BIN)/installed ## format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(BIN)/installed ## compile requirements*.txt from pyproject.toml
	@$(call tool,lock)

deploy: environments ## build and deploy to your AWS account: STACK=name [REGION=... PROFILE=... PARAMS="TimeZone=Europe/London"]
	@$(call tool,deploy)

prove: $(BIN)/installed ## prove that a stack works: a canary event is stored and scored, and nothing is left of it [STACK=name]
	@$(call tool,prove)

# Called by `sam build` for each function of the template.
build-IngestFunction build-ScoreFunction build-QueryFunction build-PagesFunction build-EraseFunction build-NotifyFunction:
	@"$(PACKAGE_PYTHON)" tools/package.py "$(ARTIFACTS_DIR)"

environments: ## install what is not installed yet, side by side
	@$(MAKE) --silent --no-print-directory -j 3 $(BIN)/installed .local/emulator/bin/installed .local/sam/bin/installed

# An environment is made anew when what it is compiled from changes. The compiled files are complete, so nothing is
# resolved again (pip cannot, with hashes and extras together); `pip check` says when a platform needs more.
$(BIN)/installed: requirements.txt requirements-dev.txt
.local/emulator/bin/installed: requirements-emulator.txt
.local/sam/bin/installed: requirements-sam.txt
.local/runtime/bin/installed: requirements.txt requirements-dev.txt
%/bin/installed:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is not Python 3.11 or newer. Name one that is: make PYTHON=python3.12 ..."; exit 2; }
	@echo "Install $* ($^)"
	@$(PYTHON) -m venv --clear $*
	@$*/bin/python $(PIP_INSTALL) $(addprefix --requirement ,$^)
	@$*/bin/python -m pip check --quiet --disable-pip-version-check
	@touch $@
