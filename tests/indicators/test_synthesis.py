"""Judgements are computed from intervals, each tied to evidence; each fault of the files turns them red."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.indicators import synthesis
from edp_analysis.indicators.concordance import NO_SYNTHESIS
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError
from edp_analysis.statistics.proportions import Interval

ROOT = Path(__file__).parent.parent.parent
MATRIX = "id;question;registre;critere;mesure;cible;sens;precision;origine;fondement;preuve;limite"
SWOT = "id;famille;enonce;synthese;mesure;preuve;reserve"
STATEMENTS = "id;section;question;enonce;type;registre;preuve;fondement;statut;relu;pourquoi"
ACTIONS = "id;synthese;recommandation;qui;quoi;indicateur;mesure;cible;origine;echeance;statut;preuve"
Write = Callable[..., Campaign]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write reference files of a campaign whose root is a temporary folder."""

    def build(**files: str) -> Campaign:
        folder = tmp_path / "data" / "reference"
        folder.mkdir(parents=True, exist_ok=True)
        for kind, text in files.items():
            (folder / f"{kind}-2024.csv").write_text(text + "\n", encoding="utf-8")
        return replace(load_campaign("2024", ROOT), root=tmp_path)

    return build


def measure(low: float | None, high: float, unit: str = "%", value: float = 0.5) -> Indicator:
    interval = None if low is None else Interval(low, high, 0.95, "")
    return Indicator("taux", "Taux", value, unit, "jeunes", interval=interval)


def judged(campaign: Campaign, taux: Indicator) -> tuple[str, str]:
    row = synthesis.matrice(campaign, {"taux": taux}).iloc[0]
    return row["Jugement"], row["Force"]


ROW = "M1;Q1;efficacité;Critère;taux;50;{};5;Proposée;données;page#a;Limite"


@pytest.mark.parametrize(
    ("low", "high", "at_least", "at_most"),
    [
        (0.51, 0.55, "atteint", "non atteint"),
        (0.40, 0.49, "non atteint", "atteint"),
        (0.45, 0.55, "indéterminé", "indéterminé"),
    ],
)
def test_the_judgement_is_that_of_the_whole_interval(
    write: Write, low: float, high: float, at_least: str, at_most: str
) -> None:
    """A target of 50 %: above, below, astride."""
    assert judged(write(matrice=f"{MATRIX}\n{ROW.format('au moins')}"), measure(low, high))[0] == at_least
    assert judged(write(matrice=f"{MATRIX}\n{ROW.format('au plus')}"), measure(low, high))[0] == at_most


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.47, 0.53, "forte"),
        (0.42, 0.58, "moyenne"),
        (0.38, 0.62, "faible"),
        (None, 0.0, "dénombrement complet de ce qui est reçu"),
    ],
)
def test_the_strength_is_the_half_width_against_the_precision_asked(
    write: Write, low: float | None, high: float, expected: str
) -> None:
    """Half-widths of 3, 8 and 12 points for 5 asked: within it, within twice it, beyond."""
    assert judged(write(matrice=f"{MATRIX}\n{ROW.format('au moins')}"), measure(low, high))[1] == expected


def test_counts_are_judged_in_their_own_unit(write: Write) -> None:
    campaign = write(matrice=f"{MATRIX}\nM1;Q6;efficience;C;taux;1;au plus;0;Proposée;données;page#a;L")
    assert judged(campaign, measure(None, 0, "écoles", 1.0))[0] == "atteint"
    assert judged(campaign, measure(None, 0, "écoles", 2.0))[0] == "non atteint"


