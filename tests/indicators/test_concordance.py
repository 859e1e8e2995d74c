"""Each statement has one word; each fault of the file turns it red; simulated data establish nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.indicators.concordance import (
    NO_SYNTHESIS,
    Word,
    concordance,
    load_statements,
    mots,
    nombre_du_mot,
    references,
    verdicts,
)
from edp_analysis.problems import UserError

ROOT = Path(__file__).parent.parent.parent
HEADER = "id;section;question;enonce;type;registre;preuve;fondement;statut;relu;pourquoi"
SOUND = "S1;Constats;Q1;Énoncé;chiffre;efficacité;registre#taux page#a;calibrage;établi;;Parce que"
Write = Callable[..., Campaign]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the statements of a campaign whose root is a temporary folder."""

    def build(*lines: str, simulated: bool = True) -> Campaign:
        folder = tmp_path / "data" / "reference"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "synthese-2024.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        return replace(load_campaign("2024", ROOT), root=tmp_path, simulated=simulated)

    return build


def word(campaign: Campaign, verdict: str = "retrouvé") -> str:
    return str(concordance(campaign, {"taux": verdict})["Mot"].iloc[0])


def test_a_calibrated_figure_is_established_by_real_data_only(write: Write) -> None:
    assert word(write(SOUND)) == "reproduit par construction"
    assert word(write(SOUND, simulated=False)) == "établi"


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("différent", "contredit"),
        ("contradictoire (attendu)", "contredit"),
        ("non recalculable", "non établissable ici"),
    ],
)
@pytest.mark.parametrize("simulated", [True, False])
def test_the_register_decides_of_a_figure(write: Write, verdict: str, expected: str, simulated: bool) -> None:
    assert word(write(SOUND, simulated=simulated), verdict) == expected


@pytest.mark.parametrize(
    ("ground", "written", "simulated", "real", "real_read"),
    [
        ("voix", "établi", "reproduit par construction", "non établissable ici", "établi"),
        ("voix", "contredit", "non établissable ici", "non établissable ici", "contredit"),
        ("données", "établi", "non établissable ici", "non établissable ici", "établi"),
        ("données", "contredit", "non établissable ici", "non établissable ici", "contredit"),
        ("calibrage", "établi", "reproduit par construction", "non établissable ici", "établi"),
        ("publication", "contredit", "contredit", "contredit", "contredit"),
        ("source", "établi", "établi", "établi", "établi"),
        ("aucun", "non établissable ici", *["non établissable ici"] * 3),
    ],
)
def test_a_simulated_voice_never_passes_for_a_real_one(
    write: Write, ground: str, written: str, simulated: str, real: str, real_read: str
) -> None:
    """What was judged on simulated data is not carried over to real ones before a person has read it again."""
    line = f"S1;Constats;Q3;Énoncé;constat;pertinence;page#a;{ground};{written};%s;Parce que"
    assert word(write(line % "")) == simulated
    assert word(write(line % "oui")) == simulated
    assert word(write(line % "", simulated=False)) == real
    assert word(write(line % "oui", simulated=False)) == real_read


def test_the_reason_says_that_the_voice_is_simulated(write: Write) -> None:
    table = concordance(write("S1;Constats;Q3;É;constat;;p#a;voix;établi;;Dit par les écoles."), {})
    assert table["Pourquoi"].iloc[0] == "Dit par les écoles. Voix simulées."


def test_what_the_word_says_is_not_said_again_in_each_row(write: Write) -> None:
    assert concordance(write(SOUND), {"taux": "retrouvé"})["Pourquoi"].iloc[0] == "Parce que"
    against = "S1;Constats;Q1;É;constat;;p#a;voix;contredit;;Dit."
    assert "personne ne l’a dit" in concordance(write(against), {})["Pourquoi"].iloc[0]


@pytest.mark.parametrize("status", ["établi", "contredit"])
def test_a_word_without_evidence_is_refused(write: Write, status: str) -> None:
    with pytest.raises(UserError, match=f"S7 : « {status} » sans preuve"):
        load_statements(write(f"S7;Constats;Q1;É;constat;;;publication;{status};;Parce que"))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (";Q1;", ";Q9;", "question « Q9 » inconnu"),
        (";chiffre;", ";rumeur;", "type « rumeur » inconnu"),
        (";efficacité;", ";beauté;", "registre « beauté » inconnu"),
        (";calibrage;", ";intuition;", "fondement « intuition » inconnu"),
        (";établi;", ";prouvé;", "statut « prouvé » inconnu"),
        ("page#a", "page", "« page » mal écrite"),
        (";Parce que", ";", "« pourquoi » manque"),
    ],
)
def test_each_planted_fault_is_refused(write: Write, before: str, after: str, message: str) -> None:
    assert before in SOUND
    with pytest.raises(UserError, match=message):
        load_statements(write(SOUND.replace(before, after)))


def test_an_identifier_used_twice_is_refused(write: Write) -> None:
    with pytest.raises(UserError, match="« S1 » sert deux fois"):
        load_statements(write(SOUND, SOUND))


def test_a_figure_that_was_never_published_is_refused(write: Write) -> None:
    with pytest.raises(UserError, match="S1 cite « taux »"):
        concordance(write(SOUND), {"autre": "retrouvé"})


def test_a_campaign_without_synthesis_says_so() -> None:
    table = concordance(load_campaign("2028", ROOT), {})
    assert table.empty
    assert mots(table).empty
    assert nombre_du_mot(table, Word.ESTABLISHED).reason == NO_SYNTHESIS


def test_words_are_counted_by_section() -> None:
    """By hand: two statements in B (one of each word), one in A, three in all; sections keep the order of the file."""
    table = pd.DataFrame({"N°": ["1", "2", "3"], "Section": ["B", "B", "A"], "Mot": ["contredit", "établi", "établi"]})
    assert mots(table).to_dict("list") == {
        "Section": ["B", "A", "Toutes les sections"],
        "établi": [1, 1, 2], "contredit": [1, 0, 1], "Ensemble": [2, 1, 3],
    }  # fmt: skip
    found = nombre_du_mot(table, "établi")
    assert (found.numerator, found.denominator, found.interval) == (2, 3, None)
    assert found.label == "Énoncés établis"


def test_chosen_words_come_in_the_order_asked() -> None:
    table = pd.DataFrame({"N°": ["1", "2", "3"], "Mot": ["établi", "contredit", "non établissable ici"]})
    assert verdicts(table, Word.CONTRADICTED, Word.ESTABLISHED)["N°"].tolist() == ["2", "1"]
    assert verdicts(table)["Verdict"].tolist() == table["Mot"].tolist()


def test_every_published_figure_has_its_statement() -> None:
    """A reader who has only the publication finds each of its figures."""
    cited = {
        element
        for evidence in load_statements(load_campaign("2024", ROOT))["preuve"]
        for page, element in references(evidence)
        if page == "registre"
    }
    published = (ROOT / "data/reference/publication-2024.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(";")[0] for line in published} <= cited
