"""Bounds by hand; tests of blankness against R."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.statistics.missing import blank_patterns, blank_shares, delta_sensitivity, missing_shares

pytestmark = pytest.mark.filterwarnings("error")

BLANK = [1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
TEXT = "19 19 20 21 19 20 20 21 22 22 19 20 21 21 22 22 20 20 22 21"
FACTORS = pd.DataFrame(
    {
        "école": list("aaaabbbbbbcccccccccc"),
        "année": [int(f"20{y}") for y in TEXT.split()],
    }
)


def test_the_published_origin():
    """Collège 48 % of 378, 13 % blank: 181/378 = 47.9, 181/330 = 54.8, (181 + 48)/378 = 60.6."""
    found = missing_shares(181, 330, 378)
    shares = (found.of_all, found.of_known, found.low, found.high)
    assert [round(100 * share, 1) for share in shares] == [47.9, 54.8, 47.9, 60.6]
    assert found.missing == 48


@given(st.integers(1, 300), st.integers(0, 100), st.data())
def test_the_truth_is_always_within_the_bounds(known, missing, data):
    count, hidden = data.draw(st.integers(0, known)), data.draw(st.integers(0, missing))
    found = missing_shares(count, known, known + missing)
    assert found.low <= (count + hidden) / (known + missing) <= found.high
    assert found.low - 1e-12 <= found.of_known <= found.high + 1e-12


def test_dissatisfied_non_respondents_by_hand():
    """84 of 100 out of 150; the 50 others at 84, 74 and 64 %: (84 + 37)/150 and (84 + 32)/150."""
    found = delta_sensitivity(84, 100, 150)
    assert found["part"].tolist() == pytest.approx([0.84, 121 / 150, 116 / 150])
    extremes = delta_sensitivity(84, 100, 150, shifts=(-1, 1))
    bounds = missing_shares(84, 100, 150)
    assert extremes["part"].tolist() == pytest.approx([bounds.low, bounds.high])


def test_blank_patterns_against_r():
    """R: fisher.test(table(e, b)) = 0.0584365325077; anova(glm(b ~ an, binomial), test = "LRT") = 0.0413671041499.

    p.adjust(., "holm") = 0.0827342082999 twice. Fisher's is by 9999 permutations here: standard error 0.0023.
    """
    found = blank_patterns(BLANK, FACTORS, seed=2).set_index("comparaison")
    assert found.loc["année", "p_brute"] == pytest.approx(0.0413671041499, abs=1e-9)
    assert found.loc["école", "p_brute"] == pytest.approx(0.0584365325077, abs=4 * 0.0024)
    assert found.loc["année", "p_ajustee"] == pytest.approx(0.0827342082999, abs=1e-9)
    again = blank_patterns(BLANK, FACTORS, seed=2).set_index("comparaison")
    assert again.equals(found)


def test_blanks_all_on_one_side_have_a_limit_and_no_warning():
    """Blank up to 2020, known from 2021: separated, the likelihood is 1; by hand the statistic is 2·8·ln 2."""
    years = pd.DataFrame({"année": [2018, 2019, 2019, 2020, 2021, 2022, 2022, 2023]})
    from scipy.stats import chi2

    found = blank_patterns([1, 1, 1, 1, 0, 0, 0, 0], years, seed=1)
    assert found["p_brute"][0] == pytest.approx(chi2.sf(16 * np.log(2), 1))
    # 2020 on both sides: those two persons keep a rate of one half.
    tied = blank_patterns([1, 1, 1, 1, 0, 0, 0, 0], years.assign(année=[18, 19, 19, 20, 20, 21, 22, 23]), seed=1)
    assert tied["p_brute"][0] == pytest.approx(chi2.sf(16 * np.log(2) - 4 * np.log(2), 1))


def test_one_school_s_practice_shows():
    found = blank_shares([1, 1, 1, 0, 0, 0], ["EDP-02"] * 3 + ["EDP-01"] * 3)
    assert found["groupe"].tolist() == ["EDP-01", "EDP-02"]
    assert found["part_des_manquants_du_total"].tolist() == [0, 1]
    assert blank_shares([0, 0], ["a", "b"])["part_des_manquants_du_total"].tolist() == [0, 0]


def test_degenerate_inputs():
    with pytest.raises(ValueError, match="effectif nul"):
        missing_shares(0, 0, 10)
    with pytest.raises(ValueError, match="entre 0 et l'effectif"):
        missing_shares(5, 11, 10)
    with pytest.raises(ValueError, match="entre −1 et 1"):
        delta_sensitivity(5, 10, 20, shifts=[-10])
    with pytest.raises(ValueError, match="toutes manquantes"):
        blank_patterns([0] * 20, FACTORS, seed=1)
    with pytest.raises(ValueError, match="constante"):
        blank_patterns(BLANK, FACTORS.assign(année=2020), seed=1)
