# What a person types. Every target makes what it needs first, and a second run of `make setup` does nothing.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PORT ?= 8000
SPEED ?=
EXIT ?=
WORKERS ?= 4
PYTHON ?=
RUN := .venv/bin/python
STAMPS := .local/stamps
export LOG_FORMAT ?= text
export DJANGO_SETTINGS_MODULE := callcenter.settings
TRANSLATIONS := $(wildcard locale/*/LC_MESSAGES/django.po)

.PHONY: help setup demo run test check bench soak screenshots messages hooks

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMPS)/python $(STAMPS)/messages $(STAMPS)/static $(STAMPS)/browser ## everything a machine needs to run, test and develop

demo: $(STAMPS)/python $(STAMPS)/messages $(STAMPS)/static ## call everyone of a sample file in the practice network [EXIT=1] [PORT=8000] [SPEED=…]
	@exec $(RUN) manage.py demo --port $(PORT) $(if $(EXIT),--exit) $(if $(SPEED),--speed $(SPEED))

run: $(STAMPS)/python $(STAMPS)/messages $(STAMPS)/static ## the portal with every process and the practice network, until Ctrl-C [PORT=8000]
	@exec $(RUN) manage.py runall --port $(PORT) $(if $(SPEED),--speed $(SPEED))

test: setup check ## check, then every test
	$(RUN) -m pytest -n $(WORKERS) --dist loadgroup -m "not soak"

check: $(STAMPS)/python $(STAMPS)/messages $(STAMPS)/static ## format, lint, types, layers, migrations, settings, translations, compose file
	@RUN=$(RUN) deploy/check

bench: setup ## the benchmarks, one table each
	$(RUN) -m benchmarks.turns --transport relay --calls 10
	$(RUN) -m benchmarks.turns --transport gather --calls 10
	$(RUN) -m benchmarks.imports
	$(RUN) -m benchmarks.handsets --calls 300

soak: setup ## the long tests: processes killed while thirty calls are in flight
	$(RUN) -m pytest -m soak -s

screenshots: setup ## the pictures of docs/screenshots
	$(RUN) -m tests.e2e.screenshots

messages: $(STAMPS)/python ## collect the strings to translate into locale/
	$(RUN) manage.py makemessages --all --no-obsolete --no-location $(addprefix --ignore ,.venv node_modules staticfiles tests simulator)

hooks: $(STAMPS)/python ## check every commit before it is made
	.venv/bin/pre-commit install

$(STAMPS)/python: requirements.txt requirements-dev.txt | $(STAMPS)
	@deploy/setup python "$(PYTHON)"
	@touch $@

$(STAMPS)/gettext: | $(STAMPS)
	@deploy/setup gettext
	@touch $@

$(STAMPS)/browser: | $(STAMPS)
	@deploy/setup browser
	@touch $@

$(STAMPS)/packages: $(wildcard package.json package-lock.json) $(STAMPS)/python | $(STAMPS)
	@deploy/setup packages
	@touch $@

$(STAMPS)/messages: $(TRANSLATIONS) $(STAMPS)/python $(STAMPS)/gettext
	@$(if $(TRANSLATIONS),$(RUN) -m django compilemessages --verbosity 0 $(addprefix --ignore ,.venv node_modules))
	@touch $@

$(STAMPS)/static: $(STAMPS)/packages $(shell find static callcenter/settings.py callcenter/finders.py -type f)
	@$(RUN) -m django collectstatic --noinput --clear --verbosity 0
	@touch $@

$(STAMPS):
	@mkdir -p $@
