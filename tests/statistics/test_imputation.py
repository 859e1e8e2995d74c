"""Rubin's rules against mice; imputation against a closed form, and what matching on codes does."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.imputation.mice import MICEData

from edp_analysis.statistics.imputation import _chances, impute_shares, pool
from edp_analysis.statistics.proportions import wilson

pytestmark = pytest.mark.filterwarnings("error")


def test_rubin_s_rules_against_mice():
    """R 4.2.2, mice 3.15: pool.scalar(c(.55,.56,.53,.545,.57), c(.00072,.00071,.00073,.00072,.0007), n = 378, k = 1).

    qbar 0.551, t 0.000992, df 43.3898890298, r 0.385474860335, fmi 0.3093435439.
    """
    found = pool([0.55, 0.56, 0.53, 0.545, 0.57], [0.00072, 0.00071, 0.00073, 0.00072, 0.0007], 378)
    assert found.estimate == pytest.approx(0.551)
    assert found.standard_error**2 == pytest.approx(0.000992)
    assert found.degrees == pytest.approx(43.3898890298, abs=1e-8)
    assert found.increase == pytest.approx(0.385474860335, abs=1e-10)
    assert found.missing_information == pytest.approx(0.3093435439, abs=1e-9)


@given(st.lists(st.floats(0.05, 0.95), min_size=2, max_size=20), st.integers(5, 500))
def test_pooling_never_loses_variance(estimates, size):
    variances = [p * (1 - p) / size for p in estimates]
    found = pool(estimates, variances, size)
    assert found.standard_error**2 >= np.mean(variances) - 1e-12
    assert min(estimates) - 1e-12 <= found.estimate <= max(estimates) + 1e-12
    assert 0 < found.degrees < size


def sample():
    """Schools a (200) and b (100); collège 120/160 and 10/40 of the known; blanks 40 and 60."""
    origin = ["collège"] * 120 + ["lycée"] * 40 + [None] * 40 + ["collège"] * 10 + ["lycée"] * 30 + [None] * 60
    return origin, pd.DataFrame({"école": ["a"] * 200 + ["b"] * 100})


def test_blanks_that_follow_the_school_are_filled_by_school():
    """By hand: (200 × 0.75 + 100 × 0.25)/300 = 58.3 %, where the known alone say 130/200 = 65 %.

    The draws' own error is about √(40·.19 + 60·.19)/300/√200 = 0.001, plus the resampling of the known.
    """
    origin, schools = sample()
    found = impute_shares(origin, schools, seed=3, draws=200).set_index("modalite")
    assert found.loc["collège", "part"] == pytest.approx(0.5833, abs=0.008)
    assert found.loc["collège", "part_des_connus"] == 0.65
    assert found["part"].sum() == pytest.approx(1)
    # Known exactly, the share of 300 persons would have a standard error of 2.8 points.
    assert found.loc["collège", "erreur_type"] > np.sqrt(0.5833 * 0.4167 / 300)


def test_without_blanks_the_interval_is_wilson_s():
    found = impute_shares(["x"] * 40 + ["y"] * 60, pd.DataFrame({"a": ["u", "v"] * 50}), seed=1).iloc[0]
    expected = wilson(40, 100)
    # t with 97 degrees of freedom instead of the normal.
    assert (found["bas"], found["haut"]) == (
        pytest.approx(expected.low, abs=0.002),
        pytest.approx(expected.high, abs=0.002),
    )
    assert found["part"] == pytest.approx(0.4)


def test_same_seed_same_result_and_names_do_not_matter():
    origin, schools = sample()
    first, again = impute_shares(origin, schools, seed=5), impute_shares(origin, schools, seed=5)
    assert first.equals(again)
    assert not first.equals(impute_shares(origin, schools, seed=6))
    renamed = [None if one is None else f"1-{one}" for one in origin]
    assert impute_shares(renamed, schools, seed=5)["part"].tolist() == pytest.approx(first["part"].tolist())


def test_matching_on_codes_invents_categories_and_we_do_not():
    """In school a the young have x and the older z; in school b everybody has y. Coded 1, 2, 3.

    The predicted mean of the codes rises with age in both schools, so MICE finds neighbours of the blanks of b in a and
    gives them x or z, which nobody of b has. We give them y.
    """
    age = np.tile(np.linspace(15, 20, 80), 2)
    school = np.repeat([0.0, 1.0], 80)
    origin = np.where(school == 1, "y", np.where(age < 17.5, "x", "z")).astype(object)
    origin[np.arange(160) % 4 == 0] = None
    coded = pd.DataFrame({"o": pd.Series(origin).map({"x": 1.0, "y": 2.0, "z": 3.0}), "e": school, "a": age})
    state = np.random.get_state()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(1)
        naive = MICEData(coded)
        naive.update_all(1)
    np.random.set_state(state)
    assert (naive.data["o"].iloc[80:] != 2).sum() >= 5
    covariates = pd.DataFrame({"école": np.where(school == 1, "b", "a"), "âge": age})
    found = impute_shares(origin, covariates, seed=1).set_index("modalite")
    assert found.loc["y", "part"] == pytest.approx(0.5, abs=0.002)


def test_degenerate_inputs():
    frame = pd.DataFrame({"école": ["a", "b", "a", "b"]})
    with pytest.raises(ValueError, match=r"1 modalité\(s\)"):
        impute_shares(["x", "x", None, "x"], frame, seed=1)
    with pytest.raises(ValueError, match="école : 1 valeur"):
        impute_shares(["x", "y", None, "x"], pd.DataFrame({"école": ["a", None, "b", "b"]}), seed=1)
    with pytest.raises(ValueError, match="longueurs"):
        impute_shares(["x", "y", None], frame, seed=1)
    with pytest.raises(ValueError, match="deux tirages"):
        pool([0.5], [0.1], 10)


def test_predictors_too_large_for_an_exponential_still_give_probabilities():
    """By hand: predictors 0, 800 and 800 are two equal chances and none for the first; exp(800) overflows."""
    with np.errstate(all="raise", under="ignore"):
        found = _chances(np.array([[1.0]]), np.array([[800.0, 800.0]]))
    np.testing.assert_allclose(found, [[0.0, 0.5, 0.5]], atol=1e-12)
    with pytest.raises(ValueError, match="pas de solution finie"):
        _chances(np.array([[1.0]]), np.array([[np.nan, 0.0]]))
