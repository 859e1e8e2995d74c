from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup

from edp_analysis.cleaning.result import Tables
from edp_analysis.contract.checks import empty_frame
from edp_analysis.indicators.result import Indicator
from edp_analysis.publication.accessibility import page_faults
from edp_analysis.publication.portal import PageInfo, navigation, render_portal
from edp_analysis.publication.register import RegisterEntry, Verdict


@pytest.fixture
def pages(notebook: Any) -> list[PageInfo]:
    return [
        PageInfo("profils", "Profils", "profils.html", notebook),
        PageInfo("finances", "Finances", "", None, "cellule 7 : une colonne est absente."),
    ]


@pytest.fixture
def entries(share_of: Callable[..., Indicator]) -> list[RegisterEntry]:
    found = share_of(134, 246, "certification_sortants")
    blank = share_of(48, 378, "origine_vide")
    return [
        RegisterEntry(
            "certification_sortants", "Taux de certification", "p. 4", Decimal(54), "%", 0, "jeunes sortis", found,
            Decimal(54), Verdict.FOUND, "",
        ),
        RegisterEntry(
            "origine_completude", "Complété pour 88 % des effectifs", "p. 2", Decimal(88), "%", 0, "jeunes entrants",
            blank, Decimal(87), Verdict.CONTRADICTORY, "Contradictoire avec « vide » à 13 %.",
        ),
        RegisterEntry(
            "entretiens", "Plus de 60 entretiens", "p. 1", Decimal(60), "entretiens", 0, "", None, None,
            Verdict.NOT_RECOMPUTABLE, "Donnée absente : entretiens.",
        ),
    ]  # fmt: skip


@pytest.fixture
def html(tables: Tables, pages: list[PageInfo], entries: list[RegisterEntry]) -> str:
    return render_portal(tables.campaign, tables, pages, entries)


def test_the_portal_has_no_fault(html: str) -> None:
    assert page_faults(html) == ()
    assert "Accessibilité&nbsp;: non conforme (non auditée)" in html


def test_two_portals_are_the_same(
    tables: Tables, pages: list[PageInfo], entries: list[RegisterEntry], html: str
) -> None:
    assert render_portal(tables.campaign, tables, pages, entries) == html


def test_each_question_has_its_answer_or_says_why_not(html: str) -> None:
    questions = BeautifulSoup(html, "html.parser").select("ol.questions > li")
    assert len(questions) == 6
    assert (
        "54\u00a0% (134 sur 246\u202f; entre 48 et 61\u00a0%) des sortants sont certifiés." in questions[0].get_text()
    )
    assert questions[0].a is not None and questions[0].a["href"] == "profils.html#reponse-q1"
    assert "Non traité dans cette phase." in questions[1].get_text()
    assert "une colonne est absente" in questions[5].get_text()


