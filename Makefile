# Everything installs itself into .venv; see README.md for what each target is for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8501

.PHONY: run test test-long check lint bench audit release migrate seed screenshots clean

run: $(VENV)/.installed
	@HOST=$(HOST) PORT=$(PORT) $(BIN)/uvicorn app:app --ws websockets-sansio --no-proxy-headers --host $(HOST) --port $(PORT) --no-access-log --log-level warning

test: $(VENV)/.installed-dev $(VENV)/.browser
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n $(or $(WORKERS),2) --dist loadgroup

# Faults and random cases in full numbers, see docs/reliability.md; takes about an hour.
test-long: $(VENV)/.installed-dev $(VENV)/.browser
	HALQA_LONG_TESTS=1 $(BIN)/pytest -n $(or $(WORKERS),2) --dist loadgroup

check: $(VENV)/.installed-dev
	$(MAKE) --no-print-directory lint

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py convening db pages tests
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive app.py convening db pages

# Asks the package index for known vulnerabilities: it needs the network, and fails where a package
# could not be looked up.
audit: $(VENV)/.installed-dev
	$(BIN)/pip-audit --strict --no-deps --disable-pip --requirement requirements.txt

# The sources of the last commit and what they are built on; twice from one commit, the same bytes.
release: $(VENV)/.installed-dev
	$(BIN)/python -m scripts.release

bench: $(VENV)/.installed-dev $(VENV)/.browser
	$(BIN)/python -m tests.bench $(if $(filter quick,$(BENCH)),--quick) $(if $(SCREENS),--screens $(SCREENS)) $(if $(PARTS),--parts $(PARTS))

migrate: $(VENV)/.installed
	$(BIN)/python -m db upgrade

seed: $(VENV)/.installed
	$(BIN)/python -m db seed $(if $(PEOPLE),--people $(PEOPLE)) $(if $(INVITATIONS),--invitations $(INVITATIONS))

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
