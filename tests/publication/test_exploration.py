"""The cells that end a notebook for the analyst stay in the notebook: nothing they show reaches the site."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from edp_analysis.exhibits import Page
from edp_analysis.publication.downloads import write_csvs
from edp_analysis.publication.exporter import export_page
from edp_analysis.publication.kernels import Job, execute_notebooks
from edp_analysis.publication.notebook import TOOL_TAG, exhibits, exploration, read_notebook, write_notebook
from edp_analysis.publication.portal import PageInfo
from edp_analysis.publication.schools import run_cells

new: Any = v4
TOOL = {"tags": [TOOL_TAG]}


@pytest.fixture
def explored(notebook: Any, page: Page, share_of: Callable[..., Any]) -> Any:
    """Return the notebook of a page, followed by a section that shows a figure of its own."""
    figure = page.dots({"EDP-02": share_of(30, 50)}, id="essai", title="Un essai", lecture="l", champ="c")
    output = new.new_output("execute_result", data=figure._repr_mimebundle_(), execution_count=9)
    longer = copy.deepcopy(notebook)
    longer.cells += [
        new.new_markdown_cell("## Pour explorer\n\nChanger l'école.", metadata=TOOL, id="pour"),
        new.new_code_cell("page.dots(x)", outputs=[output], metadata=TOOL, id="essai"),
    ]
    return longer


def test_the_page_ends_where_the_section_begins(notebook: Any, explored: Any) -> None:
    assert exploration(notebook) == len(notebook.cells)
    assert exploration(explored) == len(notebook.cells)
    explored.cells.append(new.new_markdown_cell("Une limite."))
    assert exploration(explored) == len(explored.cells), "une cellule de la page suit : rien n'est laissé de côté"


def test_nothing_of_the_section_is_published(notebook: Any, explored: Any, tmp_path: Path) -> None:
    options = {"csv_folder": "donnees"}
    assert export_page(explored, **options) == export_page(notebook, **options)
    assert exhibits(explored) == exhibits(notebook)
    assert [item["id"] for item in exhibits(explored, tools=True)][-1] == "essai"
    page = PageInfo("profils", "Profils", "profils.html", explored)
    assert "essai" not in {item["id"] for item in page.exhibits}, "ni portail, ni manifeste, ni preuve"
    assert [path.name for path in write_csvs(explored, tmp_path)] == [
        "profils-chiffres-cles.csv",
        "profils-ecoles.csv",
        "profils-comptes.csv",
    ]


def test_without_its_tag_the_section_would_be_published(explored: Any) -> None:
    """The planted fault: what the tag holds back, and what the lint therefore refuses."""
    for cell in explored.cells[-2:]:
        del cell.metadata["tags"]
    html = export_page(explored)
    assert "Pour explorer" in html and "Un essai" in html
    assert "essai" in {item["id"] for item in exhibits(explored)}


def test_the_pages_of_the_schools_do_not_run_it() -> None:
    shown = "class Shown:\n    def _repr_mimebundle_(self):\n        return {'text/plain': ecole}\nShown()"
    stored = new.new_output("execute_result", data={"text/plain": "EDP-01"}, execution_count=3)
    cells = [
        new.new_code_cell("ecole = 'EDP-01'  # texte, école", metadata={"tags": ["parameters"]}),
        new.new_code_cell(shown),
        new.new_markdown_cell("## Pour explorer", metadata=TOOL),
        new.new_code_cell("{}['effectif']", metadata=TOOL, outputs=[stored], execution_count=3),
    ]
    executed = run_cells(new.new_notebook(cells=cells), {"ecole": "EDP-02"}, "fiche.ipynb")
    assert executed.cells[1].outputs[0].data["text/plain"] == "EDP-02"
    last = executed.cells[3]
    assert (last.source, last.outputs, last.execution_count) == ("{}['effectif']", [], None)


@pytest.mark.lent
def test_a_batch_run_does_not_pay_for_it(tmp_path: Path) -> None:
    """The planted section cannot run: the run without it succeeds and keeps it as written; the one with it fails."""
    show = (
        "from IPython.display import display\n"
        "element = {'id': 'essai', 'titre': 't', 'passage': {'audience': 'interne'}}\n"
        "display({'text/plain': 'x', 'application/vnd.edp.exhibit+json': element}, raw=True)"
    )
    cells = [
        new.new_markdown_cell("# Titre", id="titre"),
        new.new_code_cell("campagne = '2024'  # str, code", metadata={"tags": ["parameters"]}, id="parametres"),
        new.new_code_cell(show, id="montre"),
        new.new_markdown_cell("## Pour explorer", metadata=TOOL, id="pour"),
        new.new_code_cell("{}['effectif']", metadata=TOOL, id="outil"),
    ]
    path = tmp_path / "01_essai.ipynb"
    write_notebook(new.new_notebook(cells=cells), path)
    jobs = [
        Job(path, tmp_path / name, tmp_path / "log", {"campagne": "2028"}, tools=tools)
        for name, tools in (("sans.ipynb", False), ("avec.ipynb", True))
    ]
    (without,) = execute_notebooks(jobs[:1], tmp_path)
    assert without.failure is None
    executed = read_notebook(jobs[0].output)
    assert [cell.source for cell in executed.cells[-2:]] == ["## Pour explorer", "{}['effectif']"]
    assert executed.cells[-1].outputs == [] and len(exhibits(executed)) == 1
    (with_it,) = execute_notebooks(jobs[1:], tmp_path)
    assert with_it.failure is not None and (with_it.failure.cell, with_it.failure.heading) == (5, "Pour explorer")
