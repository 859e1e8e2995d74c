"""Sentences whose numbers come from indicators: ``"{x:complet} des sortants sont certifiés"``.

=================  ==============================================
``{x}``            « 54 % », « 378 jeunes », « 577 000 € »
``{x:compte}``     « 134 sur 246 »
``{x:intervalle}`` « entre 48 et 60 % »
``{x:complet}``    « 54 % (134 sur 246 ; entre 48 et 60 %) »
``{x:nombre}``     « 378 » (the value without its unit)
``{x:1}``          « 54,5 % » (that many decimals)
=================  ==============================================
"""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from edp_analysis.exhibits.claims import Piece, check_claims
from edp_analysis.exhibits.french import NNBSP, between, day, enumeration, number, of_total, percent, quantity, typeset
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["Argument", "Rendered", "few", "fields", "render", "weak", "write_indicator"]

Argument = Indicator | str | date
"""What a template may be given: an indicator, a date, or a word."""

_FORMS = ("compte", "intervalle", "complet", "nombre")
# A digit is allowed only inside a word that begins with a letter: Q1, EDP-03, N4.
_BARE_DIGIT = re.compile(r"(?<![\w-])[\w,.-]*\d[\w,.%-]*")
_CLAUSE = " ; "
_TOKEN = re.compile(r"[^\W\d_][\w-]*")


@dataclass(frozen=True)
class Rendered:
    """A sentence ready to be shown, and the indicators it used, in order, each once."""

    text: str
    indicators: tuple[Indicator, ...]


def few(indicator: Indicator, threshold: int) -> bool:
    """Say whether a share stands on fewer than `threshold` records: counts are then given, and no percentage."""
    return indicator.unit == "%" and indicator.denominator is not None and 0 < indicator.denominator < threshold


def weak(indicator: Indicator, threshold: int) -> bool:
    """Say whether a share is to be marked « [faible] »: few persons or answers.

    A complete list of other things is short without being weak: five départements of five is all there is to know.

    Examples
    --------
    >>> all_there = Indicator("d", "Couverts", 1.0, "%", "départements", 5, 5, census=True)
    >>> few(all_there, 20), weak(all_there, 20)
    (True, False)
    """
    return few(indicator, threshold) and not indicator.census


def write_indicator(indicator: Indicator, form: str = "", threshold: int = 0) -> str:
    """Write an indicator in French.

    Parameters
    ----------
    indicator : Indicator
    form : str
        Empty, ``compte``, ``intervalle``, ``complet``, ``nombre``, or a number of decimals.
    threshold : int
        Smallest denominator for which a percentage may be written, persons.

    Raises
    ------
    UserError
        Unknown form, or one that the indicator cannot take (no counts, no interval).

    Examples
    --------
    >>> import pandas as pd
    >>> from edp_analysis.indicators.result import share
    >>> write_indicator(share("x", "Certifiés", pd.Series([True, False]), "2 sortants"), threshold=20)
    '1 sur 2 [faible]'
    """
    if form not in _FORMS and form and not form.isdigit():
        near = difflib.get_close_matches(form, _FORMS, n=1)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(f"Forme « {form} » inconnue pour « {indicator.id} ».{hint}", f"Choisir parmi {_FORMS}.")
    if indicator.value is None:
        return f"non calculable ({indicator.reason or 'donnée absente'})"
    if form == "nombre" and indicator.unit != "%":
        return quantity(indicator.value, "")
    if few(indicator, threshold):
        return _counts(indicator) + (" [faible]" if weak(indicator, threshold) else "")
    if form == "compte":
        return _counts(indicator)
    if form == "intervalle":
        return _interval(indicator)
    decimals = int(form) if form.isdigit() else None
    value = _value(indicator, decimals)
    if form != "complet":
        return value
    if indicator.unit != "%" and indicator.denominator is not None and indicator.numerator == indicator.value:
        # Things counted among others: « 13 des 18 entretiens », rather than « 13 entretiens (13 sur 18) ».
        return f"{number(indicator.value)} des {quantity(indicator.denominator, indicator.unit)}"
    details = [_counts(indicator)] if indicator.numerator is not None and indicator.denominator is not None else []
    details += [_interval(indicator)] if indicator.interval else []
    return f"{value} ({f'{NNBSP}; '.join(details)})" if details else value


def _value(indicator: Indicator, decimals: int | None) -> str:
    value = float(indicator.value or 0.0)
    if indicator.unit == "%" and indicator.numerator is not None and indicator.denominator:
        return percent(indicator.numerator, indicator.denominator, decimals)
    return quantity(value, indicator.unit, decimals)


def _counts(indicator: Indicator) -> str:
    if indicator.numerator is None or indicator.denominator is None:
        raise UserError(f"« {indicator.id} » n'a pas d'effectifs à écrire.", "Écrire « {x} » sans « :compte ».")
    return of_total(indicator.numerator, indicator.denominator)


def _interval(indicator: Indicator) -> str:
    if indicator.interval is None:
        raise UserError(f"« {indicator.id} » n'a pas d'intervalle.", "Écrire « {x} » sans « :intervalle ».")
    return between(indicator.interval.low, indicator.interval.high, indicator.unit)


