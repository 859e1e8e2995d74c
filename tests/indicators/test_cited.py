"""A *Lecture* says the numbers of a row, and says nothing of a row that is not there."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from edp_analysis.exhibits.sentence import render
from edp_analysis.indicators.cited import TEXT, cited

TABLE = pd.DataFrame(
    {"ecole": ["EDP-01", "EDP-02"], "clos": [date(2023, 12, 31), None], "presents": [18, 20], "seuil": [17.4, None]}
)
UNITS = {"ecole": TEXT, "clos": TEXT, "presents": "apprenants", "seuil": "apprenants"}


def test_a_row_is_read_with_its_units():
    text = render("À {ecole}, clos le {clos} : {presents} pour {seuil}.", cited(TABLE, 0, UNITS), 20).text
    assert text.replace("\u00a0", " ") == "À EDP-01, clos le 31/12/2023 : 18 apprenants pour 17,4 apprenants."


def test_an_empty_cell_is_not_read_as_zero():
    found = cited(TABLE, -1, UNITS)
    assert (found["ecole"], found["clos"], found["presents"].value) == ("EDP-02", "–", 20.0)
    assert (found["seuil"].value, found["seuil"].reason) == (None, "n.c.")


def test_a_row_that_is_not_there_makes_the_sentence_not_computable():
    found = cited(TABLE.iloc[:0], -1, {"ecole": TEXT, "presents": "apprenants"})
    assert render("À {ecole}, {presents}.", found, 20).text.startswith("Non calculable")


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        cited(TABLE, 0, {"absente": "€"})
