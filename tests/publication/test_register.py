"""The register on records made from counts, and what one record more or less does to it."""

import csv
import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.cleaning.result import Tables
from edp_analysis.contract import load_schema
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError
from edp_analysis.publication import register as module
from edp_analysis.publication.bindings import BINDINGS, split_year
from edp_analysis.publication.reference import read_reference
from edp_analysis.publication.register import Verdict, as_json, recompute, to_frame, worst_verdict
from edp_analysis.publication.rounding import exact_value, round_half_up
from edp_analysis.simulation.truth import read_truth

CAMPAIGN = load_campaign("2024")
KNOWN = set(BINDINGS)
CITED = {"age_cible_debut", "age_cible_fin", "perimetre_debut", "geiq", "prochaine_evaluation", "droit_reprise"}
PHASE_2 = ("entretiens", "codages", "citations", "visites", "documents")
DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean", "date": "datetime64[ns]"}
TRUTH = Path(__file__).parent.parent / "fixtures" / "verite-2024"


def table(name, rows):
    """Records of a clean table: what a row does not say is missing."""
    fields = load_schema(name).fields
    frame = pd.DataFrame(rows, columns=[field.name for field in fields])
    return frame.astype({field.name: DTYPES[field.type] for field in fields})


def learners():
    """378 youths whose counts print the published figures, laid out by hand.

    Origins 1, 181, 23, 49, 46, 15, 7, 7, 1 and 48 blank (378); 291 men; 246 leavers = 166 full courses (134 admitted,
    32 not) + 80 early exits; 106 in studies, 101 negative, 25 in a job, 14 unknown; 132 present.
    """
    classes = ["0001"] + ["1021"] * 181 + ["2001"] * 23 + ["3001"] * 49 + ["3031"] * 46 + ["5907"] * 15
    classes += ["0009"] * 7 + ["1009"] * 7 + ["9900"] + [None] * 48
    exits = ["SCOLAIRE"] * 106 + ["RECHERCHE_EMPLOI"] * 101 + ["CDI"] * 25 + ["INCONNUE"] * 14
    rows = []
    for rank in range(378):
        left, complete = rank < 246, rank < 166
        rows.append(
            {
                "id_inscription": f"p{rank:03d}",
                "id_jeune": f"j{rank:03d}",
                "ecole": "EDP-01",
                "annee_scolaire_entree": "2019-2020",
                "date_entree": "2019-09-02",
                "date_sortie": "2024-03-29" if left else None,
                "sexe": "H" if rank < 291 else "F",
                "age_entree": 16,
                "derniere_classe": classes[rank],
                "statut": "FIN_DE_FORMATION" if complete else "SORTIE_ANTICIPEE" if left else "INSCRIT",
                "cursus_complet": complete if left else None,
                "presente_examen": complete,
                "resultat_examen": None if not complete else "ADMIS" if rank < 134 else "AJOURNE",
                "situation_sortie": exits[rank] if left else None,
            }
        )
    return table("apprenants", rows)


def schools():
    """Ten schools: the first of 2014, three of 2023, two paid by the fund."""
    rows = [
        {
            "ecole": f"EDP-{rank:02d}",
            "domaine": "BOIS",
            "departement": "14",
            "date_ouverture": "2023-09-01" if rank > 7 else "2014-09-01" if rank == 1 else "2019-09-01",
            "mode_financement": "FSE" if rank in (3, 4) else "FORFAIT",
        }
        for rank in range(1, 11)
    ]
    return table("ecoles", rows)


def tables(apprenants=None, ecoles=None, campaign=CAMPAIGN, missing=("comptes", "enquete", "financements", *PHASE_2)):
    empty = pd.DataFrame()
    return Tables(
        campaign=campaign,
        apprenants=learners() if apprenants is None else apprenants,
        enquete=empty,
        comptes=empty,
        ecoles=schools() if ecoles is None else ecoles,
        financements=empty,
        ledger=Ledger(),
        problems=(),
        inputs=(),
        missing=missing,
    )


