PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
# Debian keeps venv in a package of its own; a root shell or a sudo without password gets it.
APT = $(if $(filter 0,$(shell id -u)),,sudo -n) apt-get

# Without bytecode every start compiles all it imports anew: three times the work.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run check test test-webkit demo backup restore screenshots bench audit format clean

run: .venv/installed ## serve the app on PORT
	PORT=$(PORT) $(BIN)/python app.py

demo: .venv/installed ## serve the app with a filled example, and say where it is
	PORT=$(PORT) $(BIN)/python app.py --demo

PYTEST = $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/installed-dev ## what the working day needs: style, types, and all tests that are quick
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict workshop app.py
	$(PYTEST) --ignore tests/browser -m "not slow"

test: .venv/installed-dev ## everything CI checks, browsers included
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict workshop app.py
	$(PYTEST)

test-webkit: .venv/installed-dev ## a short workshop in WebKit, the engine of every iPhone
	@which WebKitWebDriver xvfb-run xauth >/dev/null || \
	  { $(APT) update -q && $(APT) install -y -q webkit2gtk-driver xvfb xauth; } || \
	  { echo "The tests in WebKit need its driver and a screen, and neither could be installed." \
	    "Install them first: sudo apt install webkit2gtk-driver xvfb xauth"; exit 1; }
	xvfb-run -a $(BIN)/pytest tests/webkit

backup: .venv/installed ## copy all records, also while the server runs
	@PORT=$(PORT) $(BIN)/python -m workshop.server.operating backup

restore: .venv/installed ## put the records of FILE in the place of all records
	@PORT=$(PORT) $(BIN)/python -m workshop.server.operating restore "$(FILE)"

screenshots: .venv/installed-dev ## the pictures of the README
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python docs/first_hour.py

bench: .venv/installed-dev ## what we claim about speed and worth
	for bench in bench/ranking.py bench/portfolio.py bench/decisions.py bench/follow_up.py bench/intake.py bench/crashes.py bench/promises.py bench/live.py; do $(BIN)/python $$bench || exit 1; done

audit: .venv/installed ## known holes in the packages; needs the internet
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install --quiet --disable-pip-version-check --no-compile pip-audit==2.10.1
	.venv/audit/bin/pip-audit --path $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv .venv || { $(APT) install -y python3-venv && $(PYTHON) -m venv .venv; } || \
	  { echo "A virtual environment cannot be made. Install it first: sudo apt install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	touch $@
