# `make help` says what each target does.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HA_VENV := .venv-home-assistant
OVOS_VENV := .venv-ovos
HA_PYTHON ?= $(or $(shell command -v python3.14),python3.13)
# Rooms whose tests need neither sound nor quiet: they run on every core at once.
SILENT := $(addprefix tests/,commands dialogue episodes language training triage understanding)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-page test-home-assistant test-telephone test-ovos test-training lint bench model clean

help:  ## say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.program  ## make .venv with the program; system packages too where that is allowed

setup-dev: $(VENV)/.tools  ## the same with the tools for tests, lint and benches

run: setup  ## hold a conversation; without a microphone or loudspeaker, watch a demo patient
	@$(BIN)/charley || { status=$$?; [ $$status -eq 3 ] || exit $$status; echo "Showing a simulated patient instead."; $(BIN)/charley demo; }

test: setup-dev lint  ## run linters, types and every test
	$(BIN)/pytest --numprocesses auto --dist worksteal $(SILENT)
	$(BIN)/pytest $(addprefix --ignore=,$(SILENT))

test-page: setup-dev  ## run what takes long about the page: whole conversations, a voice beside it, every theme and zoom
	$(BIN)/pytest -m thorough tests/channels/page

test-training: setup-dev $(VENV)/.training  ## train a tiny model on synthetic speech, from data to Vosk model (a few minutes)
	$(BIN)/python -m training.smoke
	$(BIN)/python -m training.reader.smoke

test-home-assistant: setup-dev $(HA_VENV)/.installed  ## run the integration under Home Assistant; needs Python 3.13.2 or newer
	cd deploy/home-assistant && CHARLEY_PYTHON=$(CURDIR)/$(BIN)/python $(CURDIR)/$(HA_VENV)/bin/python -m pytest

test-telephone: setup-dev  ## hold calls through a real Asterisk, which it installs where it may (docs/telephone.md)
	sh tests/telephone/exchange.sh
	$(BIN)/pytest -m thorough tests/telephone

test-ovos: $(OVOS_VENV)/.done  ## hold whole interviews in a running OpenVoiceOS without sound (some minutes)
	$(OVOS_VENV)/bin/python -m pytest -W ignore tests/channels/test_openvoiceos.py

lint: setup-dev  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup-dev  ## print every measurement that needs no data from elsewhere
	@for bench in $$(grep -L -- '"--rendered"' bench/*.py); do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

model: setup-dev  ## rebuild the decoding graph of the shipped model after a change of grammars/
	$(BIN)/python -m skill.listening.graph

clean:  ## remove what was built
	rm -rf $(VENV) $(HA_VENV) $(OVOS_VENV) dist build .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.program: pyproject.toml deploy/system-packages
	sh deploy/system-packages run
	$(PYTHON) deploy/make_venv.py $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[page]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary moonshine-voice --editable '.[sentences]' 2>/dev/null || echo "There is no Moonshine for this machine: long answers are heard by Vosk alone."
	$(BIN)/python -m compileall -q skill
	@touch $@

$(VENV)/.tools: $(VENV)/.program
	sh deploy/system-packages test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/npm install --silent --no-audit --no-fund --prefix $(VENV)/checkers fhir@4.12.0
	@touch $@

$(OVOS_VENV)/.done: pyproject.toml
	$(PYTHON) deploy/make_venv.py $(OVOS_VENV)
	$(OVOS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[ovos]' ovos-core==2.1.1 ovoscope==0.13.1 pytest pytest-timeout
	@touch $@

$(VENV)/.training: $(VENV)/.tools training/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement training/requirements.txt
	@touch $@

$(HA_VENV)/.installed: deploy/home-assistant/requirements.txt deploy/home-assistant/needed.py
	$(HA_PYTHON) -m venv $(HA_VENV)
	$(HA_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement deploy/home-assistant/requirements.txt
	$(HA_VENV)/bin/python deploy/home-assistant/needed.py > $(HA_VENV)/needed.txt
	$(HA_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(HA_VENV)/needed.txt
	@touch $@