@pytest.fixture(scope="module")
def entries():
    return {entry.id: entry for entry in recompute(tables())}


def verdicts(frame):
    return {entry.id: entry.verdict for entry in recompute(tables(frame))}


def test_every_published_figure_is_bound_or_says_which_input_is_absent():
    with CAMPAIGN.reference.open(encoding="utf-8", newline="") as handle:
        published = [row["id"] for row in csv.DictReader(handle, delimiter=";")]
    assert len(published) == 46
    assert {split_year(name)[0] for name in published} == KNOWN | CITED
    assert not KNOWN & CITED


def test_a_fact_that_nothing_measures_is_cited_and_says_so(entries):
    """« 8 GEIQ », « dans 4 ans »: stated, never recomputed, and never different."""
    for name in CITED:
        assert entries[name].verdict is Verdict.NOT_RECOMPUTABLE
        assert entries[name].note.startswith("Fait cité par la publication, pas une mesure.")


def test_a_figure_that_can_be_recomputed_may_not_be_said_cited(tmp_path):
    """Planted fault: the number of visits passes for a mere quotation."""
    text = CAMPAIGN.reference.read_text(encoding="utf-8")
    path = tmp_path / "publication.csv"
    path.write_text(text.replace("chacune;Méthodologie;;", "chacune;Méthodologie;cité;", 1), encoding="utf-8")
    with pytest.raises(UserError, match="« visites » est dit cité"):
        recompute(tables(campaign=replace(CAMPAIGN, reference=path)))


def test_learners_and_schools_print_the_published_figures(entries):
    found = {name for name, entry in entries.items() if entry.verdict is Verdict.FOUND}
    without = {"entretiens", "visites", "enquete_repondants", "satisfaction", "analyses_financieres", "ecoles_emprunt"}
    without |= {"forfait_apprenant", "budget_2023", "delegue_regional", "ecoles_financees_2023"}
    without |= {"exercice_premier", "exercice_dernier", "duree_visite"} | CITED
    without |= {"travaux_debut", "travaux_fin"}
    assert found == set(entries) - without - {"origine_completude"}
    assert {name for name, entry in entries.items() if entry.verdict is Verdict.NOT_RECOMPUTABLE} == without
    assert entries["certification_sortants"].indicator.numerator == 134
    assert entries["origine_primaire"].recomputed == Decimal("0.3")


def test_the_contradiction_is_expected_and_shown(entries):
    """330 of 378 is 87.3 %: the 88 % of the publication is contradicted by its own 13 % of blanks."""
    entry = entries["origine_completude"]
    assert entry.verdict is Verdict.CONTRADICTORY
    assert (entry.published, entry.recomputed) == (Decimal(88), Decimal(87))
    assert "13 %" in entry.note
    assert "88 %" in entries["origine_vide"].note


def test_one_origin_filled_or_emptied_moves_the_contradiction():
    """331/378 = 87.57 → 88 %: even the published value is then « différent », for the blanks have moved."""
    filled = learners()
    filled.loc[filled.index[377], "derniere_classe"] = "1021"
    assert verdicts(filled)["origine_completude"] is Verdict.DIFFERENT
    emptied = learners()
    emptied.loc[emptied.index[100:104], "derniere_classe"] = None  # 326/378 = 86.2 → 86 %
    assert verdicts(emptied)["origine_completude"] is Verdict.DIFFERENT


def test_a_certificate_taken_away_or_given_is_seen():
    """133/246 = 54.07 still prints 54 but 133/166 = 80.12 prints 80; 135/246 = 54.9 prints 55, 135/166 = 81.3."""
    taken = learners()
    taken.loc[taken.index[0], "resultat_examen"] = "AJOURNE"
    found = verdicts(taken)
    assert found["certification_sortants"] is Verdict.FOUND
    assert found["certification_cursus_complet"] is Verdict.DIFFERENT
    given_one = learners()
    given_one.loc[given_one.index[165], "resultat_examen"] = "ADMIS"
    found = verdicts(given_one)
    assert found["certification_sortants"] is Verdict.DIFFERENT
    assert found["certification_cursus_complet"] is Verdict.FOUND


