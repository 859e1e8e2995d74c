"""What the synthesis cites is on the pages: a reference to nothing is refused, with its row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.exhibits.table import EVIDENCE, html_table
from edp_analysis.indicators.synthesis import preuves
from edp_analysis.problems import UserError
from edp_analysis.publication.evidence import CITING, check_evidence, evidence_names, name_evidence, published_measures
from edp_analysis.publication.notebook import exhibits, find_notebooks, page_name, read_notebook
from edp_analysis.publication.register import RegisterEntry, Verdict

ROOT = Path(__file__).parent.parent.parent
HEADER = "id;section;question;enonce;type;registre;preuve;fondement;statut;relu;pourquoi"


def test_the_committed_notebooks_show_all_that_is_cited() -> None:
    """The campaign's files against the outputs of the committed notebooks."""
    shown = {page_name(path): {e["id"] for e in exhibits(read_notebook(path))} for path in find_notebooks(ROOT)}
    figures = (ROOT / "data/reference/publication-2024.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert set(shown) >= CITING
    received = (ROOT / "data/raw/2024/documents.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    documents = {line.split(";")[0] for line in received}
    check_evidence(load_campaign("2024", ROOT), shown, {line.split(";")[0] for line in figures}, documents)


@pytest.mark.parametrize(
    ("cited", "remedy"),
    [
        ("profils#perdu", "Corriger"),
        ("page_absente#a", "sans --only"),
        ("registre#jamais_publie", "Corriger"),
        ("document#D99", "Corriger"),
    ],
)
def test_evidence_that_nothing_shows_is_refused(tmp_path: Path, cited: str, remedy: str) -> None:
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    row = f"S4;Constats;Q1;Énoncé;constat;;{cited};publication;établi;;Parce que"
    (folder / "synthese-2024.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    campaign = replace(load_campaign("2024", ROOT), root=tmp_path)
    assert len(preuves(campaign)) == 1
    with pytest.raises(UserError, match=f"S4 : {cited}") as refused:
        check_evidence(campaign, {"concordance": {"constat"}, "profils": {"constat"}}, {"part_hommes"})
    assert remedy in str(refused.value)
    check_evidence(campaign, {"profils": {"constat"}}, set())  # no page cites: nothing to check


def test_a_figure_whose_input_is_absent_stays_a_measure_with_its_reason() -> None:
    absent = RegisterEntry(
        "poste", "Poste", "p. 1", Decimal(1), "€", 0, "", None, None, Verdict.NOT_RECOMPUTABLE, "Rien"
    )
    found = published_measures([absent])["poste"]
    assert (found.value, found.reason, found.unit) == (None, "Rien", "€")


def test_readers_are_told_names_and_never_identifiers() -> None:
    """Each kind of exhibit; a figure and a table of one rank are two links of two texts."""
    shown = [
        {"id": "a", "genre": "figure", "numero": 1, "titre": "T"},
        {"id": "b", "genre": "table", "numero": 1, "titre": "T"},
        {"id": "c", "genre": "answer", "question": "Q2", "titre": "T"},
        {"id": "d", "genre": "key_figures", "titre": "T"},
        {"id": "constat", "genre": "finding", "titre": "T"},
        {"id": "e", "genre": "sentence", "titre": "Une phrase."},
    ]
    names = evidence_names([("profils", "Profils", shown)], {"taux": "54 % des sortants"}, {"D01": "Convention"})
    assert list(names.values()) == [
        "Profils, figure\u00a01", "Profils, tableau\u00a01", "Profils, réponse à\u00a0Q2", "Profils, chiffres clés",
        "Profils",
        "Profils\u00a0: «\u00a0Une phrase.\u00a0»", "Chiffre publié\u00a0: 54\u00a0% des sortants",
        "Document D01\u00a0: Convention",
    ]  # fmt: skip
    assert len(set(names.values())) == len(names)


def test_the_name_replaces_the_identifier_and_is_escaped() -> None:
    html = html_table(pd.DataFrame({"N°": ["1"], "Preuve": ["a#b"]}), id="t", caption="c", units={"Preuve": EVIDENCE})
    named = name_evidence(html, {"a#b": "Figure <b>"})
    assert '<a href="a.html#b">Figure &lt;b&gt;</a>' in named
    assert "data-preuve" not in named and "data-preuve" not in name_evidence(html, {})
