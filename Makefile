# Everything runs in .venv, which is made from PYTHON (3.11 or later) when it is missing or pyproject.toml has changed.
PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test tools lint bench docs reports format help clean

help:
	@echo "make demo    scan the drifted example against its document and show the report"
	@echo "make test    all tests"
	@echo "make tools   what some tests use besides: a browser, checks of SARIF and accessibility"
	@echo "make lint    format, style, types, import floors"
	@echo "make bench   the time budgets, measured"
	@echo "make reports the samples in reports/, anew"
	@echo "make docs    the pages about policies and baselines, anew"
	@echo "make format  let ruff rewrite the code"

demo: $(STAMP)
	@echo "\$$ asbuilt scan examples/onno-drifted --baseline onno-production"
	@$(BIN)/asbuilt scan examples/onno-drifted --baseline onno-production; code=$$?; echo; \
	if [ $$code -eq 1 ]; then \
	  echo "Exit code 1, as it must be: examples/onno-drifted departs from the document on purpose."; \
	else \
	  echo "Exit code $$code, but examples/onno-drifted must give 1 (violations)."; exit 1; \
	fi

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS)

# Without them the tests that need them are skipped.
tools:
	npm install --prefix tests/sarif --no-save --no-package-lock --no-audit --no-fund
	npm install --prefix tests/html --no-save --no-package-lock --no-audit --no-fund
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk; }

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m benchmarks

reports: $(STAMP)
	-@for example in onno-drifted tripgen-drifted; do \
	  COLUMNS=80 $(BIN)/asbuilt scan examples/$$example --lang en --format text=reports/$$example.txt; \
	  COLUMNS=80 $(BIN)/asbuilt scan examples/$$example --lang ko --format text=reports/$$example.ko.txt; \
	done
	-@$(BIN)/asbuilt scan examples/onno-drifted --lang en --format html \
	  | sed -E 's/"[0-9-]{10}T[0-9:]{8}Z"/"2026-01-01T00:00:00Z"/' > reports/onno-drifted.html

docs: $(STAMP)
	$(BIN)/python tools/write_docs.py

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Preparing $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(STAMP)
