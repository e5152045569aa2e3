.DEFAULT_GOAL := help
.PHONY: help setup demo test soak cover lint types imports bench selection validity privacy docs reference pictures newcomer audit build alone lowest pythons release ci
unexport PYTHONDONTWRITEBYTECODE VIRTUAL_ENV UV_PROJECT_ENVIRONMENT

PYTHON ?= python3
BIN := .venv/bin
UV := .boot/bin/uv
DEMO := demo-run

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/.made ## make the environment: uv in .boot, everything else in .venv

$(UV):
	$(PYTHON) -m venv .boot
	.boot/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

.venv/.made: pyproject.toml $(wildcard packages/*/pyproject.toml) | $(UV)
	$(UV) sync --python .boot/bin/python --all-packages --all-extras
	@touch $@

demo: setup ## make personas of the example study, offline, and check every quote
	$(BIN)/persona generate docs/examples/study --out $(DEMO) --force
	@echo "The personas: $(DEMO)/personas.md"
	$(BIN)/persona verify $(DEMO)

test: setup ## run the tests
	$(BIN)/python -m pytest -n 3 --dist worksteal

soak: setup ## kill a server a hundred times, and workers under 500 jobs three times over, and look what they kept
	PERSONA_SOAK=100 $(BIN)/python -m pytest tests/e2e/test_durability.py
	for turn in 1 2 3; do PERSONA_DRILL=500 $(BIN)/python -m pytest tests/e2e/test_drill.py || exit 1; done

cover: setup ## run the tests, counting the branches they take
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=95

lint: setup ## check style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup ## check the types
	$(BIN)/mypy

imports: setup ## check which module may know which
	$(BIN)/lint-imports

bench: setup ## measure speed and memory; WRITE=1 puts the figures on the page, ONLY="loading scale" measures some
	cd tests && ../$(BIN)/python -m benchmarks.run $(if $(WRITE),--write) $(ONLY)

selection: setup ## compare how claims are chosen, on real studies
	$(BIN)/python tests/realdata/selection.py

validity: setup ## measure how well scores tell good personas from bad ones
	cd tests && ../$(BIN)/python -m validity.run

privacy: setup ## measure what the audit of outgoing texts finds, and write its page
	cd tests && ../$(BIN)/python -m privacy.run --write

reference: setup ## write the generated pages of the documentation anew
	cd tests && ../$(BIN)/python -m docs.reference

pictures: setup ## take the pictures of the tutorial anew; it needs chromium
	$(BIN)/python tests/docs/screenshots.py

docs: setup ## run every example of the documentation
	$(BIN)/python -m pytest tests/docs

newcomer: setup ## go through README, tutorial and every how-to in a copy of what git keeps, with nothing but Python and make
	PERSONA_EVERY_PAGE=yes $(BIN)/python -m pytest tests/packaging/test_fresh_clone.py

build: setup ## build the wheels and source archives into dist
	rm -rf dist
	$(UV) build --quiet --all-packages --no-sources --out-dir dist

alone: build ## install each wheel alone in an empty environment and run what it brings
	$(PYTHON) tests/packaging/alone.py $(UV)

lowest: setup ## run the packages' tests with the lowest versions that they allow
	bash tests/packaging/versions.sh lowest

pythons: setup ## run the packages' tests with each Python that is here
	bash tests/packaging/versions.sh pythons

release: $(UV) ## look whether this can be released, and say what to do; it does nothing itself
	$(PYTHON) tests/packaging/release.py $(MAKE) alone

audit: setup ## look for known faults in what is installed, where the network lets it
	bash tests/packaging/audit.sh

ci: lint types imports ## everything that has to hold
	$(MAKE) test
	$(MAKE) build alone
