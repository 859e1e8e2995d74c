"""Effects of composition, by hand and against R."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.statistics.composition import composition_effect, kitagawa

SCHOOL = ["A"] * 10 + ["B"] * 8 + ["C"] * 6
YEAR = [2019, 2019, 2020, 2020, 2021, 2021, 2022, 2022, 2023, 2023, 2020, 2020, 2021, 2021, 2022, 2022, 2023, 2023,
        2022, 2022, 2022, 2023, 2023, 2023]  # fmt: skip
WOMAN = [0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1]

cells = st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(sum).map(lambda c: (c[0], sum(c)))
two_populations = st.integers(1, 6).flatmap(
    lambda k: st.tuples(
        *[st.lists(cells, min_size=k, max_size=k).map(lambda c: dict(zip("abcdef", c, strict=False)))] * 2
    )
)


def test_slopes_equal_r_lm():
    """R 4.2.2: ``lm(sex ~ year)``, ``lm(sex ~ year + school)``; composition by the omitted-variable formula::

    g <- coef(m)[3:4]; d <- slopes of (school == "B") and (school == "C") on year; sum(g*d)   # -0.0396246089677
    """
    found = composition_effect(WOMAN, YEAR, SCHOOL)
    assert found.raw == pytest.approx(0.103232533889, abs=1e-10)
    assert found.within == pytest.approx(0.142857142857, abs=1e-10)
    assert found.composition == pytest.approx(-0.0396246089677, abs=1e-10)


def test_one_group_has_no_composition_and_order_does_not_matter():
    alone = composition_effect(WOMAN, YEAR, ["A"] * 24)
    assert alone.composition == pytest.approx(0, abs=1e-12)
    order = np.random.default_rng(1).permutation(24)
    turned = composition_effect(np.array(WOMAN)[order], np.array(YEAR)[order], np.array(SCHOOL)[order])
    assert turned.within == pytest.approx(composition_effect(WOMAN, YEAR, SCHOOL).within)


def test_kitagawa_by_hand():
    """Groups a, b. First 10/50 and 30/50 (0.4 overall), second 12/40 and 42/60 (0.54).

    Rates: 0.45·(0.3 − 0.2) + 0.55·(0.7 − 0.6) = 0.10; mix: 0.25·(0.4 − 0.5) + 0.65·(0.6 − 0.5) = 0.04.
    """
    found = kitagawa({"a": (10, 50), "b": (30, 50)}, {"b": (42, 60), "a": (12, 40)})
    assert (found.total, found.rates, found.mix) == pytest.approx((0.14, 0.10, 0.04))


@given(two_populations)
def test_kitagawa_adds_up_and_turns(populations):
    first, second = populations
    found, turned = kitagawa(first, second), kitagawa(second, first)
    overall = [sum(c for c, _ in p.values()) / sum(n for _, n in p.values()) for p in populations]
    assert found.total == pytest.approx(overall[1] - overall[0], abs=1e-12)
    assert (turned.rates, turned.mix) == pytest.approx((-found.rates, -found.mix), abs=1e-12)
    assert kitagawa(first, first).mix == 0
    scaled = {group: (10 * c, 10 * n) for group, (c, n) in second.items()}
    assert kitagawa(first, scaled).mix == pytest.approx(found.mix, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: kitagawa({"a": (1, 2)}, {"b": (1, 2)}), r"\['a', 'b'\]"),
        (lambda: kitagawa({}, {}), "mêmes groupes"),
        (lambda: kitagawa({"a": (1, 2)}, {"a": (0, 0)}), "groupe a : effectif nul"),
        (lambda: kitagawa({"a": (3, 2)}, {"a": (1, 2)}), "groupe a : 3.0 sur 2.0"),
        (lambda: composition_effect([0, 1], [1, 2], ["a", "b"]), "aucun groupe"),
        (lambda: composition_effect([0, 1], [1, 1], ["a", "a"]), "aucun groupe"),
        (lambda: composition_effect([0, 1, 1], [1, 2], ["a", "a"]), "longueurs"),
        (lambda: composition_effect([0, float("nan")], [1, 2], ["a", "a"]), "manquante"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