def render(template: str, arguments: Mapping[str, Argument], threshold: int) -> Rendered:
    r"""Fill a template, refuse bare digits and unsupported words.

    Parameters
    ----------
    template : str
        French text with ``{name}`` or ``{name:form}``.
    arguments : mapping of str to Indicator, str or datetime.date
        May hold more than the template uses.
    threshold : int
        See :func:`write_indicator`.

    Returns
    -------
    Rendered
        When none of the indicators could be computed, the sentence becomes « Non calculable : … », with the reason;
        when those of one of its clauses could not (clauses are parted by « ; »), the clause goes and is named so.

    Raises
    ------
    UserError
        A name without argument, a number typed in the text, an argument of another type.
    ClaimError
        A word the indicators do not support.

    Examples
    --------
    >>> render("État au {jour}.", {"jour": date(2024, 4, 30)}, 20).text
    'État au 30\xa0avril\xa02024.'
    """
    pieces: list[Piece] = []
    for literal, name, form in _parse(template):
        if literal:
            _refuse_digits(literal, template)
            pieces.append(Piece(literal))
        if name is not None:
            pieces.append(_argument(name, form, template, arguments, threshold))
    used = tuple(dict.fromkeys(piece.indicator for piece in pieces if piece.indicator is not None))
    if used and all(item.value is None for item in used):
        return Rendered(typeset(_nothing(used, template)), used)
    if any(item.value is None for item in used) and (lost := _lost_clauses(template, arguments)):
        kept = [clause for clause in template.split(_CLAUSE) if clause not in lost]
        whole = render(_sentence(kept), arguments, threshold)
        return Rendered(f"{whole.text} {typeset(_nothing(_indicators(_CLAUSE.join(lost), arguments), '.'))}", used)
    check_claims(pieces)
    return Rendered(typeset("".join(piece.text for piece in pieces)), used)


def _lost_clauses(template: str, arguments: Mapping[str, Argument]) -> list[str]:
    """Return the clauses that suppose figures of which none could be computed, when another clause stands."""
    lost = []
    clauses = template.split(_CLAUSE)
    for clause in clauses:
        figures = _indicators(clause, arguments) if clause.count("(") == clause.count(")") else ()
        if figures and all(item.value is None for item in figures):
            lost.append(clause)
    return lost if 0 < len(lost) < len(clauses) else []


def _indicators(clause: str, arguments: Mapping[str, Argument]) -> tuple[Indicator, ...]:
    given = (arguments.get(name) for name in fields(clause))
    return tuple(dict.fromkeys(item for item in given if isinstance(item, Indicator)))


def _sentence(clauses: list[str]) -> str:
    """Join clauses again, with a capital and a final stop."""
    text = _CLAUSE.join(clauses).rstrip(". ")
    return f"{text[:1].upper()}{text[1:]}."


def _nothing(indicators: tuple[Indicator, ...], template: str) -> str:
    """Say once that nothing can be computed, rather than in the middle of a sentence that supposes a figure."""
    names = enumeration(list(dict.fromkeys(item.label for item in indicators)))
    reasons = enumeration(list(dict.fromkeys(item.reason or "donnée absente" for item in indicators)))
    return f"Non calculable : {names} ({reasons}){'.' if template.rstrip().endswith('.') else ''}"


def fields(template: str) -> tuple[str, ...]:
    """Return the names that a template uses, in order.

    Examples
    --------
    >>> fields("{part:complet} au {jour}")
    ('part', 'jour')
    """
    return tuple(name for _, name, _ in _parse(template) if name is not None)


def _parse(template: str) -> list[tuple[str, str | None, str]]:
    try:
        return [(literal, name, form or "") for literal, name, form, _ in string.Formatter().parse(template)]
    except ValueError as error:
        raise UserError(f"Phrase mal formée ({error}) : « {template} ».", "Vérifier les accolades.") from error


def _argument(name: str, form: str, template: str, arguments: Mapping[str, Argument], threshold: int) -> Piece:
    if name not in arguments:
        near = difflib.get_close_matches(name, list(arguments), n=1)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(f"« {{{name}}} » n'a pas reçu de valeur dans la phrase « {template} ».{hint}", "La donner.")
    value = arguments[name]
    if isinstance(value, Indicator):
        return Piece(write_indicator(value, form, threshold), value)
    if isinstance(value, date):
        return Piece(day(value), None) if not form else Piece(_date(value, form))
    if isinstance(value, str):
        # Words given by the caller are guarded like the template; figures in them (a code, a date) are not.
        return Piece(value)
    raise UserError(
        f"« {{{name}}} » vaut {value!r} : un nombre doit venir d'un indicateur.",
        "Donner un indicateur (share, count, amount), une date ou un mot.",
    )


def _date(value: date, form: str) -> str:
    if form == "annee":
        return str(value.year)
    raise UserError(f"Forme « {form} » inconnue pour une date.", "Écrire « {x} » ou « {x:annee} ».")


def _refuse_digits(literal: str, template: str) -> None:
    for match in _BARE_DIGIT.finditer(literal):
        if not _TOKEN.match(match.group()):
            raise UserError(
                f"Nombre « {match.group()} » écrit en dur dans « {template} ».",
                "Le remplacer par un indicateur, « {nom} », ou passer une date ou un mot en argument.",
            )
