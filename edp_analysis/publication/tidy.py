"""What is set right in a page once it is whole: ids of headings, scopes, captions of figures, French spaces."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from edp_analysis.exhibits.french import typeset

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

__all__ = ["compact", "slug", "tidy"]


def slug(text: str) -> str:
    """Return the identifier of a heading.

    Examples
    --------
    >>> slug("Être certifié : trois bases")
    's-etre-certifie-trois-bases'
    """
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return f"s-{re.sub(r'[^a-z0-9]+', '-', letters).strip('-')}"


def tidy(html: str) -> str:
    """Give headings their ids, tables of prose their scopes, figures their names, and prose its French spaces.

    Parameters
    ----------
    html : str
        A whole page; what an author wrote in Markdown or by hand stands in elements of class ``prose``.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    used: dict[str, int] = {}
    for heading in soup.select(".prose h2, .prose h3, .prose h4, .prose h5, .prose h6"):
        name = slug(heading.get_text())
        used[name] = used.get(name, 0) + 1
        heading.attrs = {"id": name if used[name] == 1 else f"{name}-{used[name]}"}
    _typeset_prose(soup)
    for cell in soup.select(".prose table thead th"):
        cell.attrs = {"scope": "col"}
    _name_figures(soup)
    return compact(str(soup))


def compact(html: str) -> str:
    """Drop trailing spaces and empty lines, which templates leave behind."""
    lines = (line.rstrip() for line in html.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _typeset_prose(soup: BeautifulSoup) -> None:
    for prose in soup.select(".prose"):
        for text in prose.find_all(string=True):
            if not text.find_parent(["code", "pre"]):
                text.replace_with(typeset(str(text)))


def _name_figures(soup: BeautifulSoup) -> None:
    """Give each figure the text of its caption as its name: RGAA 1.9 asks for ``aria-label``, word for word."""
    for figure in soup.find_all("figure"):
        caption = figure.find("figcaption")
        if caption is not None:
            del figure["aria-labelledby"]
            figure["aria-label"] = " ".join(caption.get_text().split(" ")).strip()
