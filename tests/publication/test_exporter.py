from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits import MIME
from edp_analysis.problems import UserError
from edp_analysis.publication.accessibility import page_faults
from edp_analysis.publication.exporter import ReportExporter, export_page, page_title
from edp_analysis.publication.shell import Link

new = nbformat.v4
MENU = (Link("index.html", "Accueil"), Link("profils.html", "Profils"))
OPTIONS = {"navigation": MENU, "current": "profils.html", "csv_folder": "donnees"}


@pytest.fixture
def html(notebook: Any) -> str:
    return export_page(notebook, **OPTIONS)


def test_the_page_has_no_fault(html: str) -> None:
    assert page_faults(html) == ()


def test_two_exports_give_the_same_bytes(notebook: Any, html: str) -> None:
    assert export_page(notebook, **OPTIONS) == html


def test_the_notebook_is_left_as_it_was(notebook: Any) -> None:
    before = copy.deepcopy(notebook)
    export_page(notebook)
    assert notebook == before


def test_the_finding_is_the_heading(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert soup.h1 is not None and soup.h1.get_text() == "54\u00a0% des sortants sont certifiés"
    assert soup.title is not None and soup.title.get_text() == (
        "54\u00a0% des sortants sont certifiés – Profils et résultats – "
        "Évaluation 2024 des écoles de production (données simulées)"
    )
    assert soup.select_one(".surtitre").get_text() == "Profils et résultats"  # type: ignore[union-attr]
    assert len(soup.select(".bandeau.simule")) == 1
    assert [heading.name for heading in soup.find_all(["h1", "h2", "h3", "h4"])] == ["h1", "h2", "h2", "h3"]
    assert "d’où viennent-ils\u202f?" in soup.select(".prose h2")[0].get_text()


def test_code_and_the_style_for_jupyterlab_stay_out(html: str) -> None:
    assert "page.f()" not in html and "edp-lab" not in html and html.count("<style") == 1


def test_the_menu_marks_the_current_page(html: str) -> None:
    current = BeautifulSoup(html, "html.parser").select("nav.principal [aria-current=page]")
    assert [link.get_text() for link in current] == ["Profils"]


def test_each_picture_links_its_figures(html: str) -> None:
    links = list(BeautifulSoup(html, "html.parser").select(".dl a"))
    assert [link["href"] for link in links] == [
        "donnees/profils-chiffres-cles.csv",
        "donnees/profils-ecoles.csv",
        "donnees/profils-comptes.csv",
    ]
    assert links[1].get_text() == "Télécharger les données de la figure 1 (CSV, 0,1\u00a0ko)"


def test_without_a_site_there_is_no_link(notebook: Any) -> None:
    assert "donnees/" not in export_page(notebook) and "edp:csv" not in export_page(notebook)


def test_print_says_the_data_are_simulated(html: str) -> None:
    mention = "Évaluation 2024 des écoles de production, données simulées. Page interne, ne pas diffuser."
    assert f'@bottom-left{{content:"{mention}"' in html


def test_plain_nbconvert_gives_the_same_page(notebook: Any, tmp_path: Path) -> None:
    """``jupyter nbconvert --to rapport`` finds the exporter by its entry point and calls it on a file."""
    from nbconvert.exporters import get_exporter

    path = tmp_path / "profils.ipynb"
    nbformat.write(notebook, path)
    exporter = get_exporter("rapport")
    assert exporter is ReportExporter
    assert exporter().from_filename(str(path))[0] == export_page(notebook)


def with_output(notebook: Any, output: Any, tags: tuple[str, ...] = ()) -> Any:
    cell = new.new_code_cell("x", outputs=[output], metadata={"tags": list(tags)}, id="fautif")
    notebook.cells.append(cell)
    return notebook


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (new.new_output("execute_result", {"text/html": "<table>", "text/plain": "a"}), "tableau ou un objet brut"),
        (new.new_output("execute_result", {"text/plain": "42"}), "valeur brute"),
        (new.new_output("display_data", {"image/png": "iVBOR"}), "valeur brute"),
        (new.new_output("stream", name="stdout", text="bonjour"), "stdout : « bonjour »"),
        (new.new_output("stream", name="stderr", text="FutureWarning"), "stderr"),
        (new.new_output("error", ename="KeyError", evalue="'x'", traceback=[]), "KeyError"),
    ],
)
def test_anything_but_an_exhibit_stops_the_export(notebook: Any, output: Any, words: str) -> None:
    with pytest.raises(UserError, match=r"cellule 10 \(section « Les comptes »\)") as caught:
        export_page(with_output(notebook, output))
    assert words in str(caught.value)


def test_a_tool_cell_is_left_out(notebook: Any, html: str) -> None:
    tool = with_output(notebook, new.new_output("stream", name="stdout", text="autoreload"), ("outil",))
    assert export_page(tool, **OPTIONS) == html


def test_an_exhibit_without_stamp_stops_the_export(notebook: Any) -> None:
    notebook.cells[3].outputs[0].data[MIME]["passage"] = None
    with pytest.raises(UserError, match="« chiffres-cles » n'est pas passé par la porte"):
        export_page(notebook)


def test_two_exhibits_with_one_id_stop_the_export(notebook: Any) -> None:
    notebook.cells.append(copy.deepcopy(notebook.cells[3]))
    with pytest.raises(UserError, match="« chiffres-cles » est déjà celui de cellule 4"):
        export_page(notebook)


def test_the_essentials_are_the_answers_then_what_states_a_figure(html: str) -> None:
    facts = BeautifulSoup(html, "html.parser").select(".essentiel li")
    assert [fact.get_text() for fact in facts] == [
        "54\u00a0% (134 sur 246\u202f; entre 48 et 61\u00a0%) des sortants sont certifiés. (réponse à la question Q1)"
    ]
    assert [fact.a["href"] for fact in facts if fact.a] == ["#reponse-q1"]


