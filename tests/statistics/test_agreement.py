"""Agreement of coders against Krippendorff's published example and R."""

import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from edp_analysis.statistics.agreement import cohen_kappa, krippendorff_alpha, positive_agreement

pytestmark = pytest.mark.filterwarnings("error")

N = None
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
"""Krippendorff, « Computing Krippendorff's Alpha-Reliability » (2011), example C: 4 coders, 12 units, missing cells."""


@pytest.mark.parametrize(("measurement", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example(measurement, expected):
    found = krippendorff_alpha(PUBLISHED, measurement, resamples=200)
    assert round(found.value, 3) == expected
    assert found.units == 11
    assert found.interval.low < found.value < found.interval.high


def test_binary_codes_by_hand():
    """Krippendorff (2011), example A: 10 units, 2 coders, alpha = 0.095.

    4 units disagree; the 20 values are 14 zeros and 6 ones: 1 − 19 × (8)/(2 × 14 × 6) = 0.0952.
    """
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha([first, second], resamples=100).value == pytest.approx(1 - 19 * 8 / (2 * 14 * 6))


def test_texts_need_an_order_and_give_what_ranks_give():
    words = {1: "bas", 2: "moyen", 3: "haut", 4: "très haut", 5: "extrême"}
    texts = [[words.get(code) for code in row] for row in PUBLISHED]
    found = krippendorff_alpha(texts, "ordinal", order=list(words.values()), seed=4, resamples=100)
    assert found == krippendorff_alpha(PUBLISHED, "ordinal", seed=4, resamples=100)
    with pytest.raises(ValueError, match="donner l'ordre"):
        krippendorff_alpha(texts, "ordinal")
    with pytest.raises(ValueError, match=r"absent\(s\) de l'ordre donné \(extrême\)"):
        krippendorff_alpha(texts, "ordinal", order=["bas", "moyen", "haut", "très haut"])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(*[st.sampled_from(["a", "b", "c", None])] * 3), min_size=4, max_size=12), st.integers(0, 99))
def test_coders_units_and_names_may_be_exchanged(units, seed):
    table = np.array(units, dtype=object).T
    try:
        found = krippendorff_alpha(table, resamples=20)
    except ValueError as error:
        assert "un seul code" in str(error) or "aucune unité" in str(error)
        return
    rng = np.random.default_rng(seed)
    mixed = table[rng.permutation(3)][:, rng.permutation(table.shape[1])]
    renamed = [[{"a": "z", "b": "a", "c": "b", None: None}[code] for code in row] for row in mixed]
    assert krippendorff_alpha(renamed, resamples=20).value == pytest.approx(found.value, abs=1e-12)
    assert found.value <= 1


def test_the_seed_decides_and_wider_for_more_certainty():
    first, again = (krippendorff_alpha(PUBLISHED, seed=8, resamples=300) for _ in range(2))
    assert first == again
    sure = krippendorff_alpha(PUBLISHED, seed=8, resamples=300, level=0.99)
    assert sure.interval.low <= first.interval.low
    assert sure.interval.high >= first.interval.high


TABLE = [[44, 5, 1], [7, 20, 3], [9, 5, 6]]
"""Fleiss (1981) style table of diagnoses; R 4.2.2, vcd::Kappa(as.table(m), weights = ...)."""


@pytest.mark.parametrize(
    ("weights", "value", "error"),
    [
        ("none", 0.4915254237288, 0.0721274592933),
        ("linear", 0.4736842105263, 0.0769789098703),
        ("quadratic", 0.4545454545455, 0.0939796977757),
    ],
)
def test_kappa_against_vcd(weights, value, error):
    found = cohen_kappa(TABLE, weights)
    assert found.value == pytest.approx(value, abs=1e-12)
    assert found.interval.high - found.interval.low == pytest.approx(2 * 1.959963984540 * error, abs=1e-10)


