"""Ten clusters: CR2, CR3, bias-reduced GEE and the enumerated wild bootstrap against R."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.genmod.cov_struct import Independence
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.regression.linear_model import OLS

from edp_analysis.statistics.clusters import cluster_linear, cluster_logit, wild_bootstrap

pytestmark = pytest.mark.filterwarnings("error")

SCHOOL = np.repeat(np.arange(1, 11), [12, 9, 15, 6, 11, 8, 14, 7, 10, 13])
I = np.arange(105)  # noqa: E741 - the index of the R code below
DATA = pd.DataFrame(
    {"age": 15 + I * 7 % 5 + (SCHOOL % 3 == 0), "sexe": (I * 5 % 7 < 2).astype(int), "ouverte": (SCHOOL >= 8) * 1}
)
LEFT = (4 + 2 * (DATA["age"] - 14) > (I * I * 3 + I * 11) % 17 + 2 * (SCHOOL % 4)).astype(int).to_numpy()
"""R 4.2.2::

    g <- rep(1:10, c(12,9,15,6,11,8,14,7,10,13)); i <- 0:104
    age <- 15+(i*7)%%5+(g%%3==0); sexe <- ((i*5)%%7<2)*1; ouverte <- (g>=8)*1
    y <- ((((i*i*3+i*11)%%17)+2*(g%%4)) < 4+2*(age-14))*1;  m <- lm(y ~ age+sexe+ouverte)
"""
EFFECTS = [0.1375752055418, -0.0878289595541, 0.0939892222641]


def test_cr2_and_satterthwaite_against_clubsandwich():
    """coef_test(m, vcov = "CR2", cluster = g), clubSandwich: SE, d.f. (Satt), p-val (Satt)."""
    found = cluster_linear(LEFT, DATA, SCHOOL)
    assert found["coefficient"].tolist() == pytest.approx(EFFECTS, abs=1e-10)
    assert found["erreur_type"].tolist() == pytest.approx(
        [0.0335156149929, 0.0935352919641, 0.1988465300231], abs=1e-10
    )
    assert found["ddl"].tolist() == pytest.approx([8.15495990437, 7.96260941746, 3.47980718401], abs=1e-8)
    assert found["p"].tolist() == pytest.approx([0.00327790515388, 0.37534024180789, 0.66454146050290], abs=1e-9)


def test_school_fixed_effects_against_clubsandwich():
    """m2 <- lm(y ~ age + sexe + factor(g)); coef_test(m2, "CR2", cluster = g): I − H_gg is then singular."""
    frame = DATA[["age", "sexe"]].join(pd.get_dummies(SCHOOL, prefix="e", drop_first=True, dtype=float))
    found = cluster_linear(LEFT, frame, SCHOOL).iloc[:2]
    assert found["coefficient"].tolist() == pytest.approx([0.1584901830861, -0.0816159996326], abs=1e-10)
    assert found["erreur_type"].tolist() == pytest.approx([0.0286376241073, 0.0908699254191], abs=1e-9)
    assert found["ddl"].tolist() == pytest.approx([8.24244786186, 7.92074899872], abs=1e-7)


def test_cr3_against_clubsandwich_and_the_jackknife_of_statsmodels():
    """sqrt(diag(vcovCR(m, cluster = g, type = "CR3"))); p-values with 9 degrees of freedom."""
    found = cluster_linear(LEFT, DATA, SCHOOL, kind="CR3")
    assert found["erreur_type"].tolist() == pytest.approx([0.036874666398, 0.100721911139, 0.244956046616], abs=1e-10)
    assert found["p"].tolist() == pytest.approx([0.004691037813, 0.405872457890, 0.710109142596], abs=1e-9)
    x = np.column_stack([np.ones(105), DATA])
    jackknife = OLS(LEFT, x).fit(cov_type="cluster-crv3", cov_kwds={"groups": SCHOOL})
    assert (jackknife.bse[1:] * np.sqrt(10 / 9)).tolist() == pytest.approx(found["erreur_type"].tolist(), rel=1e-9)


def test_logit_against_clubsandwich_and_the_normal_p_of_statsmodels():
    """l <- glm(y ~ age+sexe+ouverte, binomial); vcovCR(l, cluster = g, type = "CR3"); 2*pt(-abs(z), 9).

    statsmodels prints the normal p-value, 0.000626710660806 for the age: twelve times too small.
    """
    found = cluster_logit(LEFT, DATA, SCHOOL)
    assert found["coefficient"].tolist() == pytest.approx([0.647677727096, -0.443831873980, 0.466935209525], abs=1e-7)
    assert found["erreur_type"].tolist() == pytest.approx([0.189391459489, 0.511549048761, 1.225408730571], abs=1e-6)
    assert found["p"].tolist() == pytest.approx([0.00763054945246, 0.40813833101303, 0.71200927922499], abs=1e-6)
    x = np.column_stack([np.ones(105), DATA])
    naive = GEE(LEFT, x, groups=SCHOOL, family=Binomial(), cov_struct=Independence()).fit(cov_type="bias_reduced")
    assert naive.pvalues[1] == pytest.approx(0.000626710660806, rel=1e-3)
    assert found["p"][0] > 10 * naive.pvalues[1]


def test_statsmodels_has_no_jackknife_errors_for_a_logit():
    x = np.column_stack([np.ones(105), DATA])
    from statsmodels.discrete.discrete_model import Logit

    with pytest.raises(TypeError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Logit(LEFT, x).fit(disp=0, cov_type="cluster-crv3", cov_kwds={"groups": SCHOOL})


def test_wild_bootstrap_against_an_enumeration_in_r():
    """For each of the 1024 rows s of expand.grid(rep(list(c(-1,1)), 10)), lm on fit0 + u0*s[g], t with CR0 errors.

    age: t = 4.48200850582, p = 0.0078125; ouverte: t = 0.574316086437, p = 0.64453125.
    """
    age, opened = (wild_bootstrap(LEFT, DATA, SCHOOL, name) for name in ("age", "ouverte"))
    assert (age.statistic, age.pvalue) == (pytest.approx(4.48200850582, abs=1e-9), 0.0078125)
    assert (opened.statistic, opened.pvalue) == (pytest.approx(0.574316086437, abs=1e-9), 0.64453125)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**31), st.floats(0.1, 100), st.floats(-50, 50))
def test_order_units_and_names_of_schools_do_not_matter(seed, scale, shift):
    order = np.random.default_rng(seed).permutation(105)
    moved = DATA.iloc[order].assign(age=lambda frame: frame["age"] * scale + shift)
    names = np.array([f"EDP-{20 - s:02}" for s in SCHOOL])[order]
    for kind in ("CR2", "CR3"):
        found, plain = (
            cluster_linear(LEFT[order], moved, names, kind=kind),
            cluster_linear(LEFT, DATA, SCHOOL, kind=kind),
        )
        assert found["p"].tolist() == pytest.approx(plain["p"].tolist(), rel=1e-6)
        assert found["erreur_type"][0] * scale == pytest.approx(plain["erreur_type"][0], rel=1e-6)
    assert wild_bootstrap(LEFT[order], moved, names, "age").pvalue == wild_bootstrap(LEFT, DATA, SCHOOL, "age").pvalue


def test_persons_as_clusters_give_the_jackknife_of_persons():
    """With one person a cluster, CR3 is HC3 (MacKinnon and White 1985): statsmodels' cov_type "HC3"."""
    found = cluster_linear(LEFT, DATA, np.arange(105), kind="CR3")
    x = np.column_stack([np.ones(105), DATA])
    assert found["erreur_type"].tolist() == pytest.approx(OLS(LEFT, x).fit(cov_type="HC3").bse[1:].tolist(), rel=1e-9)


