"""Origins and their blanks, by hand."""

import pytest
from scipy.stats import chi2

from edp_analysis.indicators.origins import blancs, origine_imputee, origine_simultanee
from edp_analysis.indicators.profiles import origine

COLLEGE, LYCEE = "1023", "2001"


def youths(learners, *cells):
    """Youths from (school, first year, class, number)."""
    return learners(
        *(
            {"ecole": school, "annee_scolaire_entree": f"{year}-{year + 1}", "derniere_classe": klass,
             "age_entree": 15 + rank % 3, "sexe": "FH"[rank % 2]}
            for school, year, klass, number in cells
            for rank in range(number)
        )
    )  # fmt: skip


def test_simultaneous_intervals_are_wider(learners):
    """Goodman: Wilson's limits with the chi-square quantile of 1 − 0.05/10 for the ten categories of the chart."""
    frame = youths(learners, ("A", 2020, COLLEGE, 30), ("A", 2020, LYCEE, 20))
    alone, together = origine(frame)["college"], origine_simultanee(frame)["college"]
    assert together.value == alone.value == 0.6
    square = chi2.ppf(1 - 0.05 / len(origine(frame)), 1)
    centre = (0.6 + square / 100) / (1 + square / 50)
    half = (square * 0.6 * 0.4 / 50 + square**2 / (4 * 50**2)) ** 0.5 / (1 + square / 50)
    assert together.interval.low == pytest.approx(centre - half, abs=1e-6)
    assert together.interval.low < alone.interval.low and alone.interval.high < together.interval.high


def test_blanks_of_one_school_follow_the_school(learners):
    """One school out of three leaves all blank, in both years."""
    cells = [(school, year, None if school == "C" else COLLEGE, 10) for school in "ABC" for year in (2020, 2021)]
    found = blancs(youths(learners, *cells))
    assert found.words == "suivent l’école"
    assert (found.most.label, found.most.numerator, found.most.denominator) == ("C", 20, 20)
    assert found.by_school["A"].value == 0.0


def test_a_late_school_does_not_make_the_year_count(learners):
    """The blank school opens the second year: the year is associated with blanks, but only through the school."""
    cells = [("A", 2020, COLLEGE, 20), ("A", 2021, COLLEGE, 10), ("A", 2021, None, 1), ("A", 2020, None, 2)]
    found = blancs(youths(learners, *cells, ("C", 2021, None, 20)))
    assert found.tests["etabli"].all()
    assert found.words == "suivent l’école ; l’année d’entrée n’y ajoute rien d’établi"


def test_scattered_blanks_follow_nothing_seen(learners):
    cells = [
        (school, year, klass, n) for school in "AB" for year in (2020, 2021) for klass, n in ((COLLEGE, 9), (None, 2))
    ]
    assert blancs(youths(learners, *cells)).words.startswith("ne suivent, autant qu’on le voie")


@pytest.mark.parametrize("cells", [[], [("A", 2020, None, 5)], [("A", 2020, COLLEGE, 5)]])
def test_nothing_to_compare_is_said(learners, cells):
    found = blancs(youths(learners, *cells))
    assert found.words.startswith("ne se comparent pas") and found.p("l’école") == "non calculable"


def test_imputation_lies_within_the_bounds(learners):
    """30 of 50 known from collège, 10 blank: between 30/60 and 40/60, near 60 % when the blanks are like the others."""
    frame = youths(learners, ("A", 2020, COLLEGE, 30), ("A", 2020, LYCEE, 20), ("A", 2020, None, 10))
    found = origine_imputee(frame)
    assert 0.5 <= found["college"].value <= 40 / 60
    assert found["college"].value == pytest.approx(0.6, abs=0.05)
    assert found["college"].denominator is None  # nobody is counted there
    assert origine_imputee(frame)["college"] == found["college"]  # the draws are seeded


def test_imputation_that_cannot_be_says_why(learners):
    found = origine_imputee(youths(learners))
    assert all(item.value is None and item.reason for item in found.values())