def test_a_youth_more_a_man_less_or_a_school_later_is_seen():
    fewer = learners().iloc[:-1]
    assert verdicts(fewer)["effectif_jeunes"] is Verdict.DIFFERENT
    later = schools()
    later.loc[later["ecole"] == "EDP-10", "date_ouverture"] = pd.Timestamp("2024-01-08")
    found = {entry.id: entry.verdict for entry in recompute(tables(ecoles=later))}
    assert found["ecoles_recentes"] is Verdict.DIFFERENT
    assert found["ecoles"] is Verdict.FOUND


def test_what_is_absent_is_named(entries):
    assert entries["entretiens"].note.startswith("Donnée absente : entretiens.")
    assert entries["visites"].note == "Donnée absente : visites."
    assert entries["travaux_debut"].note == "Donnée absente : entretiens, visites."
    assert entries["satisfaction"].note == "Donnée absente : enquete."
    assert entries["satisfaction"].recomputed is None
    assert entries["budget_2023"].note.startswith("Donnée absente : financements. Budget prévu")


def test_no_learner_at_all_is_not_a_difference():
    found = {entry.id: entry for entry in recompute(tables(table("apprenants", [])))}
    entry = found["certification_sortants"]
    assert entry.verdict is Verdict.NOT_RECOMPUTABLE
    assert "aucun enregistrement" in entry.note


def test_reservations_stay_with_their_figure(entries):
    assert "majorité absolue" in entries["reprise_etudes"].note
    assert entries["reprise_etudes"].verdict is Verdict.FOUND
    assert "575 000 €" in entries["budget_2023"].note
    assert all(entry.place for entry in entries.values())


def test_a_campaign_without_publication_has_an_empty_register():
    assert recompute(tables(campaign=replace(CAMPAIGN, reference=None))) == ()
    assert worst_verdict(()) is None


def test_the_worst_verdict_is_the_gravest(entries):
    order = [Verdict.DIFFERENT, Verdict.NOT_RECOMPUTABLE, Verdict.CONTRADICTORY, Verdict.FOUND]
    samples = {entry.verdict: entry for entry in entries.values()}
    samples[Verdict.DIFFERENT] = replace(entries["ecoles"], verdict=Verdict.DIFFERENT)
    for rank, verdict in enumerate(order):
        assert worst_verdict([samples[item] for item in reversed(order[rank:])]) is verdict


def test_a_lower_bound_agrees_with_anything_strictly_above(monkeypatch):
    """« Plus de 60 »: 61 agrees, 60 does not."""
    figure = next(item for item in read_reference(CAMPAIGN.reference, KNOWN) if item.id == "entretiens")
    assert figure.lower_bound
    assert module._verdict(figure, Fraction(61), Decimal(61)) is Verdict.FOUND
    assert module._verdict(figure, Fraction(60), Decimal(60)) is Verdict.DIFFERENT


def fieldwork(interviews=61, visits=7, days=1.0):
    """Interviews and visits from 18 September 2023 to 12 April 2024, one received folder each."""
    listed = [
        {"id_entretien": f"E{rank:02d}", "date_entretien": "2023-09-18" if rank == 1 else "2024-04-12"}
        for rank in range(1, interviews + 1)
    ]
    seen = [
        {"ecole": f"EDP-{rank:02d}", "date_visite": "2023-11-06", "duree_jours": days} for rank in range(1, visits + 1)
    ]
    received = replace(
        tables(missing=("comptes", "enquete", "financements")),
        entretiens=table("entretiens", listed),
        visites=table("visites", seen),
    )
    return {entry.id: entry for entry in recompute(received)}


