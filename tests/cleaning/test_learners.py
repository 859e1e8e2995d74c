"""Learner files, from cells to enrolments: hand-made persons for every rule and every derived field."""

import datetime as dt

import pytest

from edp_analysis.cleaning.learners import clean_learners
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.contract.checks import check_clean
from edp_analysis.problems import Severity, UserError

HEADINGS = (
    "Nom", "Prénom", "Date de naissance", "Sexe", "Date d'entrée", "Date de sortie", "Diplôme préparé", "Statut",
    "Résultat", "Motif", "Situation", "CP", "Dernière classe",
)  # fmt: skip
LEFT = {"Date de sortie": "", "Statut": "présent", "Résultat": "", "Motif": "", "Situation": ""}


def clean(received, *rows, name="EDP-01.csv", **options):
    received.learners(name, *rows, **options)
    cleaned = clean_learners(received.campaign)
    check_clean(cleaned.frame, "apprenants")
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)
    return cleaned


def rules(cleaned, severity=None):
    return [problem.rule for problem in cleaned.problems if severity in (None, problem.severity)]


def first(cleaned):
    assert len(cleaned.frame) == 1, [str(problem) for problem in cleaned.problems]
    return cleaned.frame.iloc[0]


def test_a_plain_row(received):
    cleaned = clean(received, {})
    row = first(cleaned)
    assert cleaned.problems == ()
    assert row["id_inscription"] == f"{row['id_jeune']}-EDP-01-20210906"
    assert (row["ecole"], row["sexe"], row["diplome_prepare"], row["niveau"]) == ("EDP-01", "F", "50025437", 3)
    assert (row["statut"], row["resultat_examen"], row["situation_sortie"]) == ("FIN_DE_FORMATION", "ADMIS", "CDI")
    kept = next(line for line in cleaned.lines if line.row == 2)
    assert kept.fate is Fate.KEPT
    assert kept.target == row["id_inscription"]
    assert "situation_sortie : « CDI » → CDI" not in kept.corrections


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("01/09/2021", "2021-2022"),
        ("31/08/2021", "2020-2021"),
        ("03/01/2022", "2021-2022"),
        ("31/12/2021", "2021-2022"),
        ("01/09/2019", "2019-2020"),
    ],
)
def test_school_year_of_the_entry(received, entry, expected):
    assert first(clean(received, {"Date d'entrée": entry}))["annee_scolaire_entree"] == expected


@pytest.mark.parametrize(
    ("birth", "expected"),
    [("06/09/2005", 16), ("07/09/2005", 15), ("05/09/2005", 16), ("29/02/2004", 17), ("06/09/1995", 26)],
)
def test_age_in_completed_years_on_the_day_of_entry(received, birth, expected):
    """Entry on 6 September 2021: the birthday itself counts; 29 February 2004 is past since March."""
    assert first(clean(received, {"Date de naissance": birth}))["age_entree"] == expected


@pytest.mark.parametrize(
    ("result", "expected"), [("admis", True), ("ajourné", True), ("partiel", True), ("absent", False), ("", False)]
)
def test_presented_at_the_exam(received, result, expected):
    row = first(clean(received, {"Résultat": result if result != "absent" else "ABS"}))
    assert bool(row["presente_examen"]) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"Statut": "terminé", "Résultat": "ajourné"}, True),
        ({"Statut": "abandon", "Résultat": "", "Motif": "absentéisme"}, False),
        ({"Statut": "rupture", "Résultat": "ABS", "Motif": "santé"}, False),
        (LEFT, None),
    ],
)
def test_completion_of_the_course(received, values, expected):
    column = clean(received, values).frame["cursus_complet"]
    assert column.astype(object).where(column.notna(), None).tolist() == [expected]


