"""The page to print: exhibits of the executed notebooks, chosen in a file, laid out on sheets of A4 paper.

Numbers come from the exhibits alone. On screen each piece links to the place it comes from; in print a letter names
its page, and a key at the end says which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import edp_analysis
from edp_analysis.campaign import Campaign
from edp_analysis.exhibits.banner import campaign_banner
from edp_analysis.exhibits.cards import cards_html
from edp_analysis.exhibits.french import NBSP, day, enumeration, typeset
from edp_analysis.exhibits.provenance import source_digest
from edp_analysis.exhibits.sentence import Argument, render
from edp_analysis.indicators.concordance import Word
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError
from edp_analysis.publication.citations import Citation, Library, code
from edp_analysis.publication.downloads import csv_bytes, csv_name, file_size
from edp_analysis.publication.excerpts import Excerpt
from edp_analysis.publication.glossary import glossary
from edp_analysis.publication.pages import Site
from edp_analysis.publication.portal import PageInfo
from edp_analysis.publication.selection import FILE, Block, Reference, Selection
from edp_analysis.publication.shell import TEMPLATES, Shell
from edp_analysis.publication.tidy import tidy
from edp_analysis.publication.words import LIMITS, LIMITS_TITLE

__all__ = ["HREF", "handout_pages", "render_handout"]

HREF = f"{FILE.stem}.html"
"""Address of the page to print."""
_AUDIENCES = {"interne": "Page interne, ne pas diffuser.", "public": "Page publique."}


@dataclass(frozen=True)
class _Sheeted(Shell):
    """The shell of the page to print: its own rules, what stands at the foot of each sheet, and what made it."""

    foot: tuple[str, ...] = ()
    made: str = ""

    @property
    def css(self) -> str:
        """Style sheet of every page, then that of this one."""
        rules = (TEMPLATES / "rapport" / "synthese_a_imprimer.css").read_text(encoding="utf-8").replace("\n", "")
        # In a style sheet « \a » is a line feed; the space after it ends the escape.
        lines = "\\a ".join(line.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ") for line in self.foot)
        mention = '@top-right{content:"Données simulées";font:bold 9pt Arial,sans-serif;color:#333}'
        boxes = f'@bottom-left{{content:"{lines}";white-space:pre}}{mention if self.simulated else ""}'
        return f"{super().css}{rules}@page{{{boxes}}}"


def handout_pages(selection: Selection | None, campaign: Campaign) -> tuple[PageInfo, ...]:
    """Return the page to print as the menu and the portal present it; none when nothing is selected."""
    if selection is None:
        return ()
    title = _words(selection.title, _dates(campaign), "titre")
    finding = {"id": "constat", "genre": "finding", "titre": title, "question": "", "lignes": []}
    return (PageInfo(FILE.stem, _words(selection.menu, {}, "menu"), HREF, [finding], folder=FILE.parent.name),)


def render_handout(site: Site, selection: Selection | None, known: Collection[str]) -> dict[str, str]:
    """Return the HTML of the page to print, by its address; nothing when nothing is selected.

    Parameters
    ----------
    site : Site
    selection : Selection or None
    known : collection of str
        Pages of all the notebooks of the project, executed in this run or not.

    Raises
    ------
    UserError
        An exhibit, an indicator, a column or a question that does not exist, an exhibit that did not pass the gate
        for this audience, a number typed in the words. The block is named.
    """
    if selection is None:
        return {}
    from jinja2 import Environment, FileSystemLoader

    executed = [page for page in site.pages if hasattr(page.notebook, "cells")]
    library = Library(site.campaign, site.audience, executed, known)
    library.check(selection)
    writer = _Writer(site, library)
    opening = writer.block(selection.opening)
    sheets = [writer.sheet(blocks) for blocks in selection.sheets]
    shell = _Sheeted(
        h1=_words(selection.title, _dates(site.campaign), "titre"),
        overline=_words(selection.menu, {}, "menu"),
        site_title=site.campaign.label,
        simulated=site.campaign.simulated,
        navigation=site.menu,
        current=HREF,
        header=campaign_banner(site.campaign),
        style="impression",
        accessibility=site.statement.accessibility,
        foot=_foot(site),
        made=f"edp-analysis, version {edp_analysis.__version__}, empreinte des sources {source_digest()}.",
    )
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "rapport"), autoescape=True)
    environment.filters["code"] = code
    template = environment.get_template("synthese_a_imprimer.html.j2")
    return {HREF: tidy(template.render(page=shell, opening=opening, sheets=sheets, key=library.key()))}


def _foot(site: Site) -> tuple[str, ...]:
    campaign = site.campaign
    data = "données simulées" if campaign.simulated else "fichiers reçus"
    return (
        typeset(f"{campaign.label}, {data}, état au {day(campaign.extraction_date)}."),
        _AUDIENCES[site.audience],
    )


def _dates(campaign: Campaign) -> dict[str, Argument]:
    """Return what every template of the selection may use: dates, the code of the campaign, what its data are."""
    data = "Données simulées" if campaign.simulated else "Données reçues"
    return {
        "campagne": campaign.code,
        "debut": campaign.start,
        "extraction": campaign.extraction_date,
        "donnees": data,
    }


def _words(template: str, given: Mapping[str, Argument], where: str, threshold: int = 0) -> str:
    """Fill a template of the selection; a number typed in it is refused, and where it stands is named."""
    try:
        return render(template, given, threshold).text
    except UserError as error:
        raise UserError(f"{FILE.as_posix()}, {where} : {error.what}", error.remedy) from error


def _lower(text: str) -> str:
    """Put a text in the middle of a sentence: no capital, but for an acronym.

    Examples
    --------
    >>> _lower("S’appuyer sur la DREETS"), _lower("DREETS et Région")
    ('s’appuyer sur la DREETS', 'DREETS et Région')
    """
    return text[:1].lower() + text[1:] if text[1:2] and not text[1].isupper() else text


class _Writer:
    """Writes the blocks of a selection as the template wants them."""

    def __init__(self, site: Site, library: Library) -> None:
        self._site = site
        self._campaign: Campaign = site.campaign
        self._library = library

    def sheet(self, blocks: Iterable[Block]) -> list[dict[str, Any]]:
        """Gather the blocks that share the two columns; one that crosses both stands alone."""
        return [
            {"wide": wide, "blocks": [self.block(block) for block in run]}
            for wide, run in groupby(blocks, key=lambda block: block.wide)
        ]

    def block(self, block: Block) -> dict[str, Any]:
        """Return one block, its words written and its pieces found."""
        shown: dict[str, Any] = {
            "kind": block.kind,
            "title": self.words(block.title, block) if block.title else "",
            "text": self.words(block.text, block) if block.text else "",
            "cites": self._library.cite(block.values.values()),
            "absent": [
                typeset(f"« {reference} » : page absente de cette exécution, relancer « edp run » sans --only.")
                for reference in block.references
                if self._library.find(reference) is None
            ],
        }
        if block.kind == "question":
            asked = next(item for item in self._campaign.questions if item.code == block.question)
            short = shown["title"]
            shown |= {"title": typeset(f"{asked.code}. {short or asked.wording}"), "label": asked.register}
            shown["wording"] = typeset(asked.wording) if short else ""
        write = {
            "chiffres": self._cards,
            "figure": self._figure,
            "lignes": self._lines,
            "limites": self._limits,
            "definitions": self._definitions,
        }.get(block.kind)
        if write is not None:
            shown |= write(block)
        elif block.elements:
            shown["facts"] = [
                {"text": excerpt.item["titre"], "cites": self._library.cite([reference])}
                for reference, excerpt in self._found(block)
            ]
        return shown

    def words(self, template: str, block: Block) -> str:
        """Fill a template of a block with dates and with the indicators that the block names."""
        given = _dates(self._campaign)
        for name, reference in block.values.items():
            given[name] = self._indicator(reference) or f"[{reference}]"
        return _words(template, given, block.where, self._campaign.thresholds.percentage)

    def _indicator(self, reference: Reference) -> Indicator | None:
        excerpt = self._library.find(reference)
        return excerpt.indicator(reference.indicator) if excerpt is not None else None

    def _found(self, block: Block) -> list[tuple[Reference, Excerpt]]:
        return [(ref, found) for ref in block.elements if (found := self._library.find(ref)) is not None]

    def _cards(self, block: Block) -> dict[str, Any]:
        from bs4 import BeautifulSoup

        found = [(ref, item) for ref in block.elements if (item := self._indicator(ref)) is not None]
        html = cards_html([item for _, item in found], self._campaign.thresholds.percentage)
        cards = [card.decode_contents() for card in BeautifulSoup(html, "html.parser").select("ul.cartes > li")]
        cites = [self._library.cite([reference]) for reference, _ in found]
        return {"cards": [{"html": card, "cites": cite} for card, cite in zip(cards, cites, strict=True)]}

    def _figure(self, block: Block) -> dict[str, Any]:
        for reference, excerpt in self._found(block):
            cites = self._library.cite([reference])
            return {"figure": self._drawn(reference, excerpt, cites[0]), "cites": cites}
        return {}

    def _drawn(self, reference: Reference, excerpt: Excerpt, cite: Citation) -> dict[str, Any]:
        item, prefix = excerpt.item, f"{reference.page}-"
        return {
            "id": f"{prefix}{item['id']}",
            "title": item["titre"],
            "subtitle": item["sous_titre"],
            "picture": excerpt.picture(prefix),
            "notes": [
                (name, item[name.lower()]) for name in ("Lecture", "Champ", "Source", "Note") if item[name.lower()]
            ],
            "caption": f"Données de la figure{NBSP}: {cite.label}",
            "data": excerpt.data(prefix, f"Données de la figure{NBSP}: {cite.label}"),
            "csv": f"{self._site.csv_folder}/{csv_name(item)}",
            "size": file_size(csv_bytes(item)),
        }

    def _limits(self, block: Block) -> dict[str, Any]:
        return {"title": typeset(block.title or LIMITS_TITLE), "notes": [("", typeset(limit)) for limit in LIMITS]}

    def _definitions(self, block: Block) -> dict[str, Any]:
        """Return words of the glossary; the one that only simulated data need is left out without them."""
        known = dict(glossary(self._campaign))
        wanted = [word for word in block.terms if self._campaign.simulated or word.lower() != Word.BY_CONSTRUCTION]
        if lost := [word for word in wanted if word not in known]:
            what = f"{FILE.as_posix()}, {block.where} : « {lost[0]} » n'est pas un mot du glossaire."
            raise UserError(what, f"Mots : {', '.join(known)}.")
        return {"notes": [(word, typeset(known[word])) for word in wanted]}

    def _lines(self, block: Block) -> dict[str, Any]:
        """Return the rows of a table as lines of text, in groups and groups within them."""
        for reference, excerpt in self._found(block):
            rows = excerpt.rows()
            nothing = [] if rows else [excerpt.item["titre"]]
            self._check_columns(block, excerpt, rows)
            for column, wanted in block.keep.items():
                kept = [typeset(value) for value in wanted]
                lacking = [value for value in kept if rows and value not in {row[column] for row in rows}]
                nothing += [f"Aucune ligne{NBSP}: {enumeration(lacking)}."] if lacking else []
                rows = [row for row in rows if row[column] in kept]
            outer, inner = (*block.by, "", "")[:2]
            groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
            for row in rows:
                text = _lower(row[block.column]) if inner else row[block.column]
                line = {"text": text, "more": [row[name] for name in block.more]}
                groups.setdefault(row.get(outer, ""), {}).setdefault(row.get(inner, ""), []).append(line)
            return {"groups": groups, "nothing": nothing, "cites": self._library.cite([reference])}
        return {}

    def _check_columns(self, block: Block, excerpt: Excerpt, rows: list[dict[str, str]]) -> None:
        known = list(rows[0]) if rows else excerpt.item["colonnes"]
        for name in (block.column, *block.by, *block.more, *block.keep):
            if name not in known:
                why = "faite de nombres" if name in excerpt.item["colonnes"] else "absente"
                what = f"{FILE.as_posix()}, {block.where} : colonne « {name} » {why}, dans {block.elements[0]}."
                raise UserError(what, f"Colonnes de mots : {', '.join(known)}.")
