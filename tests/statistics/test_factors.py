"""Risk differences by g-computation against R."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.factors import fit_factors, risk_differences

pytestmark = pytest.mark.filterwarnings("error")

SCHOOL = np.repeat(np.arange(1, 11), [12, 9, 15, 6, 11, 8, 14, 7, 10, 13])
I = np.arange(105)  # noqa: E741 - the index of the R code below
AGE = 15 + I * 7 % 5 + (SCHOOL % 3 == 0)
FACTORS = pd.DataFrame(
    {
        "age": AGE,
        "sexe": np.where(I * 5 % 7 < 2, "F", "G"),
        "domaine": np.array(["bois", "cuir", "metal"])[(I * I + I // 3) % 3],
    }
)
LEFT = (4 + 2 * (AGE - 14) > (I * I * 3 + I * 11) % 17 + 2 * (SCHOOL % 4)).astype(int)
"""R 4.2.2::

    g <- rep(1:10, c(12,9,15,6,11,8,14,7,10,13)); i <- 0:104; age <- 15+(i*7)%%5+(g%%3==0)
    sexe <- c("G","F")[1+(((i*5)%%7<2)*1)]; dom <- c("bois","cuir","metal")[1+(i*i+i%/%3)%%3]
    y <- ((((i*i*3+i*11)%%17)+2*(g%%4)) < 4+2*(age-14))*1      # references: G, cuir (the most frequent)
    m <- glm(y ~ age+sexe+dom, binomial, control = list(epsilon = 1e-14))
    # risk difference: average of predict() under each level; se by numDeriv::grad and vcov(m)
