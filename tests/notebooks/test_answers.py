"""Each evaluation question has on the portal one answer, in one sentence, with a link to its evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.publication.exporter import page_title
from edp_analysis.publication.notebook import EXHIBIT_MIME, find_notebooks, page_name, read_notebook
from edp_analysis.publication.portal import PageInfo, render_portal

ROOT = Path(__file__).parent.parent.parent
Portal = Callable[..., str]


@pytest.fixture(scope="module")
def portal() -> Portal:
    """Render the portal of the committed notebooks, one of their answers left out or changed."""
    tables = prepare(load_campaign("2024", ROOT))

    def render(without: str = "", **changed: str) -> str:
        pages = []
        for path in find_notebooks(ROOT):
            notebook = read_notebook(path)
            for cell in notebook.cells:
                for output in list(cell.get("outputs", ())):
                    item: dict[str, Any] = output["data"].get(EXHIBIT_MIME, {})
                    if path.parent.name == "synthese" and item.get("id") == without:
                        cell.outputs.remove(output)
                    if path.parent.name == "synthese" and item.get("id") in changed:
                        item["titre"] = changed[item["id"]]
            name = page_name(path)
            pages.append(PageInfo(name, page_title(notebook), f"{name}.html", notebook, folder=path.parent.name))
        return render_portal(tables.campaign, tables, pages, [])

    return render


def faults(html: str) -> list[str]:
    """Say which questions lack one answer of one sentence, a figure in it, or a link to evidence."""
    found = []
    for item in BeautifulSoup(html, "html.parser").select("ol.questions > li"):
        code = str(item["id"])
        answers = item.select(".reponse")
        texts = [answer.find(string=True).strip() for answer in answers]  # type: ignore[union-attr]
        if [link["href"] for link in item.select(".reponse a")] != [f"synthese.html#reponse-{code}"]:
            found.append(f"{code} : pas une réponse et une seule")
        elif not texts[0].endswith(".") or texts[0].count(". ") or "Non calculable" in texts[0]:
            found.append(f"{code} : pas une phrase")
        elif not any(letter.isdigit() for letter in texts[0]):
            found.append(f"{code} : sans chiffre")
        evidence = [str(link["href"]) for link in item.select(".preuves a")]
        if not evidence or any(not (ROOT / "notebooks").rglob(f"*{href.split('.')[0]}.ipynb") for href in evidence):
            found.append(f"{code} : sans preuve")
    return found


def test_the_six_questions_are_answered_with_their_evidence(portal: Portal) -> None:
    html = portal()
    assert len(BeautifulSoup(html, "html.parser").select("ol.questions > li")) == 6
    assert faults(html) == []


def test_an_answer_left_out_is_seen(portal: Portal) -> None:
    assert faults(portal(without="reponse-q5")) == [
        "q5 : pas une réponse et une seule", "q5 : sans preuve",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Deux phrases. Dont une à 3 %.", "Non calculable : rien.", "Sans point final 3"])
def test_an_answer_that_is_not_one_sentence_is_seen(portal: Portal, text: str) -> None:
    assert faults(portal(**{"reponse-q2": text})) == ["q2 : pas une phrase"]
