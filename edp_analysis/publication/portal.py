"""The portal: questions answered, key figures, pages, published figures recomputed, data received."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from edp_analysis.campaign import Campaign, Question
from edp_analysis.cleaning.result import Tables
from edp_analysis.exhibits.banner import header_html
from edp_analysis.exhibits.cards import cards_html
from edp_analysis.exhibits.french import NBSP, day, enumeration, quantity, typeset
from edp_analysis.exhibits.sentence import write_indicator
from edp_analysis.indicators.fiche import identite
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.settings import followed_campaign
from edp_analysis.publication.bindings import BINDINGS
from edp_analysis.publication.excerpts import indicator
from edp_analysis.publication.glossary import glossary
from edp_analysis.publication.notebook import exhibits
from edp_analysis.publication.portal_tables import received_summary, received_table, register_summary, register_table
from edp_analysis.publication.reference import read_reference
from edp_analysis.publication.register import RegisterEntry, Verdict
from edp_analysis.publication.schools import SHEETS
from edp_analysis.publication.shell import NOT_AUDITED, TEMPLATES, Link, Shell
from edp_analysis.publication.tidy import compact, slug
from edp_analysis.publication.words import LIMITS_TITLE, NO_RANKING

__all__ = ["PageInfo", "navigation", "render_portal"]

_CARDS = 8
"""Key figures shown at the top of the portal."""
_HOME = Link("index.html", "Accueil")
_SCHOOLS = Link("index.html#ecoles", "Les écoles")
_SYNTHESIS = "synthese"
_SUBJECT = "École de production"
"""Word of the glossary that says what is evaluated."""
_FOLDS = {"phase1": "Phase 1", "phase2": "Phase 2", _SYNTHESIS: "Synthèse"}
_ABOUT = (Link("methode.html", "Méthode"), Link("donnees.html", "Données"))


@dataclass(frozen=True)
class PageInfo:
    """A page of the site, as the portal presents it.

    Attributes
    ----------
    name : str
        Name of the page, e.g. ``"profils"``.
    title : str
        Title of its notebook.
    href : str
        Relative address; empty when there is no page to open.
    notebook : nbformat.NotebookNode, sequence of mappings, or None
        Executed notebook, or the descriptions of its exhibits.
    error : str or None
        Why it could not be rebuilt, in one French sentence.
    folder : str
        Folder of its notebook, e.g. ``"phase1"``.
    """

    name: str
    title: str
    href: str
    notebook: Any = field(default=None, repr=False)
    error: str | None = None
    folder: str = ""

    @property
    def group(self) -> str:
        """Fold of the menu that holds the page, named after the folder of its notebook."""
        return _FOLDS.get(self.folder, self.folder.capitalize())

    @property
    def exhibits(self) -> tuple[Mapping[str, Any], ...]:
        """Descriptions of the exhibits shown, in reading order."""
        if self.notebook is None:
            return ()
        return exhibits(self.notebook) if hasattr(self.notebook, "cells") else tuple(self.notebook)

    @property
    def finding(self) -> str:
        """The page's finding, empty when it states none."""
        return next((str(item["titre"]) for item in self.exhibits if item["genre"] == "finding"), "")

    @property
    def warning(self) -> str:
        """What an error means for the reader: an older page remains, or there is none."""
        return typeset("Page d'une exécution précédente :" if self.href else "Page absente :")

    @property
    def reason(self) -> str:
        """Why it could not be rebuilt, as it is shown."""
        return typeset(self.error or "")


@dataclass(frozen=True)
class _Answer:
    text: str
    href: str
    title: str


@dataclass(frozen=True)
class _Asked:
    """A question as the portal shows it: one answer where the synthesis gives it, else those of each page."""

    code: str
    wording: str
    register: str
    answers: tuple[_Answer, ...]
    evidence: tuple[_Answer, ...]
    failures: tuple[str, ...]