@pytest.mark.parametrize(
    ("entry", "exit_day", "expected"),
    [
        ("06/09/2021", "31/12/2023", True),
        ("06/09/2021", "30/12/2023", False),
        ("31/12/2023", "", True),
        ("02/01/2024", "", False),
        ("06/09/2021", "15/01/2024", True),
    ],
)
def test_present_on_the_counting_day(received, entry, exit_day, expected):
    """The last 31 December before the extraction of 30 April 2024 is that of 2023; who leaves that day was there."""
    values = LEFT if not exit_day else {"Date de sortie": exit_day, "Résultat": ""}
    row = first(clean(received, {**values, "Date d'entrée": entry}))
    assert bool(row["presence_jour_comptage"]) is expected


@pytest.mark.parametrize(
    ("title", "level"), [("CAP RICS", 3), ("50020101", 3), (" cip ", 3), ("APR", 3), ("primeur", 3)]
)
def test_level_of_the_title(received, title, level):
    assert first(clean(received, {"Diplôme préparé": title}))["niveau"] == level


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"Date de sortie": "01/09/2021"}, "sortie-avant-entree"),
        ({"Date de naissance": "07/09/2008"}, "age-a-l-entree"),
        ({"Date de naissance": "05/09/1994"}, "age-a-l-entree"),
        ({**LEFT, "Date d'entrée": "01/05/2024"}, "entree-apres-extraction"),
        ({"Date d'entrée": "31/02/2022"}, "date-inexistante"),
        ({"Date de sortie": "31/06/2023"}, "date-inexistante"),
        ({"Nom": ""}, "valeur-obligatoire"),
        ({"Sexe": "?"}, "valeur-obligatoire"),
        ({"Diplôme préparé": "CAP licorne"}, "code-inconnu"),
        ({"Statut": "", "Résultat": "", "Motif": ""}, "statut-indecidable"),
        ({"Statut": "présent", "Résultat": "", "Motif": ""}, "statut-indecidable"),
    ],
)
def test_rows_that_cannot_be_used_are_set_aside_with_their_reason(received, values, rule):
    cleaned = clean(received, values)
    assert len(cleaned.frame) == 0
    assert rules(cleaned, Severity.BLOCKING) == [rule]
    line = next(line for line in cleaned.lines if line.row == 2)
    assert line.fate is Fate.SET_ASIDE
    assert line.reason


def test_entries_before_the_campaign_are_set_aside_without_blocking(received):
    cleaned = clean(received, {"Date d'entrée": "31/08/2019"})
    assert len(cleaned.frame) == 0
    assert rules(cleaned) == ["entree-avant-campagne"]
    assert rules(cleaned, Severity.BLOCKING) == []


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({**LEFT, "Statut": ""}, "INSCRIT"),
        ({"Statut": ""}, "FIN_DE_FORMATION"),
        ({"Statut": "", "Résultat": "", "Motif": "fin de cursus"}, "FIN_DE_FORMATION"),
        ({"Statut": "", "Résultat": "", "Motif": "santé"}, "SORTIE_ANTICIPEE"),
        ({"Statut": "présent", "Résultat": "", "Motif": "emploi"}, "SORTIE_ANTICIPEE"),
    ],
)
def test_a_missing_or_contradicted_status_is_decided_by_the_rest_and_said(received, values, status):
    cleaned = clean(received, values)
    assert first(cleaned)["statut"] == status
    assert rules(cleaned) == ["statut-deduit"]
    assert any("statut" in text for line in cleaned.lines for text in line.corrections)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"Date de sortie": "06/09/2021", "Résultat": ""}, "sortie-le-jour-de-l-entree"),
        ({**LEFT, "Résultat": "admis"}, "admis-et-present"),
        ({"Statut": "abandon", "Motif": "emploi"}, "admis-et-sorti-avant"),
        ({"Date de sortie": "05/09/2022"}, "cap-en-moins-d-un-an"),
        ({"Diplôme préparé": "APR"}, "diplome-ferme"),
        ({"Prénom": "Gaston"}, "prenom-et-sexe"),
        ({"Date de sortie": ""}, "sortie-sans-date"),
        ({**LEFT, "Motif": "emploi"}, "sortie-d-un-present"),
        ({"Date de sortie": "15/06/2024"}, "sortie-apres-extraction"),
        ({"Dernière classe": "3e SEGPPA"}, "code-inconnu"),
        ({"Date d'entrée": "06/09/21"}, "date-a-confirmer"),
    ],
)
def test_doubtful_rows_are_kept_and_said(received, values, rule):
    cleaned = clean(received, values)
    assert len(cleaned.frame) == 1
    assert rule in rules(cleaned, Severity.CHECK)
    assert rules(cleaned, Severity.BLOCKING) == []


