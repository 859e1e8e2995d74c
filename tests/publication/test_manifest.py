"""The manifest says what a site was made of, in the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.cleaning.result import InputFile, Tables
from edp_analysis.problems import Place, Problem, Severity
from edp_analysis.publication.cache import context, notebook_key
from edp_analysis.publication.manifest import build_manifest, describe_exhibit, repository_state, write_manifest


@pytest.fixture
def tables(small_project: Any) -> Tables:
    empty = pd.DataFrame()
    return Tables(
        load_campaign("essai"), empty, empty, empty, empty, empty,
        ledger=Ledger(),
        problems=(Problem("r", "q", Place("a.csv"), severity=Severity.CHECK),),
        inputs=(InputFile("ecoles/b.csv", "bb", "apprenants"), InputFile("ecoles/a.csv", "aa", "apprenants")),
        missing=("enquete", "comptes"),
    )  # fmt: skip


def manifest_of(tables: Tables, site: Path) -> dict[str, Any]:
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text("page", encoding="utf-8")
    exhibit = {"id": "a", "genre": "finding", "titre": "t", "page": "premier.html"}
    return build_manifest(tables, "interne", [{"carnet": "c"}], [exhibit], ["retrouvé", "différent", "retrouvé"], site)


def test_it_names_inputs_versions_exhibits_and_counts(tables: Tables, tmp_path: Path) -> None:
    found = manifest_of(tables, tmp_path / "site")
    assert [entry["chemin"] for entry in found["entrees"]] == ["ecoles/a.csv", "ecoles/b.csv"]
    assert found["donnees_simulees"] is True
    assert found["problemes"] == {"bloquant": 0, "à vérifier": 1, "corrigé": 0}
    assert found["registre"] == {"différent": 1, "retrouvé": 2}
    assert found["tables_manquantes"] == ["comptes", "enquete"]
    assert found["elements"][0]["titre"] == "t"
    assert len(found["sources"]) == 12
    assert {"pandas", "papermill", "typer"} <= set(found["bibliotheques"])
    assert "pytest" not in found["bibliotheques"], "les outils de test ne font pas le site"
    assert found["fichiers"] == {"index.html": hashlib.sha256(b"page").hexdigest()}
    assert found["depot"] is None, "hors d'un dépôt, cela se dit"


def test_an_exhibit_says_what_it_was_made_of() -> None:
    """The digests of its files are under « entrees », so only their names are repeated."""
    provenance = {
        "fonction": "dots",
        "fichiers": {"ecoles.csv": "c", "ecoles/a.csv": "a"},
        "lignes": {"apprenants": {"lues": 3}},
        "version": "0.1.0",
        "parametres": {"campagne": "2024"},
        "definitions": {"sorties": "2024-1"},
    }
    indicator = {"id": "x", "lignes": 3, "methode": "m", "valeur": 0.5}
    exhibit = {"id": "a", "genre": "figure", "titre": "t", "provenance": provenance, "indicateurs": [indicator]}
    found = describe_exhibit(exhibit, "premier.html")
    assert found["page"] == "premier.html" and found["fichiers"] == ["ecoles.csv", "ecoles/a.csv"]
    assert found["definitions"] == {"sorties": "2024-1"} and found["lignes"] == {"apprenants": {"lues": 3}}
    assert found["indicateurs"] == [{"id": "x", "lignes": 3, "methode": "m"}]
    assert describe_exhibit({**exhibit, "provenance": None}, "p.html").keys() == {"id", "genre", "titre", "page"}


def test_it_has_no_clock_and_no_machine_path(tables: Tables, tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = write_manifest(manifest_of(tables, site), site).read_bytes()
    second = write_manifest(manifest_of(tables, site), site).read_bytes()
    assert first == second
    assert str(tmp_path).encode() not in first
    assert "manifest.json" not in json.loads(first)["fichiers"]


def test_it_says_whether_the_repository_was_modified(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        identity = ["-c", "user.name=essai", "-c", "user.email=essai@exemple.invalid"]
        done = subprocess.run(["git", "-C", str(tmp_path), *identity, *words], capture_output=True, check=True)
        return done.stdout.decode().strip()

    git("init", "-q")
    (tmp_path / "a").write_text("a", encoding="utf-8")
    git("add", "a")
    git("commit", "-q", "-m", "a")
    commit = git("rev-parse", "HEAD")
    assert repository_state(tmp_path) == {"commit": commit, "modifié": False}
    (tmp_path / "a").write_text("b", encoding="utf-8")
    assert repository_state(tmp_path) == {"commit": commit, "modifié": True}


def test_a_key_follows_cells_and_data_and_ignores_stored_outputs(small_project: Any) -> None:
    campaign = load_campaign("essai")
    path = small_project.root / "notebooks" / "01_premier.ipynb"
    shared = context(campaign)
    key = notebook_key(path, {"campagne": "essai"}, shared)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert notebook_key(path, {"campagne": "essai"}, shared) == key
    assert notebook_key(path, {"campagne": "autre"}, shared).why(None) != ""
    assert notebook_key(path, {"campagne": "autre"}, shared).digest != key.digest
    (campaign.raw / "ecoles.csv").write_text("x", encoding="utf-8")
    changed = context(campaign)
    assert [name for name in shared if shared[name] != changed[name]] == ["donnees"]
    with (small_project.root / "campaigns" / "essai.toml").open("a", encoding="utf-8") as file:
        file.write("# un mot\n")
    assert context(campaign)["campagne"] != changed["campagne"]
