"""The page to print, as Chromium prints it: two sheets of A4 paper, whole, readable, and marked on both."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from edp_analysis.publication.handout import HREF

SHEETS = 2
WIDTH = 703
"""Width of the printed text in CSS pixels: 210 mm less two margins of 12 mm, at 96 pixels an inch."""
SMALLEST = 9.0
"""Points under which print is too small for the persons who vote."""

# Texts that are shown, with their size in points; in a drawing, the size once the drawing has its width.
SIZES = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility() || !parent.getBoundingClientRect().width) continue;
    const drawing = parent.closest('svg');
    const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    found.push([parseFloat(getComputedStyle(parent).fontSize) * scale * 0.75, node.textContent.trim().slice(0, 40)]);
  }
  return found;
}"""
# What would be cut: text beyond the sheet on the right, or under the edge of a box that hides it.
CUT = """width => [...document.querySelectorAll('main *')].filter(e => {
  if (!e.checkVisibility() || e.closest('svg')) return false;
  const box = e.getBoundingClientRect(), hides = getComputedStyle(e).overflowX !== 'visible';
  return box.right > width + 1 || (hides && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1));
}).map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""


@pytest.fixture(scope="session")
def page(site: Path) -> str:
    return (site / HREF).read_text(encoding="utf-8")


@pytest.fixture
def opened(on_paper: Callable[[int], Callable[[str], Any]]) -> Callable[[str], Any]:
    return on_paper(WIDTH)


def printed(tab: Any) -> bytes:
    return bytes(tab.pdf(prefer_css_page_size=True))


def sheets(tab: Any) -> int:
    return printed(tab).count(b"/Type /Page\n")


def too_small(tab: Any) -> list[str]:
    return [f"{size:.1f} pt : {text}" for size, text in tab.evaluate(SIZES) if size < SMALLEST - 0.05]


def cut(tab: Any) -> list[str]:
    beyond = int(tab.evaluate("document.documentElement.scrollWidth")) - WIDTH
    return [*tab.evaluate(CUT, WIDTH), *([f"{beyond} pixels hors de la feuille"] if beyond > 0 else [])]


def with_one_more_block(html: str) -> str:
    """Print the first figure once more, at the end of the last sheet."""
    soup = BeautifulSoup(html, "html.parser")
    figure, last = soup.select_one(".bloc-figure"), soup.select(".feuille")[-1]
    assert figure is not None
    last.append(BeautifulSoup(str(figure), "html.parser"))
    return str(soup)


def test_it_prints_on_exactly_two_sheets(opened: Any, page: str) -> None:
    assert sheets(opened(page)) == SHEETS


def test_one_more_block_would_be_seen(opened: Any, page: str) -> None:
    assert sheets(opened(with_one_more_block(page))) == SHEETS + 1


def test_nothing_is_cut_nor_too_small(opened: Any, page: str) -> None:
    tab = opened(page)
    assert (cut(tab), too_small(tab)) == ([], [])


@pytest.mark.parametrize(
    ("style", "look"),
    [
        (".impression .sous{font-size:8pt!important}", too_small),
        (".impression .graph svg.etroit{max-width:60mm!important}", too_small),
        (".impression .bloc-lignes{height:10mm;overflow:hidden}", cut),
        (".impression h1{white-space:nowrap;font-size:40pt!important}", cut),
    ],
)
def test_each_look_sees_its_fault(opened: Any, page: str, style: str, look: Callable[[Any], list[str]]) -> None:
    assert look(opened(page.replace("</style>", f"{style}</style>", 1)))


def plain(text: str) -> str:
    """Keep letters and figures alone: at the ends of lines a PDF has other spaces and hyphens than the page."""
    return "".join(re.findall(r"\w", text))


def texts(pdf: Path, *how: str) -> list[str]:
    """Text of each page of a PDF, column after column; skipped, saying so, without poppler.

    Lines of two columns that stand at the same height may be read across; ``-raw`` gives them as they were drawn.
    """
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext n'est pas installé (paquet « poppler-utils »).")
    done = subprocess.run(["pdftotext", *how, pdf, "-"], capture_output=True, encoding="utf-8", check=True)
    return [plain(text) for text in done.stdout.split("\f") if text.strip()]


def test_both_sheets_are_marked_numbered_and_whole(opened: Any, page: str, tmp_path: Path) -> None:
    pdf = tmp_path / "synthese.pdf"
    pdf.write_bytes(printed(opened(page)))
    found, drawn = texts(pdf), texts(pdf, "-raw")
    assert len(found) == SHEETS
    for rank, (sheet, text, whole) in enumerate(
        zip(BeautifulSoup(page, "html.parser").select(".feuille"), found, drawn, strict=True), 1
    ):
        assert plain("Données simulées") in text and plain("ne pas diffuser") in text
        assert plain("empreinte des sources") not in text, "un élu n'a que faire d'une empreinte"
        assert text.endswith(plain(f"{rank} / {SHEETS}")), "le numéro de la page est au pied"
        # Headings, facts, lines: each one whole, the last of the sheet included.
        said = [
            item.contents[0] for item in sheet.select("h2, h3, .faits > li, .lignes li li, .lignes > li:not(:has(ul))")
        ]
        # The style sheet puts the capital of a heading.
        missing = [words for item in said if (words := plain(item.get_text()).lower()) not in whole.lower()]
        assert said and missing == []


HEADINGS = """() => [...document.querySelectorAll('main h2, main h3, main h4')].filter(heading => {
  let after = heading;  // what is read after it, in its block or in the next one
  do {
    while (!after.nextElementSibling) after = after.parentElement;
    after = after.nextElementSibling;
  } while (!after.getBoundingClientRect().height);
  const here = heading.getBoundingClientRect(), there = after.getBoundingClientRect();
  return there.top < here.bottom - 1 || Math.abs(there.left - here.left) > 20;
}).map(heading => heading.textContent)"""


def test_the_sheets_say_their_limits_and_explain_their_words(page: str) -> None:
    """What a reader of two sheets has nowhere else: the limits, the words of the concordance, what the data are."""
    said = BeautifulSoup(page, "html.parser").get_text(" ")
    assert said.count("groupe de comparaison") == 1
    for word in ("Reproduit par construction", "Non établissable ici", "Établi", "Contredit"):
        assert f"{word}\u00a0:" in " ".join(said.split(" ")).replace(" \u00a0:", "\u00a0:"), word
    assert "Données simulées\u00a0: dossiers" in said


def test_a_heading_is_never_the_last_thing_of_a_column(opened: Any, page: str) -> None:
    """What follows a heading is under it and begins at the same edge, thus in the same column."""
    assert opened(page).evaluate(HEADINGS) == []


def test_a_heading_alone_at_the_foot_of_a_column_would_be_seen(opened: Any, page: str) -> None:
    fault = ".impression .bloc-lignes h3{break-after:column!important}"
    assert opened(page.replace("</style>", f"{fault}</style>", 1)).evaluate(HEADINGS)
