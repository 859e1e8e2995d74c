"""The dashboard of a school: hand-made youths, states from exact intervals, targets on which the files agree."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, Thresholds, load_campaign
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.cleaning.result import Tables
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.dashboard import Dashboard, dashboard
from edp_analysis.monitoring.measures import PLACES, measures, places, records
from edp_analysis.monitoring.sendings import sending
from edp_analysis.monitoring.targets import Target, asked_of_schools, followed
from edp_analysis.monitoring.verdicts import state
from edp_analysis.problems import UserError
from edp_analysis.simulation.truth import read_truth, truth_folder
from edp_analysis.statistics.proportions import wilson

from .conftest import ROOT

FEW = Thresholds(percentage=20, secret=5)
PROFILE = {
    "sexe": "H", "age_entree": 16, "diplome_prepare": "50020101", "niveau": 3, "derniere_classe": "1021",
    "diplome_obtenu": "01", "presente_examen": True,
}  # fmt: skip


def youth(number: int, school: str = "EDP-01", entry: str = "2020-09-01", left: str | None = None,
          **values: object) -> dict[str, object]:  # fmt: skip
    """One enrolment: a boy of 16 from a 3e, present unless a day of exit is given, then at the end of the course."""
    status = "INSCRIT" if left is None else "FIN_DE_FORMATION"
    own = {"id_inscription": f"{number:016x}-{school}-{entry}", "id_jeune": f"{number:016x}", "ecole": school,
           "annee_scolaire_entree": f"{entry[:4]}-{int(entry[:4]) + 1}", "date_entree": entry, "date_sortie": left,
           "statut": status, "cursus_complet": None if left is None else True}  # fmt: skip
    return {**PROFILE, **own, **values}


def tables_of(campaign: Campaign, *rows: dict[str, object], annuel: pd.DataFrame | None = None) -> Tables:
    whole = prepare(campaign)
    columns = list(empty_frame("apprenants").columns)
    frame = typed(pd.DataFrame([{name: row.get(name) for name in columns} for row in rows], columns=columns,
                               dtype=object), "apprenants")  # fmt: skip
    return replace(whole, apprenants=frame, annuel=empty_frame("annuel") if annuel is None else annuel)


def line_of(board: Dashboard, name: str):
    return next(line for line in board.lines if line.name == name)


# -- who is counted in a year --------------------------------------------------------------------------------------


def test_five_youths_by_hand_and_the_scope_that_counts_each(campaign: Campaign) -> None:
    """Year 2022-2023: 1 Sept 2022 – 31 Aug 2023. Twelve months after are those of the leavers of 2021-2022."""
    rows = [
        youth(1, entry="2022-09-01"),  # first day of the year: an entrant
        youth(2, entry="2022-08-31", left="2023-08-31"),  # left on the last day: a leaver of the year
        youth(3, left="2023-09-01"),  # the day after: of the next year
        youth(4, left="2022-02-15"),  # left the year before; his six months fell in August 2022, the year before
        youth(5, left="2022-03-15", statut="SORTIE_ANTICIPEE", cursus_complet=False),  # six months in September 2022
    ]
    learners = tables_of(campaign, *rows).apprenants
    found = {scope: sorted(int(code, 16) for code in records(learners, scope, "2022-2023")["id_jeune"])
             for scope in ("entrants", "sortants", "examens", "six_mois", "douze_mois")}  # fmt: skip
    assert found == {"entrants": [1], "sortants": [2], "examens": [2], "six_mois": [5], "douze_mois": [4, 5]}
    assert [int(code, 16) for code in records(learners, "examens", "2021-2022")["id_jeune"]] == [4]


def test_the_shipped_campaign_counted_again_from_the_truth(campaign: Campaign) -> None:
    """From the CSV kept beside the tests: leavers of 2022-2023 in EDP-01, and how many are « Admis »."""
    board = dashboard(prepare(campaign), "EDP-01", 15, 18)
    truth = read_truth(truth_folder(ROOT, "2024"), "apprenants")
    own = truth[(truth["ecole"] == "EDP-01") & truth["date_sortie"].between("2022-09-01", "2023-08-31")]
    certified = line_of(board, "certification_sortants").current
    assert (certified.numerator, certified.denominator) == ((own["resultat_examen"] == "ADMIS").sum(), len(own))
    entered = truth[(truth["ecole"] == "EDP-01") & truth["date_entree"].between("2022-09-01", "2023-08-31")]
    girls = line_of(board, "part_femmes").current
    assert (girls.numerator, girls.denominator) == ((entered["sexe"] == "F").sum(), len(entered))
    assert (board.year, board.former_years, board.period) == (
        "2022-2023", ("2021-2022", "2020-2021"), "2020-2021 à 2022-2023",
    )  # fmt: skip


def test_the_years_together_add_up(campaign: Campaign) -> None:
    board = dashboard(prepare(campaign), "EDP-02", 15, 18)
    for line in board.lines:
        if line.name != PLACES:
            years = (line.current, *line.former)
            assert line.whole.denominator == sum(item.denominator for item in years)
            assert line.whole.numerator == sum(item.numerator for item in years)


# -- what may be said ----------------------------------------------------------------------------------------------


def measured(count: int, total: int) -> Indicator:
    return Indicator("x", "X", count / total, "%", "jeunes", count, total, wilson(count, total))


@pytest.mark.parametrize(
    ("count", "total", "target", "words"),
    [
        # Wilson by hand, z² = 3.8415: all of n, from n / (n + z²); none of n, to z² / (n + z²). At 20: 0.8389, 0.1611.
        (20, 20, Target(0.83, True), "atteinte"),
        (20, 20, Target(0.85, True), "on ne peut pas conclure"),
        (0, 20, Target(0.17, True), "non atteinte"),
        (0, 20, Target(0.15, True), "on ne peut pas conclure"),
        (0, 20, Target(0.17, False), "atteinte"),
        (20, 20, Target(0.83, False), "non atteinte"),
        (134, 246, Target(0.55, True), "on ne peut pas conclure"),  # 54 %, 48 to 61 %
        (134, 246, Target(0.48, True), "atteinte"),
        # Under the threshold never, however far the interval is from the target.
        (19, 19, Target(0.10, True), "trop peu de jeunes pour conclure"),
        (0, 19, Target(0.90, True), "trop peu de jeunes pour conclure"),
        (4, 4, Target(0.10, True), "trop peu de jeunes pour conclure"),
    ],
)
def test_targets_are_judged_on_the_interval_of_twenty_or_more(
    count: int, total: int, target: Target, words: str
) -> None:
    assert state(measured(count, total), target, FEW) == words


def test_a_census_is_its_own_interval() -> None:
    taken = Indicator(PLACES, "Places", 0.75, "%", "places", 21, 28, census=True)
    assert state(taken, Target(0.75, True), FEW) == "atteinte"
    assert state(replace(taken, value=20 / 28), Target(0.75, True), FEW) == "non atteinte"


def test_without_target_or_value() -> None:
    nobody = Indicator("x", "X", None, "%", "jeunes", 0, 0, reason="aucun sortant")
    assert state(measured(9, 9), None, FEW) == "pas de cible"
    assert state(nobody, Target(0.5, True), FEW) == "non calculable"
    assert state(replace(nobody, denominator=9), Target(0.5, True), FEW) == "non calculable"


def test_blanks_never_make_a_target_met_or_missed(campaign: Campaign) -> None:
    """Nine leavers at the end of their course, all without a result nor a situation: nothing is known of them."""
    rows = [youth(n, left="2023-06-30") for n in range(9)]
    board = dashboard(tables_of(campaign, *rows), "EDP-01", 15, 18)
    for name in ("certification_sortants", "certification_cursus_complet", "sorties_negatives", "reprise_etudes"):
        line = line_of(board, name)
        assert (line.current.value, line.current.reason, line.state) == (None, "non renseigné", "non calculable")


def test_the_interval_holds_whatever_the_blanks_are(campaign: Campaign) -> None:
    """Nine leavers: five certified, four without a result: from Wilson's lower limit of 5/9 to the upper one of 9/9."""
    rows = [youth(n, left="2023-06-30", resultat_examen="ADMIS" if n < 5 else None) for n in range(9)]
    found = line_of(dashboard(tables_of(campaign, *rows), "EDP-01", 15, 18), "certification_sortants").current
    assert (found.numerator, found.denominator) == (5, 9)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (wilson(5, 9).low, wilson(9, 9).high)


