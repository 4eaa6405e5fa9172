# Needs Python 3.11 to 3.13, make and nothing else. All paths are relative: the checkout may lie anywhere.
.POSIX:
.PHONY: help setup demo run worker test test-slow bench soak check audit screenshots speed messages lock clean

PYTHON ?= python3
PORT ?= 8000
# Tests bring their own servers, apart from those of the demo.
TEST_STATE ?= var/test
# A file of tests stays in one process: it shares its servers and workers.
PYTEST_ARGS ?= -n 2 --dist loadfile
SOAK_ARGS ?=
PY = .venv/bin/python
# --require-hashes: what is installed is what was locked, to the byte.
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
SERVICES = $(PY) -m shop.services exec

help:
	@echo 'make demo     the whole shop with a demo catalogue on http://127.0.0.1:8000 (PORT=8001 for another)'
	@echo 'make setup    only what the demo needs: .venv with the locked packages (PYTHON=python3.12 to choose)'
	@echo 'make run      development server that reloads; its database and queue are those of the demo'
	@echo 'make worker   one Celery worker for both queues, beside "make run"'
	@echo 'make test     most tests, on servers of their own, in some minutes (PYTEST_ARGS="-k name")'
	@echo 'make test-slow  the others: most of the browser, training, kills, restores'
	@echo 'make soak     the long tests: kills, fuzzing, load; an hour and a quarter (SOAK_ARGS="--parts door")'
	@echo 'make bench    how fast search, embedding, photos, pages and imports are (the catalogue in var/ is only read)'
	@echo 'make check    linters, types, import rules, missing migrations'
	@echo 'make audit    known holes in the locked packages (asks PyPI for advisories)'
	@echo 'make screenshots  pictures of the pages of a running "make demo", into docs/screenshots'
	@echo 'make speed    how fast its pages come to a phone (PORT as for the demo)'
	@echo 'make messages     collect what is to be translated (needs GNU gettext) and compile the translations'
	@echo 'make lock     write every requirements*.lock anew'
	@echo 'make clean    remove .venv, caches and the servers of the tests; the data in var/ stays'

setup: .venv/.setup

demo: .venv/.setup
	@PORT="$(PORT)" $(PY) -m shop.demo

run: .venv/.setup
	@DEBUG=true $(SERVICES) --join -- /bin/sh -c \
	  '$(PY) manage.py migrate --verbosity 0 && exec $(PY) manage.py runserver "127.0.0.1:$(PORT)"'

worker: .venv/.setup
	@$(SERVICES) --join -- $(PY) -m celery -A shop worker -Q photo,embed -P solo -l INFO

test: .venv/.setup-dev
	@$(SERVICES) --state "$(TEST_STATE)" -- $(PY) -m pytest -m "not slow" $(PYTEST_ARGS)

test-slow: .venv/.setup-dev
	@$(SERVICES) --state "$(TEST_STATE)" -- $(PY) -m pytest -m slow $(PYTEST_ARGS)

soak: .venv/.setup-dev
	@$(PY) -m tests.soak $(SOAK_ARGS)

bench: .venv/.setup
	@for what in search embed photo page import; do \
	  echo "== $$what"; $(SERVICES) --join -- $(PY) manage.py bench $$what --json || exit 1; done

check: .venv/.setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --quiet --check --lint templates
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(SERVICES) --state "$(TEST_STATE)" -- $(PY) manage.py makemigrations --check --dry-run
	$(PY) -m pip check

# Not part of the checks: what it says changes without us, and it needs an advisory service.
audit: .venv/.setup-dev
	for lock in requirements*.lock; do \
	  $(PY) -m uv tool run pip-audit@2.10.1 -r $$lock --require-hashes --disable-pip || exit 1; done

screenshots: .venv/.setup-dev
	$(PY) -m tests.browser.screenshots "http://127.0.0.1:$(PORT)" docs/screenshots

speed: .venv/.setup-dev
	@$(PY) -m tests.browser.speed "http://127.0.0.1:$(PORT)"

# The compiled file is committed, so that nobody needs GNU gettext to run the shop.
messages: .venv/.setup-dev
	$(PY) -m django makemessages --locale de --no-location --no-obsolete --ignore .venv --ignore var --ignore tests
	.venv/bin/pybabel compile --domain django --directory locale

lock: .venv/.setup-dev
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  requirements-dev.txt -o requirements-dev.lock
	for what in requirements requirements-openvino requirements-scale; do \
	  $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    $$what.txt -o $$what.lock -c requirements-dev.lock || exit 1; done

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache "$(TEST_STATE)"
	find shop catalog similarity tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.setup: requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(not (3, 11) <= v[:2] <= (3, 13))' || { \
	  echo 'Lookalike needs Python 3.11, 3.12 or 3.13, and "$(PYTHON)" is not one of them.' \
	    'Name one that is: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { \
	  echo 'Python could not make .venv; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'Installing the locked packages into .venv (nearly 2 GB; the first time takes minutes) …'
	@$(INSTALL) -r requirements.lock
	@touch .venv/.setup

.venv/.setup-dev: requirements-dev.lock .venv/.setup
	@echo 'Installing what tests and checks need …'
	@$(INSTALL) -r requirements-dev.lock
	@touch .venv/.setup-dev
