"""The house rules hold on every notebook, and each rule refuses its planted fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edp_analysis.exhibits.exhibit import MIME
from edp_analysis.publication.lint import EXPLORE, MAX_CELLS, MAX_LINES, MAX_TOOLS, lint_notebook
from edp_analysis.publication.notebook import EXHIBIT_MIME

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[!.]*/*.ipynb"))  # not the copies that JupyterLab keeps


def test_there_are_notebooks_to_check() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_obeys_the_house_rules(path: Path) -> None:
    assert [str(finding) for finding in lint_notebook(path)] == []


def test_the_lint_looks_for_the_exhibits_of_this_version() -> None:
    assert EXHIBIT_MIME == MIME


def exhibit(genre: str = "finding", simule: bool = True) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": "x", EXHIBIT_MIME: {"id": "a", "genre": genre, "titre": "t", "simule": simule}},
    }


def code(source: str, *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
        "metadata": metadata,
    }


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


PARAMETERS = code('campagne = "2024"  # str, code de la campagne', tags=["parameters"])
PAGE = [
    markdown("# Qui sont les jeunes ?\n\nRéponse à la question Q1, au niveau 3 ; voir `docs/2024.md`."),
    PARAMETERS,
    code("from edp_analysis.exhibits import open_page\n\npage = open_page('profils', campagne)"),
    code("page.finding('…')", exhibit()),
    markdown("## 1. Une étape"),
]
TOOL = {"tags": ["outil"]}
SECTION = [
    {**markdown(f"{EXPLORE}\n\nChanger l'école."), "metadata": TOOL},
    code("page.table(y)", exhibit("table"), **TOOL),
]
SOUND = [*PAGE, *SECTION]


def write(folder: Path, cells: list[dict[str, Any]], kernel: str = "python3", **metadata: Any) -> Path:
    content = {
        "cells": [{"id": f"c{place}", **cell} for place, cell in enumerate(cells)],
        "metadata": {"kernelspec": {"name": kernel, "display_name": "P", "language": "python"}, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "01_essai.ipynb"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def rules(path: Path) -> set[str]:
    return {finding.rule for finding in lint_notebook(path)}


def test_a_sound_notebook_passes(tmp_path: Path) -> None:
    assert rules(write(tmp_path, SOUND)) == set()


@pytest.mark.parametrize(
    ("rule", "cell"),
    [
        ("nombre-en-prose", markdown("Il y a 378 jeunes.")),
        ("nombre-en-prose", markdown("Depuis 2024, la part est de douze pour cent.")),
        ("cellule-vide", code("  ")),
        ("cellule-vide", markdown("")),
        ("cellule-longue", code("\n".join(["x = page"] * (MAX_LINES + 1)))),
        ("programmation", code("def f():\n    return page")),
        ("programmation", code("class A:\n    pass")),
        ("programmation", code("try:\n    page\nexcept KeyError:\n    page")),
        ("programmation", code("f = lambda x: x")),
        ("import", code("import os")),
        ("import", code("from pathlib import PurePath")),
        ("citations", code("page.table(page.tables.citations)")),
        ("citations", code("tables = page.tables\ntables.citations['texte']")),
        ("citations", code("x = getattr(page.tables, 'citations')")),
        ("citations", code("citations_montrables(page.tables.citations.head(), entretiens, page.campaign, audience)")),
        ("citations", code("citations_montrables(page.tables.citations, entretiens, page.campaign)")),
        ("citations", code("citations_montrables(page.tables.citations, entretiens, page.campaign, 'interne')")),
        ("fichier", code("open(page)")),
        ("fichier", code("pd.read_csv(page)")),
        ("fichier", code("x = 'data/raw/2024/ecoles.csv'")),
        ("fichier", code("x = 'ecoles.csv'")),
        ("fichier", code("x = 'C:\\\\donnees\\\\a'")),
        ("point-virgule", code("page.finding('…');")),
        ("python", code("%load_ext autoreload")),
        ("python", code("x = (")),
        ("sortie", code("print(1)", {"output_type": "stream", "name": "stdout", "text": "1"})),
        ("sortie", code("x", {"output_type": "execute_result", "execution_count": 1, "metadata": {},
                              "data": {"text/plain": "378"}})),
        ("parametres", PARAMETERS),
        ("donnees-reelles", code("page.table(x)", exhibit("table", simule=False))),
    ],
)  # fmt: skip
def test_a_planted_cell_is_refused(tmp_path: Path, rule: str, cell: dict[str, Any]) -> None:
    assert rules(write(tmp_path, [*PAGE, cell, *SECTION])) == {rule}


@pytest.mark.parametrize(
    ("rule", "cell"),
    [
        ("nombre-en-prose", markdown("Essayer avec 12 mois.")),
        ("cellule-longue", code("\n".join(["x = page"] * (MAX_LINES + 1)))),
        ("programmation", code("f = lambda x: x")),
        ("sortie", code("x", {"output_type": "execute_result", "execution_count": 1, "metadata": {},
                              "data": {"text/html": "<table>"}})),
        ("donnees-reelles", code("page.table(x)", exhibit("table", simule=False))),
    ],
)  # fmt: skip
def test_the_other_rules_hold_in_the_section(tmp_path: Path, rule: str, cell: dict[str, Any]) -> None:
    assert rules(write(tmp_path, [*SOUND, {**cell, "metadata": TOOL}])) == {rule}


@pytest.mark.parametrize(
    "cells",
    [
        PAGE,  # none
        [*PAGE[:-1], *SECTION, PAGE[-1]],  # not last
        [*PAGE, SECTION[1]],  # without its heading
        [*PAGE, SECTION[0]],  # shows nothing
        [*PAGE, SECTION[0], code("x = page", **TOOL)],  # shows nothing either
        [*PAGE, *SECTION, *[code("x = page", **TOOL)] * (MAX_TOOLS - 1)],  # too long
        [*PAGE[:-1], code("x = page", **TOOL), PAGE[-1], *SECTION],  # a tool cell in the midst of the page
        [*PAGE, {**SECTION[0], "metadata": {}}, SECTION[1]],  # its heading would be published
        [*PAGE, *({**cell, "metadata": {}} for cell in SECTION)],  # all of it would be published
    ],
)
def test_a_notebook_ends_with_the_section_for_the_analyst(tmp_path: Path, cells: list[dict[str, Any]]) -> None:
    assert rules(write(tmp_path, cells)) == {"explorer"}


def test_a_notebook_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    filler = [markdown("Une phrase.")] * (MAX_CELLS + 1 - len(PAGE))
    assert rules(write(tmp_path, [*PAGE, *filler, *SECTION])) == {"trop-de-cellules"}
    assert rules(write(tmp_path, [*PAGE, *filler[1:], *SECTION])) == set(), "la section ne compte pas"


def test_code_before_the_parameters_is_refused(tmp_path: Path) -> None:
    assert rules(write(tmp_path, [SOUND[0], SOUND[2], SOUND[1], SOUND[3], *SECTION])) == {"parametres"}


def test_a_parameter_without_type_and_meaning_is_refused(tmp_path: Path) -> None:
    bare = code('campagne = "2024"', tags=["parameters"])
    assert rules(write(tmp_path, [SOUND[0], bare, *SOUND[2:]])) == {"parametres"}


def test_a_notebook_without_title_is_refused(tmp_path: Path) -> None:
    assert rules(write(tmp_path, SOUND[1:])) == {"titre"}


def test_a_notebook_without_outputs_is_refused(tmp_path: Path) -> None:
    assert rules(write(tmp_path, [*SOUND[:3], *SECTION])) == {"sans-sortie"}


def test_the_finding_comes_first(tmp_path: Path) -> None:
    header, table = code("page.header()", exhibit("header")), code("page.table(x)", exhibit("table"))
    assert rules(write(tmp_path, [*PAGE[:3], header, *PAGE[3:], table, *SECTION])) == set()
    assert rules(write(tmp_path, [*SOUND[:3], table, *SOUND[3:]])) == {"constat"}


def test_another_kernel_is_refused(tmp_path: Path) -> None:
    assert rules(write(tmp_path, SOUND, kernel="edp-venv")) == {"noyau"}


@pytest.mark.parametrize(
    "source",
    [
        "citations_montrables(page.tables.citations, entretiens, page.campaign, audience)",
        "citations_montrables(page.tables.citations, entretiens, page.campaign, audience=audience)",
        "page.table(voices.citations(montrables, entretiens, codages, 'FEDERATION'))",
    ],
)
def test_quotations_pass_by_their_gate(tmp_path: Path, source: str) -> None:
    assert rules(write(tmp_path, [*SOUND[:-2], code(source), *SOUND[-2:]])) == set()


@pytest.mark.parametrize("key", ["papermill", "execution", "ExecuteTime"])
def test_timings_are_refused(tmp_path: Path, key: str) -> None:
    assert rules(write(tmp_path, SOUND, **{key: {"duration": 1}})) == {"durees"}
    timed = {**SOUND[3], "metadata": {key: {"start_time": "x"}}}
    assert rules(write(tmp_path, [*SOUND[:3], timed, *SECTION])) == {"durees"}


@pytest.mark.filterwarnings("ignore:Non-unique cell id")
def test_cells_without_identifier_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][1]["id"] = content["cells"][0]["id"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert rules(path) >= {"identifiants"}
