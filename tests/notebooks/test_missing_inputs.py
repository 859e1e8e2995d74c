"""The pages survive what is not received: each says so, and nothing is computed from nothing.

The cells of the committed notebooks are played in this process, on the tables given to them: no kernel is started.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning import prepare as room
from edp_analysis.cleaning.result import Tables
from edp_analysis.contract.checks import empty_frame
from edp_analysis.exhibits.exhibit import Exhibit
from edp_analysis.exhibits.fragment import to_html
from edp_analysis.publication.notebook import find_notebooks, read_notebook
from edp_analysis.publication.run import run

ROOT = Path(__file__).parent.parent.parent
Play = Callable[[str, Tables], dict[str, Exhibit]]
NOTHING = "aucune réponse d’enquête reçue"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return room.prepare(load_campaign("2024", ROOT))


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Run the code cells of a page in order and return what each shows, by identifier of the exhibit."""
    monkeypatch.setenv("EDP_PROJET", str(ROOT))

    def run(page: str, given: Tables) -> dict[str, Exhibit]:
        monkeypatch.setattr(room, "prepare", lambda campaign: given)
        (path,) = find_notebooks(ROOT, [page])
        names: dict[str, object] = {}
        shown: dict[str, Exhibit] = {}
        for cell in read_notebook(path).cells:
            if cell.cell_type != "code":
                continue
            *start, last = ast.parse(cell.source).body
            exec(compile(ast.Module(start, []), cell.id, "exec"), names)
            if isinstance(last, ast.Expr):
                exhibit = eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
                assert to_html(exhibit)
                shown[exhibit.id] = exhibit
            else:
                exec(compile(ast.Module([last], []), cell.id, "exec"), names)
        return shown

    return run


def without(tables: Tables, *names: str) -> Tables:
    empty: dict[str, pd.DataFrame] = {name: empty_frame(name) for name in names}
    return replace(tables, missing=names, **empty)  # type: ignore[arg-type]


def test_satisfaction_without_a_survey(play: Play, tables: Tables) -> None:
    shown = play("satisfaction", without(tables, "enquete"))
    assert "« enquete »" in to_html(shown["entete"]).replace("\u00a0", " ")
    for name in (
        "constat",
        "phrase-1",
        "phrase-2",
        "reponse-q3",
        "methode",
        "accord",
        "choix",
        "ecarts",
        "sensibilite",
    ):
        title = shown[name].title.replace("\u00a0", " ")
        assert title.startswith("Non calculable : ") and NOTHING in title, name
    assert shown["ecarts"].table.empty and shown["profil-repondants"].table.empty
    values = [item.value for exhibit in shown.values() for item in exhibit.indicators]
    assert values and set(values) == {None}


def test_satisfaction_of_six_answers_gives_counts_and_no_percentage(play: Play, tables: Tables) -> None:
    shown = play("satisfaction", replace(tables, enquete=tables.enquete.head(6)))
    assert shown["constat"].title.startswith(("4 sur 6 [faible]", "5 sur 6 [faible]", "6 sur 6 [faible]"))
    assert shown["ecarts"].table.empty and shown["choix-groupes"].table.empty
    assert "moins de 20 réponses" in shown["ecarts"].title
    weighted = shown["ponderation"].table["Avec pondération"]
    assert all(item.value is None and "trop peu de réponses" in item.reason for item in weighted)
    for name in ("constat", "accord", "choix", "reponse-q3", "phrase-2"):
        assert "%" not in shown[name].title, name


def test_satisfaction_of_two_thirds_of_the_answers(play: Play, tables: Tables) -> None:
    """Without a year of entry, a sex or a school in every answer, the page weights on what is left."""
    for column in ("sexe", "annee_scolaire_entree", "ecole"):
        survey = tables.enquete.assign(**{column: pd.Series(None, index=tables.enquete.index, dtype="str")})
        shown = play("satisfaction", replace(tables, enquete=survey))
        assert len(set(shown["profil-repondants"].table["Variable"])) == 2
        assert all(item.value is not None for item in shown["ponderation"].table["Avec pondération"])


def test_satisfaction_without_learners_or_dates_has_no_weights(play: Play, tables: Tables) -> None:
    undated = tables.enquete.assign(date_reponse=pd.NaT)
    for given in (without(tables, "apprenants"), replace(tables, enquete=undated)):
        shown = play("satisfaction", given)
        assert shown["constat"].title.startswith("84")
        assert all(item.value is None for item in shown["ponderation"].table["Avec pondération"])
        assert shown["sensibilite"].title.replace("\u00a0", " ").startswith("Non calculable : ")


def test_finances_without_accounts(play: Play, tables: Tables) -> None:
    shown = play("finances", without(tables, "comptes"))
    assert "« comptes »" in to_html(shown["entete"]).replace("\u00a0", " ")
    for name in ("constat", "reponse-q6", "resultats"):
        assert shown[name].title.replace("\u00a0", " ").startswith("Non calculable : "), name
    assert shown["equilibre"].table.empty and shown["autonomie"].table.empty


@pytest.mark.parametrize(
    "missing",
    [("enquete",), ("comptes",), ("apprenants",), ("ecoles",), ("financements",),
     ("apprenants", "comptes", "ecoles", "enquete", "financements")],
    ids=lambda names: "+".join(names),
)  # fmt: skip
@pytest.mark.parametrize("page", ["qualite_des_donnees", "satisfaction", "finances", "concordance", "synthese"])
def test_a_page_never_stops_for_what_is_missing(
    play: Play, tables: Tables, page: str, missing: tuple[str, ...]
) -> None:
    assert "constat" in play(page, without(tables, *missing))


@pytest.mark.lent
def test_the_site_is_written_without_survey_or_accounts(tmp_path: Path) -> None:
    """From the files: the folders are not there, the checks of the pages still pass and the pages say what lacks."""
    for name in ("campaigns", "notebooks", "data/raw", "data/reference"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("enquete", "comptes"):
        shutil.rmtree(tmp_path / "data" / "raw" / "2024" / name)
    report = run(load_campaign("2024", tmp_path), only=["satisfaction", "finances"])
    assert report.failures == () and report.site is not None
    for page in ("satisfaction", "finances"):
        text = (report.site / f"{page}.html").read_text(encoding="utf-8").replace("\u00a0", " ")
        assert "Données absentes :" in text and "Non calculable : " in text