def test_a_school_level_covariate_shows_few_degrees_of_freedom():
    """Two schools of ten: persons are 105, but the information is that of ten points."""
    frame = DATA.assign(ouverte=np.isin(SCHOOL, (9, 10)) * 1)
    found = cluster_linear(LEFT, frame, SCHOOL).set_index("variable")
    assert found.loc["ouverte", "ddl"] < 3
    x = np.column_stack([np.ones(105), frame])
    naive = OLS(LEFT, x).fit()
    width = found.loc["ouverte", "haut"] - found.loc["ouverte", "bas"]
    assert width > np.diff(naive.conf_int()[3])[0]


def test_degenerate_inputs():
    with pytest.raises(ValueError, match="au moins trois"):
        cluster_linear(LEFT, DATA, SCHOOL > 5)
    with pytest.raises(ValueError, match="le même pour tous"):
        cluster_logit(np.ones(105), DATA, SCHOOL)
    with pytest.raises(ValueError, match="constante"):
        cluster_linear(LEFT, DATA.assign(sexe=1), SCHOOL)
    with pytest.raises(ValueError, match="école : 1 valeur"):
        cluster_linear(LEFT, DATA, [None, *SCHOOL[1:]])
    with pytest.raises(ValueError, match="Firth"):
        cluster_logit((DATA["age"] > 17).astype(int), DATA, SCHOOL)
    with pytest.raises(ValueError, match="au plus 16"):
        wild_bootstrap(LEFT, DATA, I % 17, "age")
    with pytest.raises(ValueError, match="inconnue"):
        wild_bootstrap(LEFT, DATA, SCHOOL, "taille")
    with pytest.raises(ValueError, match="CR2 ou CR3"):
        cluster_linear(LEFT, DATA, SCHOOL, kind="CR1")
