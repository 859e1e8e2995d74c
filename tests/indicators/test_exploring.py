"""Counting and grouping a table by hand, in the words of the contract. Expected values are counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.indicators.exploring import compter, lisible, par_groupe
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.problems import UserError


@pytest.fixture
def learners() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "sexe": ["H", "F", "H", "H"],
            "age_entree": [16, 15, None, 16],
            "qpv": [True, None, False, False],
            "date_entree": pd.to_datetime(["2021-09-01", "2020-09-01", "2021-09-01", "2021-09-01"]),
            "permis": ["oui", None, "non", "oui"],
        }
    )
    return frame.astype({"age_entree": "Int64", "qpv": "boolean"})


def older(part: pd.DataFrame, than: int = 16) -> Indicator:
    return share("ages", "Cet âge et plus", part["age_entree"].fillna(0) >= than, "jeunes")


def test_codes_come_in_the_order_of_their_list_and_blanks_last(learners: pd.DataFrame) -> None:
    """The list of the sexes says F then H; nobody of a value is no row."""
    assert compter(learners, "sexe").to_dict("list") == {"Sexe": ["Fille", "Garçon"], "Nombre": [1, 3]}
    ages = compter(learners, "age_entree")
    assert ages.to_dict("list") == {"Âge à l’entrée": ["15", "16", "Non renseigné"], "Nombre": [1, 2, 1]}
    assert compter(learners, "qpv").iloc[:, 0].tolist() == ["non", "oui", "Non renseigné"]
    assert compter(learners, "date_entree").iloc[:, 0].tolist() == ["01/09/2020", "01/09/2021"]


def test_the_counts_of_a_filtered_table_add_up_to_its_records(learners: pd.DataFrame) -> None:
    boys = learners[learners["sexe"] == "H"]
    for column in learners.columns:
        assert compter(boys, column)["Nombre"].sum() == 3
    assert compter(boys.iloc[:0], "sexe").empty


def test_an_indicator_by_group_says_the_group_in_words(learners: pd.DataFrame) -> None:
    """Boys: two of three are sixteen or more; girls: none of one."""
    groups = par_groupe(learners, "sexe", older)
    counts = {name: (item.numerator, item.denominator, item.population) for name, item in groups.items()}
    assert counts == {"Fille": (0, 1, "jeunes, sexe : Fille"), "Garçon": (2, 3, "jeunes, sexe : Garçon")}
    assert [item.numerator for item in par_groupe(learners, "qpv", older).values()] == [1, 1, 0]
    assert list(par_groupe(learners, "qpv", older)) == ["non", "oui", "Non renseigné"]
    assert [item.numerator for item in par_groupe(learners, "sexe", older, than=15).values()] == [1, 2]
    assert par_groupe(learners.iloc[:0], "sexe", older) == {}


def test_columns_and_codes_are_read_in_words(learners: pd.DataFrame) -> None:
    shown = lisible(learners[learners["sexe"] == "F"], ["date_entree", "sexe", "permis"])
    assert list(shown.columns) == ["Date d’entrée", "Sexe", "Permis de conduire"]
    assert shown["Sexe"].tolist() == ["Fille"] and shown["Permis de conduire"].isna().all()
    empty = lisible(typed(empty_frame("enquete"), "enquete"), ["sexe", "utilite"], table="enquete")
    assert empty.empty and list(empty.columns) == ["Sexe", "Mon parcours en école de production m’a été utile"]


def test_a_misspelt_column_is_refused_and_the_nearest_named(learners: pd.DataFrame) -> None:
    for wrong in (compter, lambda frame, name: lisible(frame, [name]), lambda f, n: par_groupe(f, n, older)):
        with pytest.raises(UserError, match=r"« age_entré »\. Peut-être : « age_entree » \?"):
            wrong(learners, "age_entré")
