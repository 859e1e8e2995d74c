"""The tables and figures of a page: one method each, made from the function that draws."""

from __future__ import annotations

import difflib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from edp_analysis.campaign import Campaign
from edp_analysis.exhibits.alluvial import plot_alluvial
from edp_analysis.exhibits.curves import plot_curves
from edp_analysis.exhibits.distributions import plot_likert, plot_stacked
from edp_analysis.exhibits.exhibit import Exhibit
from edp_analysis.exhibits.french import typeset
from edp_analysis.exhibits.funnel import plot_funnel
from edp_analysis.exhibits.judgements import plot_judgements
from edp_analysis.exhibits.plots import Plot, plot_bars, plot_dots, plot_table
from edp_analysis.exhibits.population import with_size
from edp_analysis.exhibits.sentence import Argument, Rendered, fields
from edp_analysis.exhibits.strips import plot_strips
from edp_analysis.exhibits.tiles import plot_tiles
from edp_analysis.exhibits.trends import plot_lines
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.tables import titre, titres
from edp_analysis.problems import UserError

__all__ = ["Caption", "Pictures", "captioned"]

_COMMON_DOC = """

    Words
    -----
    id : str
        Unique in the page.
    title : str
        The finding.
    subtitle : str
        Measure, unit, population, period.
    lecture : str
        One worked reading.
    champ : str
        Who is counted; by default the population of the indicators.
    note : str
        Remarks.
    source : str
        Where published figures come from; by default the data of the campaign.
    **arguments
        Indicators, dates and words for the templates.
    """


@dataclass(frozen=True)
class Caption:
    """The words around a table or a figure; those of :func:`captioned` methods, as templates."""

    id: str
    title: str
    subtitle: str = ""
    lecture: str = ""
    champ: str = ""
    note: str = ""
    source: str = ""

    @property
    def templates(self) -> tuple[str, ...]:
        """The texts that take arguments."""
        return (self.title, self.subtitle, self.lecture, self.champ, self.note, self.source)


_WORDS = tuple(Caption.__dataclass_fields__)
_GIVEN = {"id", "title", "threshold"}
"""What the page gives to the function that draws."""


def captioned(plot: Callable[..., Plot], kind: Literal["figure", "table"] = "figure") -> Callable[..., Exhibit]:
    """Make the method of a page from the function that draws.

    The method takes the data, the words of :class:`Caption`, the options of `plot`, and the arguments of the
    templates. Its signature and its documentation say so, for the completion and the help of JupyterLab.

    Parameters
    ----------
    plot : callable
        ``plot(data, *, id, title, threshold, **options) -> Plot``.
    kind : {"figure", "table"}
    """
    data, *others = inspect.signature(plot).parameters.values()
    options = [parameter for parameter in others if parameter.name not in _GIVEN]
    names = {parameter.name for parameter in options}
    name = plot.__name__.removeprefix("plot_")

    def method(page: Pictures, data: Any, /, **given: Any) -> Exhibit:
        caption = Caption(**{word: given.pop(word) for word in _WORDS if word in given})
        chosen = {option: given.pop(option) for option in names if option in given}
        _refuse_misspelt(caption, given, names)
        return page._picture(kind, name, plot, data, caption, chosen, given)

    words = [
        inspect.Parameter(
            word, inspect.Parameter.KEYWORD_ONLY, default=inspect.Parameter.empty if rank < 2 else "", annotation="str"
        )
        for rank, word in enumerate(_WORDS)
    ]
    method.__name__ = method.__qualname__ = name
    method.__doc__ = inspect.getdoc(plot) and f"{plot.__doc__}".rstrip() + _COMMON_DOC
    signature = inspect.Signature(
        [
            inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY),
            data.replace(kind=inspect.Parameter.POSITIONAL_ONLY),
            *words,
            *options,
            inspect.Parameter("arguments", inspect.Parameter.VAR_KEYWORD, annotation="Argument"),
        ],
        return_annotation="Exhibit",
    )
    method.__signature__ = signature  # type: ignore[attr-defined]  # functions may carry one, typeshed does not say it
    return method


def _refuse_misspelt(caption: Caption, arguments: Mapping[str, object], options: Iterable[str]) -> None:
    """Refuse an argument that no template uses and that looks like an option: « subtite » must not vanish."""
    used = {name for template in caption.templates for name in fields(template)}
    for name in sorted(set(arguments) - used):
        near = difflib.get_close_matches(name, [*_WORDS, *options], n=1, cutoff=0.75)
        if near:
            raise UserError(
                f"« {caption.id} » : « {name} » n'est ni une option ni dans une phrase. Peut-être : « {near[0]} » ?",
                "Le corriger.",
            )


class Pictures(ABC):
    """What a page needs to show tables and figures; :class:`~edp_analysis.exhibits.page.Page` is the one users open.

    Every method takes its data, then by name the words of :class:`Caption`, its own options, and the indicators,
    dates and words of the templates.
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

    table = captioned(plot_table, "table")
    bars = captioned(plot_bars)
    dots = captioned(plot_dots)
    likert = captioned(plot_likert)
    judgements = captioned(plot_judgements)
    stacked = captioned(plot_stacked)
    lines = captioned(plot_lines)
    funnel = captioned(plot_funnel)
    curves = captioned(plot_curves)
    alluvial = captioned(plot_alluvial)
    tiles = captioned(plot_tiles)
    strips = captioned(plot_strips)

    def _picture(
        self,
        kind: Literal["figure", "table"],
        function: str,
        draw: Callable[..., Plot],
        data: Any,
        caption: Caption,
        options: Mapping[str, Any],
        arguments: Mapping[str, Argument],
    ) -> Exhibit:
        title, subtitle, lecture = (
            self._text(text, arguments) for text in (caption.title, caption.subtitle, caption.lecture)
        )
        threshold = self.campaign.thresholds.percentage
        plot = draw(data, id=caption.id, title=title.text, threshold=threshold, **options)
        quoted = (item for text in (title, subtitle, lecture) for item in text.indicators)
        indicators = tuple(dict.fromkeys((*plot.indicators, *quoted)))
        champ = self._free(caption.champ, arguments) or self._population(plot.indicators or indicators)
        for name, value, remedy in (
            ("titre", title.text, "Donner title= : ce que l'élément montre."),
            ("lecture", lecture.text, "Donner lecture= : une phrase qui lit une valeur."),
            ("champ", champ, "Donner champ= : qui est compté, où et quand."),
        ):
            if not value.strip():
                word = "Figure" if kind == "figure" else "Tableau"
                raise UserError(f"{word} « {caption.id} » : {name} manquant.", remedy)
        return self._show(
            Exhibit(
                caption.id,
                kind,
                title=title.text,
                subtitle=subtitle.text,
                lecture=lecture.text,
                champ=with_size(champ, plot.table, plot.indicators, plot.size),
                source=self._free(caption.source, arguments) or self.source,
                note=" ".join(filter(None, (self._free(caption.note, arguments), typeset(plot.note)))),
                alt=plot.alt,
                table=titres(plot.table),
                units={titre(name): unit for name, unit in plot.units.items()},
                indicators=indicators,
                graphic=plot.graphic,
                function=function,
                under={titre(name): titre(other) for name, other in plot.under.items()},
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