def test_interviews_and_visits_are_recomputed_once_they_are_received():
    """« Plus de 60 » is strict: 61 agrees, 60 does not; 7 visits of one day; work from 2023 to 2024."""
    found = fieldwork()
    for name in ("entretiens", "visites", "duree_visite", "travaux_debut", "travaux_fin"):
        assert found[name].verdict is Verdict.FOUND, name
    assert found["entretiens"].recomputed == Decimal(61)
    assert fieldwork(interviews=60)["entretiens"].verdict is Verdict.DIFFERENT
    assert fieldwork(visits=6)["visites"].verdict is Verdict.DIFFERENT
    assert fieldwork(days=0.5)["duree_visite"].verdict is Verdict.DIFFERENT


def test_a_folder_received_empty_says_zero_and_one_not_received_says_nothing(entries):
    assert fieldwork(visits=0)["visites"].recomputed == 0
    assert entries["visites"].recomputed is None
    assert entries["visites"].verdict is Verdict.NOT_RECOMPUTABLE


def test_table_and_json_say_the_same_and_are_the_same_twice(entries):
    register = tuple(entries.values())
    frame = to_frame(register).set_index("id")
    assert frame.loc["origine_autre", "publie"] == "0,3"
    assert frame.loc["origine_completude", "recalcule"] == "87"
    assert frame.loc["certification_sortants", ["numerateur", "denominateur"]].tolist() == [134, 246]
    text = as_json(register)
    assert text == as_json(recompute(tables()))
    parsed = {item["id"]: item for item in json.loads(text)}
    assert [item["verdict"] for item in parsed.values()] == frame["verdict"].tolist()
    assert parsed["origine_autre"]["recalcule"] == 0.3
    assert parsed["entretiens"]["recalcule"] is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("satisfaction;", "satisfation;"), "ligne 32 : aucun calcul.*« satisfation »"),
        (("id;valeur", "id;val"), "colonnes inattendues"),
        (("visites;7;", "visites;sept;"), "ligne 6 : un nombre ne se lit pas"),
        (("visites;7;", "visites;7;;"), "ligne 6 : le nombre de champs"),
        ((";borne;", ";bornes;"), "ligne 5 : statut « bornes »"),
        ((";contradictoire;87;", ";contradictoire;;"), "ligne 26.*valeur attendue"),
        ((";contradictoire;87;", ";faux;87;"), "verdict attendu « faux »"),
        (("\nvisites;", "\necoles;"), "« ecoles » est écrit deux fois"),
    ],
)
def test_a_faulty_reference_file_is_refused_with_its_line(tmp_path, change, named):
    text = CAMPAIGN.reference.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "publication.csv"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(UserError, match=named):
        recompute(tables(campaign=replace(CAMPAIGN, reference=path)))


def test_an_absent_reference_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"« rien\.csv » manque"):
        recompute(tables(campaign=replace(CAMPAIGN, reference=tmp_path / "rien.csv")))


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "expected"),
    [
        (1, 8, 0, "13"),  # 12.5 %: to the even it would be 12
        (1, 378, 1, "0.3"),
        (23, 40, 0, "58"),  # 57.5 %: 0.575 * 100 is 57.49999999999999 in binary
        (57, 200, 0, "29"),  # 28.5 %: to the even it would be 28
        (67, 124, 0, "54"),  # 54.03 %
    ],
)
def test_shares_round_half_up_from_their_counts(numerator, denominator, decimals, expected):
    indicator = Indicator("x", "X", numerator / denominator, "%", "", numerator, denominator)
    assert round_half_up(exact_value(indicator), decimals) == Decimal(expected)


def test_a_count_with_its_field_is_not_a_quotient():
    """5 schools of 5: the value is 5, not 1; 575 000 € over 115 learners is their quotient."""
    assert exact_value(Indicator("x", "X", 5.0, "écoles", "", 5, 5)) == 5
    assert exact_value(Indicator("x", "X", 575000 / 115, "€", "", 575000.0, 115)) == 5000
    assert exact_value(Indicator("x", "X", 0.0, "%", "", 0, 7)) == 0


