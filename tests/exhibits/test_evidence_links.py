"""References to evidence become links between pages, and nothing a cell holds can become markup."""

import pandas as pd

from edp_analysis.exhibits.table import EVIDENCE, html_table


def shown(evidence: str) -> str:
    frame = pd.DataFrame({"N°": ["S1"], "Preuve": [evidence]})
    return html_table(frame, id="t", caption="c", units={"Preuve": EVIDENCE})


def test_each_reference_is_a_link_to_its_exhibit() -> None:
    html = shown("profils#origine registre#part_hommes")
    assert '<a href="profils.html#origine" data-preuve="profils#origine">profils › origine</a>' in html
    assert '<a href="index.html#registre" data-preuve="registre#part_hommes">' in html
    assert "Preuve (preuve)" not in html


def test_no_evidence_is_a_dash() -> None:
    assert "–</td>" in shown("")


def test_markup_in_a_reference_is_escaped() -> None:
    assert "<script" not in shown('a"><script>#b')


def test_a_finding_is_the_top_of_its_page() -> None:
    assert '<a href="profils.html" data-preuve="profils#constat">profils › constat</a>' in shown("profils#constat")
