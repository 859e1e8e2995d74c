"""The clean table of quotations. None is lost, and none that was not approved passes for approved."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from edp_analysis.cleaning.reading import Reading
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.rows import Rows
from edp_analysis.contract import normalise_text
from edp_analysis.intake.records import Record

__all__ = ["NOT_AN_INTERVIEW", "NOT_A_DOCUMENT", "clean_quotations", "listed_or_none"]

NOT_AN_INTERVIEW = ("entretien-inconnu", "cet entretien n'est pas dans la liste", "un numéro de la feuille Entretiens")
"""Rule, fault and expectation of a number that no interview has. Nothing is suggested: E40 is not nearly E04."""
NOT_A_DOCUMENT = ("document-non-liste", "ce document", "un numéro de documents.csv")

_TITLES = frozenset({"madame", "monsieur", "mme", "mlle", "docteur"})
_WORD = re.compile(r"[^\W\d_]{3,}")


def clean_quotations(
    reading: Reading, interviews: Collection[str], names: Mapping[str, str], documents: Collection[str] | None
) -> Cleaned:
    """Clean the quotations of a grid.

    Parameters
    ----------
    reading : Reading
        Of the sheet of quotations.
    interviews : collection of str
        Numbers of the interviews kept.
    names : mapping of str to str
        What the grid says of who was met, by interview; a quotation that holds one of these names is refused.
    documents : collection of str, optional
        Numbers of the documents listed; not checked when ``None``.
    """
    rows = Rows("citations", reading)
    for record in reading.records:
        _take(record, rows, interviews, names, documents)
    return rows.cleaned()


def _take(
    record: Record,
    rows: Rows,
    interviews: Collection[str],
    names: Mapping[str, str],
    documents: Collection[str] | None,
) -> None:
    key, source = str(record.values["id_citation"]), str(record.values["id_entretien"])
    text = str(record.values["texte"])
    if source not in interviews:
        rows.refuse(record, "id_entretien", *NOT_AN_INTERVIEW)
    elif _named(text, names.get(source, "")):
        what = "cette citation contient le nom de la personne rencontrée"
        rows.refuse(record, "texte", "citation-identifiante", what, "un texte sans nom", hidden=True)
    elif key in rows.kept and rows.kept[key]["texte"] == text:
        rows.merge(record, key, "id_citation", "citation-en-double", "cette citation est écrite deux fois")
    elif key in rows.kept:
        what = "une autre citation porte déjà ce numéro"
        rows.refuse(record, "id_citation", "citation-en-double", what, "un numéro par citation")
    else:
        _keep(record, rows, key, documents)


def _keep(record: Record, rows: Rows, key: str, documents: Collection[str] | None) -> None:
    approved = record.values["approuvee"] is True
    spread = record.values["diffusion"]
    filled = [] if spread is not None else ["diffusion : vide → interne (sans réponse, rien n'est public)"]
    if not approved:
        what = "cette citation n'est pas approuvée : elle est gardée et ne sera montrée nulle part"
        remedy = "Demander l'accord de la personne, ou laisser ainsi."
        rows.warn(record, "approuvee", "citation-non-approuvee", what, "oui", remedy)
    document = listed_or_none(record, rows, "id_document", documents, *NOT_A_DOCUMENT)
    values = {**record.values, "approuvee": approved, "diffusion": spread or "INTERNE", "id_document": document}
    rows.keep(record, key, values, filled)


def _named(text: str, names: str) -> bool:
    """Say whether a text holds, with a capital, one of the words of a name."""
    wanted = {normalise_text(word) for word in _WORD.findall(names)} - _TITLES
    return any(word[0].isupper() and normalise_text(word) in wanted for word in _WORD.findall(text))


def listed_or_none(
    record: Record, rows: Rows, column: str, listed: Collection[str] | None, rule: str, thing: str, expected: str
) -> object:
    """Return the number that a cell refers to, ``None`` (and a problem) when nothing listed has it."""
    value = record.values[column]
    if value is None or listed is None or value in listed:
        return value
    what = f"{thing} n'est pas dans la liste ; le renvoi n'est pas repris"
    rows.warn(record, column, rule, what, expected, "Compléter la liste, ou corriger le numéro.")
    return None
