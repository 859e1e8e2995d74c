"""Learners written by hand, in the shape of the clean table."""

from collections.abc import Callable

import pandas as pd
import pytest

from edp_analysis.contract import load_schema

DTYPES = {"string": "str", "integer": "Int64", "boolean": "boolean", "date": "datetime64[ns]"}
USUAL = {
    "ecole": "EDP-01",
    "annee_scolaire_entree": "2019-2020",
    "date_entree": "2019-09-02",
    "sexe": "H",
    "age_entree": 16,
    "statut": "INSCRIT",
    "presente_examen": False,
}


@pytest.fixture(scope="session")
def learners() -> Callable[..., pd.DataFrame]:
    """Return a maker of clean learners: one mapping a person, what it does not say is usual or missing."""

    def make(*people: dict[str, object]) -> pd.DataFrame:
        fields = load_schema("apprenants").fields
        rows = [
            {"id_inscription": f"p{rank:03d}", "id_jeune": f"j{rank:03d}", **USUAL, **person}
            for rank, person in enumerate(people, start=1)
        ]
        frame = pd.DataFrame(rows, columns=[field.name for field in fields])
        return frame.astype({field.name: DTYPES[field.type] for field in fields})

    return make
