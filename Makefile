# Everything a developer or a pipeline runs. Each target makes .venv from requirements.lock first.
PYTHON ?= python3
BIN := .venv/bin
PLAYGROUND := tests/e2e/playground
# The embedded PostgreSQL of the tests keeps its socket here; it must exist, mode 0700, before Python starts.
export XDG_RUNTIME_DIR := $(CURDIR)/.venv/run

.PHONY: install demo test check e2e bench serve lock

install: .venv/.ready

# The lock is whole, so pip resolves nothing (--no-deps): asked to, it looks at newer versions first,
# and stops at the first that has no hash. `pip check` says when the lock is not whole.
.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pip check --quiet --disable-pip-version-check
	mkdir -p -m 0700 .venv/run
	touch $@

demo: install
	@$(BIN)/vraagbaak demo

test: install
	$(BIN)/pytest -m "not e2e"

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bot scheduler tests bench
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not e2e" --cov --cov-report=term:skip-covered
	$(BIN)/python tests/coverage_floors.py
	$(BIN)/vraagbaak faq check --against tests/data/dev_queries.jsonl
	$(BIN)/vraagbaak db check
	$(BIN)/python bench/match.py --quick
	$(BIN)/python bench/answers.py --quick
	$(BIN)/python bench/turn.py --quick
	$(BIN)/python bench/fanout.py --quick
	$(BIN)/python bench/kill.py --quick
	$(BIN)/python bench/claim.py --quick
	$(BIN)/python bench/booking.py --quick
	$(BIN)/python bench/poll.py --quick

# Microsoft's own local Teams client, and the card parser of its web client.
$(PLAYGROUND)/node_modules/.package-lock.json: $(PLAYGROUND)/package-lock.json
	cd $(PLAYGROUND) && npm ci
	touch $@

e2e: install $(PLAYGROUND)/node_modules/.package-lock.json
	$(BIN)/pytest -m e2e

# Each of them is run, also after one that does not reach its figures.
bench: install
	@missed=0; for one in match answers turn fanout kill claim booking poll; do $(BIN)/python bench/$$one.py || missed=1; done; exit $$missed

serve: install
	$(BIN)/vraagbaak serve

lock:
	uv pip compile --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
		--group dev pyproject.toml -o requirements.lock