def test_an_early_leaver_without_a_result_is_not_a_blank(campaign: Campaign) -> None:
    """Who left before the end sat no examination: twenty of twenty not certified, upper limit 16 %."""
    rows = [youth(n, left="2023-06-30", statut="SORTIE_ANTICIPEE", cursus_complet=False) for n in range(20)]
    board = dashboard(tables_of(campaign, *rows), "EDP-01", 15, 18)
    assert line_of(board, "certification_sortants").state == "non atteinte"
    assert line_of(board, "sortie_anticipee").state == "non atteinte"
    assert "Atteinte en 2022-2023 seule ?" in board.table and "2022-2023" in board.table


def test_nothing_is_judged_on_nineteen(campaign: Campaign) -> None:
    """One fewer: every target that has a value is untold, and the table says once that the year is weak."""
    rows = [youth(n, left="2023-06-30", statut="SORTIE_ANTICIPEE", cursus_complet=False) for n in range(19)]
    board = dashboard(tables_of(campaign, *rows), "EDP-01", 15, 18)
    found = {name: int(item.value or 0) for name, item in board.verdicts().items()}
    assert found["atteintes"] == found["manquees"] == 0 < found["indecises"]
    assert list(board.table["2022-2023 [faible]"])[3:6].count("0 sur 19") >= 1
    assert board.positions == {}, "nothing is placed on an axis"