def test_a_page_in_a_sub_folder_leads_back_to_the_root(notebook: Any) -> None:
    soup = BeautifulSoup(export_page(notebook, **OPTIONS, site_root="../", one_sheet=True), "html.parser")
    assert [link["href"] for link in soup.select("nav.principal a")] == ["../index.html", "../profils.html"]
    assert soup.select(".dl a")[0]["href"] == "../donnees/profils-chiffres-cles.csv"
    assert not soup.select(".essentiel, .sommaire") and soup.body is not None and "fiche" in soup.body["class"]


def test_a_page_without_finding_takes_its_title(make_notebook: Callable[..., Any]) -> None:
    page = make_notebook(["# Une *page*", "## Une section"])
    assert page_title(page) == "Une page"
    soup = BeautifulSoup(export_page(page), "html.parser")
    assert soup.h1 is not None and soup.h1.get_text() == "Une page"


FAULTS = {
    "langue": ('lang="fr"', 'lang="en"', "langue"),
    "titre": ("<title>", "<title>Untitled</title><title>", "titre de la fenêtre"),
    "évitement": ('href="#contenu"', 'href="index.html"', "premier lien"),
    "deux h1": ("<h1>", "<h1>a</h1><h1>", "2 titres de premier niveau"),
    "saut de niveau": ("<h2 ", "<h4>a</h4><h2 ", "un titre de niveau 4 suit un titre de niveau 1"),
    "portée": ('scope="row"', "", "pas de portée"),
    "titre de tableau": ("<caption ", "<p ", "pas de titre (RGAA 5.4)"),
    "clavier": ('tabindex="0"', "", "défiler au clavier"),
    "identifiant": ('id="ecoles"', 'id="contenu"', "sert 2 fois"),
    "ancre": ("<h1>", '<h1><a href="#nulle-part">a</a>', "ne mène nulle part"),
    "réseau": ("<h1>", '<h1><img src="https://exemple.fr/a.png" alt="un dessin">', "vient du réseau"),
    "feuille de style": ("</style>", "p{background:url(//exemple.fr)}</style>", "charge une ressource"),
    "script": ("<h1>", "<script></script><h1>", "script"),
    "politique": ("default-src 'none'", "default-src *", "politique de sécurité"),
    "légende": ('aria-label="Figure\u00a01.', 'aria-label="Figure\u00a02.', "liée à sa légende"),
    "légende sans rôle": ('role="figure"', "", "liée à sa légende"),
    "champ vide": (" C\u202f; n\u00a0=\u00a036.</p>", "</p>", "pas de « Champ »"),
    "champ sans effectif": ("\u202f; n\u00a0=\u00a036.</p>", "</p>", "ne dit pas combien elle compte"),
    "champ daté, sans effectif": (
        " C\u202f; n\u00a0=\u00a036.</p>",
        " entrés depuis 24 mois, de 2018-2019 à 2021, au 30 avril 2024</p>",
        "ne dit pas combien elle compte",
    ),
    "source": ("<strong>Source\u00a0:", "<strong>Origine\u00a0:", "pas de « Source »"),
    "données en CSV": ("donnees/profils-ecoles.csv", "donnees/profils-ecoles.txt", "pas ses données en CSV"),
    "lien vague": ("<h1>", '<h1><a href="index.html">En savoir plus</a>', "ne dit pas où il mène"),
    "lien ambigu": ("<h1>", '<h1><a href="autre.html">Accueil</a>', "mènent à deux endroits"),
    "menus de même nom": ('aria-label="Pied de page"', 'aria-label="Menu principal"', "zone de navigation"),
    "menu sans nom": (' aria-label="Menu principal"', "", "zone de navigation"),
    "en-tête": ("<header", "<div", "un en-tête ou un pied de page manque"),
    "lecture": ("<strong>Lecture\u00a0:", "<strong>Lire\u00a0:", "pas de « Lecture »"),
    "alternative": ('<svg aria-label="', '<svg aria-label="None" data-x="', "alternative pertinente"),
    "alternative d'nbconvert": (
        '<svg aria-label="',
        '<svg aria-label="No description has been provided for this image" data-x="',
        "alternative pertinente",
    ),
    "alternative passe-partout": ("<h1>", '<h1><img src="data:," alt="dessin.png">', "alternative pertinente"),
    "lien vide": ("<h1>", '<h1><a href="index.html"></a>', "pas d'intitulé"),
    "point décimal": ("<h1>", "<h1>54.5 ", "à l'anglaise : « 4.5 »"),
    "pour cent collé": ("<h1>", "<h1>54% ", "à l'anglaise : « 4% »"),
    "milliers sécables": ("<h1>", "<h1>577 000 euros ", "une espace ordinaire peut couper « 577 000 »"),
    "euro sécable": ("<h1>", "<h1>5 € ", "une espace ordinaire peut couper « 5 € »"),
    "deux-points sécable": ("<h1>", "<h1>Lecture : ", "une espace ordinaire peut couper « e : »"),
    "poids": ("<h1>", f"<h1>{'a' * 300_000}", "dépasse 300 ko"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_check_sees_its_fault(html: str, name: str) -> None:
    before, after, words = FAULTS[name]
    assert before in html, "the planted fault must land somewhere"
    assert any(words in fault for fault in page_faults(html.replace(before, after, 1)))


def test_a_figure_of_nothing_says_that_it_counts_none(html: str) -> None:
    """Accounts that were not received must not keep the rest of the site from being replaced."""
    nothing = html.replace(" C\u202f; n\u00a0=\u00a036.</p>", " aucun exercice</p>", 1)
    assert nothing != html and page_faults(nothing) == page_faults(html)
