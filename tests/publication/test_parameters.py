"""What papermill lets through and publishes wrong, refused before a kernel starts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.problems import UserError
from edp_analysis.publication.parameters import check_parameters, declared_parameters

SOURCE = """\
campagne = "2024"  # texte, code de la campagne
seuil = 0.1  # nombre, part minimale
effectif = 20  # entier, jeunes
detail = False  # booléen, montrer le détail
arrete_au = "2024-04-30"  # date, date d'extraction
"""


def write(path: Path, *cells: tuple[str, list[str]], kind: str = "code") -> Path:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind]
    notebook = nbformat.v4.new_notebook(cells=[make(source, metadata={"tags": tags}) for source, tags in cells])
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write(tmp_path / "01_essai.ipynb", (SOURCE, ["parameters"]), ("print(campagne)", []))


def test_declared_parameters_have_name_type_and_meaning(notebook: Path) -> None:
    found = declared_parameters(notebook)
    assert [p.name for p in found] == ["campagne", "seuil", "effectif", "detail", "arrete_au"]
    assert (found[2].default, found[2].kind, found[2].meaning) == (20, "entier", "jeunes")


def test_python_s_names_of_types_are_understood(tmp_path: Path) -> None:
    source = "a = 'x'  # str, a\nb = 1  # int, b\nc = 0.5  # float, c\nd = True  # bool, d"
    found = declared_parameters(write(tmp_path / "a.ipynb", (source, ["parameters"])))
    assert [p.kind for p in found] == ["texte", "entier", "nombre", "booléen"]


def test_defaults_hold_when_nothing_is_given(notebook: Path) -> None:
    assert check_parameters(notebook, {}) == {
        "campagne": "2024",
        "seuil": 0.1,
        "effectif": 20,
        "detail": False,
        "arrete_au": "2024-04-30",
    }


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("seuil", "0,1", 0.1),
        ("seuil", "1 234,5", 1234.5),
        ("seuil", "1\u202f234,5", 1234.5),
        ("seuil", 3, 3.0),
        ("effectif", "25", 25),
        ("effectif", "1\u00a0000", 1000),
        ("detail", "oui", True),
        ("detail", "Faux", False),
        ("arrete_au", "30/04/2028", "2028-04-30"),
        ("arrete_au", "2028-04-30", "2028-04-30"),
        ("arrete_au", date(2028, 4, 30), "2028-04-30"),
        ("campagne", 2028, "2028"),
    ],
)
def test_french_writings_are_understood(notebook: Path, name: str, value: object, expected: object) -> None:
    result = check_parameters(notebook, {name: value})[name]
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seuil", "beaucoup"),
        ("seuil", "nan"),
        ("seuil", True),
        ("effectif", "2,5"),
        ("effectif", 2.5),
        ("effectif", True),
        ("detail", 1),
        ("detail", "peut-être"),
        ("arrete_au", "31/02/2028"),
        ("arrete_au", 2028),
        ("campagne", ["2028"]),
        ("campagne", True),
    ],
)
def test_ill_typed_value_is_refused_with_name_value_and_example(notebook: Path, name: str, value: object) -> None:
    with pytest.raises(UserError, match=rf"« {name} ».*doit être du type.*Par exemple") as caught:
        check_parameters(notebook, {name: value})
    assert str(value) in str(caught.value)


def test_unknown_parameter_is_refused_with_a_suggestion(notebook: Path) -> None:
    with pytest.raises(UserError, match=r"« campgne » inconnu\. Peut-être : « campagne »"):
        check_parameters(notebook, {"campgne": "2028"})


def test_required_parameter_must_be_given(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ipynb", ("campagne = None  # str, code de la campagne", ["parameters"]))
    with pytest.raises(UserError, match="obligatoire"):
        check_parameters(path, {})
    assert check_parameters(path, {"campagne": "2024"}) == {"campagne": "2024"}


def test_missing_tag_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="0 cellule"):
        declared_parameters(write(tmp_path / "a.ipynb", (SOURCE, [])))


def test_two_tags_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="2 cellule"):
        declared_parameters(write(tmp_path / "a.ipynb", (SOURCE, ["parameters"]), ("a = 1", ["parameters"])))


def test_code_before_the_parameters_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ipynb", ("import os", []), (SOURCE, ["parameters"]))
    with pytest.raises(UserError, match="du code précède"):
        declared_parameters(path)


def test_tagged_markdown_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="du code précède"):
        declared_parameters(write(tmp_path / "a.ipynb", ("texte", ["parameters"]), kind="markdown"))


def test_derived_value_is_refused_because_it_would_go_stale(tmp_path: Path) -> None:
    """``fin = annee + 4`` run with another year keeps the year of the default."""
    source = "annee = 2024  # int, année\nfin = annee + 4  # int, année de fin"
    with pytest.raises(UserError, match=r"« fin » est calculé.*valeurs littérales"):
        declared_parameters(write(tmp_path / "a.ipynb", (source, ["parameters"])))


@pytest.mark.parametrize(
    "line",
    ["import os", "a = b = 1  # int, x", "a: int = 1  # int, x", "a, b = 1, 2  # int, x", "print(1)", "a += 1"],
)
def test_only_plain_assignments_are_parameters(tmp_path: Path, line: str) -> None:
    with pytest.raises(UserError, match="pas sa place"):
        declared_parameters(write(tmp_path / "a.ipynb", (line, ["parameters"])))


@pytest.mark.parametrize("line", ["a = 1", "a = 1  # int", "a = 1  # entier relatif, x", "a = 1  # , x"])
def test_type_and_meaning_are_demanded(tmp_path: Path, line: str) -> None:
    with pytest.raises(UserError, match="ni type ni signification"):
        declared_parameters(write(tmp_path / "a.ipynb", (line, ["parameters"])))


def test_default_must_be_of_its_type(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="doit être du type entier"):
        declared_parameters(write(tmp_path / "a.ipynb", ("a = 'vingt'  # int, jeunes", ["parameters"])))


def test_a_parameter_declared_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="deux fois"):
        declared_parameters(write(tmp_path / "a.ipynb", ("a = 1  # int, x\na = 2  # int, x", ["parameters"])))


def test_broken_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Python valide"):
        declared_parameters(write(tmp_path / "a.ipynb", ("a = (", ["parameters"])))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_decimal_comma_and_a_point_are_the_same_number(number: float) -> None:
    from edp_analysis.publication.parameters import _decimal

    assert _decimal(repr(number).replace(".", ",")) == number