"""


def test_odds_ratios_against_glm():
    """exp(coef), exp(confint.default(m)), p: age 0.6426417151797, p 7.804e-05; F -0.4540296269506, p 0.349396875668."""
    model = fit_factors(LEFT, FACTORS)
    assert (model.method, model.reason, model.parameters) == ("régression logistique", "", 4)
    table = model.table.set_index("modalite")
    assert np.log(table.loc[["+ 1", "F", "bois", "metal"], "rapport_de_cotes"]).tolist() == pytest.approx(
        [0.6426417151797, -0.4540296269506, 0.0113882205797, 0.0492170737015], abs=1e-9
    )
    assert table.loc["+ 1", ["bas", "haut"]].tolist() == pytest.approx([1.38236287930, 2.61558861512163], rel=1e-6)
    assert table.loc["F", "p"] == pytest.approx(0.349396875668, abs=1e-6)


def test_risk_differences_against_r():
    """Columns: risk, reference risk, difference, limits (normal quantile)."""
    found = risk_differences(fit_factors(LEFT, FACTORS)).set_index("modalite")
    expected = {
        "F": [0.4948080230970, 0.5877042312243, -0.0928962081274, -0.2865995245331, 0.1008071082783],
        "bois": [0.560026157075, 0.557711938516, 0.00231421855894, -0.211614575745, 0.216243012863],
        "metal": [0.5676968306, 0.557711938516, 0.00998489208341, -0.199112402903, 0.219082187069],
        "+ 1": [0.6862918829560, 0.5619047619048, 0.1243871210512, 0.0833709954660, 0.1654032466364],
    }
    for level, values in expected.items():
        assert found.loc[level, ["risque", "risque_reference", "difference", "bas", "haut"]].tolist() == pytest.approx(
            values, abs=1e-8
        )


def test_with_school_robust_errors_against_r():
    """The same with vcovCR(m, cluster = g, type = "CR3") and qt(.975, 9)."""
    found = risk_differences(fit_factors(LEFT, FACTORS), cluster=SCHOOL).set_index("modalite")
    assert found.loc["F", ["bas", "haut"]].tolist() == pytest.approx([-0.3349891138832, 0.1491966976285], abs=1e-6)
    assert found.loc["+ 1", ["bas", "haut"]].tolist() == pytest.approx([0.0576143876449, 0.1911598544575], abs=1e-6)


def test_without_covariates_the_difference_is_that_of_the_shares():
    """By hand: 20/40 − 10/40, and the standard error of two independent shares, √(.25/40 + .1875/40)."""
    model = fit_factors([1] * 10 + [0] * 30 + [1] * 20 + [0] * 20, pd.DataFrame({"g": ["a"] * 40 + ["b"] * 40}))
    found = risk_differences(model).iloc[0]
    assert found["difference"] == pytest.approx(0.25)
    assert found["haut"] - found["bas"] == pytest.approx(2 * 1.959963985 * np.sqrt(0.25 / 40 + 0.1875 / 40), abs=1e-8)
    assert model.saturated


def test_few_or_separated_events_go_to_firth():
    """Nobody of group b left: 0 of 12 against 5 of 12. By hand, Firth's odds ratio is (0.5/12.5)/(5.5/7.5) (Haldane).

    FLIC then fits the constant again so that 5 events are expected among the 24.
    """
    frame = pd.DataFrame({"groupe": ["a"] * 12 + ["b"] * 12})
    left = [1] * 5 + [0] * 19
    model = fit_factors(left, frame)
    assert "séparent" in model.reason
    assert model.table["rapport_de_cotes"][0] == pytest.approx(0.5 / 12.5 / (5.5 / 7.5), rel=1e-6)
    found = risk_differences(model).iloc[0]
    assert 12 * (found["risque"] + found["risque_reference"]) == pytest.approx(5, abs=1e-8)
    with pytest.raises(ValueError, match="séparent parfaitement"):
        fit_factors(left, frame, method="logit")
    few = fit_factors([1] * 5 + [0] * 7 + [1] * 3 + [0] * 9, frame)
    assert few.reason == "moins de 10 événements par paramètre (8 pour 1)"
    assert few.method.startswith("Firth")
    with pytest.raises(ValueError, match="CR2"):
        risk_differences(few, cluster=np.tile([1, 2, 3], 8))


def test_firth_with_a_calendar_year_overflows_nowhere():
    """Planted fault: searching the constant with years near 2000 overflowed the exponential."""
    frame = pd.DataFrame({"année": [2019, 2020, 2021, 2022] * 6, "sexe": ["F", "M", "M"] * 8})
    model = fit_factors([0, 0, 0, 1] * 3 + [0, 0, 1, 1] * 3, frame)
    assert model.method.startswith("Firth")
    found = risk_differences(model)
    assert np.isfinite(found["difference"]).all()


def test_a_saturated_model_is_its_table():
    """Two factors crossed on four kinds of persons and three parameters: not saturated; with the cross, it is."""
    frame = pd.DataFrame({"sexe": ["F", "F", "G", "G"] * 20, "cap": ["x", "y"] * 40})
    left = [1, 0, 0, 1, 0, 1, 1, 0] * 10
    assert not fit_factors(left, frame).saturated
    crossed = pd.DataFrame({"cellule": frame["sexe"] + frame["cap"]})
    model = fit_factors(left, crossed)
    assert model.saturated
    risks = risk_differences(model)
    # The counts come back from the coefficients: why such a model may not be published.
    assert (20 * risks["risque"]).tolist() == pytest.approx([10.0] * 3)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**31), st.floats(0.1, 100), st.floats(-100, 2100))
def test_order_units_and_names_do_not_matter(seed, scale, shift):
    order = np.random.default_rng(seed).permutation(105)
    moved = FACTORS.iloc[order].assign(age=lambda frame: frame["age"] * scale + shift)
    moved["domaine"] = moved["domaine"].map({"bois": "z-bois", "cuir": "cuir", "metal": "a-metal"})
    found = risk_differences(fit_factors(LEFT[order], moved), steps={"age": scale}).set_index("facteur")
    plain = risk_differences(fit_factors(LEFT, FACTORS)).set_index("facteur")
    for factor in ("age", "sexe"):
        assert found.loc[factor, ["difference", "bas", "haut"]].tolist() == pytest.approx(
            plain.loc[factor, ["difference", "bas", "haut"]].tolist(), abs=1e-6
        )


def test_degenerate_inputs():
    with pytest.raises(ValueError, match="le même pour tous"):
        fit_factors([0] * 105, FACTORS)
    with pytest.raises(ValueError, match="longueurs différentes"):
        fit_factors(LEFT[:50], FACTORS)
    with pytest.raises(ValueError, match="constante"):
        fit_factors(LEFT, FACTORS.assign(age=16))
    with pytest.raises(ValueError, match="se déduit"):
        fit_factors(LEFT, FACTORS.assign(naissance=2020 - AGE))
    with pytest.raises(ValueError, match="méthode"):
        fit_factors(LEFT, FACTORS, method="ridge")
    with pytest.raises(ValueError, match="inconnu"):
        risk_differences(fit_factors(LEFT, FACTORS), steps={"taille": 2})
    with pytest.raises(ValueError, match="au moins trois"):
        risk_differences(fit_factors(LEFT, FACTORS), cluster=SCHOOL > 5)
