"""Proportional odds against R's polr; the binary logits against glm."""

import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from edp_analysis.statistics.ordered_logit import binary_logits, ordered_logit

pytestmark = pytest.mark.filterwarnings("error")

AGES = np.repeat([15.0, 15.7, 16.2, 17.1, 18.4, 20.3, 24.8, 29.5], 12)
COVARIATES = pd.DataFrame({"âge": AGES, "sexe": np.tile([0, 1], 48)})
TEXT = (
    "434244344314" "423443442434" "342433414344" "433244324134"
    "324334241334" "234132433243" "123423132432" "213241321233"
)  # fmt: skip
ANSWERS = np.array([int(c) for c in TEXT])
HOUSING = {
    (0, 0, 0): (113, 59, 62), (0, 0, 1): (169, 111, 113), (1, 0, 0): (100, 78, 101),
    (1, 0, 1): (106, 111, 163), (0, 1, 0): (49, 41, 110), (0, 1, 1): (30, 46, 119),
}  # fmt: skip
"""MASS::housing summed over the type of dwelling: (influence medium, influence high, contact high) → satisfaction."""


def test_mass_housing_against_polr():
    """R 4.2.2, MASS 7.3-58.2, housing expanded to one row a person, control = list(reltol = 1e-14)::

    polr(Sat ~ high + med + hi, data = h, Hess = TRUE)
    # high 0.2696550127554 (0.0934118527606), med 0.5794121625308, hi 1.2873670926994 (0.1258139272963)
    # Low|Medium -0.0320840475159, Medium|High 1.1223999830989, logLik -1767.52968807
    """
    rows = [(*key, k) for key, counts in HOUSING.items() for k, n in enumerate(counts) for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["med", "hi", "high", "sat"])
    found = ordered_logit(frame["sat"], frame[["high", "med", "hi"]])
    assert found.coefficients["coefficient"].tolist() == pytest.approx([0.2696550, 0.5794122, 1.2873671], abs=2e-6)
    assert found.coefficients["erreur_type"].tolist() == pytest.approx([0.0934119, 0.1038704, 0.1258139], abs=2e-6)
    assert found.thresholds == pytest.approx((-0.0320840, 1.1224000), abs=2e-6)
    assert found.log_likelihood == pytest.approx(-1767.52968807, abs=1e-6)


POLR = {"coefficient": [-0.156646000432, -0.238934233390], "erreur_type": [0.0415886799189, 0.3789514446165]}
"""R 4.2.2: polr(factor(y, ordered = TRUE) ~ age + sex, Hess = TRUE, control = list(reltol = 1e-15))."""


def test_ages_and_thresholds_in_their_own_units_against_polr():
    """Thresholds by polr: -5.602875847192, -4.151005301675, -2.560982365138; logLik -116.118916363."""
    found = ordered_logit(ANSWERS, COVARIATES)
    for column, expected in POLR.items():
        assert found.coefficients[column].tolist() == pytest.approx(expected, abs=1e-5)
    assert found.thresholds == pytest.approx((-5.602875847, -4.151005302, -2.560982365), abs=1e-4)
    assert found.log_likelihood == pytest.approx(-116.118916363, abs=1e-8)


def test_raw_dates_mislead_the_library_and_not_us():
    """Birth as a day number instead of age: the slope changes sign and unit, nothing else.

    ``OrderedModel`` on the raw column stops early, with a standard error a hundred times too small.
    """
    born = (2024 - AGES) * 365.25
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        naive = OrderedModel(ANSWERS, np.column_stack([born, COVARIATES["sexe"]]), distr="logit").fit(
            method="bfgs", disp=0
        )
    expected = -POLR["coefficient"][0] / 365.25
    assert abs(naive.params[0] / expected - 1) > 0.2
    assert naive.bse[0] < POLR["erreur_type"][0] / 365.25 / 50
    found = ordered_logit(ANSWERS, COVARIATES.assign(âge=born)).coefficients
    assert found["coefficient"][0] == pytest.approx(expected, rel=1e-4)
    assert found["erreur_type"][0] == pytest.approx(POLR["erreur_type"][0] / 365.25, rel=1e-4)


def test_binary_logits_against_glm():
    """R: glm(I(y >= k) ~ age + sex, binomial) for k = 2, 3, 4; ages -0.121792316, -0.144916116, -0.200679391."""
    found = binary_logits(ANSWERS, COVARIATES)
    ages = found[found["variable"] == "âge"]
    assert ages["seuil"].tolist() == [2, 3, 4]
    assert ages["coefficient"].tolist() == pytest.approx([-0.121792315578, -0.144916115986, -0.200679390700], abs=1e-8)
    assert ages["erreur_type"].tolist() == pytest.approx([0.0629040864908, 0.0478828567054, 0.0655423455712], abs=1e-8)
    assert ages["p"].tolist() == pytest.approx([0.05284822562850, 0.002474258913836, 0.00219989801995], abs=1e-8)


def test_turning_the_scale_turns_the_signs_and_order_of_records_is_nothing():
    found = ordered_logit(ANSWERS, COVARIATES)
    turned = ordered_logit(5 - ANSWERS, COVARIATES)
    assert turned.coefficients["coefficient"].tolist() == pytest.approx(
        (-found.coefficients["coefficient"]).tolist(), abs=1e-5
    )
    assert turned.thresholds == pytest.approx([-cut for cut in reversed(found.thresholds)], abs=1e-3)
    order = np.random.default_rng(1).permutation(len(ANSWERS))
    mixed = ordered_logit(10 * ANSWERS[order], COVARIATES.iloc[order])
    assert mixed.coefficients["coefficient"].tolist() == pytest.approx(
        found.coefficients["coefficient"].tolist(), abs=1e-5
    )


def test_separation_is_an_error_for_the_model_and_a_remark_for_one_cut():
    with pytest.raises(ValueError, match="séparent parfaitement"):
        ordered_logit([1, 1, 2, 2, 3, 3], pd.DataFrame({"âge": [15, 16, 17, 18, 19, 20]}))
    frame = pd.DataFrame({"âge": [15, 16, 17, 17, 16, 18, 19, 20]})
    found = binary_logits([1, 2, 1, 2, 1, 2, 3, 3], frame)
    assert found["remarque"].tolist() == ["", "séparation parfaite : non estimable"]
    assert np.isnan(found["coefficient"][1])
    assert not np.isnan(found["coefficient"][0])


def test_degenerate_inputs():
    ages = pd.DataFrame({"âge": [15, 16, 17, 18, 19]})
    with pytest.raises(ValueError, match="une seule réponse"):
        ordered_logit([2] * 5, ages)
    with pytest.raises(ValueError, match="constante"):
        ordered_logit([1, 2, 1, 2, 3], pd.DataFrame({"âge": [15] * 5}))
    with pytest.raises(ValueError, match="âge : 1 valeur"):
        ordered_logit([1, 2, 1, 2, 3], pd.DataFrame({"âge": [15, 16, np.nan, 18, 19]}))
    with pytest.raises(ValueError, match="tableau de covariables"):
        ordered_logit([1, 2, 1], ages)
