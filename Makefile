# make setup   the virtual environment .venv with the package and the tools to test it
# make demo    the whole path on synthetic scans, about five minutes on two CPU cores
# make test    the tests, WORKERS=3 at a time; real scans are used where DUALTASKSEG_DATA or ../shared/data has them
# make test-wheels   the module's tests on both wheels of Slicer: that of .venv, and the one of Slicer's stable line
# make soak    the long form of the reliability tests, hours; figures go to Testing/reliability/results/. SHARE=0.1: a tenth
# make lint    ruff
# make screenshots   the pictures of the tutorial, about fifteen minutes

PYTHON ?= python3
SHARE ?= 1
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-done
STABLE := .venv-stable
STABLE_WHEEL := slicer-core==5.12.4.0 vtk==9.6.0

# Children of the tests find the package compiled, whatever the environment says; they are many.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-wheels soak lint screenshots clean

setup: $(STAMP)

# The pinned torch is the version everything was measured with.
$(STAMP): DualTaskSegTraining/pyproject.toml requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e DualTaskSegTraining
	touch $@

demo: setup
	$(BIN)/dualtaskseg demo --out demo

# Three tests at a time, for many wait for children; then, one by one, those that measure time. What failed in the first
# part is not hidden by the second.
test: setup lint
	@failed=0; \
	$(BIN)/python -m pytest -m "not undisturbed" --numprocesses $(WORKERS) --dist worksteal || failed=1; \
	$(BIN)/python -m pytest -m undisturbed $$(grep -rl undisturbed Testing --include='test_*.py') || failed=1; \
	exit $$failed

test-wheels: setup $(STABLE)/.setup-done
	$(BIN)/python -m pytest Testing/module
	$(STABLE)/bin/python -m pytest Testing/module

# Beside the wheel and its VTK it has everything from .venv, so that torch is not there twice.
SITE := -c "import sysconfig; print(sysconfig.get_path('purelib'))"
$(STABLE)/.setup-done: $(STAMP) Makefile
	rm -rf $(STABLE)
	$(PYTHON) -m venv $(STABLE)
	echo "import site; site.addsitedir('$$($(BIN)/python $(SITE))')" > "$$($(STABLE)/bin/python $(SITE))/venv.pth"
	$(STABLE)/bin/python -m pip install --quiet --disable-pip-version-check --ignore-installed --no-deps $(STABLE_WHEEL)
	touch $@

soak: setup
	DUALTASKSEG_SOAK=$(SHARE) $(BIN)/python -m pytest Testing/reliability

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

screenshots: setup
	$(BIN)/python Testing/screenshots.py

clean:
	rm -rf $(VENV) $(STABLE) demo
