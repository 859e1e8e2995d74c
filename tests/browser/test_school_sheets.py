"""The pages of a school on paper, as Chromium prints them: one sheet of A4 each, with drawings that can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALLEST = 6.5
"""Points under which the text of a drawing is too small on paper."""
WIDTH = 688
"""Width of the printed text in CSS pixels: 210 mm less two margins of 14 mm, at 96 pixels an inch."""
DRAWN = """() => [...document.querySelectorAll('figure svg')].filter(e => e.checkVisibility()).flatMap(svg => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return [...svg.querySelectorAll('text')].map(e => parseFloat(getComputedStyle(e).fontSize) * scale * 0.75);
})"""


@pytest.fixture
def show(on_paper: Callable[[int], Callable[[str], Any]]) -> Callable[[str], Any]:
    return on_paper(WIDTH)


def pages(site: Path) -> list[Path]:
    return sorted([*(site / "ecoles").glob("*.html"), *(site / "suivi").glob("*.html")])


def sheets(tab: Any) -> int:
    return bytes(tab.pdf(prefer_css_page_size=True)).count(b"/Type /Page\n")


def small(tab: Any) -> list[float]:
    return [size for size in tab.evaluate(DRAWN) if size < SMALLEST]


def test_each_page_of_a_school_is_one_sheet_with_readable_drawings(show: Callable[[str], Any], site: Path) -> None:
    assert len(pages(site)) >= 2
    for path in pages(site):
        tab = show(path.read_text(encoding="utf-8"))
        assert (path.name, sheets(tab), small(tab)) == (path.name, 1, [])


def test_one_more_figure_or_a_smaller_drawing_would_be_seen(show: Callable[[str], Any], site: Path) -> None:
    """Planted faults, on the page that holds most."""
    html = (site / "suivi" / "EDP-01.html").read_text(encoding="utf-8")
    assert small(show(html.replace("</style>", ".suivi .graph svg.large{width:80mm!important}</style>", 1)))
    figure = html[html.index("<figure") : html.index("</figure>") + len("</figure>")]
    assert sheets(show(html.replace("</main>", f"{figure}</main>", 1))) == 2
