# Every target says what it does, can be run again, and needs nothing but Python 3.11 with venv (`make test` installs
# or names what else it needs).

.DEFAULT_GOAL := help
MAILS ?= 500000
JOBS ?= 1
SEED ?= 1

.PHONY: help demo test check bench fuzz format lock glossary catalogs clean

help: ## list these targets
	@echo "Relent: sales sequences that know when to stop"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## set everything up and run Relent with a playground around it; prints the address
	@echo "make demo: installs what is missing, then runs Relent and a world of mailboxes for it. Ctrl-C ends it."
	@scripts/setup run
	@.venv/bin/relent demo

test: ## install what the tests need, then run every test (`.venv/bin/python tests/run.py pure sqlite` runs some)
	@echo "make test: installs what is missing, then runs every check and test; the last line counts them."
	@scripts/setup-test-machine
	@scripts/setup dev
	@.venv/bin/python tests/run.py

check: ## style, types, import contracts, migrations and translations
	@echo "make check: style, types, import contracts, migrations and translations; changes nothing."
	@scripts/setup dev
	@.venv/bin/python tests/run.py check

bench: ## measure how fast mail is judged, read, decided and sent, over the floor of the bare libraries and of bare SQL
	@echo "make bench: measures how fast mail is read, decided and sent on this machine."
	@scripts/setup-test-machine
	@scripts/setup dev
	@.venv/bin/python -m bench

fuzz: ## judge millions of spoiled mails (`make fuzz MAILS=10000000 JOBS=2`; it goes on where it was left)
	@echo "make fuzz: judges $(MAILS) spoiled mails with $(JOBS) processes, and the worst mails known; both say what failed."
	@scripts/setup dev
	@.venv/bin/python -m tests.fuzz --worst
	@.venv/bin/python -m tests.fuzz --mails $(MAILS) --jobs $(JOBS) --seed $(SEED)

format: ## put every file into the one style
	@scripts/setup dev
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

lock: ## pin the newest packages that pyproject.toml allows (uv.lock and requirements/)
	@scripts/setup dev
	@scripts/lock --upgrade

glossary: ## write the tables of docs/glossary.md and docs/settings.md from the code
	@scripts/setup dev
	@.venv/bin/python scripts/write_docs.py

catalogs: ## compile the translation catalogs, and say which sentences lack a translation
	@scripts/setup dev
	@.venv/bin/python scripts/check_catalogs.py

clean: ## remove the environment and what the demo and the tools left; the demo's records too
	rm -rf .venv var dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