def navigation(pages: Iterable[PageInfo], schools: bool = False) -> tuple[Link, ...]:
    """Return the entries of the menu: home, each page that can be opened, the schools if there are, and the method."""
    opened = (Link(page.href, page.title, page.group) for page in _in_order(pages) if page.href)
    return (_HOME, *opened, *([_SCHOOLS] if schools else []), *_ABOUT)


def _in_order(pages: Iterable[PageInfo]) -> list[PageInfo]:
    """Return pages as readers meet them: those of the synthesis after the others, itself and its sheets first."""

    def rank(page: PageInfo) -> int:
        if page.folder != _SYNTHESIS:
            return 0
        return 1 if page.name.startswith(_SYNTHESIS) else 2

    return sorted(pages, key=rank)


def render_portal(
    campaign: Campaign,
    tables: Tables,
    pages: Sequence[PageInfo],
    entries: Sequence[RegisterEntry],
    audience: str = "interne",
    schools: Sequence[PageInfo] = (),
    accessibility: str = NOT_AUDITED,
) -> str:
    """Return the portal's HTML.

    Parameters
    ----------
    campaign : Campaign
    tables : Tables
    pages : sequence of PageInfo
        In the order of the menu.
    entries : sequence of RegisterEntry
        Published figures recomputed; may be empty.
    audience : {'interne', 'public'}
    schools : sequence of PageInfo
        Pages of the schools, in alphabetical order: the sheet of each, then the other kinds of page each has.
    accessibility : str
        What the footer says of the site's accessibility.
    """
    from jinja2 import Environment, FileSystemLoader

    shell = Shell(
        h1=_headline(campaign, pages),
        site_title=campaign.label,
        simulated=campaign.simulated,
        navigation=navigation(pages, bool(schools)),
        current=_HOME.href,
        header=header_html(campaign, tables, audience),
        accessibility=accessibility,
        audience=audience,
    )
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "rapport"), autoescape=True)
    apart = [entry for entry in entries if entry.verdict is not Verdict.FOUND]
    balance = tables.ledger.balance() if tables.ledger.lines else pd.DataFrame()
    html = environment.get_template("portail.html.j2").render(
        page=shell,
        cards=cards_html(_key_figures(campaign, pages, entries), campaign.thresholds.percentage),
        questions=[_asked(question, pages) for question in campaign.questions],
        pages=_in_order(pages),
        opening=_opening(campaign, pages),
        limits={"title": LIMITS_TITLE, "href": f"methode.html#{slug(LIMITS_TITLE)}"},
        schools=_schools(schools, tables.ecoles),
        no_ranking=typeset(NO_RANKING),
        register=register_table(entries, "registre-table", "Chiffres publiés et recalculés") if entries else "",
        apart=register_table(apart, "registre-ecarts", "Chiffres qui ne sont pas simplement retrouvés")
        if apart
        else "",
        register_summary=register_summary(entries),
        balance=received_table(balance) if len(balance) else "",
        balance_summary=received_summary(balance) if len(balance) else "",
    )
    return compact(html)


def _headline(campaign: Campaign, pages: Sequence[PageInfo]) -> str:
    """Take the finding of the page that answers the first question, for want of it the first finding."""
    first = campaign.questions[0].code if campaign.questions else ""
    answering = [page for page in pages if any(item["question"] == first for item in page.exhibits)]
    findings = [page.finding for page in (*answering, *pages) if page.finding]
    return findings[0] if findings else campaign.label


def _opening(campaign: Campaign, pages: Sequence[PageInfo]) -> str:
    """Say in three sentences what is evaluated, who asks, and on whom the figures bear."""
    known = _shown(pages)
    counted = [known[name] for name in ("effectif_jeunes", "ecoles") if name in known and known[name].value is not None]
    bearing = enumeration([write_indicator(item) for item in counted])
    asked = quantity(len(campaign.questions), "questions")
    period = f"entrées depuis le {day(campaign.start)}, dossiers dans leur état au {day(campaign.extraction_date)}"
    definition = dict(glossary(campaign))[_SUBJECT]
    return typeset(
        f"Une école de production : {definition[0].lower()}{definition[1:]} La Région demande ce qu'apportent celles "
        f"qu'elle soutient, en {asked}. "
        f"Les chiffres portent sur {bearing or 'les dossiers reçus'} : {period}."
    )


