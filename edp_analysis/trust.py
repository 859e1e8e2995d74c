"""Which stored notebooks JupyterLab may show in full before a cell is run.

Until a notebook is approved, JupyterLab strips its outputs of drawings and style: a figure is then a string of labels.
The notebooks of the project hold nothing but exhibits, pictures and tables; those in which nothing else is found, and
above all nothing that could act, are approved as ``jupyter trust`` does. The others wait for the analyst.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.publication.notebook import EXHIBIT_MIME, read_notebook

__all__ = ["approve", "is_inert"]

_TEXT = """
a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5
h6 hr i ins kbd li mark ol p pre q s samp section small span strong style sub summary sup table tbody td tfoot th thead
time tr u ul var wbr
"""
_DRAWING = """
circle clippath defs ellipse g line lineargradient marker mask path pattern polygon polyline radialgradient rect stop
svg symbol text tspan use
"""
_TAGS = frozenset((_TEXT + _DRAWING).split())
_LINKS = frozenset({"href", "xlink:href"})
# One word after « data- »: JupyterLab runs the command that « data-commandlinker-command » names, on a click.
_WORDS = re.compile(r"aria-[a-z]+|data-[a-z]+|xmlns(:xlink)?|title|lang|role|class|id")
_SHAPES = re.compile(
    r"style|scope|scoped|border|colspan|rowspan|headers|tabindex|open|dir|version|viewbox|preserveaspectratio|width"
    r"|height|[rxyd]|[cdr][xy]|[xy][12]|points|offset|transform|opacity|clip-path|mask|marker-[a-z]+"
    r"|(fill|stroke|stop|font|text|dominant|gradient|pattern)[a-z-]*"
)
_MIMES = frozenset({"text/plain", "text/html", "image/png", EXHIBIT_MIME})
_MARK = re.compile(r"<!--edp:[\w:-]+-->")
# A grammar stricter than any browser's: what it does not read to the end is refused, so that nothing is read
# one way here and another way there.
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:=\"[^\"<>]*\")?)*)\s*/?>")
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:=\"([^\"]*)\")?")
_ACTING_STYLE = re.compile(r"url\s*\((?!\s*['\"]?#)|//|@|\\", re.IGNORECASE)


def is_inert(notebook: Any) -> bool:
    """Say whether the outputs of a notebook can be shown in full without anything acting or leaving the machine.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    bool
        False as soon as an output is of another kind than text, HTML, PNG or exhibit, or its HTML holds anything but
        the plain elements that exhibits and tables are made of: a script, a handler, an address, an unknown element.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return all(
        _MIMES.issuperset(output.get("data", ())) and _inert_html(str(output.get("data", {}).get("text/html", "")))
        for output in outputs
    )


def _inert_html(html: str) -> bool:
    rest = _MARK.sub("", html)
    tags = list(_TAG.finditer(rest))
    text = _TAG.sub("", rest)
    return "<" not in text and _ACTING_STYLE.search(_styles(rest)) is None and all(_inert_tag(tag) for tag in tags)


def _styles(html: str) -> str:
    return " ".join(re.findall(r"<style[^>]*>([^<]*)", html, re.IGNORECASE))


def _inert_tag(tag: re.Match[str]) -> bool:
    return tag[1].lower() in _TAGS and all(
        _inert_attribute(name.lower(), value) for name, value in _ATTRIBUTE.findall(tag[2])
    )


def _inert_attribute(name: str, value: str) -> bool:
    value = unescape(value)  # as a browser reads it
    if name in _LINKS:  # to an exhibit of the site, or within the page
        return re.fullmatch(r"[\w./-]*(#[\w.-]+)?", value) is not None and not value.startswith("//")
    if _WORDS.fullmatch(name):
        return True
    return _SHAPES.fullmatch(name) is not None and _ACTING_STYLE.search(value) is None


def approve(paths: Iterable[Path], notary: Any) -> tuple[Path, ...]:
    """Approve the inert notebooks for the present user.

    Parameters
    ----------
    paths : iterable of pathlib.Path
    notary : nbformat.sign.NotebookNotary
        The one of the server, which then recognises them; it signs the content, so that a change undoes the approval.

    Returns
    -------
    tuple of pathlib.Path
        Those left as they were: not inert, or not readable.
    """
    left = []
    for path in paths:
        try:
            notebook = read_notebook(path)
        except UserError:  # JupyterLab says it better, on opening it
            left.append(path)
            continue
        if notary.check_signature(notebook):
            continue
        if is_inert(notebook):
            notary.sign(notebook)
        else:
            left.append(path)
    return tuple(left)