def test_fleiss_1981_table_13_1():
    """Published: kappa 0.429 (106 10 4 / 22 28 10 / 2 12 6); vcd: ASE 0.0537110048692."""
    found = cohen_kappa([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    assert round(found.value, 3) == 0.429
    assert found.interval.low == pytest.approx(0.4285714285714 - 1.959963984540 * 0.0537110048692, abs=1e-10)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 9), min_size=9, max_size=9), st.sampled_from(["none", "linear", "quadratic"]))
def test_exchanging_the_coders_changes_nothing(cells, weights):
    table = np.array(cells).reshape(3, 3)
    assume(table.sum() > 0)
    try:
        found = cohen_kappa(table, weights)
    except ValueError as error:
        assert "un seul code" in str(error)
        return
    turned = cohen_kappa(table.T, weights)
    assert turned.value == pytest.approx(found.value, abs=1e-12)
    assert found.value <= 1
    if found.interval:
        assert -1 <= found.interval.low <= found.value <= found.interval.high <= 1


def test_the_libraries_have_no_answer_where_nothing_could_disagree():
    """One code used by both: statsmodels gives a silent NaN with a warning, krippendorff an English error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(cohens_kappa(np.array([[5, 0], [0, 0]])).kappa)
    with pytest.raises(ValueError, match="more than one value"):
        krippendorff.alpha(reliability_data=[[1, 1, 1], [1, 1, 1]], level_of_measurement="nominal")
    with pytest.raises(ValueError, match="un seul code"):
        cohen_kappa([[5, 0], [0, 0]])
    with pytest.raises(ValueError, match="un seul code"):
        krippendorff_alpha([[1, 1, 1], [1, 1, 1]])


def test_a_rare_code_shows_the_paradox():
    """118 of 125 units agree and kappa is −0.02: the paradox of Feinstein and Cicchetti (1990).

    By hand: raw 118/125; positive agreement 0, negative 236/243.
    """
    kappa = cohen_kappa([[118, 5], [2, 0]])
    assert kappa.value == pytest.approx((118 / 125 - (123 * 120 + 2 * 5) / 125**2) / (1 - (123 * 120 + 2 * 5) / 125**2))
    assert kappa.value < 0
    found = positive_agreement(0, 2, 5, 118)
    assert (found.raw, found.positive, found.negative) == (118 / 125, 0, 236 / 243)
    assert found.prevalence == 7 / 250


def test_perfect_agreement_and_a_coder_who_never_changes_have_no_interval():
    assert cohen_kappa([[5, 0], [0, 5]]) == cohen_kappa([[5, 0], [0, 5]], "none")
    perfect = cohen_kappa([[5, 0], [0, 5]])
    assert (perfect.value, perfect.interval) == (1, None)
    constant = cohen_kappa([[5, 3], [0, 0]])
    assert (constant.value, constant.interval) == (0, None)
    assert krippendorff_alpha([[1, 2, 1, 2], [1, 2, 1, 2]], resamples=50).interval is None
    assert positive_agreement(0, 0, 0, 9).positive is None


def test_degenerate_inputs():
    with pytest.raises(ValueError, match="tableau carré"):
        cohen_kappa([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(ValueError, match="comptes entiers"):
        cohen_kappa([[1, -2], [4, 5]])
    with pytest.raises(ValueError, match="aucune unité"):
        cohen_kappa([[0, 0], [0, 0]])
    with pytest.raises(ValueError, match="aucune unité codée par deux"):
        krippendorff_alpha([[1, None], [None, 2]])
    with pytest.raises(ValueError, match="deux codeurs au moins"):
        krippendorff_alpha([[1, 2, 3]])
    with pytest.raises(ValueError, match="nombres"):
        krippendorff_alpha([["a", "b"], ["a", "c"]], "interval")
    with pytest.raises(ValueError, match="nature des codes"):
        krippendorff_alpha([["a", "b"], ["a", "c"]], "ratio")
    with pytest.raises(ValueError, match="pondération"):
        cohen_kappa(TABLE, "cubic")
