"""Discrete-time logit against R's glm with clustered variance."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from edp_analysis.statistics.discrete_time import discrete_time_logit, person_period

PEOPLE = pd.DataFrame(
    {
        "terme": [1, 2, 3, 4, 4, 2, 1, 3, 4, 4, 1, 2, 2, 4, 4, 3, 1, 4, 4, 2, 3, 4, 1, 2],
        "sortie": [1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1],
        "age": [15, 16, 17, 15, 16, 18, 17, 15, 16, 15, 18, 17, 16, 15, 16, 17, 18, 15, 16, 17, 16, 15, 18, 17],
        "ecole": np.repeat([f"EDP-0{i}" for i in range(1, 7)], 4),
    }
)


def rows():
    result = person_period(PEOPLE, "terme", "sortie")
    # Nobody leaves in the fourth term: it is merged with the third, as the refusal tells one to do.
    return result.assign(terme_groupe=result["periode"].clip(upper=3))


def test_person_period_by_hand():
    """Terms of 24 people sum to 65; each of the 12 exits is a 1 in its last term."""
    found = rows()
    assert len(found) == 65
    assert found["sortie"].sum() == PEOPLE["sortie"].sum()
    assert found.groupby(level=0)["periode"].max().tolist() == PEOPLE["terme"].tolist()
    late = person_period(pd.DataFrame({"d": [3], "e": [1], "debut": [1]}), "d", "e", entry="debut")
    assert late[["periode", "e"]].to_numpy().tolist() == [[2, 0], [3, 1]]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 1)), min_size=1, max_size=30))
@settings(deadline=None, max_examples=40)
def test_hazards_by_term_give_back_kaplan_meier(people):
    """Product of (1 − exits/rows) over the terms is the Kaplan–Meier estimate: nobody is lost or counted twice."""
    from edp_analysis.statistics.survival import kaplan_meier

    frame = pd.DataFrame(people, columns=["d", "e"])
    by_term = person_period(frame, "d", "e").groupby("periode")["e"].mean()
    grid = by_term.index.tolist()
    assert (1 - by_term).cumprod().tolist() == pytest.approx(
        kaplan_meier(frame["d"], frame["e"], grid, minimum_at_risk=1)["survie"].tolist()
    )


def test_equals_r_glm_with_clustered_variance():
    """R 4.2.2, sandwich, on the same 65 rows::

    g <- glm(y ~ factor(pmin(periode, 3)) + age, binomial, pp, control = list(epsilon = 1e-14))
    sqrt(diag(vcovCL(g, cluster = pp$cl, type = "HC1")))
    """
    found = discrete_time_logit(rows(), "sortie ~ C(terme_groupe) + age", "ecole")
    coefficients = [-18.400882853451, 0.674141024633, 1.038789015205, 1.008562888834]
    errors = [9.845974321110, 0.943980663985, 0.766489531786, 0.570076473290]
    assert found["coefficient"].tolist() == pytest.approx(coefficients, abs=1e-8)
    assert found["erreur_type"].tolist() == pytest.approx(errors, abs=1e-7)
    # Six schools: Student's t with 5 degrees of freedom, 2.5706 instead of 1.96.
    assert found["haut"].tolist()[3] == pytest.approx(np.exp(coefficients[3] + 2.570581836 * errors[3]), rel=1e-6)
    assert found["p"].tolist()[3] == pytest.approx(2 * student.sf(coefficients[3] / errors[3], 5), rel=1e-6)
    assert set(found["ddl"]) == {5}


def test_a_normal_law_is_too_sure_with_few_schools():
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    frame = rows()
    codes = frame["ecole"].astype("category").cat.codes.to_numpy()
    model = smf.glm("sortie ~ age", frame.reset_index(drop=True), family=sm.families.Binomial())
    naive = model.fit(cov_type="cluster", cov_kwds={"groups": codes})
    ours = discrete_time_logit(frame, "sortie ~ age", "ecole")
    assert ours["p"].tolist()[1] > 1.5 * naive.pvalues["age"]


def test_order_and_origin_of_ages_change_nothing():
    found = discrete_time_logit(rows(), "sortie ~ age", "ecole")
    turned = discrete_time_logit(rows().iloc[::-1].assign(age=lambda f: f["age"] - 14), "sortie ~ age", "ecole")
    assert turned["coefficient"].tolist()[1] == pytest.approx(found["coefficient"].tolist()[1], abs=1e-8)
    assert turned["erreur_type"].tolist()[1] == pytest.approx(found["erreur_type"].tolist()[1], abs=1e-8)


def test_the_naive_call_gives_a_silent_giant_where_ours_refuses():
    """Nobody leaves in term 4: its log odds are minus infinity; statsmodels returns about −20, without a word."""
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    frame = rows()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        naive = smf.glm("sortie ~ C(periode)", frame.reset_index(drop=True), family=sm.families.Binomial()).fit()
    assert naive.params["C(periode)[T.4]"] < -15
    with pytest.raises(ValueError, match="séparation"):
        discrete_time_logit(frame, "sortie ~ C(periode)", "ecole")


def test_separation_by_a_combination_is_refused():
    """y = 1 exactly when a + b ≥ 2: neither column separates alone, their sum does. Two exceptions undo it."""
    cells = [(a, b) for a in range(3) for b in range(3)] * 2
    frame = pd.DataFrame(cells, columns=["a", "b"]).assign(ecole=["x", "y", "z"] * 6)
    frame["sortie"] = (frame["a"] + frame["b"] >= 2).astype(int)
    with pytest.raises(ValueError, match="séparation"):
        discrete_time_logit(frame, "sortie ~ a + b", "ecole")
    frame.loc[[0, 8], "sortie"] = 1, 0
    assert np.isfinite(discrete_time_logit(frame, "sortie ~ a + b", "ecole")["coefficient"]).all()


@pytest.mark.parametrize(
    ("change", "formula", "cluster", "says"),
    [
        ({"sortie": 0}, "sortie ~ age", "ecole", "identiques"),
        ({"age": 16}, "sortie ~ age", "ecole", "se déterminent"),
        ({"ecole": "EDP-01"}, "sortie ~ age", "ecole", "une seule grappe"),
        ({"age": [None] + [16, 17] * 32}, "sortie ~ age", "ecole", "1 ligne"),
        ({"ecole": [None] + ["EDP-01", "EDP-02"] * 32}, "sortie ~ age", "ecole", "ecole : 1 valeur"),
        ({}, "sortie ~ age", "classe", "absente : classe"),
    ],
)
def test_degenerate_models_are_refused(change, formula, cluster, says):
    with pytest.raises(ValueError, match=says):
        discrete_time_logit(rows().assign(**change), formula, cluster)


@pytest.mark.parametrize(
    ("frame", "options", "says"),
    [
        ({"d": [0], "e": [1]}, {}, "entiers"),
        ({"d": [1.5], "e": [1]}, {}, "entiers"),
        ({"d": [None], "e": [1]}, {}, "manquante"),
        ({"d": [2], "e": [3]}, {}, "seuls 0 et 1"),
        ({"d": [2], "x": [3]}, {}, "absentes"),
        ({"d": [2], "e": [1], "periode": [1]}, {}, "existe déjà"),
        ({"d": [2], "e": [1], "a": [2]}, {"entry": "a"}, "à la fin du suivi"),
    ],
)
def test_impossible_follow_up_is_refused(frame, options, says):
    with pytest.raises(ValueError, match=says):
        person_period(pd.DataFrame(frame), "d", "e", **options)
