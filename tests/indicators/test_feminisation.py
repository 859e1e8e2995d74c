"""Trend of the share of young women, by hand and against R."""

import numpy as np
import pandas as pd
import pytest

from edp_analysis.indicators.feminisation import feminisation


def entrants(learners, *cells):
    """Learners from (school, first year, women, men)."""
    return learners(
        *(
            {"ecole": school, "annee_scolaire_entree": f"{year}-{year + 1}", "sexe": sex}
            for school, year, women, men in cells
            for sex in ["F"] * women + ["H"] * men
        )
    )


def test_composition_alone_is_named_so(learners):
    """Half girls in one school, none in the other; the second shrinks from 20 to 5: nothing moves within schools.

    By hand: 10 of 40 the first year (25 %), 10 of 25 the second (40 %): 15 points a year, all composition.
    """
    found = feminisation(
        entrants(learners, ("A", 2021, 10, 10), ("A", 2022, 10, 10), ("B", 2021, 0, 20), ("B", 2022, 0, 5))
    )
    assert found.raw.value == pytest.approx(15.0)
    assert found.within.value == pytest.approx(0.0, abs=1e-9)
    assert found.composition.value == pytest.approx(15.0)
    assert found.within.interval.low < 0 < found.within.interval.high


def test_the_raw_interval_inverts_the_test(learners):
    """R: prop.trend.test(c(5, 12), c(40, 40)) gives X-squared = 3.6601, p = 0.05573: zero is just inside.

    By hand: slope 17.5 points; variance p(1 − p)/Σ(t − t̄)² with p = 17/80 and Σ = 20, standard error 9.1472 points:
    17.5 ± 1.95996 × 9.1472.
    """
    found = feminisation(entrants(learners, ("A", 2020, 5, 35), ("A", 2021, 12, 28)))
    assert found.raw.value == pytest.approx(17.5)
    assert found.raw.interval.low == pytest.approx(17.5 - 1.959964 * 9.14723, abs=1e-3)
    assert found.raw.interval.low < 0
    assert found.p_raw == "0,056"


def test_the_slope_within_schools_is_that_of_the_conditional_logit(learners):
    """One school, two years: the conditional slope maximises a noncentral hypergeometric likelihood.

    The estimate solves E[women of the second year | 17 in all] = 12; solved here by bisection on that law.
    """
    from scipy.optimize import brentq
    from scipy.stats import nchypergeom_fisher

    found = feminisation(entrants(learners, ("A", 2020, 5, 35), ("A", 2021, 12, 28)))
    ratio = brentq(lambda odds: nchypergeom_fisher(80, 40, 17, odds).mean() - 12, 0.1, 50)
    assert found.odds_ratio.value == pytest.approx(ratio, rel=1e-4)
    share = 17 / 80
    assert found.within.value == pytest.approx(100 * np.log(ratio) * share * (1 - share), rel=1e-4)


@pytest.mark.parametrize(
    "cells",
    [[], [("A", 2021, 3, 5)], [("A", 2021, 0, 5), ("A", 2022, 0, 5)], [("A", 2021, 0, 5), ("B", 2022, 5, 0)]],
    ids=["personne", "une année", "aucune fille", "séparation"],
)
def test_what_has_no_trend_says_why(learners, cells):
    found = feminisation(entrants(learners, *cells))
    assert found.within.value is None and found.within.reason
    assert found.composition.value is None and found.composition.reason
    assert len(found.to_frame()) == 3


def test_a_youth_counts_once_at_the_first_enrolment(learners):
    once = entrants(learners, ("A", 2020, 5, 35), ("A", 2021, 12, 28))
    again = once.iloc[:3].assign(
        id_inscription=["x", "y", "z"], annee_scolaire_entree="2021-2022", date_entree=pd.Timestamp("2021-09-01")
    )
    both = pd.concat([once, again], ignore_index=True)
    assert feminisation(both).raw.value == pytest.approx(feminisation(once).raw.value)
