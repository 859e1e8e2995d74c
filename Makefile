# Each target is short; what it does is in the package. « make help » lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup reports test notebooks bench lab

CAMPAGNE ?= 2024
PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
STAMP := .venv/.installed
NBVAL := --nbval --nbval-sanitize-with tests/notebooks/nbval.cfg --nbval-cell-timeout 60 --nbval-kernel-name python3
VERSION := import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 ou plus récent est nécessaire, celui-ci est " + sys.version.split()[0] + ". En désigner un autre : make PYTHON=/chemin/vers/python3.12 …")
COUNT := awk '/^(Collecting|Processing)/ && ++n % 25 == 0 {print "  " n " bibliothèques…"; fflush()}'

help:  ## lister les cibles
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 18

setup: $(STAMP)  ## créer .venv et installer (seulement si le verrou a changé)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c '$(VERSION)'
	@echo "Environnement : .venv, d'après requirements.lock (quelques minutes la première fois)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --require-hashes -r requirements.lock | $(COUNT)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "Environnement prêt. Pour taper « edp » dans ce terminal : source $(BIN)/activate (ou écrire $(BIN)/edp)"

reports: setup  ## construire le site de la campagne (make reports CAMPAGNE=2024)
	@$(BIN)/edp run $(CAMPAGNE)

test: setup  ## tout ce qui doit passer : style, types, tests, exemples, carnets
	@echo "[1/3] Style : ruff";  $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "[2/3] Types : mypy";  $(BIN)/mypy
	@echo "[3/3] Tests, exemples de la documentation, carnets rejoués nombre par nombre : pytest"
	@$(BIN)/python -m pytest -n $(WORKERS) -r s --doctest-modules $(NBVAL) tests edp_analysis notebooks
	@echo "Tout passe. Pour voir le site : make reports, puis ouvrir reports/$(CAMPAGNE)/interne/index.html"

notebooks: setup  ## rejouer les carnets et y enregistrer leurs résultats
	@$(BIN)/python -m edp_analysis.publication.refresh

bench: setup  ## mesurer (benchmarks/README.md dit comment lire)
	@$(BIN)/python benchmarks/bench_help.py
	@$(BIN)/python benchmarks/bench_run.py
	@$(BIN)/python benchmarks/bench_truths.py --seeds 40
	@$(BIN)/python benchmarks/bench_page.py

lab: setup  ## ouvrir JupyterLab (make lab CARNET=profils)
	@$(BIN)/edp lab $(CARNET)
