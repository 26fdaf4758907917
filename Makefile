# `make` lists what there is. Each target sets up what it needs.

PYTHON ?= python3
VENV := .venv/bin
# Two at a time: as many as the smallest machine has cores.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run reset test lint format messages bench chaos lock browser base dev

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: base ## Run the whole system here, with demo data and sandboxes of Bitrix24 and Google Analytics
	@$(VENV)/python -m tools.run

reset: ## Forget the demo's data: the next `make run` starts from an empty database
	@$(PYTHON) -m tools.reset

test: dev browser lint ## Check everything, then run all tests on SQLite and on PostgreSQL
	$(VENV)/python -m tools.compile_translations
	$(VENV)/pytest -n $(WORKERS)
	$(VENV)/python -m tools.with_postgres $(VENV)/pytest -n $(WORKERS)

lint: dev ## Check format, types, imports, migrations, translations and lock files
	@$(PYTHON) -m tools.system_packages xgettext=gettext
	$(VENV)/python -m tools.lint

format: dev ## Put code and templates into the house's form
	$(VENV)/ruff check --fix-only --exit-zero --quiet
	$(VENV)/ruff format
	$(VENV)/djade $(shell find templates -name '*.html')

messages: dev ## Bring the translation catalogues up to date and compile them
	@$(PYTHON) -m tools.system_packages xgettext=gettext
	$(VENV)/python -m tools.update_translations

bench: dev browser ## Measure: `make bench ROWS=smtp,tick SIZE=small` for a part of it
	$(VENV)/python -m tools.bench --rows "$(ROWS)" --size "$(or $(SIZE),full)"

chaos: dev ## Kill everything at random, 50 times: `make chaos RUNS=4 SEED=7 DATABASES=sqlite BY=smtp`
	$(VENV)/python -m tools.compile_translations
	$(VENV)/python -m tools.chaos --runs "$(or $(RUNS),50)" --seed "$(or $(SEED),1)" \
	    --databases "$(if $(DATABASES),$(DATABASES),sqlite,postgresql)" --by "$(BY)" --jobs "$(or $(JOBS),2)"

lock: dev ## Pin the newest versions that pyproject.toml allows, with their hashes
	$(VENV)/python -m tools.lock

browser:
	@$(PYTHON) -m tools.system_packages chromium=chromium

base dev:
	@$(PYTHON) -m tools.set_up $@
