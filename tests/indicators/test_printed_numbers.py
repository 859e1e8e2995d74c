"""No number of the published synthesis escapes the register; each way of escaping turns it red."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.indicators.concordance import load_statements
from edp_analysis.indicators.printed_numbers import numbers, unregistered
from edp_analysis.problems import UserError

ROOT = Path(__file__).parent.parent.parent
STATEMENTS = "id;section;question;enonce;type;registre;preuve;fondement;statut;relu;pourquoi"
LEFT_OUT = "enonce;nombre;raison"
FIGURES = {"taux": Decimal("54"), "niveau_3": Decimal("13")}


def published() -> dict[str, Decimal]:
    path = ROOT / "data/reference/publication-2024.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: Decimal(row["valeur"]) for row in csv.DictReader(handle, delimiter=";")}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Campaign]:
    def build(statement: str, evidence: str, *left_out: str) -> Campaign:
        folder = tmp_path / "data" / "reference"
        folder.mkdir(parents=True)
        row = f"S1;Constats;Q1;{statement};chiffre;;{evidence};calibrage;établi;;Parce que"
        (folder / "synthese-2024.csv").write_text(f"{STATEMENTS}\n{row}\n", encoding="utf-8")
        (folder / "nombres-hors-registre-2024.csv").write_text(
            "\n".join([LEFT_OUT, *left_out]) + "\n", encoding="utf-8"
        )
        return replace(load_campaign("2024", ROOT), root=tmp_path)

    return build


def test_each_number_of_the_synthesis_is_in_the_register_or_left_out_for_a_reason() -> None:
    campaign = load_campaign("2024", ROOT)
    printed = [value for text in load_statements(campaign)["enonce"] for value in numbers(text)]
    assert len(printed) >= 40, "the statements do print numbers"
    assert unregistered(campaign, published()) == ()


def test_a_figure_taken_out_of_the_register_is_missed() -> None:
    """The planted fault: one published figure less."""
    figures = published()
    del figures["certification_sortants"]
    assert unregistered(load_campaign("2024", ROOT), figures) == (("S041", Decimal("54")),)


@pytest.mark.parametrize(
    ("statement", "evidence", "missed"),
    [
        ("54 % de certifiés", "registre#taux", ()),
        ("55 % de certifiés", "registre#taux", (("S1", Decimal("55")),)),  # another value
        ("54 % de certifiés", "profils#age", (("S1", Decimal("54")),)),  # the statement does not cite the entry
        ("54 % de certifiés sur 246", "registre#taux", (("S1", Decimal("246")),)),
        ("Une E2C et la COVID-19", "profils#age", ()),  # names
    ],
)
def test_a_number_is_covered_by_the_entry_that_its_statement_cites(
    write: Callable[..., Campaign], statement: str, evidence: str, missed: tuple[tuple[str, Decimal], ...]
) -> None:
    assert unregistered(write(statement, evidence), FIGURES) == missed


def test_a_number_is_left_out_with_its_reason_only(write: Callable[..., Campaign]) -> None:
    statement, evidence = "Niveau 3 : 13 %", "registre#niveau_3"
    assert unregistered(write(statement, evidence, "S1;3;Nom d’un niveau"), FIGURES) == ()


@pytest.mark.parametrize(
    ("left_out", "message"),
    [("S1;3;", "« raison » manque"), ("S1;13;Sans objet", "« 13 » : laissé"), ("S2;3;Autre énoncé", "« 3 » : laissé")],
)
def test_a_number_left_out_for_nothing_is_refused(write: Callable[..., Campaign], left_out: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        unregistered(write("Niveau 3 : 13 %", "registre#niveau_3", left_out), FIGURES)