@pytest.mark.parametrize("school", [f"EDP-{rank:02d}" for rank in range(1, 8)])
def test_the_heading_counts_every_target_once(campaign: Campaign, school: str) -> None:
    board = dashboard(prepare(campaign), school, 15, 18)
    aimed = sum(line.target is not None for line in board.lines)
    for whole in (True, False):
        counts = {name: int(item.value or 0) for name, item in board.verdicts(whole).items()}
        assert counts.pop("cibles") == aimed == sum(counts.values())
        shown = set(re.findall(r"{(\w+):nombre}", board.verdict(whole))) - {"cibles"}
        assert shown == {name for name, found in counts.items() if found}
    assert board.finding.startswith(f"{school}, {{periode}}"), "the years together come first"


def test_a_situation_said_to_be_unknown_is_not_known_after_twelve_months(campaign: Campaign) -> None:
    rows = [
        youth(n, left="2022-06-30", situation_12m=text) for n, text in enumerate(["CDI", "INCONNUE", "REFUS", None])
    ]
    found = line_of(dashboard(tables_of(campaign, *rows), "EDP-01", 15, 18), "situations_12m").current
    assert (found.numerator, found.denominator) == (1, 4)


def test_dropouts_are_counted_among_the_known_and_judged_on_all(campaign: Campaign) -> None:
    """Ten entrants: six of unknown origin, four « sans solution » (reading D): 4 of 4, but between 4 and 10 of 10."""
    rows = [youth(n, entry="2022-09-05", derniere_classe="5907" if n < 4 else None) for n in range(10)]
    line = line_of(dashboard(tables_of(campaign, *rows), "EDP-01", 15, 18), "decrocheurs_d")
    assert (line.current.numerator, line.current.denominator) == (4, 4)
    assert line.current.interval is not None and line.current.interval.low == wilson(4, 10).low
    assert line.state == "trop peu de jeunes pour conclure"


# -- the others ----------------------------------------------------------------------------------------------------


def test_other_schools_are_never_named(campaign: Campaign) -> None:
    board = dashboard(prepare(campaign), "EDP-05", 15, 18)
    shown = board.table.astype("str").to_csv() + str([item.label for line in board.lines for item in line.others])
    assert not [code for code in (f"EDP-{n:02d}" for n in range(1, 11)) if code != "EDP-05" and code in shown]
    for line in board.lines:
        values = [item.value for item in line.others]
        assert values == sorted(values)


def test_a_school_opened_since_has_nothing_to_measure(campaign: Campaign) -> None:
    tables = prepare(campaign)
    board, sent = dashboard(tables, "EDP-10", 15, 18), sending(tables, "EDP-10", 15, 18)
    assert board.lines == () and "école ouverte le {ouverture}" in board.finding
    assert board.arguments["ouverture"] == pd.Timestamp("2023-11-06").date()
    assert sent.gaps == () and "Rien n’était encore attendu" in sent.request