def test_what_is_not_measured_is_not_judged(write: Write) -> None:
    campaign = write(
        matrice=f"{MATRIX}\nM1;Q4;cohérence;C;;;;;;voix;page#a;L\nM2;Q1;efficacité;D;taux;;;;;données;page#a;L"
    )
    table = synthesis.matrice(campaign, {"taux": measure(0.4, 0.6)})
    assert table["Jugement"].tolist() == ["mesuré, sans cible", "non jugé"], "rows go question by question"
    assert table["Force"].iloc[1] == "aucune"
    assert synthesis.cibles(campaign, {"taux": measure(0.4, 0.6)}).empty
    absent = Indicator("taux", "Taux", None, "%", "jeunes", reason="rien de reçu")
    assert synthesis.matrice(campaign, {"taux": absent})["Jugement"].tolist()[0] == "non calculable"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("M7;Q1;efficacité;C;taux;50;au moins;5;O;données;;L", "M7 : aucune preuve"),
        ("M7;Q1;efficacité;C;autre;50;au moins;5;O;données;page#a;L", "M7 : rien ne calcule « autre »"),
        ("M7;Q1;efficacité;C;taux;50;;5;O;données;page#a;L", "M7 : une cible va avec un sens"),
        ("M7;Q1;efficacité;C;taux;;au moins;5;O;données;page#a;L", "M7 : une cible va avec un sens"),
        ("M7;Q1;efficacité;C;taux;50;environ;5;O;données;page#a;L", "sens « environ » inconnu"),
        ("M7;Q8;efficacité;C;taux;50;au moins;5;O;données;page#a;L", "question « Q8 » inconnu"),
        ("M7;Q1;efficacité;C;taux;50;au moins;5;;données;page#a;L", "M7 : une cible va avec son origine"),
        ("M7;Q1;efficacité;C;taux;;;;O;données;page#a;L", "M7 : une cible va avec son origine"),
        ("M7;Q1;efficacité;C;taux;50;au moins;5;O;intuition;page#a;L", "fondement « intuition » inconnu"),
    ],
)
def test_a_faulty_judgement_cannot_be_rendered(write: Write, row: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        synthesis.matrice(write(matrice=f"{MATRIX}\n{row}"), {"taux": measure(0.4, 0.6)})


def test_a_strength_has_the_word_of_its_statement(write: Write) -> None:
    campaign = write(
        swot=f"{SWOT}\nF1;menace;Aubaine;S2;;page#a;Mince.\nF2;force;Satisfaits;S1;taux;page#a;Rien.",
        synthese=f"{STATEMENTS}\nS1;C;Q1;É;atout;;p#a;voix;établi;;P\n"
        "S2;C;Q1;É;faiblesse;;;aucun;non établissable ici;;P",
    )
    table = synthesis.familles(campaign, {"taux": measure(0.4, 0.6)}, {})
    assert table["Famille"].tolist() == ["force", "menace"]
    assert table["Concordance"].tolist() == ["reproduit par construction", "non établissable ici"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("F3;force;É;S1;;;R", "F3 : aucune preuve"),
        ("F3;qualité;É;S1;;p#a;R", "famille « qualité »"),
        ("F3;force;É;S9;;p#a;R", "synthese « S9 » inconnu"),
        ("F3;force;É;S1;autre;p#a;R", "F3 : rien ne calcule"),
        ("F3;force;É;S1;;p#a;", "« reserve » manque"),
    ],
)
def test_a_faulty_strength_is_refused(write: Write, row: str, message: str) -> None:
    statements = f"{STATEMENTS}\nS1;C;Q1;É;atout;;p#a;voix;établi;;P"
    with pytest.raises(UserError, match=message):
        synthesis.familles(write(swot=f"{SWOT}\n{row}", synthese=statements), {}, {})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("A5;S1;R;Q;Q;I;;C;O;2025-01-31;proposé;", "A5 : aucune preuve"),
        ("A5;S1;R;Q;Q;I;;C;O;31/01/2025;proposé;p#a", "A5 : échéance « 31/01/2025 »"),
        ("A5;S1;R;Q;Q;I;;C;O;2025-01-31;promis;p#a", "statut « promis » inconnu"),
        ("A5;S1;R;;Q;I;;C;O;2025-01-31;proposé;p#a", "« qui » manque"),
        ("A5;S1;R;Q;Q;I;;C;;2025-01-31;proposé;p#a", "« origine » manque"),
    ],
)
def test_a_faulty_recommendation_is_refused(write: Write, row: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        synthesis.suivi(write(recommandations=f"{ACTIONS}\n{row}"), {})


def test_recommendations_come_in_the_order_of_their_dates(write: Write) -> None:
    rows = "A1;S1;Tard;Q;Q;I;;C;O;2026-01-31;proposé;p#a\nA2;S2;Tôt;Q;Q;I;;C;O;2025-01-31;voté;p#a"
    table = synthesis.suivi(write(recommandations=f"{ACTIONS}\n{rows}"), {})
    assert table["Recommandation"].tolist() == ["Tôt", "Tard"]
    assert table["Échéance proposée"].iloc[0] == date(2025, 1, 31)


def test_each_recommendation_of_the_synthesis_is_followed_up() -> None:
    """One line of the tracker for each statement of that kind, no more."""
    campaign = load_campaign("2024", ROOT)
    statements = synthesis.load_statements(campaign)
    recommended = statements.loc[statements["type"] == "recommandation", "id"]
    assert sorted(synthesis.actions(campaign)["synthese"]) == sorted(recommended)


def test_what_schools_report_is_in_the_contract(write: Write) -> None:
    head = "champ;quand;pourquoi"
    with pytest.raises(UserError, match="champ « pointure » inconnu"):
        synthesis.a_transmettre(write(transmission=f"{head}\npointure;À l’entrée;Suivi"), pd.DataFrame())


def test_a_target_of_the_tracker_is_the_one_of_the_matrix() -> None:
    """Where the tracker says that its target is the matrix's, the two numbers are one."""
    campaign = load_campaign("2024", ROOT)
    rows = synthesis.read_criteria(campaign).set_index("critere")
    checked = 0
    for action in synthesis.actions(campaign).to_dict("records"):
        if "matrice" in action["origine"]:
            (named,) = re.findall("« (.+) »", action["origine"])
            assert f"{rows.loc[named, 'cible']:g} % {rows.loc[named, 'sens']}" == action["cible"], action["id"]
            checked += 1
    assert checked == 4


def test_no_line_is_its_own_evidence() -> None:
    """A strength or a recommendation that only cites the page listing the statements rests on nothing."""
    campaign = load_campaign("2024", ROOT)
    circular = [
        (file, row)
        for file, row, page, element in synthesis.preuves(campaign)
        if (page, element) == ("concordance", "enonces")
    ]
    assert circular == []


def test_what_is_simulated_is_said_beside_each_judgement(write: Write) -> None:
    rows = "\n".join(
        f"M{rank};Q1;efficacité;C{rank};taux;50;au moins;5;O;{ground};page#a;L"
        for rank, ground in enumerate(("calibrage", "données", "voix", "source", "hypothèses"))
    )
    campaign = write(matrice=f"{MATRIX}\n{rows}")
    simulated = synthesis.matrice(replace(campaign, simulated=True), {"taux": measure(0.6, 0.7)})
    assert simulated["Portée"].str.partition(":")[0].str.strip().tolist() == [
        "reproduit par construction", "données simulées", "voix simulées", "–", "données simulées",
    ]  # fmt: skip
    received = synthesis.matrice(replace(campaign, simulated=False), {"taux": measure(0.6, 0.7)})
    assert set(received["Portée"]) == {"–"}
    assert received["Force"].tolist() == [
        "forte", "forte", "entretiens comptés, non un échantillon", "recherche de sources, non exhaustive",
        "tient aux conventions",
    ]  # fmt: skip


def test_the_targets_to_vote_say_where_they_come_from(write: Write) -> None:
    table = synthesis.cibles(write(matrice=f"{MATRIX}\n{ROW.format('au moins')}"), {"taux": measure(0.6, 0.7)})
    row = table.iloc[0]
    assert (row["Cible proposée"], row["Origine"], row["Statut"]) == ("au moins 50 %", "Proposée", "proposée, à voter")
    assert (row["Si elle était votée"], row["Portée"]) == (
        "atteint",
        "données simulées : n’établit rien des vraies écoles",
    )


def test_a_campaign_without_synthesis_has_nothing_to_judge() -> None:
    campaign = load_campaign("2028", ROOT)
    table = synthesis.matrice(campaign, {})
    assert table.empty
    assert synthesis.familles(campaign, {}, {}).empty
    assert synthesis.suivi(campaign, {}).empty
    assert synthesis.preuves(campaign) == ()
    assert synthesis.critere(table, "atteint").reason == NO_SYNTHESIS


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        # 35.12 and 35 are written alike: said. 34.6 is written 35: said. 35.6 is written 36: the reader sees it.
        (0.3512, 0.47, "non atteint, de peu (borne : 35,1\u00a0%)"),
        (0.3556, 0.47, "non atteint"),
        (0.30, 0.346, "atteint, de peu (borne : 34,6\u00a0%)"),
        (0.30, 0.344, "atteint"),
        (0.30, 0.47, "indéterminé"),
        (0.35, 0.47, "indéterminé"),  # the limit is the target itself: nothing is hidden by rounding
    ],
)
def test_a_judgement_that_rounding_would_hide_says_so(write: Write, low: float, high: float, said: str) -> None:
    row = "M1;Q1;efficacité;C;taux;35;au plus;5;O;données;page#a;L"
    campaign = write(matrice=f"{MATRIX}\n{row}")
    known = {"taux": measure(low, high)}
    table = synthesis.matrice(campaign, known)
    assert table["Jugement"].tolist() == [said]
    word = said.partition(",")[0]
    assert synthesis.critere(table, word).numerator == 1, "narrow or not, it is counted under its word"


