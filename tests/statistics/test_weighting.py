"""Raking, trimming and the variance of a raked share, against R's survey package."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.finite import weighted_variance
from edp_analysis.statistics.weighting import design_effect, rake, raked_share, small_cells, trim

pytestmark = pytest.mark.filterwarnings("error")

I = np.arange(100)  # noqa: E741 - the index of the R code below
SAMPLE = pd.DataFrame(
    {
        "sexe": np.where(I % 5 == 0, "F", "M"),
        "ecole": np.array(["A", "B", "C"])[(I * 2 + I // 7) % 3],
        "annee": np.where(I * 3 % 11 < 4, "2022", "2023"),
    }
)
ANSWERS = (13 + (I % 5 == 0) > I * 13 % 17).astype(float)
MARGINS = {"sexe": {"F": 45, "M": 105}, "ecole": {"A": 70, "B": 50, "C": 30}, "annee": {"2022": 80, "2023": 70}}
"""Population of 150 persons."""


def test_weights_share_and_variance_against_r():
    """R 4.2.2, survey 4.1-1::

    i <- 0:99; sexe <- ifelse(i%%5==0,"F","M"); ecole <- c("A","B","C")[1+(i*2+i%/%7)%%3]
    annee <- ifelse((i*3)%%11<4,"2022","2023"); y <- as.numeric((i*13)%%17 < 13+(sexe=="F")); N <- 150
    ds <- svydesign(ids=~1, data=d, fpc=~N)
    r <- rake(ds, list(~sexe,~ecole,~annee), m, control=list(maxit=500, epsilon=1e-13))
    range(weights(r))  # 0.595712027462 4.194857668485
    weights(r)[1:6]    # 3.80111191273 1.24612671826 1.15101463405 1.04297589644 1.24612671826 2.00535557900
    svymean(~y, r); SE # 0.7813515343 0.0269722877476
    svyciprop(~y, r, method="beta")  # 0.722962545432 0.832488957220
    n*sum(w^2)/sum(w)^2              # 1.26673670911
    svymean(~y, ds)                  # 0.77 0.02442
    """
    raking = rake(SAMPLE, MARGINS, bounds=None)
    assert raking.weights[:6].tolist() == pytest.approx(
        [3.80111191273, 1.24612671826, 1.15101463405, 1.04297589644, 1.24612671826, 2.00535557900], abs=1e-9
    )
    assert (raking.weights.min(), raking.weights.max()) == pytest.approx((0.595712027462, 4.194857668485), abs=1e-9)
    assert raking.design_effect == pytest.approx(1.26673670911, abs=1e-9)
    assert (raking.trimmed, raking.gap) == (0, pytest.approx(0, abs=1e-9))
    found = raked_share(ANSWERS, raking).set_index("estimation")
    assert found.loc["pondéré", ["part", "erreur_type"]].tolist() == pytest.approx(
        [0.7813515343, 0.0269722877], abs=1e-8
    )
    assert found.loc["pondéré", ["bas", "haut"]].tolist() == pytest.approx([0.722962545432, 0.832488957220], abs=1e-7)
    assert found.loc["non pondéré", ["part", "erreur_type"]].tolist() == pytest.approx([0.77, 0.02442], abs=1e-5)


def test_item_non_response_is_a_domain_of_the_raked_sample():
    """Three persons did not answer. R: svyratio(~z, ~ok, r) with z = y, 0 where missing, and ok = 1, 0.

    0.781254719317, SE 0.027309821340.
    """
    answers = ANSWERS.copy()
    answers[[2, 17, 43]] = np.nan
    found = raked_share(answers, rake(SAMPLE, MARGINS, bounds=None)).set_index("estimation")
    assert found.loc["pondéré", ["part", "erreur_type"]].tolist() == pytest.approx(
        [0.781254719317, 0.027309821340], abs=1e-8
    )
    assert found["base"].tolist() == [97, 97]


def test_the_naive_variance_ignores_that_margins_are_known():
    """One margin: R's svymean(~y, postStratify(ds, ~sexe, m)) gives 0.77375, se 0.0248171713305.

    An answer that is the margin itself has no variance left (45/150 whoever answers); the weighted residuals from the
    overall share say otherwise.
    """
    raking = rake(SAMPLE, {"sexe": MARGINS["sexe"]}, bounds=None)
    found = raked_share(ANSWERS, raking).set_index("estimation")
    assert found.loc["pondéré", ["part", "erreur_type"]].tolist() == pytest.approx(
        [0.77375, 0.0248171713305], abs=1e-10
    )
    girls = (SAMPLE["sexe"] == "F").to_numpy(dtype=float)
    assert weighted_variance(girls, raking.weights, 150) ** 0.5 > 0.03
    known = raked_share(girls, raking).set_index("estimation").loc["pondéré"]
    assert known[["part", "bas", "haut", "erreur_type"]].tolist() == pytest.approx([0.3, 0.3, 0.3, 0], abs=1e-9)


def test_trimming_against_r():
    """R: trimWeights(svydesign(ids=~1, weights=~x), upper=3*mean(x), lower=mean(x)/3, strict=TRUE)."""
    found = trim([1, 1, 1, 2, 3, 9, 0.1, 1, 1, 1])
    assert found.tolist() == pytest.approx([1.30, 1.30, 1.30, 2.30, 3.30, 6.03, 0.67, 1.30, 1.30, 1.30], abs=1e-9)


def test_trimmed_weights_are_said_to_miss_the_margins():
    raking = rake(SAMPLE, {"sexe": {"F": 105, "M": 45}}, bounds=(1 / 3, 2))
    assert raking.weights.sum() == pytest.approx(150)
    assert raking.weights.max() <= 2 * 1.5 + 1e-9
    assert raking.trimmed == 20
    assert raking.gap == pytest.approx((105 - 20 * 3) / 150)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**31), st.floats(0.1, 50))
def test_weights_meet_every_margin_and_only_the_mix_matters(seed, scale):
    rng = np.random.default_rng(seed)
    sample = pd.DataFrame({"a": np.tile(["x", "y"], 30), "b": rng.permutation(np.repeat(["u", "v", "w"], 20))})
    margins = {"a": {"x": 60.0, "y": 90.0}, "b": {"u": 40.0, "v": 50.0, "w": 60.0}}
    raking = rake(sample, margins, bounds=None)
    for name, totals in margins.items():
        got = pd.Series(raking.weights).groupby(sample[name].to_numpy()).sum()
        assert got.to_dict() == pytest.approx(totals, rel=1e-9)
    order = rng.permutation(60)
    mixed = rake(sample.iloc[order], dict(reversed(margins.items())), bounds=None)
    assert mixed.weights.tolist() == pytest.approx(raking.weights[order].tolist(), rel=1e-6)
    assert 1 <= design_effect(raking.weights) == pytest.approx(design_effect(scale * raking.weights))
    trimmed = trim(raking.weights)
    assert trimmed.sum() == pytest.approx(150)
    assert trimmed.max() <= 3 * 2.5 * (1 + 1e-9)


def test_equal_margins_change_nothing_and_a_census_has_no_variance():
    raking = rake(SAMPLE, {"sexe": {"F": 20, "M": 80}})
    assert raking.weights.tolist() == pytest.approx([1.0] * 100)
    found = raked_share(ANSWERS, raking)
    assert found["part"].tolist() == pytest.approx([0.77, 0.77])
    assert found["bas"].tolist() == found["haut"].tolist() == pytest.approx([0.77, 0.77])


def test_what_must_be_merged_is_said():
    few = small_cells(SAMPLE.iloc[:16], {"sexe": {"F": 45, "M": 105, "X": 0}})
    assert few[["modalite", "repondants"]].to_numpy().tolist() == [["F", 4]]
    assert "regrouper" in few["conseil"][0]
    with pytest.raises(ValueError, match=r"sexe « F » \(4\) ; regrouper"):
        rake(SAMPLE.iloc[:16], {"sexe": {"F": 45, "M": 105}})


def test_degenerate_margins():
    with pytest.raises(ValueError, match="au moins une marge"):
        rake(SAMPLE, {})
    with pytest.raises(ValueError, match=r"absente\(s\) de l'échantillon \(âge\)"):
        rake(SAMPLE, {"âge": {"15": 150}})
    with pytest.raises(ValueError, match="pas la même population"):
        rake(SAMPLE, {"sexe": {"F": 45, "M": 105}, "annee": {"2022": 10, "2023": 70}})
    with pytest.raises(ValueError, match="pour une population de 90"):
        rake(SAMPLE, {"sexe": {"F": 45, "M": 45}})
    with pytest.raises(ValueError, match=r"sexe : valeur\(s\) absente\(s\) de la marge \(M\)"):
        rake(SAMPLE, {"sexe": {"F": 150}})
    crossed = pd.DataFrame({"a": ["x"] * 10 + ["y"] * 10, "b": ["u"] * 10 + ["v"] * 10})
    with pytest.raises(ValueError, match="ne peuvent être satisfaites"):
        rake(crossed, {"a": {"x": 60, "y": 40}, "b": {"u": 40, "v": 60}})
    with pytest.raises(ValueError, match="nulle"):
        design_effect([1, 0])
    with pytest.raises(ValueError, match="entourer 1"):
        trim([1, 2], 2, 3)
    with pytest.raises(ValueError, match="aucun poids ne reste"):
        trim([1, 1, 1, 1, 16])
    with pytest.raises(ValueError, match="il en faut au moins 2"):
        raked_share([1] + [np.nan] * 99, rake(SAMPLE, MARGINS))
