"""The page: what a notebook opens once, and through which it shows everything."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.cleaning.result import Tables
from edp_analysis.disclosure.gate import check_audience, gate
from edp_analysis.exhibits.banner import header_html, parameters_frame
from edp_analysis.exhibits.cards import cards_html, reading
from edp_analysis.exhibits.exhibit import Exhibit
from edp_analysis.exhibits.french import day, enumeration, typeset
from edp_analysis.exhibits.own_school import account_of
from edp_analysis.exhibits.pictures import Pictures
from edp_analysis.exhibits.provenance import Tracer
from edp_analysis.exhibits.sentence import Argument, Rendered, render
from edp_analysis.exhibits.table import Indicators, indicator_frame, labelled
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["Page", "open_page"]

_ID = re.compile(r"[a-z][a-z0-9_-]*")
_NUMBER = re.compile(r"^\d+[_-]?")
_TITLE = re.compile(r"^# (.+?)\s*$", re.MULTILINE)
# Columns that hold the limits of an interval, in the tables behind the charts.
_LIMITS = frozenset({"De", "À", "bas", "haut"})


def open_page(name: str, campagne: str, audience: str = "interne", ecole: str | None = None) -> Page:
    """Open the page of a notebook: load the campaign and its clean tables.

    Parameters
    ----------
    name : str
        Name of the notebook, e.g. ``"profils"``; file names are made of it.
    campagne : str
        Code of the campaign.
    audience : {'interne', 'public'}
    ecole : str, optional
        Code of the school that the page is handed to, alone: it names no file and no problem of the others.

    Raises
    ------
    UserError
        Unknown campaign or audience.
    """
    from edp_analysis.cleaning.prepare import prepare

    check_audience(audience)
    # Papermill reads « -p campagne 2024 » as a number.
    campaign = load_campaign(str(campagne))
    return Page(campaign, prepare(campaign), name, audience, ecole)


class Page(Pictures):
    """Makes a notebook's exhibits, numbers them, and passes each through the gate.

    Every text but ``champ`` and ``note`` is a template (see :mod:`edp_analysis.exhibits.sentence`) filled with the
    indicators given by name; ``{campagne}`` and ``{extraction}`` are always known.

    Parameters
    ----------
    campaign : Campaign
    tables : Tables
        The campaign's clean tables.
    name : str
    audience : {'interne', 'public'}
    school : str, optional
        Of :func:`open_page`.
    """

    def __init__(
        self, campaign: Campaign, tables: Tables, name: str, audience: str = "interne", school: str | None = None
    ) -> None:
        check_audience(audience)
        self.campaign = campaign
        self._received = tables if school is None else account_of(tables, school)
        self._tracer = Tracer(campaign, tables, audience, self._received)
        self.name = self._checked_id(name)
        self.audience = audience
        self._owners: dict[str, str | None] = {}
        self._numbers: dict[str, dict[str, int]] = {"figure": {}, "table": {}}
        self._anonymous = 0
        self._reading = self._exact_reading = ""

    @property
    def tables(self) -> Tables:
        """The campaign's clean tables; those read here are named in the provenance of what is shown after."""
        return self._tracer.watched

    @property
    def source(self) -> str:
        """Where the figures come from, as printed under each of them."""
        state = f"état au {day(self.campaign.extraction_date)}"
        data = "données simulées" if self.campaign.simulated else "fichiers reçus"
        title = _notebook_title(self.campaign.root, self.name)
        made = f" ; traitement : carnet « {title} »" if title else ""
        return typeset(f"{data} de la campagne {self.campaign.code}, {state}{made}.")

    # -- words ---------------------------------------------------------------------------------------------------

    def header(self) -> Exhibit:
        """Show the parameters in force, the banner of simulated data, and what is missing or blocked."""
        return self._show(
            Exhibit(
                "entete",
                "header",
                title=f"{self.campaign.label}, page {self.audience}",
                subtitle=self.campaign.label,
                table=parameters_frame(self.campaign, self._received, self.audience),
                units={"valeur": "texte"},
                graphic=header_html(self.campaign, self._received, self.audience),
            )
        )

    def finding(self, template: str, **arguments: Argument) -> Exhibit:
        """State the page's finding, once: it becomes the page's main heading."""
        return self._words("constat", "finding", template, arguments)

    def sentence(self, template: str, id: str | None = None, **arguments: Argument) -> Exhibit:
        """Write a paragraph whose figures come from indicators."""
        if id is None:
            self._anonymous += 1
            id = f"phrase-{self._anonymous}"
        return self._words(id, "sentence", template, arguments)

    def method(self, template: str, about: str = "", id: str | None = None, **arguments: Argument) -> Exhibit:
        """Write how something was computed, in a fold: readers who do not need it pass by.

        Parameters
        ----------
        template : str
        about : str
            What the method is of, a few words written after « Méthode : »; needed when a page has several folds.
        id : str, optional
        **arguments
            Indicators, dates and words of the template.
        """
        if id is None:
            self._anonymous += 1
            id = f"methode-{self._anonymous}"
        text = self._text(template, arguments)
        return self._show(Exhibit(id, "method", title=text.text, subtitle=about, indicators=text.indicators))

    def readings(
        self, uncertain: str, exact: str = "", total: int | None = None, population: int | None = None
    ) -> None:
        """Say what the intervals of this page mean: the sentence is printed under each figure from here on.

        Parameters
        ----------
        uncertain : str
            Reading of the figures and tables that show or cite an interval, see
            :class:`~edp_analysis.statistics.reading.Reading`.
        exact : str
            Reading of the figures that have none; empty: nothing is said.
        total, population : int, optional
            For a survey: answers, and persons who could answer.

        Raises
        ------
        UserError
            Unknown reading.
        """
        from edp_analysis.statistics.reading import Reading, reading_sentence

        for name in filter(None, (uncertain, exact)):
            if name not in list(Reading):
                raise UserError(f"Lecture « {name} » inconnue.", f"Lectures : {enumeration(list(Reading))}.")
        self._reading = reading_sentence(Reading(uncertain), total, population)
        self._exact_reading = reading_sentence(Reading(exact)) if exact else ""

    def answer(self, question: str, template: str, **arguments: Argument) -> Exhibit:
        """Answer an evaluation question in one line; the portal shows it.

        Raises
        ------
        UserError
            The campaign asks no such question.
        """
        asked = {item.code: item.wording for item in self.campaign.questions}
        if question not in asked:
            known = enumeration(list(asked))
            raise UserError(f"Question « {question} » absente de la campagne ({known}).", "La corriger.")
        text = self._text(template, arguments)
        return self._show(
            Exhibit(
                f"reponse-{question.lower()}",
                "answer",
                title=text.text,
                subtitle=asked[question],
                question=question,
                indicators=text.indicators,
            )
        )

    def key_figures(self, indicators: Indicators, id: str = "chiffres-cles") -> Exhibit:
        """Show cards: value, label, counts and interval."""
        items = labelled(indicators)
        frame, units = indicator_frame(items, self.campaign.thresholds.percentage)
        return self._show(
            Exhibit(
                id,
                "key_figures",
                title="Chiffres clés",
                source=reading(items),
                table=frame,
                units=units,
                indicators=items,
                graphic=cards_html(items, self.campaign.thresholds.percentage),
            )
        )

    # -- common --------------------------------------------------------------------------------------------------

    def _text(self, template: str, arguments: Mapping[str, Argument]) -> Rendered:
        known: dict[str, Argument] = {"campagne": self.campaign.code, "extraction": self.campaign.extraction_date}
        return render(template, {**known, **arguments}, self.campaign.thresholds.percentage)

    def _words(self, id: str, kind: Any, template: str, arguments: Mapping[str, Argument]) -> Exhibit:
        text = self._text(template, arguments)
        return self._show(Exhibit(id, kind, title=text.text, indicators=text.indicators))

    def _with_reading(self, exhibit: Exhibit) -> str:
        if exhibit.kind not in {"figure", "table"} or exhibit.table.empty:
            return exhibit.note
        cells = exhibit.table.to_numpy(dtype=object).ravel()
        shown = (*exhibit.indicators, *(cell for cell in cells if isinstance(cell, Indicator)))
        uncertain = any(item.interval for item in shown) or not _LIMITS.isdisjoint(exhibit.table.columns)
        reading = self._reading if uncertain else self._exact_reading if exhibit.kind == "figure" else ""
        return f"{exhibit.note} {typeset(reading)}".strip()

    def _only_published(self, exhibit: Exhibit) -> bool:
        """Say whether an exhibit rests on published figures alone: neither its words nor its indicators are ours."""
        if not exhibit.source or "campagne" in f"{exhibit.source} {exhibit.champ}":
            return False
        cells = exhibit.table.to_numpy(dtype=object).ravel()
        shown = (*exhibit.indicators, *(cell for cell in cells if isinstance(cell, Indicator)))
        return exhibit.kind in {"figure", "table"} and not any(item.rows for item in shown)

    @staticmethod
    def _checked_id(id: str) -> str:
        if not _ID.fullmatch(id):
            raise UserError(f"Identifiant « {id} » refusé.", "Minuscules sans accent, chiffres, « - » et « _ ».")
        return id

    def _show(self, exhibit: Exhibit) -> Exhibit:
        """Check the id, number the exhibit and pass it through the gate."""
        id, cell = self._checked_id(exhibit.id), _running_cell()
        # In JupyterLab a cell may be run again: an id is taken only when another cell holds it.
        if id in self._owners and (cell is None or self._owners[id] != cell):
            raise UserError(f"L'identifiant « {id} » sert deux fois dans la page « {self.name} ».", "En changer un.")
        self._owners[id] = cell
        ranks = self._numbers.get(exhibit.kind)
        number = ranks.setdefault(id, len(ranks) + 1) if ranks is not None else 0
        complete = replace(
            exhibit,
            note=self._with_reading(exhibit),
            simulated=self.campaign.simulated,
            page=self.name,
            number=number,
            threshold=self.campaign.thresholds.percentage,
            provenance=self._tracer.trace(
                exhibit.function or exhibit.kind, exhibit.indicators, self._only_published(exhibit)
            ),
        )
        return gate(complete, self.campaign, self.audience)


@cache
def _notebook_title(root: Path, name: str) -> str:
    """Return the title of the notebook that opens the page, empty where none bears its name."""
    for path in sorted((root / "notebooks").glob("*/*.ipynb")):
        if _NUMBER.sub("", path.stem) == name:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
            titles = (match.group(1) for text in texts if (match := _TITLE.search(text)))
            return next(titles, "")
    return ""


def _running_cell() -> str | None:
    """Return the identity of the JupyterLab cell being run, ``None`` elsewhere."""
    import sys

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return None
    identity = kernel.get_parent("shell").get("metadata", {}).get("cellId")
    return str(identity) if identity else None
