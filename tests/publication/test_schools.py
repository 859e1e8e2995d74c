"""One notebook, a page a school: run in this process, the same as with a kernel, and only when something changed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.problems import UserError
from edp_analysis.publication.notebook import is_tool, read_notebook
from edp_analysis.publication.schools import SHEETS, run_cells, run_schools, school_notebooks

ROOT = Path(__file__).parent.parent.parent
new = nbformat.v4


def notebook(*sources: str) -> Any:
    cells = [new.new_markdown_cell("# Fiche"), *(new.new_code_cell(source) for source in sources)]
    cells[1].metadata["tags"] = ["parameters"]
    return new.new_notebook(cells=cells)


def texts(executed: Any) -> list[str]:
    cells = [cell for cell in executed.cells if not is_tool(cell)]
    return [output.data["text/plain"] for cell in cells for output in cell.get("outputs", ())]


@pytest.mark.lent
@pytest.mark.parametrize("path", school_notebooks(ROOT), ids=lambda path: path.stem)
def test_this_process_shows_what_a_kernel_shows(path: Path) -> None:
    """The committed notebook holds the outputs of a kernel, which nbval compares."""
    stored = read_notebook(path)
    executed = run_cells(stored, {"campagne": "2024", "audience": "interne", "ecole": "EDP-01"}, path.name)
    assert texts(executed) == texts(stored) and len(texts(stored)) > 5


@pytest.mark.lent
def test_every_school_has_its_page_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = prepare(load_campaign("2024"))
    two = replace(tables, ecoles=tables.ecoles[tables.ecoles["ecole"].isin(["EDP-09", "EDP-01"])])
    pages = run_schools(two, "interne", tmp_path, {"donnees": "a"})
    assert [page.href for page in pages] == [
        "ecoles/EDP-01.html", "ecoles/EDP-09.html", "suivi/EDP-01.html", "suivi/EDP-09.html",
    ]  # fmt: skip
    assert len({page.name for page in pages}) == 4, "the name of a page makes the id of its downloads"
    assert "sortants certifiés" in "\n".join(texts(pages[0].executed))
    assert "aucun n’a encore terminé son cursus" in "\n".join(texts(pages[1].executed))
    prose = ["\n".join(cell.source for cell in page.executed.cells if not is_tool(cell)) for page in pages]
    assert "[Tableau de bord EDP-01](../suivi/EDP-01.html)" in prose[0]
    assert "[École EDP-09](../ecoles/EDP-09.html)" in prose[3]
    assert pages[0].executed.cells[0].source == "# École EDP-01"
    assert pages[2].executed.cells[0].source == "# Tableau de bord EDP-01"
    assert "aucun jeune encore" in "\n".join(texts(pages[3].executed))
    assert pages[0].describe()["parametres"] == {"campagne": "2024", "audience": "interne", "ecole": "EDP-01"}
    assert pages[2].describe()["carnet"] == "notebooks/suivi/tableau_de_bord.ipynb"

    monkeypatch.setattr("edp_analysis.publication.schools.run_cells", lambda *_: pytest.fail("rejoué sans raison"))
    again = run_schools(two, "interne", tmp_path, {"donnees": "a"})
    assert [texts(page.executed) for page in again] == [texts(page.executed) for page in pages]
    with pytest.raises(pytest.fail.Exception):
        run_schools(two, "interne", tmp_path, {"donnees": "b"})


def test_a_project_without_the_notebooks_has_no_school_page(tmp_path: Path) -> None:
    assert school_notebooks(tmp_path) == ()


def test_a_project_may_have_one_kind_of_sheet_only(tmp_path: Path) -> None:
    path = tmp_path / SHEETS[1].path
    path.parent.mkdir(parents=True)
    shutil.copyfile(ROOT / SHEETS[1].path, path)
    assert school_notebooks(tmp_path) == (path,)


def test_parameters_replace_the_defaults_and_the_last_expression_is_shown() -> None:
    shown = "class Shown:\n    def _repr_mimebundle_(self):\n        return {'text/plain': ecole}\nShown()"
    given = notebook("ecole = 'A'  # texte, école", shown, "x = 1")
    executed = run_cells(given, {"ecole": "B"}, "fiche.ipynb")
    assert texts(executed) == ["B"]
    assert [cell.execution_count for cell in executed.cells[1:]] == [1, 2, 3]
    assert "outputs" not in given.cells[0] and texts(given) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{}['effectif']", "fiche.ipynb, cellule 3 : KeyError : 'effectif'"),
        ("def", "fiche.ipynb, cellule 3 : SyntaxError"),
        ("from edp_analysis.problems import UserError\nraise UserError('Titre manquant.', 'Le donner.')",
         "fiche.ipynb, cellule 3 : Titre manquant."),
    ],
)  # fmt: skip
def test_a_failed_cell_is_named(source: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        run_cells(notebook("ecole = 'A'  # texte, école", source), {}, "fiche.ipynb")
    assert words in str(caught.value)


@pytest.mark.parametrize("path", school_notebooks(ROOT), ids=lambda path: path.stem)
def test_the_notebooks_of_the_schools_are_ordinary_ones(tmp_path: Path, path: Path) -> None:
    shutil.copyfile(path, tmp_path / path.name)
    assert read_notebook(tmp_path / path.name).metadata.kernelspec.name == "python3"