def test_twelve_months_are_enough(received):
    assert rules(clean(received, {"Date de sortie": "06/09/2022"})) == []


def test_a_leaver_without_a_date_is_not_counted_present(received):
    assert not first(clean(received, {"Date de sortie": ""}))["presence_jour_comptage"]


def test_a_planned_exit_is_no_exit_yet(received):
    """Out on 15 June 2024, extraction on 30 April: present, without exit, reason or situation."""
    row = first(clean(received, {"Date de sortie": "15/06/2024", "Résultat": ""}))
    assert row["statut"] == "INSCRIT"
    assert row[["date_sortie", "motif_sortie", "situation_sortie"]].isna().all()


@pytest.mark.parametrize(
    ("written", "said"),
    [("2021-2022", False), ("2021/2022", False), ("21-22", False), ("Promo 2021", False), ("2022-2023", True)],
)
def test_the_school_year_written_is_compared_with_the_entry(received, written, said):
    headings = [*HEADINGS, "Promotion"]
    cleaned = clean(received, {"Promotion": written}, headings=headings)
    assert ("annee-scolaire" in rules(cleaned)) is said


def test_rows_of_one_enrolment_are_merged_with_a_ledger_line(received):
    cleaned = clean(
        received,
        {**LEFT, "CP": ""},
        {"Nom": "VERANEC", "Prénom": "maelle", "Situation": "Apprentissage"},
        {"Nom": "Le Gac", "Prénom": "Enora"},
    )
    assert len(cleaned.frame) == 2
    fates = {line.row: line for line in cleaned.lines}
    assert fates[2].fate is Fate.KEPT
    assert fates[3].fate is Fate.MERGED
    assert fates[3].target == fates[2].target
    assert fates[3].reason == "même inscription que celle du fichier « EDP-01.csv », ligne 2"
    row = cleaned.frame.set_index("id_inscription").loc[fates[2].target]
    assert (row["statut"], row["situation_sortie"], row["code_postal"]) == (
        "FIN_DE_FORMATION",
        "APPRENTISSAGE",
        "76000",
    )


def test_a_second_school_and_a_return_are_new_rows_of_the_same_youth(received):
    received.learners("EDP-02.csv", {"Date d'entrée": "04/09/2023", **LEFT})
    cleaned = clean(
        received,
        {"Date de sortie": "30/06/2022", "Statut": "abandon", "Résultat": "", "Motif": "santé"},
        {"Date d'entrée": "05/09/2022", "Date de sortie": "30/06/2023", "Résultat": "ajourné"},
    )
    assert len(cleaned.frame) == 3
    assert cleaned.frame["id_jeune"].nunique() == 1
    assert cleaned.frame["id_inscription"].is_unique


def test_the_school_comes_from_the_row_then_from_the_file_name(received):
    headings = (*HEADINGS, "École")
    received.learners("sans nom.csv", {"École": "EDP-02"}, {"Nom": "Le Gac", "École": ""}, headings=headings)
    cleaned = clean(
        received, {"Nom": "Morvan", "École": "EDP-02"}, {"Nom": "Kerjean", "École": "ici"}, headings=headings
    )
    assert cleaned.frame["ecole"].tolist() == ["EDP-01", "EDP-02", "EDP-02"]
    assert sorted(rules(cleaned)) == ["ecole-discordante", "ecole-discordante", "ecole-inconnue"]