def test_amounts_are_the_number_that_is_written():
    assert exact_value(Indicator("x", "X", 0.145, "€", "")) == Fraction(145, 1000)
    assert round_half_up(Fraction(145, 1000), 2) == Decimal("0.15")  # the binary 0.145 lies below
    assert exact_value(Indicator("x", "X", None, "€", "", reason="rien")) is None


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=4), st.integers(0, 3))
def test_rounding_agrees_with_decimal_arithmetic(number, decimals):
    step = Decimal(1).scaleb(-decimals)
    assert round_half_up(Fraction(number), decimals) == number.quantize(step, rounding=ROUND_HALF_UP)


@pytest.fixture(scope="module")
def truth():
    """The truth of the simulated campaign, for the tables it holds."""
    return {path.stem: read_truth(TRUTH, path.stem) for path in sorted(TRUTH.glob("*.csv"))}


def of_truth(truth, **changed):
    empty = pd.DataFrame()
    held = {**truth, **changed}
    found = {
        name: held.get(name, empty) for name in ("apprenants", "ecoles", "financements", "enquete", "comptes", *PHASE_2)
    }
    missing = tuple(name for name in found if name not in held)
    base = tables()
    return {entry.id: entry for entry in recompute(replace(base, **found, missing=missing))}


def test_the_truth_of_the_simulated_campaign_prints_every_figure_that_its_tables_allow(truth):
    """What the tables of the truth do not hold is « non recalculable »; nothing is « différent »."""
    found = of_truth(truth)
    for name, entry in found.items():
        plain, _ = split_year(name)
        if name == "origine_completude":
            assert entry.verdict is Verdict.CONTRADICTORY
        elif name in CITED or any(table not in truth for table in BINDINGS[plain].needs):
            assert entry.verdict is Verdict.NOT_RECOMPUTABLE
        else:
            assert entry.verdict is Verdict.FOUND, (name, entry.recomputed)
    assert found["certification_sortants"].indicator.numerator == 134


def test_one_certificate_of_the_truth_taken_away_or_given_is_seen(truth):
    """The first certified leaver loses the certificate; then the first who went to the end without one gets it."""
    learners = truth["apprenants"]
    certified = learners.index[learners["resultat_examen"] == "ADMIS"]
    others = learners.index[(learners["statut"] == "FIN_DE_FORMATION") & (learners["resultat_examen"] != "ADMIS")]
    for row, result in ((certified[0], "AJOURNE"), (others[0], "ADMIS")):
        changed = learners.copy()
        changed.loc[row, "resultat_examen"] = result
        found = of_truth(truth, apprenants=changed)
        assert worst_verdict(found.values()) is Verdict.DIFFERENT
        different = {name for name, entry in found.items() if entry.verdict is Verdict.DIFFERENT}
        assert different <= {"certification_sortants", "certification_cursus_complet"}


def test_what_is_read_in_the_campaign_file_does_not_pass_for_measured(entries):
    """The questions, the registers and the counting day are found again; the note says no data measure them."""
    declared = {name for name, entry in entries.items() if entry.declared}
    assert declared == {"questions_evaluatives", "registres", "jour_comptage"}
    assert all("aucune donnée ne le mesure" in entries[name].note for name in declared)
    assert not entries["perimetre_fin"].declared


def test_the_end_of_the_period_is_that_of_the_data():
    """Planted fault: nobody enters nor leaves after 2023."""
    shorter = learners()
    shorter["date_sortie"] = shorter["date_sortie"].mask(shorter["date_sortie"].notna(), pd.Timestamp("2023-07-07"))
    assert verdicts(shorter)["perimetre_fin"] is Verdict.DIFFERENT
