from __future__ import annotations

import pandas as pd
import pytest

from edp_analysis.exhibits.population import with_size
from edp_analysis.indicators.result import Indicator


def part(count: int, total: int) -> Indicator:
    return Indicator("x", "Part", count / total if total else None, "%", "sortants", count, total)


@pytest.mark.parametrize(
    ("table", "indicators", "words"),
    [
        (pd.DataFrame(), [part(20, 36)], "Sortants\u202f; n\u00a0=\u00a036."),
        (pd.DataFrame(), [part(1, 36), part(2, 36)], "Sortants\u202f; n\u00a0=\u00a036 pour chaque ligne."),
        (pd.DataFrame(), [part(1, 2), part(20, 60)], "Sortants\u202f; n de 2 à 60 selon la ligne."),
        (pd.DataFrame({"Base": [1200]}), [], "Sortants\u202f; n\u00a0=\u00a01\u202f200."),
        (pd.DataFrame({"effectif": [5, 0, 4], "part": [5 / 9, 0, 4 / 9]}), [], "Sortants\u202f; n\u00a0=\u00a09."),
        (pd.DataFrame({"effectif": [5]}), [], "Sortants."),  # a number of records, not the base of a share
    ],
)
def test_the_population_says_how_many(table: pd.DataFrame, indicators: list[Indicator], words: str) -> None:
    assert with_size("sortants", table, indicators) == words


def test_a_final_full_stop_is_not_doubled() -> None:
    assert with_size("Jeunes sortis.", pd.DataFrame(), [part(1, 9)]) == "Jeunes sortis\u202f; n\u00a0=\u00a09."