def test_a_file_without_a_school_is_said_once(received):
    cleaned = clean(received, {}, {"Nom": "Le Gac"}, {"Nom": "Morvan"}, name="suivi.csv")
    (problem,) = cleaned.problems
    assert problem.severity is Severity.BLOCKING
    assert "3 fois" in problem.what
    assert (problem.value, problem.expected) == ("suivi", "EDP-01, EDP-02")
    assert problem.remedy == "Nommer le fichier par le code de l'école. Ligne non reprise."
    assert [line.fate for line in cleaned.lines] == [Fate.SET_ASIDE] * 4


def test_a_file_of_a_school_that_is_not_listed_says_which_school(received):
    """Neither « the school is nowhere » (it is in the name) nor « correct the cell » (no cell is at fault)."""
    cleaned = clean(received, {}, {"Nom": "Morvan"}, name="EDP-77_suivi.csv")
    (problem,) = cleaned.problems
    assert problem.what.startswith("l'école du nom de ce fichier n'est pas dans ecoles.csv (2 fois")
    assert (problem.value, problem.expected) == ("EDP-77", "EDP-01, EDP-02")
    assert "renommer le fichier" in problem.remedy


def test_an_exit_date_that_cannot_be_read_never_makes_a_youth_present(received):
    """An empty exit date says that the youth is there: unreadable, it sets the row aside, and says why."""
    cleaned = clean(received, {"Date de sortie": "hier"})
    assert rules(cleaned) == ["date-illisible"]
    assert cleaned.problems[0].severity is Severity.BLOCKING
    assert "une cellule vide voudrait dire « le jeune est présent »" in cleaned.problems[0].remedy
    assert cleaned.frame.empty


def test_a_cell_in_error_of_an_optional_column_costs_its_value_only(received):
    cleaned = clean(received, {"Situation": "#N/A"})
    assert rules(cleaned, Severity.CHECK) == ["cellule-en-erreur"] and rules(cleaned, Severity.BLOCKING) == []
    assert cleaned.frame["situation_sortie"].isna().tolist() == [True]


def test_a_title_that_was_closed_is_said_once_with_its_last_day(received):
    """CAP Agent polyvalent de restauration closed on 31/08/2021 (codes/diplome.csv); the base row enters after."""
    closed = {"Diplôme préparé": "CAP APR"}
    cleaned = clean(received, closed, {**closed, "Nom": "Le Gac"}, {**closed, "Nom": "Morvan"})
    (problem,) = [problem for problem in cleaned.problems if problem.rule == "diplome-ferme"]
    assert problem.where.cell == "G2"
    assert problem.what.endswith("(ouvert jusqu'au 31/08/2021) (3 fois, la dernière en G4)")
    assert len(cleaned.frame) == 3


def test_without_a_key_real_data_are_not_read(received):
    received.write("ORIGIN.toml", "simulated = false\n")
    received.learners("EDP-01.csv", {})
    with pytest.raises(UserError, match="EDP_CLE_DE_CET_ESSAI"):
        clean_learners(received.campaign)


def test_one_bad_file_hides_nothing(received):
    (received.raw / "ecoles" / "EDP-02.xlsx").write_bytes(b"PK\x03\x04 tronqu")
    cleaned = clean(received, {})
    assert len(cleaned.frame) == 1
    assert [(p.rule, p.where.file) for p in cleaned.problems] == [("fichier-endommage", "EDP-02.xlsx")]


def test_dates_and_missing_values_have_their_types(received):
    frame = clean(received, LEFT).frame
    assert frame["date_entree"].tolist() == [dt.datetime(2021, 9, 6)]
    assert frame["date_sortie"].isna().all()
