"""The documentary analysis: what each document establishes, and what rests on it.

A document that the grid cites without listing it is a problem of the grid (see :mod:`edp_analysis.cleaning.codings`);
one that a statement cites without its being received stops the site (see :mod:`edp_analysis.publication.evidence`).
"""

from __future__ import annotations

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes
from edp_analysis.indicators.concordance import DOCUMENT, NO_SYNTHESIS, references
from edp_analysis.indicators.result import Indicator

__all__ = ["appuis", "cites_en_entretien", "documents_analyses", "enonces_documentes", "publics"]

_NO_DOCUMENT = "aucun document reçu"
_PUBLIC, _INTERNAL = "texte public", "document interne"
_NOTHING = "aucun"


def documents_analyses(
    documents: pd.DataFrame, codages: pd.DataFrame, enonces: pd.DataFrame, campaign: Campaign
) -> pd.DataFrame:
    """Lay out the documents analysed, each with what it establishes and what rests on it.

    Parameters
    ----------
    documents, codages : pandas.DataFrame
        Clean tables.
    enonces : pandas.DataFrame
        Table of :func:`~edp_analysis.indicators.concordance.concordance`.
    campaign : Campaign
        Its evaluation questions, in order.

    Returns
    -------
    pandas.DataFrame
        One row a document, in the order received: ``Document``, ``Titre``, ``Type``, ``Date``, ``Émetteur``,
        ``Nature``, ``Source``, ``Ce qu’il établit``, ``Questions`` (of the statements that cite it), ``Énoncés``
        (their numbers), ``Entretiens qui le citent``.
    """
    cited = appuis(documents, enonces)
    types = load_codes("type_document").labels
    rows = []
    for row in documents.to_dict("records"):
        own = cited[cited["Document"] == row["id_document"]]
        asked = [question.code for question in campaign.questions if question.code in set(own["Question"])]
        source = row["source"] if isinstance(row["source"], str) else ""
        rows.append(
            (
                row["id_document"], row["titre"], types[row["type_document"]],
                "–" if pd.isna(row["date_document"]) else row["date_document"].date(),
                row["emetteur"],
                _PUBLIC if source else _INTERNAL, source or "–", row["etablit"], ", ".join(asked) or _NOTHING,
                ", ".join(own["N°"]) or _NOTHING, len(_interviews(codages, row["id_document"])),
            )
        )  # fmt: skip
    columns = [
        "Document", "Titre", "Type", "Date", "Émetteur", "Nature", "Source", "Ce qu’il établit", "Questions", "Énoncés",
        "Entretiens qui le citent",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _interviews(codages: pd.DataFrame, document: str) -> set[str]:
    """Return the interviews of which a coded passage refers to a document, whatever the reading."""
    return set(codages.loc[codages["id_document"] == document, "id_entretien"])


def appuis(documents: pd.DataFrame, enonces: pd.DataFrame) -> pd.DataFrame:
    """List the statements that cite a document, one row a document and a statement, in the order of the documents.

    Parameters
    ----------
    documents : pandas.DataFrame
        Clean table.
    enonces : pandas.DataFrame
        Table of :func:`~edp_analysis.indicators.concordance.concordance`.

    Returns
    -------
    pandas.DataFrame
        ``Document``, ``Titre``, ``N°``, ``Énoncé``, ``Question``, ``Mot``.
    """
    rows = [
        (document.id_document, document.titre, *(statement[name] for name in ("N°", "Énoncé", "Question", "Mot")))
        for document in documents.itertuples()
        for statement in enonces.to_dict("records")
        if (DOCUMENT, document.id_document) in references(statement["Preuve"])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Document", "Titre", "N°", "Énoncé", "Question", "Mot"])


def publics(documents: pd.DataFrame) -> Indicator:
    """Count the documents that anyone may read: those that name a public source.

    Examples
    --------
    >>> publics(pd.DataFrame({"id_document": ["D01", "D02"], "source": [None, "Loi"]})).rows
    ('D02',)
    """
    open_to_all = documents.loc[documents["source"].notna(), "id_document"]
    return _counted(
        "documents_publics", "Textes publics", "documents", "documents analysés", open_to_all, len(documents)
    )


def cites_en_entretien(documents: pd.DataFrame, codages: pd.DataFrame) -> Indicator:
    """Count the documents to which a coded passage of an interview refers."""
    cited = documents.loc[documents["id_document"].isin(codages["id_document"].dropna()), "id_document"]
    label = "Documents cités dans un passage codé"
    return _counted("documents_cites", label, "documents", "documents analysés", cited, len(documents))


def enonces_documentes(documents: pd.DataFrame, enonces: pd.DataFrame) -> Indicator:
    """Count the statements of the published synthesis that cite a document at least."""
    cited = appuis(documents, enonces)["N°"].drop_duplicates()
    label, population = "Énoncés qui citent un document", "énoncés de la synthèse publiée"
    reason = "" if len(enonces) else NO_SYNTHESIS
    return _counted("enonces_documentes", label, "énoncés", population, cited, len(enonces), reason)


def _counted(
    id: str, label: str, unit: str, population: str, rows: pd.Series, total: int, reason: str = ""
) -> Indicator:
    """Count some of a complete list of things."""
    missing = reason or ("" if total else _NO_DOCUMENT)
    value = None if missing else float(len(rows))
    return Indicator(id, label, value, unit, population, len(rows), total, reason=missing, rows=tuple(map(str, rows)))