def test_the_register_shows_its_contradiction(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert "Contradictoire avec «\u00a0vide\u00a0» à 13 %." in soup.get_text().replace("13\u00a0%", "13 %")
    table = soup.find(id="registre-table-titre").find_parent("table")  # type: ignore[union-attr]
    rows = [[cell.get_text("|") for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]  # type: ignore[union-attr]
    assert rows[0][1:3] == ["54\u00a0%|Recalculé\u00a0:| 54\u00a0%|Effectifs\u00a0:| 134 sur 246", "retrouvé"]
    assert rows[1][1].startswith("88\u00a0%|Recalculé\u00a0:| 87\u00a0%|")
    assert rows[1][2] == "contradictoire (attendu)"
    assert rows[2][1:3] == ["60\u00a0entretiens", "non recalculable"], "what is absent takes no room"
    assert "3 chiffres publiés – retrouvé\u00a0: 1\u202f; contradictoire (attendu)\u00a0: 1" in soup.get_text()


def test_what_is_not_simply_found_is_never_folded_away(
    tables: Tables, pages: list[PageInfo], entries: list[RegisterEntry]
) -> None:
    wrong = replace(entries[0], recomputed=Decimal(55), verdict=Verdict.DIFFERENT)
    soup = BeautifulSoup(render_portal(tables.campaign, tables, pages, [wrong, *entries]), "html.parser")
    visible = [table for table in soup.find_all("table") if table.find_parent("details") is None]
    assert [row.get_text(" ") for table in visible for row in table.select("tbody td:nth-child(3)")] == [
        "différent", "contradictoire (attendu)", "non recalculable",
    ]  # fmt: skip
    found = BeautifulSoup(render_portal(tables.campaign, tables, pages, entries[:1]), "html.parser")
    assert found.find(id="registre-ecarts-titre") is None


def test_simulated_data_prove_the_chain_only(
    tables: Tables, pages: list[PageInfo], entries: list[RegisterEntry], html: str
) -> None:
    words = "elle prouve la chaîne de calcul, pas l’évaluation"
    assert words in html
    real = replace(tables, campaign=replace(tables.campaign, simulated=False))
    assert words not in render_portal(real.campaign, real, [], entries)


def test_the_headline_and_cards_come_from_the_notebooks(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert soup.h1 is not None and soup.h1.get_text() == "54\u00a0% des sortants sont certifiés"
    assert [card.get_text() for card in soup.select(".kf")] == ["54\u00a0%"]


def test_rows_received_are_told(html: str) -> None:
    text = BeautifulSoup(html, "html.parser").get_text()
    assert "1 fichier\u00a0: 41 lignes lues, 40 lignes reprises, 0 ligne fusionnée et 1 ligne écartée." in text.replace(
        "\u00a0l", " l"
    )


def test_a_portal_of_nothing_still_stands(tables: Tables) -> None:
    html = render_portal(tables.campaign, replace(tables, ledger=type(tables.ledger)()), [], [])
    assert page_faults(html) == ()
    assert "Aucune ligne n’a été lue." in html and "pas de chiffres publiés" in html


def test_the_card_of_a_school_leads_to_its_sheet_and_to_its_own_dashboard(tables: Tables) -> None:
    tables = replace(tables, ecoles=empty_frame("ecoles"))
    kinds = {"ecoles": ("{}", "École {}"), "suivi": ("suivi-{}", "Tableau de bord {}")}
    schools = [
        PageInfo(name.format(code), title.format(code), f"{folder}/{code}.html", folder=folder)
        for folder, (name, title) in kinds.items()
        for code in ("EDP-01", "EDP-02")
    ]
    cards = BeautifulSoup(render_portal(tables.campaign, tables, [], [], schools=schools), "html.parser").select(
        "#ecoles ~ ul.grille > li"
    )
    assert [[link["href"] for link in card.select("a")] for card in cards] == [
        ["ecoles/EDP-01.html", "suivi/EDP-01.html"], ["ecoles/EDP-02.html", "suivi/EDP-02.html"],
    ]  # fmt: skip


def test_the_menu_leaves_out_what_cannot_be_opened(pages: list[PageInfo]) -> None:
    assert [link.label for link in navigation(pages)] == ["Accueil", "Profils", "Méthode", "Données"]
    assert "Les écoles" in [link.label for link in navigation(pages, schools=True)]


def test_the_synthesis_answers_in_one_sentence_and_the_pages_are_its_evidence(
    tables: Tables, pages: list[PageInfo], entries: list[RegisterEntry], notebook: Any
) -> None:
    """The same notebook twice: as a page of phase 1, and as the synthesis."""
    whole = PageInfo("synthese", "Synthèse", "synthese.html", notebook, folder="synthese")
    html = render_portal(tables.campaign, tables, [*pages, whole], entries)
    (first, *_) = BeautifulSoup(html, "html.parser").select("ol.questions > li")
    assert [link["href"] for link in first.select(".reponse a")] == ["synthese.html#reponse-q1"]
    assert [link["href"] for link in first.select(".preuves a")] == ["profils.html#reponse-q1"]
    assert first.select_one(".preuves").get_text() == "Preuves\u00a0: Profils, réponse à\u00a0Q1."  # type: ignore[union-attr]
    assert page_faults(html) == ()


def test_the_portal_says_what_is_evaluated_on_whom_and_what_it_does_not_say(html: str) -> None:
    opening = BeautifulSoup(html, "html.parser").select_one(".ouverture")
    assert opening is not None and opening.a is not None
    text = " ".join(opening.get_text().replace("\u00a0", " ").split())
    assert "apprennent un métier" in text and "en 6 questions" in text and "La Région demande" in text
    assert "entrées depuis le 1er septembre 2018, dossiers dans leur état au 30 avril 2024" in text
    assert opening.a["href"] == "methode.html#s-ce-que-ces-chiffres-ne-disent-pas"


def test_a_figure_on_which_the_publication_contradicts_itself_is_no_key_figure(
    tables: Tables, page: Any, share_of: Callable[..., Indicator], make_notebook: Any, entries: list[RegisterEntry]
) -> None:
    shown = [share_of(134, 246, "certification_sortants"), share_of(330, 378, "origine_completude")]
    pages = [PageInfo("p", "P", "p.html", make_notebook([page.key_figures(shown)]))]
    cards = BeautifulSoup(render_portal(tables.campaign, tables, pages, entries), "html.parser").select(".kf")
    assert [card.get_text() for card in cards] == ["54\u00a0%"]


def test_the_synthesis_comes_before_its_concordance() -> None:
    pages = [PageInfo(name, name, f"{name}.html", folder="synthese") for name in ("concordance", "synthese")]
    pages = [*pages, PageInfo("profils", "Profils", "profils.html", folder="phase1")]
    pages.append(PageInfo("synthese_a_imprimer", "I", "synthese_a_imprimer.html", folder="synthese"))
    assert [link.href for link in navigation(pages)][1:5] == [
        "profils.html", "synthese.html", "synthese_a_imprimer.html", "concordance.html"
    ]  # fmt: skip


def test_the_files_received_are_named_in_words(html: str) -> None:
    table = BeautifulSoup(html, "html.parser").find(id="donnees-table-titre").find_parent("table")  # type: ignore[union-attr]
    heads = [cell.get_text() for cell in table.select("thead th")]  # type: ignore[union-attr]
    assert heads[2:] == ["Lignes lues", "Reprises", "Fusionnées", "Écartées", "Corrigées"]
    assert "apprenants" not in [cell.get_text() for cell in table.select("tbody td")]  # type: ignore[union-attr]


def test_a_second_campaign_leads_with_what_the_first_published(
    tables: Tables, make_notebook: Callable[..., Any], share_of: Callable[..., Indicator], page: Any
) -> None:
    """Without figures to find again, the rows read or merged would come first: nobody reads a portal for those."""
    shown = page.key_figures([share_of(3, 30, "lignes_fusionnees"), share_of(21, 40, "certification_sortants")])
    later = replace(tables.campaign, code="2028", reference=None, settings={"suivi": {"cibles": "2024"}})
    info = PageInfo("profils", "Profils", "profils.html", make_notebook([shown]))
    html = render_portal(later, replace(tables, campaign=later), [info], [])
    labels = [card.get_text() for card in BeautifulSoup(html, "html.parser").select(".cartes .kf")]
    assert labels == ["53\u00a0%", "10\u00a0%"]
