"""Multi-select items against R, and what a chi-square over stacked ticks would say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from edp_analysis.statistics.multiselect import compare_items, item_shares

pytestmark = pytest.mark.filterwarnings("error")

I = np.arange(120)  # noqa: E741 - the index of the R code below
GROUP = np.repeat([1, 2, 3], [50, 40, 30])
ITEMS = pd.DataFrame(
    {
        "a": (np.array([6, 4, 3])[GROUP - 1] > I * 7 % 10).astype(int),
        "b": (np.array([5, 5, 6])[GROUP - 1] > (I * 7 + I // 10) % 11).astype(int),
        "c": (np.array([2, 3, 4])[GROUP - 1] > I * 3 % 7).astype(int),
        "d": (np.array([2, 1, 2])[GROUP - 1] > (I * I + I) % 5).astype(int),
    }
)


def test_second_order_rao_scott_against_r():
    """R 4.2.2, appendix A of Bilder, Loughin and Nettleton (2000) on the 2^c patterns of ticks, base R only::

    i <- 0:119; g <- c(rep(1,50), rep(2,40), rep(3,30))
    y <- cbind(((i*7)%%10 < c(6,4,3)[g])*1, ((i*7+i%/%10)%%11 < c(5,5,6)[g])*1,
               ((i*3)%%7 < c(2,3,4)[g])*1, ((i*i+i)%%5 < c(2,1,2)[g])*1)
    c <- 4; r <- 3; n <- 120; ni <- table(g); a <- ni/n; pat <- as.matrix(expand.grid(rep(list(0:1), c)))
    tau <- share of each pattern in each group;  G <- kronecker(diag(r), t(pat))
    V <- block diagonal of (diag(tau_k) - tcrossprod(tau_k))/a[k]
    H <- diag(r*c) - kronecker(matrix(1,r,1) %*% t(a), diag(c))
    p <- colMeans(y); D <- kronecker(diag(1/a), diag(p*(1-p)))
    s2 <- sum(Re(eigen(solve(D) %*% H %*% G %*% V %*% t(G) %*% t(H))$values)^2)
    X <- item chi-squares          # 7.619580419580 0.723214285714 5.587812589825 4.285714285714
    (r-1)*c*sum(X)/s2              # 18.9684934186107
    (r-1)^2*c^2/s2                 # 8.3303287480689; p = 0.0180145386843
    pmin(1, c*(1-pchisq(X, 2)))    # 0.0886113036623 1 0.2447270101897 0.4692766643770
    """
    found = compare_items(ITEMS, GROUP)
    assert found.items["khi2"].tolist() == pytest.approx(
        [7.619580419580, 0.723214285714, 5.587812589825, 4.285714285714], abs=1e-9
    )
    assert found.test.statistic == pytest.approx(18.9684934186107, abs=1e-8)
    assert found.degrees == pytest.approx(8.3303287480689, abs=1e-8)
    assert found.test.pvalue == pytest.approx(0.0180145386843, abs=1e-10)
    assert found.items["p_ajustee"].tolist() == pytest.approx(
        [0.0886113036623, 1, 0.2447270101897, 0.4692766643770], abs=1e-9
    )


def test_item_statistics_of_the_published_farmers():
    """Koziol and Bilder (2014): testing for nitrogen by storage, 279 farmers: 4.93, 2.93, 14.29, 0.01.

    Counts (no/no, no/yes, yes/no, yes/yes): lagoon 123 116 13 27, pit 175 64 24 16, drainage 156 83 38 2,
    holding tank 228 11 38 2. Each statistic depends on its own table only, so any joint pattern will do.
    """
    tables = [(123, 116, 13, 27), (175, 64, 24, 16), (156, 83, 38, 2), (228, 11, 38, 2)]
    columns = [np.repeat([0, 1, 0, 1], table) for table in tables]
    found = compare_items(pd.DataFrame(dict(enumerate(columns))), np.repeat([0, 1], [239, 40]))
    assert found.items["khi2"].round(2).tolist() == [4.93, 2.93, 14.29, 0.01]


def test_stacked_ticks_miss_what_the_items_show():
    """Girls tick every item twice as often: the *mix* of ticks is the same, so the stacked table sees nothing."""
    girls = np.tile([[1, 1, 1], [1, 1, 1], [0, 0, 0]], (20, 1))
    boys = np.tile([[1, 1, 1], [0, 0, 0], [0, 0, 0]], (20, 1))
    stacked = np.array([girls.sum(axis=0), boys.sum(axis=0)])
    assert chi2_contingency(stacked, correction=False).pvalue == pytest.approx(1)
    found = compare_items(pd.DataFrame(np.vstack([girls, boys])), ["f"] * 60 + ["g"] * 60)
    assert found.test.pvalue < 0.001


def test_the_same_item_asked_thrice_is_no_more_evidence():
    """Eigenvalues are multiplied by 3, their squares by 9: statistic and degrees of freedom stay."""
    once = compare_items(ITEMS[["a"]], GROUP)
    thrice = compare_items(pd.DataFrame(dict.fromkeys("xyz", ITEMS["a"])), GROUP)
    assert thrice.test.pvalue == pytest.approx(once.test.pvalue, rel=1e-9)
    assert thrice.degrees == pytest.approx(once.degrees)
    assert thrice.raw == pytest.approx(3 * once.raw)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**31), st.booleans())
def test_ticked_or_not_ticked_order_of_items_and_of_persons_do_not_matter(seed, gaps):
    rng = np.random.default_rng(seed)
    values = (rng.random((40, 3)) < 0.5).astype(float)
    if gaps:
        values[rng.random((40, 3)) < 0.1] = np.nan
    group = np.tile(["a", "b"], 20)
    first = compare_items(pd.DataFrame(values), group)
    order = rng.permutation(40)
    second = compare_items(pd.DataFrame(1 - values[order][:, [2, 0, 1]]), group[order])
    assert second.test.pvalue == pytest.approx(first.test.pvalue, rel=1e-8)
    assert 0 <= first.test.pvalue <= 1


def test_each_item_has_the_base_of_those_who_were_shown_it():
    items = pd.DataFrame({"a": [1, 0, None, None], "b": [True, True, False, True], "c": [None] * 4})
    found = item_shares(items).set_index("option")
    assert found.loc["a", ["choisi", "base", "part"]].tolist() == [1, 2, 0.5]
    assert found.loc["b", ["choisi", "base", "part"]].tolist() == [3, 4, 0.75]
    assert found.loc["c", "base"] == 0
    assert np.isnan(found.loc["c", "part"])


def test_degenerate_questions():
    group = ["f", "f", "g", "g"]
    with pytest.raises(ValueError, match="tableau vide"):
        item_shares(pd.DataFrame())
    with pytest.raises(ValueError, match="seuls 0 et 1"):
        item_shares(pd.DataFrame({"a": [2, 1]}))
    with pytest.raises(ValueError, match="un seul groupe"):
        compare_items(pd.DataFrame({"a": [1, 0]}), ["f", "f"])
    with pytest.raises(ValueError, match="dans un des groupes : a"):
        compare_items(pd.DataFrame({"a": [1, 0, None, None]}), group)
    with pytest.raises(ValueError, match="aucune option"):
        compare_items(pd.DataFrame({"a": [1, 1, 1, 1]}), group)
    with pytest.raises(ValueError, match="longueurs"):
        compare_items(pd.DataFrame({"a": [1, 0]}), group)
    found = compare_items(pd.DataFrame({"tous": [1] * 4, "a": [1, 0, 0, 0]}), group)
    assert found.left_out == ("tous",)


def test_groups_within_which_all_answer_alike_leave_nothing_to_test():
    """Every girl ticks, no boy does: no spread inside the groups, so no variance to refer the difference to."""
    with pytest.raises(ValueError, match="tous ont répondu pareil"):
        compare_items(pd.DataFrame({"outils": [1] * 25 + [0] * 25}), ["f"] * 25 + ["g"] * 25)
