"""The page to print: assembled from the exhibits of the notebooks, or refused with what is at fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.result import Tables
from edp_analysis.exhibits import Exhibit, Page
from edp_analysis.problems import UserError
from edp_analysis.publication.accessibility import MAX_BYTES, page_faults
from edp_analysis.publication.excerpts import excerpts
from edp_analysis.publication.exporter import page_title
from edp_analysis.publication.handout import HREF, handout_pages, render_handout
from edp_analysis.publication.notebook import find_notebooks, page_name, read_notebook
from edp_analysis.publication.pages import Site
from edp_analysis.publication.portal import PageInfo, navigation
from edp_analysis.publication.selection import Block, Reference, Selection, read_selection
from edp_analysis.publication.statement import Statement

ROOT = Path(__file__).parent.parent.parent
KNOWN = ("profils", "finances", "jamais_execute")


def ref(text: str) -> Reference:
    page, _, rest = text.partition("#")
    return Reference(page, *rest.split("/"))


def block(kind: str, *elements: str, **given: Any) -> Block:
    return Block(kind, "feuille 1, bloc 1", elements=tuple(map(ref, elements)), **given)


def selection(*blocks: Block, title: str = "Titre") -> Selection:
    return Selection("À imprimer", title, Block("texte", "chapeau", text="Mots."), (blocks,))


@pytest.fixture
def other(tables: Tables, share_of: Callable[..., Any], make_notebook: Any) -> Any:
    """A second page whose exhibits bear the same identifiers as those of the first."""
    page = Page(tables.campaign, tables, "finances")
    rows = pd.DataFrame(
        {"Qui": ["Région", "Écoles", "Région"], "Quand": ["mai", "juin", "mai"], "Quoi": [*"ABC"]}
    ).assign(Rang=1.5)
    return make_notebook(
        [
            "# Finances",
            page.dots({"EDP-01": share_of(20, 36)}, id="ecoles", title="Autre", lecture="l", champ="36 sortants"),
            page.table(rows, id="suivi", title="Suivi", lecture="l", champ="3 lignes"),
            page.table(rows.iloc[:0], id="vide", title="Non calculable : suivi", lecture="l", champ="aucune ligne"),
            page.sentence("Dit sur {x:complet}.", id="dit", x=share_of(3, 10)),
        ]
    )


@pytest.fixture
def site(tables: Tables, notebook: Any, other: Any) -> Site:
    pages = [
        PageInfo("profils", "Profils des jeunes", "profils.html", notebook),
        PageInfo("finances", "Finances", "finances.html", other),
    ]
    return Site(tables.campaign, "interne", Statement(), navigation(pages), pages, [], "donnees")


def built(site: Site, *blocks: Block) -> str:
    return render_handout(site, selection(*blocks), KNOWN)[HREF]


def soup(site: Site, *blocks: Block) -> BeautifulSoup:
    return BeautifulSoup(built(site, *blocks), "html.parser")


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


WHOLE = (
    block("partie", title="Première phase"),
    block("chiffres", "profils#chiffres-cles/certification_sortants"),
    block("question", "profils#reponse-q1", "profils#constat", question="Q1"),
    block("figure", "profils#ecoles"),
    block("figure", "finances#ecoles"),
    block("lignes", "finances#suivi", column="Quoi", by=("Qui", "Quand")),
    block("constats", "finances#dit", title="Aussi"),
)


def test_without_a_selection_there_is_no_page(site: Site) -> None:
    assert render_handout(site, None, KNOWN) == {} and handout_pages(None, site.campaign) == ()


def test_a_page_of_every_kind_of_block_has_no_fault(site: Site) -> None:
    """Two figures of the same name from two pages: identifiers stay unique, captions and links too."""
    html = built(site, *WHOLE)
    assert page_faults(html) == ()
    assert 'id="profils-ecoles"' in html and 'id="finances-ecoles"' in html
    assert html == built(site, *WHOLE)


def test_every_number_is_that_of_the_page_of_origin(site: Site, notebook: Any) -> None:
    """The texts are those of the exhibits, character for character."""
    shown = excerpts(notebook)
    page = soup(site, *WHOLE)
    facts = [str(item.contents[0]).strip() for item in page.select(".faits li")]
    assert facts[:2] == [shown["reponse-q1"].item["titre"], shown["constat"].item["titre"]]
    assert page.select(".kf")[0].get_text() == "54\u00a0%"
    assert len(page.select("figure svg")) == 4


def test_every_piece_says_where_it_comes_from(site: Site) -> None:
    page = soup(site, *WHOLE)
    links = {link["href"]: words(link) for link in page.select("a.piece")}
    assert links == {
        "profils.html#chiffres-cles": "Profils des jeunes, chiffres clés",
        "profils.html#reponse-q1": "Profils des jeunes, réponse à Q1",
        "profils.html": "Profils des jeunes, constat",
        "profils.html#ecoles": "Profils des jeunes, figure 1",
        "finances.html#ecoles": "Finances, figure 1",
        "finances.html#suivi": "Finances, tableau 1",
        "finances.html#dit": "Finances, phrase « dit »",
    }
    codes = [words(code) for code in page.select(".code")]
    assert codes == [
        "[A, chiffres]", "[A, rép. Q1]", "[A, constat]", "[A, fig. 1]", "[B, fig. 1]", "[B, tab. 1]", "[B, phrase]",
    ]  # fmt: skip
    assert "A Profils des jeunes ; B Finances." in words(page.select_one(".clef"))


def test_rows_are_gathered_by_who_then_by_when(site: Site) -> None:
    page = soup(site, block("lignes", "finances#suivi", column="Quoi", by=("Qui", "Quand")))
    assert [words(title) for title in page.select("h3")] == ["Région", "Écoles"]
    assert [words(item) for item in page.select(".lignes > li")] == ["mai : A C", "juin : B"]


def test_rows_are_chosen_by_their_values_and_a_value_without_row_is_said(site: Site) -> None:
    kept = block("lignes", "finances#suivi", column="Quoi", more=("Quand",), keep={"Qui": ("Écoles", "DREETS")})
    page = soup(site, kept)
    assert [words(item) for item in page.select(".lignes > li")] == ["B – juin"]
    assert words(page.select_one(".vide")) == "Aucune ligne : DREETS."


def test_what_could_not_be_computed_is_said_in_words(site: Site) -> None:
    page = soup(site, block("lignes", "finances#vide", column="Quoi"))
    assert words(page.select_one(".vide")) == "Non calculable : suivi"


def test_a_page_that_was_not_executed_leaves_words_in_its_place(site: Site) -> None:
    blocks = [block("figure", "jamais_execute#f"), block("chiffres", "jamais_execute#c/n")]
    page = soup(site, *blocks, block("texte", text="Sur {n}.", values={"n": ref("jamais_execute#c/n")}))
    assert [words(note).split(" : ")[0] for note in page.select(".vide")] == [
        "« jamais_execute#f »", "« jamais_execute#c/n »", "« jamais_execute#c/n »",
    ]  # fmt: skip
    assert page_faults(str(page)) == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (block("figure", "profils#ecole"), r"feuille 1, bloc 1 : profils#ecole \(peut-être « ecoles » \?\)"),
        (block("figure", "profil#ecoles"), r"profil#ecoles \(peut-être « profils » \?\)"),
        (block("chiffres", "profils#chiffres-cles/certification"), r"peut-être « certification_sortants »"),
        (block("texte", text="{n}", values={"n": ref("profils#constat/x")}), r"profils#constat/x"),
        (block("figure", "profils#reponse-q1"), r"un bloc « figure » attend un élément d'un autre genre"),
        (block("lignes", "profils#ecoles", column="École"), r"un bloc « lignes » attend un élément d'un autre genre"),
        (block("question", "profils#reponse-q1", question="Q99"), r"question « Q99 » absente de la campagne"),
        (block("lignes", "finances#suivi", column="Qoi"), r"colonne « Qoi » absente, dans finances#suivi"),
        (block("lignes", "finances#suivi", column="Rang"), r"colonne « Rang » faite de nombres"),
        (block("lignes", "finances#vide", column="Qoi"), r"colonne « Qoi » absente"),
        (block("lignes", "finances#suivi", column="Quoi", by=("Où",)), r"colonne « Où » absente"),
        (block("partie", title="Les 10 écoles"), r"bloc 1 : Nombre « 10 » écrit en dur"),
        (block("texte", text="{n} jeunes"), r"« \{n\} » n'a pas reçu de valeur"),
    ],
)
def test_what_does_not_exist_is_refused_and_named(site: Site, wrong: Block, message: str) -> None:
    with pytest.raises(UserError, match=message):
        built(site, wrong)


def test_many_lost_references_are_counted(site: Site) -> None:
    lost = [f"profils#perdu-{rank}" for rank in range(11)]
    with pytest.raises(UserError, match=r"(?s)11 éléments cités que rien ne montre.*et 3 autres"):
        built(site, block("constats", *lost))


def stamped(exhibit: Exhibit, **given: str) -> Exhibit:
    assert exhibit.stamp is not None
    return replace(exhibit, stamp=replace(exhibit.stamp, **given))


@pytest.mark.parametrize("given", [{"audience": "public"}, {"campaign": "2020"}])
def test_what_passed_the_gate_for_others_is_refused(
    tables: Tables, page: Page, make_notebook: Any, given: dict[str, str]
) -> None:
    finding = page.finding("Constat")
    fact = block("constats", "profils#constat")
    for exhibit, refused in ((finding, False), (stamped(finding, **given), True)):
        pages = [PageInfo("profils", "Profils", "profils.html", make_notebook([exhibit]))]
        site = Site(tables.campaign, "interne", Statement(), navigation(pages), pages, [], "donnees")
        if refused:
            with pytest.raises(UserError, match=r"« profils#constat » n'est pas passé par la porte de diffusion"):
                built(site, fact)
        else:
            assert "Constat" in built(site, fact)


def test_simulated_data_are_said_on_every_sheet_and_at_the_foot(site: Site) -> None:
    html = built(site, *WHOLE)
    assert '@top-right{content:"Données simulées"' in html and 'class="bandeau simule"' in html
    assert "données simulées, état au 30 avril 2024." in words(
        BeautifulSoup(html, "html.parser").select_one(".composition")
    )
    real = built(replace(site, campaign=replace(site.campaign, simulated=False)), block("partie", title="Une partie"))
    assert "imulées" not in real and "fichiers reçus, état au" in real


def test_the_foot_cannot_close_the_style_sheet(site: Site) -> None:
    hostile = replace(site.campaign, label='Évaluation "</style><b>\\')
    html = built(replace(site, campaign=hostile), block("partie", title="Une partie"))
    assert html.count("</style>") == 1 and '\\"\\3c /style>\\3c b>\\\\' in html


def test_the_menu_and_the_portal_know_the_page(site: Site) -> None:
    (page,) = handout_pages(selection(title="L'évaluation {campagne}"), site.campaign)
    assert (page.href, page.title, page.finding) == (HREF, "À imprimer", "L’évaluation 2024")


def test_the_shipped_selection_prints_the_committed_notebooks() -> None:
    """What the repository ships, whole: nothing cited in vain, no fault, and not too heavy."""
    pages = []
    for path in find_notebooks(ROOT):
        read = read_notebook(path)
        pages.append(PageInfo(page_name(path), page_title(read), f"{page_name(path)}.html", read))
    campaign = load_campaign("2024", ROOT)
    chosen = read_selection(ROOT)
    site = Site(campaign, "interne", Statement(), navigation(pages), pages, [], "donnees")
    html = render_handout(site, chosen, [page.name for page in pages])[HREF]
    assert page_faults(html) == () and len(html.encode()) < MAX_BYTES
    assert not BeautifulSoup(html, "html.parser").select(".vide")


def test_words_are_defined_as_in_the_glossary_and_limits_as_in_the_method(site: Site) -> None:
    """On data received no statement is reproduced by construction: the word, which says « simulées », is left out."""
    chosen = block("definitions", terms=("Établi", "Reproduit par construction"))
    assert [words(item).split(" :")[0] for item in soup(site, chosen).select(".faits li")] == list(chosen.terms)
    real = replace(site, campaign=replace(site.campaign, simulated=False))
    assert [words(item).split(" :")[0] for item in soup(real, chosen).select(".faits li")] == ["Établi"]
    assert "groupe de comparaison" in words(soup(site, block("limites")).select_one(".bloc-limites"))
    with pytest.raises(UserError, match="« Etabli » n'est pas un mot du glossaire"):
        built(site, block("definitions", terms=("Etabli",)))


def test_the_data_are_named_for_what_they_are(site: Site) -> None:
    named = block("texte", text="{donnees} : entretiens.")
    assert "Données simulées\u00a0: entretiens." in built(site, named)
    real = built(replace(site, campaign=replace(site.campaign, simulated=False)), named)
    assert "Données reçues\u00a0: entretiens." in real
