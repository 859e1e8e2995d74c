"""The accessible HTML of each kind of exhibit: text in the page, never in the picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

from edp_analysis.exhibits.exhibit import Exhibit
from edp_analysis.exhibits.french import NBSP, typeset
from edp_analysis.exhibits.provenance import fold
from edp_analysis.exhibits.style import LAB_CSS
from edp_analysis.exhibits.table import html_table
from edp_analysis.exhibits.word_table import word_table
from edp_analysis.problems import UserError

__all__ = ["csv_mark", "to_html"]

_SYNTHESIS = "synthese"
"""Page whose answers are the answers; those of the others are parts of them."""


def csv_mark(id: str) -> str:
    """Return the invisible mark that the exporter replaces by the link to the exhibit's CSV file."""
    return f"<!--edp:csv:{escape(id)}-->"


def to_html(exhibit: Exhibit) -> str:
    """Return an exhibit as an HTML fragment.

    Raises
    ------
    UserError
        The exhibit did not pass the gate.
    """
    if exhibit.stamp is None:
        raise UserError(
            f"L'élément « {exhibit.id} » n'est pas passé par la porte de diffusion : il ne peut pas être montré.",
            "Le produire par une méthode de la page (page.table, page.bars…), qui l'y fait passer.",
        )
    build: dict[str, Callable[[Exhibit], str]] = {
        "figure": _figure,
        "table": _table,
        "key_figures": _key_figures,
        "sentence": _sentence,
        "method": _method,
        "finding": _finding,
        "answer": _answer,
        "header": _header,
    }
    kind, inner = exhibit.kind.replace("_", "-"), build[exhibit.kind](exhibit)
    return f'{LAB_CSS}<div class="edp {kind}" id="{escape(exhibit.id)}">{inner}</div>'


def _sentence(exhibit: Exhibit) -> str:
    return f'<p class="phrase">{_text(exhibit.title)}</p>{_provenance(exhibit, "de cette phrase")}'


def _method(exhibit: Exhibit) -> str:
    # Folded: a councillor reads on, a statistician opens it. <details> needs no script and opens from the keyboard.
    name = f"Méthode{NBSP}: {exhibit.subtitle}" if exhibit.subtitle else "Méthode"
    return f"<details><summary>{_text(name)}</summary><p>{_text(exhibit.title)}</p></details>"


def _finding(exhibit: Exhibit) -> str:
    constat = f'<p class="constat"><strong>{_text(exhibit.title)}</strong></p>'
    return constat + _provenance(exhibit, "du constat")


def _header(exhibit: Exhibit) -> str:
    return exhibit.graphic


def _provenance(exhibit: Exhibit, of: str) -> str:
    """Return the fold of what the exhibit was made of; words without any figure have none."""
    silent = exhibit.provenance is None or (exhibit.table.empty and not exhibit.indicators)
    return "" if silent or exhibit.provenance is None else fold(exhibit.provenance, of)


def _text(text: str) -> str:
    return escape(typeset(text), quote=False)


def _caption(exhibit: Exhibit, word: str) -> str:
    subtitle = f' <span class="sous">{_text(exhibit.subtitle)}</span>' if exhibit.subtitle else ""
    return f'<span class="num">{word}{NBSP}{exhibit.number}.</span> <strong>{_text(exhibit.title)}</strong>{subtitle}'


def _notes(exhibit: Exhibit) -> str:
    parts = [
        f'<p class="{style}"><strong>{label}{NBSP}:</strong> {_text(text)}</p>'
        for label, text, style in (
            ("Lecture", exhibit.lecture, "lect"),
            ("Champ", exhibit.champ, "src"),
            ("Source", exhibit.source, "src"),
            ("Note", exhibit.note, "src"),
        )
        if text
    ]
    return f'<div class="notes">{"".join(parts)}</div>'


def _figure(exhibit: Exhibit) -> str:
    name, id = f"Figure{NBSP}{exhibit.number}", escape(exhibit.id)
    details = ""
    if not exhibit.table.empty:
        caption = f"Données de la {name[0].lower()}{name[1:]}"
        table = html_table(
            exhibit.table, id=f"{id}-donnees", caption=caption, units=exhibit.units, threshold=exhibit.threshold
        )
        details = f"<details><summary>{caption}</summary>{table}</details>{csv_mark(exhibit.id)}"
    return (
        f'<figure role="figure" aria-labelledby="{id}-legende">'
        f'<figcaption id="{id}-legende">{_caption(exhibit, "Figure")}</figcaption>'
        f'<div class="graph">{exhibit.graphic}</div>{_notes(exhibit)}{details}'
        f"{_provenance(exhibit, f'de la {name[0].lower()}{name[1:]}')}</figure>"
    )


def _table(exhibit: Exhibit) -> str:
    caption = _caption(exhibit, "Tableau")
    if exhibit.table.empty:
        return f'<p class="legende">{caption}</p>{exhibit.graphic}{_notes(exhibit)}'
    draw: Callable[..., str] = partial(word_table, under=exhibit.under) if exhibit.under else html_table
    table = draw(exhibit.table, id=exhibit.id, caption=caption, units=exhibit.units, threshold=exhibit.threshold)
    origin = _provenance(exhibit, f"du tableau{NBSP}{exhibit.number}")
    return f"{table}{_notes(exhibit)}{csv_mark(exhibit.id)}{origin}"


def _key_figures(exhibit: Exhibit) -> str:
    origin = _provenance(exhibit, "des chiffres clés")
    read = f'<p class="src">{_text(exhibit.source)}</p>' if exhibit.source else ""
    return f"{exhibit.graphic}{read}{csv_mark(exhibit.id)}{origin}"


def _answer(exhibit: Exhibit) -> str:
    # Each page brings what it knows; the answer to the question as a whole is the synthesis's.
    word = "Réponse" if exhibit.page == _SYNTHESIS else "Élément de réponse"
    return (
        f'<p class="question"><strong>{_text(exhibit.question)}.</strong> {_text(exhibit.subtitle)}</p>'
        f'<p class="reponse"><strong>{word}{NBSP}:</strong> {_text(exhibit.title)}</p>'
        f"{_provenance(exhibit, f'de la réponse {exhibit.question}')}"
    )