# -- places --------------------------------------------------------------------------------------------------------


def declared(**places: int) -> pd.DataFrame:
    rows = [{"ecole": "EDP-01", "annee_scolaire": year.replace("_", "-")[1:], "places": n, "presents": None}
            for year, n in places.items()]  # fmt: skip
    return typed(pd.DataFrame(rows, dtype=object), "annuel")


def test_places_are_those_declared_and_heads_those_of_the_counting_day(campaign: Campaign) -> None:
    """Three youths on 31 December 2022 (the fourth left on the 30th), four places: 3 of 4, for a target of 75 %."""
    rows = [*(youth(n) for n in range(3)), youth(4, left="2022-12-30")]
    tables = tables_of(campaign, *rows, annuel=declared(a2022_2023=4))
    found = places(tables, "EDP-01", ("2022-2023",))
    assert (found.numerator, found.denominator, found.interval) == (3, 4, None)
    line = line_of(dashboard(tables, "EDP-01", 15, 18), PLACES)
    assert line.state == "atteinte" and line.former[0].reason == "non reçues"


# -- targets -------------------------------------------------------------------------------------------------------


def rewrite(project: Campaign, before: str, after: str) -> None:
    path = project.root / "data" / "reference" / "suivi-ecoles-2024.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("part_femmes;;;A19", "part_filles;;;A19", "rien ne mesure « part_filles »"),
        ("part_femmes;;;A19", "part_femmes;;;A99", "recommandation « A99 » inconnue"),
        ("decrocheurs_d;;;A17", "decrocheurs_d;30;au moins;A17", "la matrice donne déjà une cible"),
        ("situations_12m;80;au moins;A09", "situations_12m;70;au moins;A09", "la recommandation ne dit pas « 70 % »"),
        ("situations_12m;80;au moins;A09", "situations_12m;80;;A09", "une cible va avec un sens"),
        ("situations_12m;80;au moins;A09", "situations_12m;;au moins;A09", "une cible va avec un sens"),
        ("situations_12m;80;au moins;A09", "situations_12m;80;mieux;A09", "une cible va avec un sens"),
        ("part_ages;;;", "part_femmes;;;", "y est deux fois"),
    ],
)
def test_a_list_that_contradicts_another_file_is_refused(
    project: Campaign, before: str, after: str, message: str
) -> None:
    rewrite(project, before, after)
    with pytest.raises(UserError, match=message):
        followed(project, [*measures(project, 15, 18), PLACES])


def test_targets_come_from_the_matrix_and_follow_it(project: Campaign) -> None:
    path = project.root / "data" / "reference" / "matrice-2024.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(";certification_sortants;55;", ";certification_sortants;60;"), encoding="utf-8")
    found = {entry.measure: entry for entry in followed(project, [*measures(project, 15, 18), PLACES])}
    assert found["certification_sortants"].target == Target(0.60, True)
    assert found["sorties_negatives"].target == Target(0.35, False)
    assert found["signale_psad"].target is None and found["signale_psad"].due is not None


def test_a_campaign_may_follow_the_targets_of_another(project: Campaign) -> None:
    """The second campaign has no list of its own: it says that it follows that of 2024."""
    second = load_campaign("2028", project.root)
    assert second.settings["suivi"]["cibles"] == "2024"
    known = [*measures(second, 15, 18), PLACES]
    assert followed(second, known) == followed(project, known)
    unknown = replace(second, settings={**second.settings, "suivi": {"cibles": "2O24"}})
    with pytest.raises(UserError, match="« 2O24 » inconnue"):
        followed(unknown, known)
    alone = replace(second, settings={name: part for name, part in second.settings.items() if name != "suivi"})
    assert [entry.target for entry in followed(alone, known)] == [None] * len(known)
    assert asked_of_schools(alone) == ("", {})


def test_what_is_asked_of_the_schools_is_what_the_tracker_gives_them(campaign: Campaign) -> None:
    template, arguments = asked_of_schools(campaign)
    assert template.count("avant le") == 3 and "{quoi_c}" in template
    days = [arguments[f"jour_{letter}"] for letter in "abc"]
    assert days == sorted(days)


