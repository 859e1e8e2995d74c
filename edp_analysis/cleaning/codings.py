"""The clean table of codings: one row an interview, a coder and a code."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from edp_analysis.cleaning.quotations import NOT_A_DOCUMENT, NOT_AN_INTERVIEW, listed_or_none
from edp_analysis.cleaning.reading import Reading
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.rows import Rows
from edp_analysis.contract import load_codes
from edp_analysis.contract.codebook import theme_of
from edp_analysis.intake.records import Record

__all__ = ["clean_codings"]

_NOT_A_QUOTATION = ("citation-non-listee", "cette citation", "un numéro de la feuille Citations")


def clean_codings(
    reading: Reading, interviews: Collection[str], quotations: Mapping[str, str], documents: Collection[str] | None
) -> Cleaned:
    """Clean the codings of a grid.

    The theme is that of the code in the codebook, whatever the grid says. A coder who gave the same code to the same
    interview twice, with the same polarity, is read once; with another polarity, the second row is set aside, for
    nobody can tell which one is meant. The readings of an interview are numbered in the order of the coders' codes:
    the first is the one that counts, the others measure agreement.

    Parameters
    ----------
    reading : Reading
        Of the sheet of codings.
    interviews : collection of str
        Numbers of the interviews kept.
    quotations : mapping of str to str
        Interview of each quotation kept.
    documents : collection of str, optional
        Numbers of the documents listed; not checked when ``None``.
    """
    rows = Rows("codages", reading)
    for record in reading.records:
        _take(record, rows, interviews, quotations, documents)
    coders: dict[object, set[str]] = {}
    for values in rows.kept.values():
        coders.setdefault(values["id_entretien"], set()).add(str(values["codeur"]))
    for values in rows.kept.values():
        values["lecture"] = 1 + sorted(coders[values["id_entretien"]]).index(str(values["codeur"]))
    return rows.cleaned()


def _take(
    record: Record,
    rows: Rows,
    interviews: Collection[str],
    quotations: Mapping[str, str],
    documents: Collection[str] | None,
) -> None:
    interview, coder, code = (str(record.values[name]) for name in ("id_entretien", "codeur", "code"))
    key = f"{interview} {coder} {code}"
    if interview not in interviews:
        rows.refuse(record, "id_entretien", *NOT_AN_INTERVIEW)
        return
    if key in rows.kept and rows.kept[key]["polarite"] == record.values["polarite"]:
        what = "ce codeur a déjà donné ce code à cet entretien"
        rows.merge(record, key, "code", "codage-en-double", what)
        return
    if key in rows.kept:
        what = "ce codeur a déjà donné ce code à cet entretien, avec une autre polarité"
        expected = f"« {load_codes('polarite').labels[str(rows.kept[key]['polarite'])]} », comme la première fois"
        rows.refuse(record, "polarite", "codage-contradictoire", what, expected)
        return
    corrections = _theme(record, rows, code)
    document = listed_or_none(record, rows, "id_document", documents, *NOT_A_DOCUMENT)
    quotation = _quotation(record, rows, interview, quotations)
    values = {**record.values, "theme": theme_of()[code], "id_document": document, "id_citation": quotation}
    rows.keep(record, key, values, corrections)


def _theme(record: Record, rows: Rows, code: str) -> list[str]:
    """Compare the theme of the grid with that of the codebook; return what the ledger says of it."""
    given, right = record.values["theme"], theme_of()[code]
    labels = load_codes("themes").labels
    if given is None:
        return [f"theme : vide → {labels[right]} (livre de codes)"]
    if given == right:
        return []
    what = "ce thème n'est pas celui du code dans le livre de codes ; celui du livre de codes est repris"
    rows.warn(record, "theme", "theme-incoherent", what, f"« {labels[right]} »", "Vérifier le thème et le code.")
    return [f"theme : {labels[str(given)]} → {labels[right]} (livre de codes)"]


def _quotation(record: Record, rows: Rows, interview: str, quotations: Mapping[str, str]) -> object:
    found = listed_or_none(record, rows, "id_citation", quotations, *_NOT_A_QUOTATION)
    if found is None or quotations[str(found)] == interview:
        return found
    what = "cette citation vient d'un autre entretien ; le renvoi n'est pas repris"
    expected = f"une citation de l'entretien {interview}"
    rows.warn(record, "id_citation", "citation-d-un-autre-entretien", what, expected, "Vérifier les deux numéros.")
    return None
