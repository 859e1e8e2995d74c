"""The shell common to every page of the site: head, navigation, style sheet, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from edp_analysis.exhibits.style import DARK, LIGHT, css_variables

__all__ = ["FOOTER", "NOT_AUDITED", "TEMPLATES", "Essential", "Link", "Section", "Shell", "style_sheet"]

TEMPLATES = Path(__file__).parent / "templates"


NOT_AUDITED = "non conforme (non auditée)"
"""What the law lets a site say of itself before an audit by a person."""


@dataclass(frozen=True)
class Link:
    """An entry of the navigation: a relative address, its wording, and the fold of the menu that holds it, if any."""

    href: str
    label: str
    group: str = ""


FOOTER = (
    Link("methode.html", "Méthode"),
    Link("glossaire.html", "Glossaire"),
    Link("donnees.html", "Données"),
    Link("plan.html", "Plan du site"),
    Link("mentions.html", "Mentions légales"),
)
"""Links at the foot of every page of a site, besides the accessibility statement."""


@dataclass(frozen=True)
class Essential:
    """A main fact of a page: its words, where it is established, and how that place is named."""

    text: str
    href: str
    source: str


@dataclass(frozen=True)
class Section:
    """An entry of a page's table of contents."""

    id: str
    title: str


@dataclass(frozen=True)
class Shell:
    """What the shell's template needs.

    Attributes
    ----------
    h1, overline : str
        Main heading (the finding) and the short name above it.
    site_title : str
    simulated : bool
    navigation : sequence of Link
        Addresses from the root of the site; without them the page stands alone, outside a site.
    current : str
        Address of this page, as it stands in `navigation`.
    contents : sequence of Section
    header : str
        HTML of the banners and parameters.
    essentials : sequence of Essential
        Main facts, listed under the heading.
    root : str
        Relative path of the site's root: ``"../"`` in a sub-folder.
    style : str
        Class of the page, for the style sheet.
    accessibility : str
        What the footer says of the page's accessibility.
    audience : {'interne', 'public'}
        An internal page says so at the foot of each printed sheet.
    """

    h1: str
    overline: str = ""
    site_title: str = "Évaluation des écoles de production"
    simulated: bool = False
    navigation: Sequence[Link] = ()
    current: str = ""
    contents: Sequence[Section] = ()
    header: str = field(default="", repr=False)
    essentials: Sequence[Essential] = ()
    root: str = ""
    style: str = ""
    accessibility: str = NOT_AUDITED
    audience: str = "interne"

    @property
    def document_title(self) -> str:
        """Title of the window: the page first, then the site, then what the data are."""
        suffix = " (données simulées)" if self.simulated else ""
        return " – ".join(part for part in (self.h1, self.overline, self.site_title) if part) + suffix

    @property
    def classes(self) -> str:
        """Classes of the page's body."""
        return " ".join(name for name in ("donnees-simulees" if self.simulated else "", self.style) if name)

    @property
    def menu(self) -> list[tuple[str, list[Link], bool]]:
        """The navigation, fold by fold: its name, its links, whether it leads to this page.

        Examples
        --------
        >>> links = [Link("index.html", "Accueil"), Link("a.html", "A", "Phase 1"), Link("b.html", "B", "Phase 1")]
        >>> [(name, len(links), here) for name, links, here in Shell("Titre", navigation=links, current="b.html").menu]
        [('', 1, False), ('Phase 1', 2, True)]
        """
        folds = [(name, list(links)) for name, links in groupby(self.navigation, key=lambda link: link.group)]
        return [(name, links, any(link.href == self.current for link in links)) for name, links in folds]

    @property
    def links(self) -> Sequence[Link]:
        """Links of the footer; none outside a site."""
        return FOOTER if self.navigation else ()

    @property
    def footer(self) -> str:
        """First line of the footer."""
        return f"{self.site_title}{', données simulées' if self.simulated else ''}."

    @property
    def css(self) -> str:
        """Whole style sheet, with the mention printed at the foot of each sheet."""
        internal = ". Page interne, ne pas diffuser." if self.audience == "interne" else ""
        return style_sheet(f"{self.footer.rstrip('.')}{internal}")


@cache
def style_sheet(mention: str) -> str:
    """Return the style sheet: both themes, then the rules, then what is printed at the foot of each sheet.

    Parameters
    ----------
    mention : str
        Text printed at the foot of every sheet.
    """
    rules = (TEMPLATES / "rapport" / "rapport.css").read_text(encoding="utf-8").replace("\n", "")
    quoted = mention.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    foot = "font:9pt Arial,sans-serif;color:#333"
    return (
        f":root{{color-scheme:light dark;{css_variables(LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}"
        f"@media print{{:root{{color-scheme:light}}}}{rules}"
        f'@page{{size:A4;margin:17mm 15mm 18mm;@bottom-left{{content:"{quoted}";{foot}}}'
        f'@bottom-right{{content:counter(page) " / " counter(pages);{foot}}}}}'
    )