def _schools(pages: Sequence[PageInfo], schools: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the card of each school, with the links to the other pages that it has."""
    others = [page for page in pages if page.folder in {sheet.folder for sheet in SHEETS[1:]}]
    return [
        {**_school(page, schools), "others": [item for item in others if item.name == f"{item.folder}-{page.name}"]}
        for page in pages
        if page not in others
    ]


def _school(page: PageInfo, schools: pd.DataFrame) -> dict[str, str]:
    """Return a school's card: its page, what it teaches and where, and its finding without its name."""
    known = identite(page.name, schools)
    opened = known["ouverture"]
    year = f"ouverte en {opened.year}" if isinstance(opened, date) else "ouverture non connue"
    _, _, finding = page.finding.partition(f"{NBSP}: ")
    return {
        "href": page.href,
        "code": page.name,
        "where": typeset(f"{known['domaine']} – {known['departement']}, {year}"),
        "finding": finding[:1].upper() + finding[1:],
    }


def _asked(question: Question, pages: Sequence[PageInfo]) -> _Asked:
    """Answer in one sentence, that of the synthesis, with the detailed answers as evidence; without it, show those."""
    found = [
        (page.folder == _SYNTHESIS, _Answer(str(item["titre"]), f"{page.href}#{item['id']}", page.title))
        for page in pages
        for item in page.exhibits
        if item["genre"] == "answer" and item["question"] == question.code and page.href
    ]
    whole = tuple(answer for of_synthesis, answer in found if of_synthesis)
    parts = tuple(answer for of_synthesis, answer in found if not of_synthesis)
    failures = tuple(
        typeset(f"La page « {page.title} », qui doit y répondre, n'a pas pu être construite : {page.error}")
        for page in pages
        if page.name in question.notebooks and page.error and not page.href
    )
    answers, evidence = (whole, parts) if whole else (parts, ())
    return _Asked(question.code, typeset(question.wording), question.register, answers, evidence, failures)


def _shown(pages: Sequence[PageInfo]) -> dict[str, Indicator]:
    """Return the key figures of the pages by identifier, the first of each."""
    found: dict[str, Indicator] = {}
    for page in pages:
        for item in page.exhibits:
            if item["genre"] == "key_figures":
                for flat in item["indicateurs"]:
                    found.setdefault(flat["id"], indicator(flat))
    return found


def _published_before(campaign: Campaign) -> list[str]:
    """Return the figures that the publication of the followed campaign holds, in its order."""
    path = followed_campaign(campaign).reference
    return [] if path is None else [figure.id for figure in read_reference(path, BINDINGS)]


def _key_figures(campaign: Campaign, pages: Sequence[PageInfo], entries: Sequence[RegisterEntry]) -> list[Indicator]:
    """Choose among the notebooks' key figures.

    The published ones come first, in the register's order: the first of them, which says how many, then the shares,
    then the other amounts. What was never published follows. A figure on which the publication contradicts itself is
    told with the published figures, not here. A campaign without a publication shows the figures of the one that it
    follows.
    """
    published = [entry.id for entry in entries] or _published_before(campaign)
    disputed = {entry.id for entry in entries if entry.verdict is Verdict.CONTRADICTORY}
    found = {id: item for id, item in _shown(pages).items() if id not in disputed}

    def rank(id: str) -> tuple[bool, bool, int]:
        place = published.index(id) if id in published else len(published)
        return id not in published, place > 0 and found[id].unit != "%", place

    order = sorted(found, key=rank)
    if not order:  # no notebook has been executed: what the register recomputed is still known
        return [entry.indicator for entry in entries if entry.indicator is not None][:_CARDS]
    return [found[id] for id in order[:_CARDS]]
