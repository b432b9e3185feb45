# make setup   the virtual environment .venv with the package and the tools to test it
# make demo    the whole path on synthetic scans, two to four minutes on two CPU cores
# make test    the tests; real scans are used where DUALTASKSEG_DATA or ../shared/data has them
# make lint    ruff
# make screenshots   the pictures of the tutorial, about fifteen minutes

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-done

.PHONY: setup demo test lint screenshots clean

setup: $(STAMP)

# The pinned torch is the version everything was measured with.
$(STAMP): DualTaskSegTraining/pyproject.toml requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e DualTaskSegTraining
	touch $@

demo: setup
	$(BIN)/dualtaskseg demo --out demo

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

screenshots: setup
	$(BIN)/python Testing/screenshots.py

clean:
	rm -rf $(VENV) demo
