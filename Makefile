# Everything installs itself into .venv; see README.md for what each target is for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8501

.PHONY: run test check lint bench migrate seed screenshots clean

run: $(VENV)/.installed
	@HOST=$(HOST) PORT=$(PORT) $(BIN)/uvicorn app:app --ws websockets-sansio --no-proxy-headers --host $(HOST) --port $(PORT) --no-access-log --log-level warning

test: $(VENV)/.installed-dev $(VENV)/.browser
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n $(or $(WORKERS),2) --dist loadgroup

check: $(VENV)/.installed-dev
	$(MAKE) --no-print-directory lint

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py convening db pages tests

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

migrate: $(VENV)/.installed
	$(BIN)/python -m db upgrade

seed: $(VENV)/.installed
	$(BIN)/python -m db seed

screenshots: $(VENV)/.installed-dev $(VENV)/.browser
	$(BIN)/python -m tests.browser.screenshots

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Halqa needs Python 3.11 or later; name one with PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/.browser: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.browser.install
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
