"""What the top of a page may claim of its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from edp_analysis.exhibits import Page
from edp_analysis.exhibits.banner import header_html
from edp_analysis.problems import Place, Problem


def test_data_are_said_calibrated_only_where_figures_were_published(make_page: Callable[..., Page]) -> None:
    """A second evaluation has nothing published to find again: its banner does not boast of it."""
    page = make_page()
    first = header_html(page.campaign, page.tables, "interne")
    assert "retrouver les chiffres publiés" in first
    second = header_html(replace(page.campaign, reference=None), page.tables, "interne")
    assert "Données simulées." in second and "chiffres publiés" not in second


def test_schools_of_which_nobody_was_received_are_named(make_page: Callable[..., Page]) -> None:
    silent = [
        Problem("ecole-sans-apprenant", "aucun apprenant", Place("ecoles"), school) for school in ("EDP-07", "EDP-04")
    ]
    page = make_page(problems=tuple(silent))
    text = header_html(page.campaign, page.tables, "interne")
    assert "Écoles dont aucun jeune n’est reçu" in text and "EDP-04 et EDP-07" in text
    nobody = make_page(problems=tuple(silent), missing=("apprenants",))
    assert "dont aucun jeune" not in header_html(nobody.campaign, nobody.tables, "interne"), "all is absent: said once"
    page = make_page()
    assert "dont aucun jeune" not in header_html(page.campaign, page.tables, "interne")
