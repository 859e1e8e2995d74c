"""Contrasts computed from the WCAG 2.1 definition of relative luminance."""

from __future__ import annotations

import pytest

from edp_analysis.exhibits.style import DARK, LIGHT


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    """Black on white is 21:1; #767676 on white is the known limit of 4.54:1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["clair", "sombre"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *((ink, paper) for ink in ("txt", "mut", "lien") for paper in ("fond", "fond2")),
        ("c1", "fond"),
        ("c2", "fond"),
        ("txt", "alerte"),
        *(("fond", bar) for bar in ("s1", "s2", "s4", "s5", "c1", "k3", "gris")),
        *(("txt", bar) for bar in ("k2", "k4")),
    ],
)
def test_text_reaches_four_and_a_half(theme: dict[str, str], ink: str, paper: str) -> None:
    assert contrast(theme[ink], theme[paper]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["clair", "sombre"])
@pytest.mark.parametrize("mark", ["c1", "c2", "gris", "k2", "k3", "k4", "s1", "s2", "s4", "s5", "alerteb"])
def test_marks_reach_three(theme: dict[str, str], mark: str) -> None:
    assert contrast(theme[mark], theme["fond"]) >= 3


def test_both_themes_have_the_same_roles() -> None:
    assert set(LIGHT) == set(DARK)
    assert len(set(LIGHT.values())) == len(LIGHT), "two roles with one colour could not be told apart in a drawing"
