"""One enrolment written several times: the four rules of the module, on hand-made persons."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.cleaning.learners import clean_learners
from edp_analysis.cleaning.lookalikes import propose
from edp_analysis.cleaning.merge import Stay, group_stays, merge
from edp_analysis.contract import load_schema
from edp_analysis.intake.raw import Cell, RawRow
from edp_analysis.intake.records import Record

EXTRACTION = dt.date(2024, 4, 30)


def day(text):
    return dt.date.fromisoformat(text)


def stay(number, entry, exit=None, *, school="EDP-01", pseudonym="p", **values):
    names = load_schema("apprenants-recu").names
    cells = {name: Cell(values.get(name), f"A{number}") for name in names}
    row = RawRow("f.xlsx", "S", number, cells)
    left = day(exit) if exit else None
    full = dict.fromkeys(names) | values | {"date_entree": day(entry), "date_sortie": left}
    return Stay(Record(row, full, (), ()), school, pseudonym, day(entry), left)


def numbers(groups):
    return [[one.record.row.number for one in group] for group in groups]


def test_five_persons_written_twice():
    """A overlaps; B left the day before coming back; C touches on the same day; D is in two schools; E has no exit."""
    stays = [
        stay(1, "2021-09-06", "2023-06-30", pseudonym="A"),
        stay(2, "2022-09-05", "2023-06-30", pseudonym="A"),
        stay(3, "2020-09-01", "2021-06-30", pseudonym="B"),
        stay(4, "2021-07-01", None, pseudonym="B"),
        stay(5, "2020-09-01", "2021-06-30", pseudonym="C"),
        stay(6, "2021-06-30", None, pseudonym="C"),
        stay(7, "2021-09-01", None, pseudonym="D"),
        stay(8, "2021-09-01", None, pseudonym="D", school="EDP-02"),
        stay(9, "2022-09-01", None, pseudonym="E"),
        stay(10, "2021-09-01", None, pseudonym="E"),
    ]
    assert numbers(group_stays(stays, EXTRACTION)) == [[1, 2], [3], [4], [5, 6], [7], [8], [9, 10]]


def test_overlap_is_carried_on():
    """1 and 3 do not overlap, but 2 overlaps both."""
    stays = [
        stay(1, "2020-09-01", "2021-01-31"),
        stay(2, "2021-01-01", "2021-06-30"),
        stay(3, "2021-06-01", "2022-06-30"),
    ]
    assert numbers(group_stays(stays, EXTRACTION)) == [[1, 2, 3]]


def test_the_first_row_is_kept_and_blanks_are_filled():
    merged = merge([stay(1, "2021-09-06", sexe="F"), stay(2, "2021-09-06", sexe="F", code_postal="76000")])
    assert merged.kept.record.row.number == 1
    assert merged.values["code_postal"] == "76000"
    assert merged.sources["code_postal"].record.row.number == 2
    assert merged.conflicts == ()


def test_rows_with_an_exit_come_first_for_what_is_known_at_the_exit():
    """The first row is an earlier state (« Présent »): its status is not a contradiction, its sex is kept."""
    first = stay(1, "2021-09-06", None, statut="INSCRIT", sexe="F", situation_6m="CDI")
    last = stay(2, "2021-09-06", "2023-06-30", statut="FIN_DE_FORMATION", resultat_examen="ADMIS", sexe="F")
    merged = merge([first, last])
    assert merged.values["statut"] == "FIN_DE_FORMATION"
    assert merged.values["date_sortie"] == day("2023-06-30")
    assert merged.values["resultat_examen"] == "ADMIS"
    assert merged.values["situation_6m"] == "CDI"
    assert merged.conflicts == ()


def test_contradictions_are_named_with_both_cells():
    merged = merge(
        [
            stay(1, "2021-09-06", "2023-06-30", statut="FIN_DE_FORMATION", sexe="F"),
            stay(2, "2021-09-06", "2023-05-31", statut="SORTIE_ANTICIPEE", sexe="H"),
        ]
    )
    assert [conflict.where.column for conflict in merged.conflicts] == ["sexe", "date_sortie", "statut"]
    assert merged.values["sexe"] == "F"
    assert merged.conflicts[0].where.cell == "A2"
    assert "cellule A1 (sexe)" in merged.conflicts[0].expected
    assert merged.conflicts[1].value == "31/05/2023"


def test_spellings_of_a_name_are_not_a_contradiction():
    assert merge([stay(1, "2021-09-06", nom="Véranec"), stay(2, "2021-09-06", nom="VERANEC")]).conflicts == ()


_INTERVALS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 400), st.sampled_from("ab")), max_size=12)


@given(_INTERVALS)
def test_every_row_is_in_one_group_and_groups_of_one_youth_never_overlap(intervals):
    origin = dt.date(2020, 1, 1)
    stays = []
    for number, (start, length, person) in enumerate(intervals):
        entry = origin + dt.timedelta(days=start)
        exit_day = entry + dt.timedelta(days=length)
        stays.append(stay(number, entry.isoformat(), exit_day.isoformat(), pseudonym=person))
    groups = group_stays(stays, EXTRACTION)
    assert sorted(n for group in numbers(groups) for n in group) == list(range(len(stays)))
    spans = [(g[0].pseudonym, min(s.entry for s in g), max(s.exit for s in g)) for g in groups]
    for i, (person, start, end) in enumerate(spans):
        for other, start2, end2 in spans[i + 1 :]:
            assert person != other or end < start2 or end2 < start


def person(number, nom, prenom, birth, pseudonym):
    return merge([stay(number, "2021-09-06", nom=nom, prenom=prenom, date_naissance=day(birth), pseudonym=pseudonym)])


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (("Veranec", "Maelle", "2004-05-18"), "différente par le jour"),
        (("Véranec", "Maëlle", "2004-06-17"), "différente par le mois"),
        (("Véranec", "Maëlle", "2005-05-17"), "différente par l'année"),
        (("Maëlle", "Véranec", "2004-05-17"), "nom et prénom inversés"),
        (("Véranec", "Enora", "2004-05-17"), "jumeaux"),
    ],
)
def test_lookalikes_are_proposed_without_a_name_or_a_date(other, words):
    problems = propose([person(1, "Véranec", "Maëlle", "2004-05-17", "p1"), person(2, *other, "p2")])
    assert [problem.rule for problem in problems] == ["jeunes-ressemblants"]
    assert words in problems[0].what
    for text in ("ranec", "Ma", "2004", "17/05"):
        assert text not in str(problems[0])


@pytest.mark.parametrize(
    "other",
    [
        ("Véranec", "Maëlle", "2005-06-17"),
        ("Le Gac", "Maëlle", "2004-05-17"),
        ("Véranec", "Enora", "2005-05-17"),
    ],
)
def test_strangers_are_not_proposed(other):
    assert propose([person(1, "Véranec", "Maëlle", "2004-05-17", "p1"), person(2, *other, "p2")]) == []


def test_swapped_day_and_month_of_birth():
    problems = propose(
        [person(1, "Véranec", "Maëlle", "2004-05-07", "p1"), person(2, "Véranec", "Maëlle", "2004-07-05", "p2")]
    )
    assert "jour et mois de naissance inversés" in problems[0].what


@pytest.mark.parametrize(
    ("left", "entered", "expected"),
    [
        ("30/11/2021", "06/12/2021", []),
        ("06/12/2021", "06/12/2021", []),
        ("30/06/2022", "06/12/2021", ["deux-ecoles-a-la-fois"]),
        ("", "06/12/2021", ["deux-ecoles-a-la-fois"]),
    ],
)
def test_a_youth_in_two_schools_on_the_same_days_is_named(received, left, entered, expected):
    """Counted, and paid for, twice: a person must ask the first school when the youth left."""
    status = {"Statut": "sortie anticipée" if left else "présent", "Résultat": "", "Motif": "", "Situation": ""}
    received.learners("EDP-01.csv", {"Date de sortie": left, **status})
    received.learners("EDP-02.csv", {"Date d'entrée": entered, "Date de sortie": "", **status, "Statut": "présent"})
    cleaned = clean_learners(received.campaign)
    assert len(cleaned.frame) == 2
    assert [p.rule for p in cleaned.problems if p.rule == "deux-ecoles-a-la-fois"] == expected
    assert "Véranec" not in " ".join(map(str, cleaned.problems))
