"""The simulated campaign, cleaned, is the truth that was kept beside it: cell by cell, row by row."""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.learners import clean_learners
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.reference import clean_grants, clean_schools
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import typed
from edp_analysis.intake.files import read_sheets
from edp_analysis.problems import Severity

ROOT = Path(__file__).parent.parent.parent
TRUTH = ROOT / "tests" / "fixtures" / "verite-2024"
CLEANERS = {"apprenants": clean_learners, "ecoles": clean_schools, "financements": clean_grants}
COUNTS = {"apprenants": 378, "ecoles": 10, "financements": 130}


@cache
def cleaned(name):
    return CLEANERS[name](load_campaign("2024", ROOT))


def truth(name):
    frame = pd.read_csv(TRUTH / f"{name}.csv", sep=";", dtype="str", keep_default_na=False, na_values=[""])
    for field in load_schema(name).fields:
        if field.type == "boolean":
            frame[field.name] = frame[field.name].map({"true": True, "false": False})
        elif field.type in ("integer", "number"):
            frame[field.name] = pd.to_numeric(frame[field.name])
    return typed(frame, name)


def aligned(frame, name):
    return frame.sort_values(list(load_schema(name).primary_key), ignore_index=True)


@pytest.mark.parametrize("name", COUNTS)
def test_every_cell_is_the_truth(name):
    assert len(cleaned(name).frame) == COUNTS[name]
    pd.testing.assert_frame_equal(aligned(cleaned(name).frame, name), aligned(truth(name), name))


def test_the_comparison_can_fail():
    """Planted fault: one youth changes sex."""
    wrong = aligned(truth("apprenants"), "apprenants")
    wrong.loc[0, "sexe"] = "H" if wrong.loc[0, "sexe"] == "F" else "F"
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(aligned(cleaned("apprenants").frame, "apprenants"), wrong)


@pytest.mark.parametrize("name", COUNTS)
def test_the_ledger_closes_for_every_file(name):
    """Non-empty rows are counted here again, from the files themselves."""
    campaign = load_campaign("2024", ROOT)
    paths = sorted((campaign.raw / "ecoles").iterdir()) if name == "apprenants" else [campaign.raw / f"{name}.csv"]
    counted = {
        (sheet.file, sheet.name): [i + 1 for i in range(len(sheet.rows)) if not sheet.blank_row(i)]
        for path in paths
        for sheet in read_sheets(path)[0]
    }
    ledger = Ledger(list(cleaned(name).lines))
    ledger.check_closes(counted)
    kept = [line.target for line in ledger.lines if line.fate is Fate.KEPT]
    assert sorted(kept) == sorted(cleaned(name).frame[load_schema(name).primary_key[0]].astype(str))
    merged = {line.target for line in ledger.lines if line.fate is Fate.MERGED}
    assert merged <= set(kept)


def test_the_mess_was_there_and_nothing_blocks():
    """Duplicates, totals, serial numbers and lost zeros were all met; a person's correction settled the rest."""
    found = cleaned("apprenants")
    rules = {problem.rule for problem in found.problems}
    assert {"ligne-hors-donnees", "date-a-confirmer", "zero-initial-perdu", "code-en-nombre"} <= rules
    assert "jeunes-ressemblants" in rules
    assert [str(p) for p in found.problems if p.severity is Severity.BLOCKING] == []
    assert sum(line.fate is Fate.MERGED for line in found.lines) > 0


def test_no_identity_of_the_raw_files_is_in_what_cleaning_gives():
    """Every name, first name and birth date that the files hold is looked for in the table, ledger and problems."""
    from edp_analysis.cleaning.reading import read_table

    campaign = load_campaign("2024", ROOT)
    found = cleaned("apprenants")
    texts = [found.frame.to_csv(), Ledger(list(found.lines)).to_frame().to_csv()]
    whole = "\n".join([*texts, *map(str, found.problems)])
    words = {word.casefold() for word in re.findall(r"[^\W\d_]{4,}", whole)}
    for path in sorted((campaign.raw / "ecoles").iterdir()):
        for record in read_table(path, load_schema("apprenants-recu")).records:
            assert str(record.values["nom"]).casefold() not in words
            birth = record.values["date_naissance"]
            assert f"{birth:%d/%m/%Y}" not in whole
            assert f"{birth:%Y-%m-%d}" not in whole


def test_the_table_of_grants_covers_every_exercise_of_the_accounts():
    """One school closes on 31 August: the head-count that pays its exercise of 2020 is that of December 2019."""
    from edp_analysis.cleaning.accounts import clean_accounts
    from edp_analysis.indicators.finance import grants_reconciliation

    campaign = load_campaign("2024", ROOT)
    gaps = grants_reconciliation(clean_accounts(campaign).frame, cleaned("financements").frame, campaign)
    assert len(gaps) == 5 * 4 * 3  # schools, exercises, natures
    assert gaps.loc[gaps["ecart"] != 0, ["ecole", "exercice", "nature", "ecart"]].to_dict("records") == []


def test_each_kind_of_normalisation_can_be_followed_by_a_reader():
    """Sexes, yes and no, dates in words, serial numbers, missing values, codes: each is counted with an example."""
    found = Ledger(list(cleaned("apprenants").lines)).normalisations()
    seen = set(zip(found["colonne"], found["regle"], strict=True))
    assert {
        ("sexe", "liste de codes"),
        ("qpv", "oui/non"),
        ("date_entree", "date en toutes lettres"),
        ("date_entree", "numéro de série de tableur"),
        ("date_sortie", "année à deux chiffres, pivot 60"),
        ("code_postal", "nombre lu comme un code"),
        ("situation_12m", "valeur manquante"),
        ("date_naissance", "correction déclarée"),
    } <= seen
    assert (found["colonne"] != "").all() and (found["regle"] != "").all()
    assert set(found.loc[found["colonne"].isin(["nom", "prenom"]), "exemple"]) == {"(masqué)"}
    assert found["nombre"].sum() == sum(len(line.corrections) for line in cleaned("apprenants").lines)
