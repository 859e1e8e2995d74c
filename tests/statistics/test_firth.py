"""Firth's logit against R (brglm2) and the published analysis of the endometrial cancer data."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import Logit

from edp_analysis.statistics.firth import firth

pytestmark = pytest.mark.filterwarnings("error")

TEXT = """
    0,13,1.64,0 0,16,2.26,0 0,8,3.14,0 0,34,2.68,0 0,20,1.28,0 0,5,2.31,0 0,17,1.8,0 0,10,1.68,0 0,26,1.56,0
    0,17,2.31,0 0,8,2.01,0 0,7,1.89,0 0,20,3.15,0 0,10,1.23,0 0,18,1.27,0 0,16,1.76,0 0,18,2,0 0,8,2.64,1
    0,29,0.88,1 0,12,1.27,1 0,20,1.37,1 1,38,0.97,1 1,22,1.14,1 1,7,0.88,1 1,25,0.91,1 1,15,0.58,1 0,7,0.97,1
    0,28,1.5,0 0,11,1.33,0 0,19,2.37,0 0,10,1.82,0 0,10,3.13,0 0,18,1.31,0 0,14,1.92,0 0,21,1.64,0 0,11,2.01,0
    0,17,1.88,0 0,25,1.93,0 0,16,2.11,0 0,19,1.29,0 0,15,1.72,0 0,33,0.75,0 0,24,1.92,0 0,48,1.84,1 0,12,1.11,1
    0,19,1.61,1 0,2,1.18,1 1,22,1.44,1 1,40,1.18,1 1,5,0.93,1 1,0,1.17,1 0,21,1.19,1 0,15,1.06,1 0,29,2.02,0
    0,15,2.29,0 0,12,2.33,0 0,3,2.9,0 0,20,1.7,0 0,23,1.41,0 0,12,2.25,0 0,22,1.54,0 0,42,1.97,0 0,15,1.75,0
    0,13,2.16,0 0,14,2.57,0 0,19,1.37,0 0,12,3.61,0 0,13,2.04,0 0,10,2.17,0 0,12,1.69,1 1,49,0.27,1 0,6,1.84,1
    0,5,1.3,1 0,17,0.96,1 1,11,1.01,1 1,21,0.98,1 0,5,0.35,1 1,19,1.02,1 0,33,0.85,1
"""
ENDOMETRIAL = np.array([[float(value) for value in row.split(",")] for row in TEXT.split()])
"""Heinze and Schemper (2002): neovasculation, pulsatility index, endometrium height, histology (79 women)."""

DESIGN = np.column_stack([np.ones(79), ENDOMETRIAL[:, :3]])
HIGH = ENDOMETRIAL[:, 3]


def test_endometrial_cancer_against_r_and_the_publication():
    """All 13 women with neovasculation have a high grade: its maximum likelihood estimate is infinite.

    Published: neovasculation 2.93 (0.61 to 7.85). R 4.2.2, brglm2 0.9, and the profile of
    ``sum(y*e - log1p(exp(e))) + 0.5*log det(X'WX)`` by optim and uniroot::

        glm(HG ~ NV + PI + EH, binomial, data = endometrial, method = "brglm_fit", type = "AS_mean")
        #              Estimate     Std. Error     profile limits                 p
        # (Intercept)  3.774559714  1.48869166344  1.082537108   7.209280498  0.004193627886
        # NV           2.929273353  1.55076372945  0.6097244363  7.854631714  0.009123667547
        # PI          -0.034751760  0.03957814735 -0.1244587209  0.04045547318  0.3874822036
        # EH          -2.604163925  0.77601764250 -4.365183247  -1.232721057  2.506867215e-05
        # penalised log likelihood -24.0372678
    """
    found = firth(DESIGN, HIGH)
    assert found.coefficients == pytest.approx([3.774559714, 2.929273353, -0.034751760, -2.604163925], abs=1e-7)
    assert found.standard_errors == pytest.approx(
        [1.48869166344, 1.55076372945, 0.03957814735, 0.77601764250], abs=1e-6
    )
    assert found.low == pytest.approx([1.082537108, 0.6097244363, -0.1244587209, -4.365183247], abs=1e-5)
    assert found.high == pytest.approx([7.209280498, 7.854631714, 0.04045547318, -1.232721057], abs=1e-5)
    assert found.pvalues == pytest.approx([0.004193627886, 0.009123667547, 0.3874822036, 2.506867215e-05], rel=1e-4)
    assert found.log_likelihood == pytest.approx(-24.0372678, abs=1e-6)


def test_maximum_likelihood_runs_away_and_firth_does_not():
    """statsmodels either stops in error or gives a coefficient above 15 with a standard error in the thousands."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            naive = Logit(HIGH, DESIGN).fit(disp=0, maxiter=100)
        except np.linalg.LinAlgError:
            naive = None
    assert naive is None or naive.params[1] > 15
    assert firth(DESIGN, HIGH).coefficients[1] < 3


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_two_by_two_tables_get_one_half_in_each_cell(first, second, data):
    """The penalty on a saturated 2 × 2 model is exactly Haldane's correction (Firth 1993), zero cells included."""
    a, b = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    if a + b in (0, first + second):
        return
    outcome = np.repeat([1.0, 0, 1, 0], [a, first - a, b, second - b])
    design = np.column_stack([np.ones(first + second), np.repeat([1.0, 0], [first, second])])
    found = firth(design, outcome)
    by_hand = np.log((a + 0.5) * (second - b + 0.5) / ((first - a + 0.5) * (b + 0.5)))
    assert found.coefficients[1] == pytest.approx(by_hand, abs=1e-7)
    assert found.low[1] < by_hand < found.high[1]
    turned = firth(design, 1 - outcome)
    assert turned.high[1] == pytest.approx(-found.low[1], abs=1e-6)


@settings(deadline=None, max_examples=10)
@given(st.floats(0.01, 1000), st.floats(-3000, 3000))
def test_units_and_origins_of_a_covariate_change_nothing_else(scale, shift):
    moved = DESIGN.copy()
    moved[:, 2] = moved[:, 2] * scale + shift
    found, plain = firth(moved, HIGH), firth(DESIGN, HIGH)
    assert found.coefficients[1] == pytest.approx(plain.coefficients[1], rel=1e-5)
    assert found.coefficients[2] * scale == pytest.approx(plain.coefficients[2], rel=1e-4)
    assert found.high[2] * scale == pytest.approx(plain.high[2], rel=1e-4)
    assert found.pvalues[2] == pytest.approx(plain.pvalues[2], rel=1e-4)


def test_the_interval_and_the_test_agree():
    found = firth(DESIGN, HIGH, level=0.9)
    assert ((found.low > 0) | (found.high < 0)).tolist() == (found.pvalues < 0.1).tolist()


def test_degenerate_inputs():
    with pytest.raises(ValueError, match="le même pour tous"):
        firth(DESIGN, np.ones(79))
    with pytest.raises(ValueError, match="se déduit des autres"):
        firth(np.column_stack([DESIGN, DESIGN[:, 2]]), HIGH)
    with pytest.raises(ValueError, match="ne vont pas ensemble"):
        firth(DESIGN, HIGH[:5])
    broken = DESIGN.copy()
    broken[3, 2] = np.nan
    with pytest.raises(ValueError, match="valeurs manquantes"):
        firth(broken, HIGH)
