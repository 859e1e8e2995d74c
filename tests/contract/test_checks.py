"""The clean contract refuses each kind of fault, naming column, value and constraint."""

import datetime as dt

import pandas as pd
import pytest

from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import ContractError, check_clean, empty_frame, typed
from edp_analysis.contract.schema import table_names

CLEAN = [name for name in table_names() if not name.endswith("-recu")]


@pytest.fixture
def schools():
    return pd.DataFrame(
        {
            "ecole": ["EDP-01", "EDP-02"],
            "domaine": ["BOIS", "TEXTILE"],
            "departement": ["14", "76"],
            "date_ouverture": [dt.date(2018, 9, 1), "2019-09-01"],
            "mode_financement": ["FORFAIT", "FSE"],
        }
    )


@pytest.fixture
def grants():
    return pd.DataFrame(
        {
            "id_financement": [1, 2],
            "ecole": ["EDP-01", None],
            "financeur": ["Région", "Région"],
            "nature_financeur": ["PUBLIC", "PUBLIC"],
            "objet": ["FONCTIONNEMENT", "ANIMATION"],
            "exercice": [2021, 2022],
            "montant": [5000.0, 37500.0],
        }
    )


@pytest.mark.parametrize("name", CLEAN)
def test_an_empty_table_keeps_its_columns_and_types_and_is_clean(name):
    frame = empty_frame(name)
    assert tuple(frame.columns) == load_schema(name).names
    check_clean(frame, name)
    check_clean(typed(frame, name), name)


def test_a_sound_table_passes(schools, grants):
    check_clean(typed(schools, "ecoles"), "ecoles")
    check_clean(typed(grants, "financements"), "financements")


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("ecole", "edp1", "un texte de la forme"),
        ("domaine", "COIFFURE", "un code de la liste « domaine »"),
        ("mode_financement", None, "une valeur"),
        ("financeur", "", "un texte non vide"),
        ("exercice", 1999, "au moins 2000"),
        ("exercice", 2101, "au plus 2100"),
        ("montant", -1.0, "au moins 0"),
    ],
)
def test_each_constraint_can_fail(schools, grants, column, value, constraint):
    name, frame = ("ecoles", schools) if column in schools.columns else ("financements", grants)
    frame[column] = frame[column].astype(object)
    frame.loc[1, column] = value
    with pytest.raises(ContractError) as caught:
        check_clean(typed(frame, name), name)
    assert caught.value.column == column
    assert constraint in caught.value.constraint
    assert f"colonne « {column} »" in str(caught.value)


@pytest.mark.parametrize("text", ["31/02/2022", "2022-02-31", "n'importe quoi", "01/09/2018"])
def test_a_date_that_is_not_one_never_passes(schools, text):
    """Pandera's own reader of Table Schemas takes the first of these for a sound value."""
    schools["date_ouverture"] = [text, "2019-09-01"]
    with pytest.raises(ContractError):
        typed(schools, "ecoles")
    raw = typed(schools.assign(date_ouverture="2018-09-01"), "ecoles").assign(date_ouverture=text)
    with pytest.raises(ContractError, match="date_ouverture"):
        check_clean(raw, "ecoles")


def test_a_key_given_twice_is_refused(schools):
    schools["ecole"] = "EDP-01"
    with pytest.raises(ContractError) as caught:
        check_clean(typed(schools, "ecoles"), "ecoles")
    assert caught.value.value == "EDP-01"


def test_a_key_of_several_columns_may_hold_blanks_but_not_twice():
    row = {
        "ecole": "EDP-01",
        "date_debut": "2021-01-01",
        "date_fin": "2021-12-31",
        "mois": 12,
        "regime_plan": "2018",
        "source": "balance",
        "compte": "512",
        "tiers": None,
        "libelle": "Banque",
        "debit_centimes": 1,
        "credit_centimes": 0,
        "solde_centimes": 1,
    }
    check_clean(typed(pd.DataFrame([row]), "comptes"), "comptes")
    check_clean(typed(pd.DataFrame([row, {**row, "tiers": "F1"}]), "comptes"), "comptes")
    with pytest.raises(ContractError, match="une clé unique"):
        check_clean(typed(pd.DataFrame([row, row]), "comptes"), "comptes")


def test_columns_are_those_of_the_contract(schools):
    with pytest.raises(ContractError, match="departement"):
        typed(schools.drop(columns="departement"), "ecoles")
    with pytest.raises(ContractError, match="nom"):
        check_clean(typed(schools, "ecoles").assign(nom="x"), "ecoles")


def test_a_type_that_drifted_is_refused(schools):
    frame = typed(schools, "ecoles")
    with pytest.raises(ContractError, match="datetime64"):
        check_clean(frame.assign(date_ouverture=frame["date_ouverture"].astype("datetime64[ns]")), "ecoles")
    with pytest.raises(ContractError, match="du texte"):
        typed(schools.assign(ecole=[1, 2]), "ecoles")
