"""A stored notebook is approved only when nothing in its outputs can act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import MemorySignatureStore, NotebookNotary

from edp_analysis.publication.notebook import EXHIBIT_MIME, read_notebook
from edp_analysis.trust import approve, is_inert

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
new = nbformat.v4

PLAIN = (
    '<style class="edp-lab">.edp{color:red}</style><div class="edp" id="a"><figure role="figure">'
    '<svg class="large" viewBox="0 0 10 10" role="img" aria-label="Part : 3 &lt; 4">'
    '<defs><clipPath id="c"><rect x="0" y="0" width="9" height="9"/></clipPath></defs>'
    '<g clip-path="url(#c)"><use href="#m1" style="fill: var(--c1)"/></g></svg></figure>'
    '<a href="profils.html#filles">profils</a><!--edp:csv:a--></div>'
)


def with_html(html: str, **other: Any) -> Any:
    data = {"text/plain": "x", "text/html": html, EXHIBIT_MIME: {"id": "a"}, **other}
    output = new.new_output("execute_result", data=data, execution_count=1)
    return new.new_notebook(cells=[new.new_code_cell("page.f()", outputs=[output], id="c1")])


def notary() -> NotebookNotary:
    return NotebookNotary(secret=b"cle d'essai", data_dir="", store_factory=MemorySignatureStore)


def test_what_exhibits_are_made_of_is_inert() -> None:
    assert is_inert(with_html(PLAIN))


def test_a_table_of_pandas_and_a_picture_are_inert() -> None:
    table = (
        "<div>\n<style scoped>\n    .dataframe tbody tr th:only-of-type {\n        vertical-align: middle;\n    }\n"
        '</style>\n<table border="1" class="dataframe">\n  <tbody><tr style="text-align: right;"><th>0</th></tr>'
        "</tbody>\n</table>\n</div>"
    )
    assert is_inert(with_html(table, **{"image/png": "iVBORw0KGgo="}))
    assert is_inert(new.new_notebook(cells=[new.new_code_cell("print(1)", outputs=[new.new_output("stream")])]))


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        '<p onclick="f()">a</p>',
        '<p OnClick="f()">a</p>',
        "<p onclick=f()>a</p>",
        "<p onclick='f()'>a</p>",
        '<svg/onload="f()">',
        '<img src="x" onerror="f()">',
        '<iframe srcdoc="a"></iframe>',
        '<a href="javascript:f()">a</a>',
        '<a href="java&#115;cript:f()">a</a>',
        '<a href="https://ailleurs.example/">a</a>',
        '<a href="//ailleurs.example/">a</a>',
        '<use href="https://ailleurs.example/a.svg#m"/>',
        '<form action="https://ailleurs.example/"></form>',
        "<style>p{background:url(https://ailleurs.example/a.png)}</style>",
        "<style>@import 'a.css';</style>",
        "<style>p{background:\\75rl(a)}</style>",
        '<p style="background: url(a.png)">a</p>',
        '<p style="background: u&#114;l(//ailleurs.example)">a</p>',
        '<rect fill="url(https://ailleurs.example/a.svg#m)"/>',
        '<rect mask="url(https://ailleurs.example/a.svg#m)"/>',
        "<svg><style><img src=x onerror=f()></style></svg>",
        '<!--><img src="x" onerror="f()">-->',
        "<!-- remarque -->",
        '<p data-commandlinker-command="notebook:run-all-cells">a</p>',  # JupyterLab runs it on a click
        '<p style="background: image-set(&quot;https://ailleurs.example/a.png&quot; 1x)">a</p>',
        '<p title="a><img src=x onerror=f()>">a</p>',
        "<set attributeName=href to=javascript:f()>",
        "a < b",
        "<p",
    ],
)
def test_what_could_act_or_leave_is_not_inert(html: str) -> None:
    assert not is_inert(with_html(PLAIN + html))


@pytest.mark.parametrize("mime", ["application/javascript", "image/svg+xml", "text/markdown", "application/pdf"])
def test_another_kind_of_output_is_not_inert(mime: str) -> None:
    assert not is_inert(with_html(PLAIN, **{mime: "x"}))


def test_inert_notebooks_are_approved_and_the_others_left(tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / name for name in ("bon.ipynb", "mauvais.ipynb", "casse.ipynb"))
    nbformat.write(with_html(PLAIN), good)
    nbformat.write(with_html("<script>f()</script>"), bad)
    broken.write_text("{", encoding="utf-8")
    signer = notary()
    assert approve([good, bad, broken], signer) == (bad, broken)
    assert signer.check_signature(read_notebook(good)) and not signer.check_signature(read_notebook(bad))
    assert approve([good], signer) == ()


def test_a_changed_output_undoes_the_approval(tmp_path: Path) -> None:
    path = tmp_path / "bon.ipynb"
    nbformat.write(with_html(PLAIN), path)
    signer = notary()
    approve([path], signer)
    nbformat.write(with_html(PLAIN + "<script>f()</script>"), path)
    assert not signer.check_signature(read_notebook(path))
    assert approve([path], signer) == (path,)


def test_the_user_s_own_approval_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a-moi.ipynb"
    nbformat.write(with_html("<script>f()</script>"), path)
    signer = notary()
    signer.sign(read_notebook(path))
    assert approve([path], signer) == ()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_stored_notebook_opens_with_its_figures(path: Path) -> None:
    assert is_inert(read_notebook(path)), "JupyterLab montrerait ses figures comme une suite de mots"
