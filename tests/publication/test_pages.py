"""The pages that no notebook makes: whole, without fault, and honest about what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from edp_analysis.cleaning.result import Tables
from edp_analysis.problems import UserError
from edp_analysis.publication.accessibility import page_faults
from edp_analysis.publication.glossary import read_glossary
from edp_analysis.publication.pages import Site, dictionary_csv, render_pages
from edp_analysis.publication.portal import PageInfo, navigation
from edp_analysis.publication.statement import Audit, Statement
from edp_analysis.publication.tidy import slug
from edp_analysis.publication.words import LIMITS_TITLE


@pytest.fixture
def site(tables: Tables, notebook: Any) -> Site:
    pages = [PageInfo("profils", "Profils", "profils.html", notebook)]
    schools = [PageInfo("EDP-01", "École EDP-01", "ecoles/EDP-01.html", notebook)]
    return Site(tables.campaign, "interne", Statement(), navigation(pages, True), pages, schools, "donnees")


def text(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_no_page_has_a_fault(site: Site) -> None:
    pages = render_pages(site)
    assert {name: page_faults(html) for name, html in pages.items() if page_faults(html)} == {}
    assert list(pages) == [
        "methode.html", "glossaire.html", "donnees.html", "plan.html", "accessibilite.html", "mentions.html"
    ]  # fmt: skip


def test_two_renderings_are_the_same(site: Site) -> None:
    assert render_pages(site) == render_pages(site)


def test_every_page_says_the_data_are_simulated(site: Site) -> None:
    assert all('class="bandeau simule"' in html for html in render_pages(site).values())
    real = replace(site, campaign=replace(site.campaign, simulated=False))
    assert not any("simulées" in html for html in render_pages(real).values())


def test_the_statement_claims_nothing_and_shows_what_is_to_be_filled_in(site: Site) -> None:
    page = text(render_pages(site)["accessibilite.html"])
    assert "Ce site est non conforme avec le référentiel" in page and "totalement conforme" not in page
    assert page.replace("\u00a0", " ").count("[à compléter") == 3 and "Défenseur des droits" in page


def test_the_statement_quotes_its_audit_and_its_contact(site: Site) -> None:
    audit = Audit("partiellement conforme", date(2028, 5, 2), "Cabinet <X>", 87.0)
    filled = replace(
        site, statement=Statement("La Région", "a", "ecrire@exemple.fr", "b", "c", date(2028, 6, 1), audit)
    )
    html = render_pages(filled)["accessibilite.html"]
    page = text(html)
    page = page.replace("\u00a0", " ")
    assert "établie le 1er juin 2028" in page
    assert "Ce site est partiellement conforme" in page and "2 mai 2028 par Cabinet <X>" in page
    assert "87 %" in page and "[à compléter" not in page and "<X>" not in html


def test_the_map_lists_every_page(site: Site) -> None:
    links = {link["href"] for link in BeautifulSoup(render_pages(site)["plan.html"], "html.parser").select(".plan a")}
    assert {"index.html", "profils.html", "ecoles/EDP-01.html", "methode.html", "accessibilite.html"} <= links


def test_the_data_page_lists_files_and_dictionary(site: Site) -> None:
    soup = BeautifulSoup(render_pages(site)["donnees.html"], "html.parser")
    assert [link["href"] for link in soup.select(".fichiers a")][:1] == ["donnees/profils-chiffres-cles.csv"]
    assert len(soup.select("details table")) == len(soup.select("details.large-tab"))
    assert [fold.summary.get_text() for fold in soup.select(".telecharger details")] == ["École EDP-01"]  # type: ignore[union-attr]
    anchors = {str(link["href"])[1:] for link in soup.select(".sauts a")}
    assert (
        {"dictionnaire", "fichiers-profils", "fichiers-ecoles"} == anchors == {tag["id"] for tag in soup.select("h2")}
    )
    assert "Profils, figure 1" in text(str(soup.select_one(".fichiers")))


def test_the_dictionary_opens_in_a_french_spreadsheet() -> None:
    content = dictionary_csv()
    assert content.startswith(b"\xef\xbb\xbfTable;Colonne;") and b"apprenants;sexe;" in content


def test_the_glossary_follows_the_campaign(site: Site) -> None:
    thresholds = replace(site.campaign.thresholds, percentage=31)
    page = text(render_pages(replace(site, campaign=replace(site.campaign, thresholds=thresholds)))["glossaire.html"])
    assert "moins de 31 personnes" in page
    words = [tag.get_text() for tag in BeautifulSoup(render_pages(site)["glossaire.html"], "html.parser").select("dt")]
    assert len(words) == len(set(words)) > 25


@pytest.mark.parametrize("line", ["Mot;Première moitié ; seconde moitié.", "Mot", "Mot;", ""])
def test_a_definition_that_would_be_cut_is_refused(line: str) -> None:
    with pytest.raises(UserError, match="ligne 2"):
        read_glossary(f"mot;definition\n{line or ';'}\n")
    assert read_glossary('mot;definition\nMot;"Une ; deux."\n') == [("Mot", "Une ; deux.")]


def test_every_definition_is_a_whole_sentence_in_alphabetical_order(site: Site) -> None:
    soup = BeautifulSoup(render_pages(site)["glossaire.html"], "html.parser")
    assert [tag.get_text() for tag in soup.select("dd") if not tag.get_text().endswith((".", "?", ")"))] == []
    accents = str.maketrans("ÉÈéèêâîôç", "EEeeeaioc", "[]")
    words = [tag.get_text().translate(accents).casefold() for tag in soup.select("dt")]
    assert words == sorted(words)


@pytest.mark.parametrize("word", ["Reproduit par construction", "Non établissable ici", "Établi", "Contredit"])
def test_the_glossary_holds_the_words_of_the_concordance(site: Site, word: str) -> None:
    soup = BeautifulSoup(render_pages(site)["glossaire.html"], "html.parser")
    assert word in [tag.get_text() for tag in soup.select("dt")]


def test_the_limits_come_first_in_the_method(site: Site) -> None:
    soup = BeautifulSoup(render_pages(site)["methode.html"], "html.parser")
    first = soup.select("main h2")[0]
    assert first["id"] == slug(LIMITS_TITLE) and "groupe de comparaison" in first.find_next("ul").get_text()  # type: ignore[union-attr]


def test_the_legal_notice_says_what_the_pages_give(site: Site) -> None:
    page = text(render_pages(site)["mentions.html"])
    assert all(word in page for word in ("montants en euros", "citations sans nom", "une fiche pour chaque école"))
