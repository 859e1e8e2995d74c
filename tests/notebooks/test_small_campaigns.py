"""The notebooks on learners run on campaigns too small for statistics: they say « non calculable », and go on."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import edp_analysis.exhibits
from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.exhibits import Exhibit, Page

FOLDER = Path(__file__).resolve().parents[2] / "notebooks" / "phase1"
NAMES = ("02_profils", "03_parcours_et_resultats", "06_durees_et_facteurs")
Choice = Callable[[pd.DataFrame], "pd.Series[bool]"]
CAMPAIGNS: dict[str, Choice] = {
    "personne": lambda learners: learners["ecole"] == "",
    "une école récente": lambda learners: learners["ecole"] == "EDP-10",
    "une école ancienne, sans filles": lambda learners: (learners["ecole"] == "EDP-01") & (learners["sexe"] == "H"),
    "personne n'est sorti": lambda learners: learners["statut"] == "INSCRIT",
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kept", CAMPAIGNS.values(), ids=CAMPAIGNS.keys())
def test_each_cell_runs(name: str, kept: Choice, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = load_campaign("2024")
    whole = prepare(campaign)
    learners = whole.apprenants[kept(whole.apprenants)]
    schools = whole.ecoles[whole.ecoles["ecole"].isin(learners["ecole"])]
    small = replace(whole, apprenants=learners, ecoles=schools)
    monkeypatch.setattr(edp_analysis.exhibits, "open_page", lambda name, **_: Page(campaign, small, name))
    shown: list[Exhibit] = []
    monkeypatch.setattr(Page, "_show", lambda page, exhibit, show=Page._show: shown.append(show(page, exhibit)))
    values: dict[str, object] = {"campagne": "2024", "audience": "interne"}
    for cell in json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "parametres":
            exec("".join(cell["source"]), values)  # our own notebooks
    assert {exhibit.kind for exhibit in shown} >= {"header", "finding", "answer", "method"}
