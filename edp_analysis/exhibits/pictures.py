"""The tables and figures of a page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.exhibits import distributions, plots, trends
from edp_analysis.exhibits.exhibit import Exhibit
from edp_analysis.exhibits.figure import nothing_to_show
from edp_analysis.exhibits.french import typeset
from edp_analysis.exhibits.population import with_size
from edp_analysis.exhibits.sentence import Argument, Rendered, weak
from edp_analysis.exhibits.table import Indicators, indicator_frame, labelled, mask_weak, tidy
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["Pictures"]


class Pictures(ABC):
    """What a page needs to show tables and figures; :class:`~edp_analysis.exhibits.page.Page` is the one users open.

    Every method takes ``id``, ``title`` (the finding), ``subtitle`` (measure, unit, population, period), ``lecture``
    (one worked reading), ``champ`` (who is counted; by default the population of the indicators), ``note``, and by
    name the indicators, dates and words of the templates.
    """

    campaign: Campaign

    @property
    @abstractmethod
    def source(self) -> str:
        """Where the figures come from."""

    @abstractmethod
    def _text(self, template: str, arguments: Mapping[str, Argument]) -> Rendered: ...

    @abstractmethod
    def _show(self, exhibit: Exhibit) -> Exhibit: ...

    def table(
        self,
        data: pd.DataFrame | Indicators,
        *,
        id: str,
        title: str,
        subtitle: str = "",
        lecture: str = "",
        champ: str = "",
        units: Mapping[str, str] | None = None,
        note: str = "",
        base: str | None = None,
        **arguments: Argument,
    ) -> Exhibit:
        """Show a table; its first column (or its named index) gives the row headings.

        Parameters
        ----------
        data : DataFrame, or mapping or iterable of Indicator
            Cells may be numbers, words, dates or indicators.
        id, title, subtitle, lecture, champ, note : str
        units : mapping of str to str, optional
            ``"%"`` (shares in [0, 1]), ``"€"``, ``"points"``, ``"texte"`` or any unit, by column.
        base : str, optional
            Column of denominators: see :func:`edp_analysis.exhibits.table.mask_weak`.
        **arguments
            Indicators, dates and words for the templates.
        """
        threshold = self.campaign.thresholds.percentage
        indicators: tuple[Indicator, ...] = ()
        if isinstance(data, pd.DataFrame):
            shown, given = tidy(data), dict(units or {})
            unknown = sorted(set(given) - set(shown.columns))
            if unknown:
                raise UserError(f"Tableau « {id} » : unité d'une colonne absente, « {unknown[0]} ».", "La corriger.")
            shown = mask_weak(shown, given, base, threshold)
        else:
            indicators = labelled(data)
            shown, given = indicator_frame(indicators, threshold)
        graphic = nothing_to_show("le tableau est vide") if shown.empty else ""
        plot = plots.Plot(graphic, shown, given, indicators=indicators)
        return self._picture("table", id, plot, title, subtitle, lecture, champ, note, arguments)

    def bars(
        self,
        data: pd.DataFrame | Indicators,
        *,
        id: str,
        title: str,
        subtitle: str = "",
        lecture: str = "",
        champ: str = "",
        note: str = "",
        highlight: str | None = None,
        sort: bool = True,
        label: str | None = None,
        value: str | None = None,
        unit: str = "%",
        **arguments: Argument,
    ) -> Exhibit:
        """Show horizontal bars; see :func:`edp_analysis.exhibits.plots.plot_bars`."""
        heading = self._text(title, arguments).text
        plot = plots.plot_bars(
            data, id=id, title=heading, threshold=self.campaign.thresholds.percentage, highlight=highlight,
            sort=sort, label=label, value=value, unit=unit,
        )  # fmt: skip
        return self._picture("figure", id, plot, title, subtitle, lecture, champ, note, arguments)

    def dots(
        self,
        data: Indicators,
        *,
        id: str,
        title: str,
        subtitle: str = "",
        lecture: str = "",
        champ: str = "",
        note: str = "",
        reference: Indicator | None = None,
        **arguments: Argument,
    ) -> Exhibit:
        """Show a dot and its interval per group; see :func:`edp_analysis.exhibits.plots.plot_dots`."""
        heading = self._text(title, arguments).text
        plot = plots.plot_dots(
            data, id=id, title=heading, threshold=self.campaign.thresholds.percentage, reference=reference
        )
        if any(weak(item, self.campaign.thresholds.percentage) for item in plot.indicators):
            rule = f"[faible] et point creux : moins de {self.campaign.thresholds.percentage} personnes."
            note = f"{note} {rule}".strip()
        return self._picture("figure", id, plot, title, subtitle, lecture, champ, note, arguments)

    def likert(
        self,
        frame: pd.DataFrame,
        *,
        id: str,
        title: str,
        subtitle: str = "",
        lecture: str = "",
        champ: str = "",
        note: str = "",
        positive: Sequence[str] | None = None,
        negative: Sequence[str] | None = None,
        apart: Sequence[str] | None = None,
        questions: dict[str, str] | None = None,
        **arguments: Argument,
    ) -> Exhibit:
        """Show answers on a scale; see :func:`edp_analysis.exhibits.distributions.plot_likert`."""
        plot = distributions.plot_likert(
            frame, id=id, title=self._text(title, arguments).text, threshold=self.campaign.thresholds.percentage,
            positive=positive, negative=negative, apart=apart, questions=questions,
        )  # fmt: skip
        return self._picture("figure", id, plot, title, subtitle, lecture, champ, note, arguments)

    def stacked(
        self,
        frame: pd.DataFrame,
        *,
        id: str,
        title: str,
        subtitle: str = "",
        lecture: str = "",
        champ: str = "",
        note: str = "",
        label: str | None = None,
        category: str | None = None,
        value: str | None = None,
        **arguments: Argument,
    ) -> Exhibit:
        """Show shares of a whole; see :func:`edp_analysis.exhibits.distributions.plot_stacked`."""
        plot = distributions.plot_stacked(
            frame, id=id, title=self._text(title, arguments).text, label=label, category=category, value=value
        )
        return self._picture("figure", id, plot, title, subtitle, lecture, champ, note, arguments)

    def lines(
        self,
        frame: pd.DataFrame,
        *,
        id: str,
        title: str,
        subtitle: str = "",
        lecture: str = "",
        champ: str = "",
        note: str = "",
        x: str | None = None,
        y: str | None = None,
        panel: str | None = None,
        unit: str = "€",
        **arguments: Argument,
    ) -> Exhibit:
        """Show one line a group, in panels; see :func:`edp_analysis.exhibits.trends.plot_lines`."""
        plot = trends.plot_lines(
            frame, id=id, title=self._text(title, arguments).text, x=x, y=y, panel=panel, unit=unit
        )
        return self._picture("figure", id, plot, title, subtitle, lecture, champ, note, arguments)

    def _picture(
        self,
        kind: Any,
        id: str,
        plot: plots.Plot,
        title: str,
        subtitle: str,
        lecture: str,
        champ: str,
        note: str,
        arguments: Mapping[str, Argument],
    ) -> Exhibit:
        word = "Figure" if kind == "figure" else "Tableau"
        texts = [self._text(text, arguments) for text in (title, subtitle, lecture)]
        indicators = tuple(dict.fromkeys((*plot.indicators, *(item for text in texts for item in text.indicators))))
        champ = self._free(champ, arguments) or self._population(plot.indicators or indicators)
        for name, value, remedy in (
            ("titre", texts[0].text, "Donner title= : ce que l'élément montre."),
            ("lecture", texts[2].text, "Donner lecture= : une phrase qui lit une valeur."),
            ("champ", champ, "Donner champ= : qui est compté, où et quand."),
        ):
            if not value.strip():
                raise UserError(f"{word} « {id} » : {name} manquant.", remedy)
        return self._show(
            Exhibit(
                id,
                kind,
                title=texts[0].text,
                subtitle=texts[1].text,
                lecture=texts[2].text,
                champ=with_size(champ, plot.table, plot.indicators),
                source=self.source,
                note=self._free(note, arguments),
                alt=plot.alt,
                table=plot.table,
                units=plot.units,
                indicators=indicators,
                graphic=plot.graphic,
            )
        )

    def _free(self, text: str, arguments: Mapping[str, Argument]) -> str:
        # A population already worded by an indicator holds its own counts: only templates are checked.
        return self._text(text, arguments).text if "{" in text else typeset(text)

    @staticmethod
    def _population(indicators: Iterable[Indicator]) -> str:
        # Groups of one population share its words and add theirs after a comma.
        found = [item.population.split(", ") for item in indicators if item.population]
        shared = takewhile(lambda words: len(set(words)) == 1, zip(*found, strict=False))
        return ", ".join(words[0] for words in shared)