# -- what is missing -----------------------------------------------------------------------------------------------


def test_blanks_are_counted_where_the_field_was_expected(campaign: Campaign) -> None:
    """By hand.

    Entrants of the year: 1 and 2, of whom one has no « orienteur ». Leavers of the year: 3, without a reason. Leavers
    of the year before: 4, with a situation at twelve months. 5 is present: no exit field is expected of him.
    """
    rows = [
        youth(1, entry="2022-09-05", orienteur="COLLEGE"),
        youth(2, entry="2022-09-05"),
        youth(3, left="2023-06-30", resultat_examen="ADMIS", situation_sortie="CDI"),
        youth(4, left="2022-06-30", situation_12m="CDI"),
        youth(5, entry="2021-09-05"),
    ]
    sent = sending(tables_of(campaign, *rows), "EDP-01", 15, 18)
    found = {gap.title: (gap.blank, gap.expected) for gap in sent.gaps}
    assert found["Orienté par"] == (1, 2)
    assert found["Motif de sortie"] == (1, 1) and found["Situation à la sortie"] == (0, 1)
    assert found["Situation à 12 mois"] == (0, 1) and found["Résultat à l’examen"] == (0, 1)
    assert found["Places ouvertes (feuille École)"] == (1, 1)
    assert "Âge à l’entrée" not in found, "computed on arrival: nobody fills it in"
    by_title = {gap.title: gap for gap in sent.gaps}
    assert by_title["Situation à 12 mois"].serves == ("Situation connue à douze mois",)
    assert "autre usage : par qui les jeunes arrivent" in list(sent.table["Indicateurs touchés"])


def test_a_leaver_without_a_date_is_asked_for_one(campaign: Campaign) -> None:
    rows = [youth(1, left="2023-06-30"), youth(2, statut="SORTIE_ANTICIPEE", cursus_complet=False)]
    sent = sending(tables_of(campaign, *rows), "EDP-01", 15, 18)
    assert {gap.title: (gap.blank, gap.expected) for gap in sent.gaps}["Date de sortie"] == (1, 2)


def test_the_day_is_that_of_the_campaign_or_the_one_proposed(campaign: Campaign) -> None:
    tables = prepare(campaign)
    proposed = sending(tables, "EDP-01", 15, 18)
    assert "date proposée" in proposed.request and proposed.due is not None
    assert proposed.arguments["modele"] == "EDP-01_suivi_2024.xlsx"
    day = pd.Timestamp("2024-10-15").date()
    settings = {**campaign.settings, "suivi": {"remise": day, "destinataire": "la Région"}}
    settled = sending(replace(tables, campaign=replace(campaign, settings=settings)), "EDP-01", 15, 18)
    assert settled.due == day and "proposée" not in settled.request
    assert settled.arguments["destinataire"] == "la Région"


def test_a_day_that_is_past_asks_for_nothing_any_more(campaign: Campaign) -> None:
    """A second campaign follows the targets of the first: its schools are not asked to answer three years ago."""
    later = replace(campaign, extraction_date=pd.Timestamp("2028-04-30").date())
    sent = sending(replace(prepare(campaign), campaign=later), "EDP-01", 15, 18)
    assert sent.due is None
    assert asked_of_schools(campaign)[0] and asked_of_schools(later) == ("", {})


def test_a_school_whose_file_never_came_is_asked_for_it(campaign: Campaign) -> None:
    """« Rien n'était encore attendu » would be said of a school that sent nothing."""
    sent = sending(tables_of(campaign, youth(1)), "EDP-02", 15, 18)
    assert not sent.received and sent.request.startswith("Remplir le modèle de l’école")
    assert "fichiers reçus" in sent.beginning
    assert sending(tables_of(campaign, youth(1)), "EDP-01", 15, 18).received


def test_a_moment_that_nothing_knows_is_refused(project: Campaign, campaign: Campaign) -> None:
    path = Path(project.root) / "data" / "reference" / "transmission-2024.csv"
    path.write_text(path.read_text(encoding="utf-8") + "permis;Un jour;Mobilité\n", encoding="utf-8")
    with pytest.raises(UserError, match="moment « Un jour » inconnu"):
        sending(replace(prepare(campaign), campaign=project), "EDP-01", 15, 18)