def test_nought_is_written_in_the_singular(write: Write) -> None:
    campaign = write(matrice=f"{MATRIX}\nM1;Q6;efficience;C;taux;0;au plus;0;O;données;page#a;L")
    table = synthesis.matrice(campaign, {"taux": measure(None, 0, "écoles", 1.0)})
    assert table["Cible proposée"].tolist() == ["au plus 0 école"]


def test_the_tracker_shows_what_is_measured_today(write: Write) -> None:
    rows = "A1;S1;R;Q;Q;I;taux;C;O;2025-01-31;proposé;p#a\nA2;S2;R;Q;Q;I;;C;O;2025-02-28;proposé;p#a"
    campaign = write(recommandations=f"{ACTIONS}\n{rows}")
    taux = measure(0.4, 0.6)
    assert synthesis.suivi(campaign, {"taux": taux})["Aujourd’hui"].tolist() == [taux, "–"]
    with pytest.raises(UserError, match="A1 : rien ne calcule « taux »"):
        synthesis.suivi(campaign, {})


def test_the_reading_under_the_matrix_is_of_its_first_target(write: Write) -> None:
    aimed = ROW.format("au moins").replace("M1", "M2")
    campaign = write(matrice=f"{MATRIX}\nM1;Q1;efficacité;Sans;taux;;;;;données;page#a;L\n{aimed}")
    table = synthesis.matrice(campaign, {"taux": measure(0.51, 0.55)})
    read = synthesis.premiere_ligne(table)
    assert (read["critere"], read["cible"], read["jugement"]) == ("Critère", "au moins 50 %", "atteint")
    assert synthesis.sans_cible(table).value == 1
    assert synthesis.premiere_ligne(table.iloc[:1])["mesure"].value is None
