# Everything a fresh machine needs beside Python 3.11 or later, Node 20 or later and make is installed from here.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs
PYTEST := $(BIN)/python -m pytest -q

.PHONY: serve build test lint unit pages interpreter browser parity bench bench-trace evidence record goldens setup compiler lock clean

serve: setup ## build the site and serve it on http://127.0.0.1:8000/, rebuilt at every change
	$(MKDOCS) serve

build: setup ## build the site into site/; a wrong calculator, link or formula stops it
	$(MKDOCS) build --strict

test: lint unit interpreter pages browser ## every test that needs no framework installed

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: .venv/.test ## the arithmetic, its text, and the contract that every layer keeps
	$(PYTEST) site_tests/unit site_tests/test_every_layer.py site_tests/test_every_demo.py

pages: setup .venv/.test ## Markdown in, HTML out, and the built site
	$(PYTEST) -n auto --dist loadfile site_tests/pages

interpreter: setup .venv/.test ## the unit tests again, inside the Python that the pages load, under Node
	$(BIN)/python -m site_tests.interpreter

browser: setup .venv/.test ## the built site in a real Chromium
	$(BIN)/python -m site_tests.browser.chromium
	$(PYTEST) -n auto --dist loadfile site_tests/browser

parity: .venv/.parity ## the live PyTorch and Keras, and their recorded answers in ../shared/truth
	$(PYTEST) -n auto --dist loadfile site_tests/parity

bench: setup .venv/.test ## what readers wait for, beside a stock Pyodide page and one by hand; PART="boot weight", RUNS=7
	$(BIN)/python -m site_tests.browser.chromium
	$(BIN)/python -m site_tests.bench $(PART) --runs $(or $(RUNS),7)

bench-trace: .venv/.parity ## how long a model from its source takes, beside torchinfo on the live one, and what both say
	$(BIN)/python -m site_tests.bench.trace_against_torchinfo

evidence: .venv/.parity ## compare the layers that changed with the live frameworks; pages show the result
	$(BIN)/python -m site_tests.parity.survey

record: .venv/.parity ## ask PyTorch again for the answers that the unit tests hold
	$(BIN)/python -m site_tests.parity.record
	$(BIN)/python -m site_tests.parity.record_values

goldens: setup .venv/.test ## accept the pages' present output as the expected one
	$(BIN)/python -m site_tests.pages.test_goldens

setup: .venv/.site node_modules/.ready .venv-pyodide/.tried

compiler: .venv/.site node_modules/.ready ## look again for the Python that compiles the package for the browser
	$(BIN)/python -m site_build.compiler

lock: .venv/.test ## pin every package again after a change of requirements/*.in
	$(PIP) uv
	for name in site test parity; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header requirements/$$name.in --output-file requirements/$$name.txt; done
	$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header requirements/compiler.in --output-file requirements/compiler.txt
	npm install --package-lock-only && npm install --package-lock-only

clean:
	rm -rf .venv .venv-pyodide node_modules build site

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.site: .venv/bin/python requirements/site.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/site.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv/.test: .venv/.site requirements/test.txt
	$(PIP) --require-hashes -r requirements/test.txt
	touch $@

# torch by itself and without a hash: its builds for CPU and for each CUDA share one version. Of torchvision the
# sources of its models are read, nothing is imported, so it comes without what it needs to run.
.venv/.parity: .venv/.test requirements/parity.txt
	$(PIP) --require-hashes -r requirements/parity.txt
	$(PIP) torch==2.13.0
	$(PIP) --no-deps torchvision==0.28.0
	touch $@

node_modules/.ready: package-lock.json
	npm ci --silent --ignore-scripts
	touch $@

.venv-pyodide/.tried: .venv/.site node_modules/.ready requirements/compiler.txt
	$(BIN)/python -m site_build.compiler
	mkdir -p .venv-pyodide && touch $@
