"""The documentary analysis: what each document establishes, and which statements are set beside it.

The published synthesis cites no document: it is this project that sets its statements beside those it has, and no word
here may let it be read otherwise.

A document that the grid cites without listing it is a problem of the grid (see :mod:`edp_analysis.cleaning.codings`);
one set beside a statement without being received stops the site (see :mod:`edp_analysis.publication.evidence`).
"""

from __future__ import annotations

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes
from edp_analysis.indicators.concordance import DOCUMENT, NO_SYNTHESIS, references
from edp_analysis.indicators.result import Indicator, count
from edp_analysis.wording import counted

__all__ = [
    "appuis",
    "cites_en_entretien",
    "documents_analyses",
    "enonces_documentes",
    "enonces_lus",
    "publics",
    "recus",
]

_NO_DOCUMENT = "aucun document reçu"
_PUBLIC, _INTERNAL = "Texte public", "Document interne"
_STATEMENT = {"Énoncé": "Énoncé", "N°": "N°", "Question": "Question", "Mot": "Ce qu’on peut en dire"}
_NO_STATEMENT, _NO_QUESTION = "aucun énoncé", "aucune question"


def documents_analyses(
    documents: pd.DataFrame, codages: pd.DataFrame, enonces: pd.DataFrame, campaign: Campaign
) -> pd.DataFrame:
    """Lay out the documents analysed, each with what it establishes and the statements set beside it.

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
        One row a document, in the order received: ``Titre``, ``Document`` (its number), ``Nature`` (type, issuer,
        date), ``Accès`` (public, with its source, or internal), ``Ce qu’il établit``, ``Énoncés rapprochés`` (their
        number and numbers), ``Questions`` (theirs), ``Entretiens de la grille qui le citent``.
    """
    cited = appuis(documents, enonces)
    types = load_codes("type_document").labels
    rows = []
    for row in documents.to_dict("records"):
        own = cited[cited["Document"] == row["id_document"]]
        asked = [question.code for question in campaign.questions if question.code in set(own["Question"])]
        source = row["source"] if isinstance(row["source"], str) else ""
        day = "" if pd.isna(row["date_document"]) else f", {row['date_document']:%d/%m/%Y}"
        rows.append(
            (
                row["titre"], row["id_document"], f"{types[row['type_document']]}, {row['emetteur']}{day}",
                f"{_PUBLIC} : {source}" if source else _INTERNAL, row["etablit"], _numbered(own["N°"]),
                ", ".join(asked) or _NO_QUESTION, len(_interviews(codages, row["id_document"])),
            )
        )  # fmt: skip
    columns = [
        "Titre", "Document", "Nature", "Accès", "Ce qu’il établit", "Énoncés rapprochés", "Questions",
        "Entretiens de la grille qui le citent",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _numbered(statements: pd.Series) -> str:
    """Write how many statements there are, then their numbers in the concordance."""
    if statements.empty:
        return _NO_STATEMENT
    return f"{counted(len(statements), 'énoncé', 'énoncés')} de la concordance : {', '.join(statements)}"


def _interviews(codages: pd.DataFrame, document: str) -> set[str]:
    """Return the interviews of which a coded passage refers to a document, whatever the reading."""
    return set(codages.loc[codages["id_document"] == document, "id_entretien"])


def appuis(documents: pd.DataFrame, enonces: pd.DataFrame) -> pd.DataFrame:
    """List the statements set beside a document, one row a document and a statement, in the order of the documents.

    Parameters
    ----------
    documents : pandas.DataFrame
        Clean table.
    enonces : pandas.DataFrame
        Table of :func:`~edp_analysis.indicators.concordance.concordance`.

    Returns
    -------
    pandas.DataFrame
        ``Document`` (its number), ``Sous le document`` (number and title), ``Énoncé``, ``N°``, ``Question``, ``Ce
        qu’on peut en dire`` (the word of the concordance).
    """
    rows = [
        (document.id_document, f"{document.id_document}, {document.titre}", *(statement[name] for name in _STATEMENT))
        for document in documents.itertuples()
        for statement in enonces.to_dict("records")
        if (DOCUMENT, document.id_document) in references(statement["Preuve"])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Document", "Sous le document", *_STATEMENT.values()])


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


def recus(documents: pd.DataFrame) -> Indicator:
    """Count the documents analysed.

    Examples
    --------
    >>> recus(pd.DataFrame({"id_document": ["D01", "D02"]})).value
    2.0
    """
    return count("documents", "Documents analysés", pd.Index(documents["id_document"]), "documents", "liste reçue")


def enonces_lus(enonces: pd.DataFrame) -> Indicator:
    """Count the statements of the published synthesis.

    Examples
    --------
    >>> enonces_lus(pd.DataFrame({"N°": ["S001", "S002"]})).value
    2.0
    """
    label, population = "Énoncés de la synthèse publiée", "énoncés de la synthèse publiée"
    return count("enonces", label, pd.Index(enonces["N°"]), "énoncés", population)


def cites_en_entretien(documents: pd.DataFrame, codages: pd.DataFrame) -> Indicator:
    """Count the documents to which a coded passage of an interview refers."""
    cited = documents.loc[documents["id_document"].isin(codages["id_document"].dropna()), "id_document"]
    label = "Documents que cite un passage codé de la grille"
    return _counted("documents_cites", label, "documents", "documents analysés", cited, len(documents))


def enonces_documentes(documents: pd.DataFrame, enonces: pd.DataFrame) -> Indicator:
    """Count the statements of the published synthesis that this project sets beside a document at least."""
    cited = appuis(documents, enonces)["N°"].drop_duplicates()
    label, population = "Énoncés rapprochés d’un document", "énoncés de la synthèse publiée"
    reason = "" if len(enonces) else NO_SYNTHESIS
    return _counted("enonces_documentes", label, "énoncés", population, cited, len(enonces), reason)


def _counted(
    id: str, label: str, unit: str, population: str, rows: pd.Series, total: int, reason: str = ""
) -> Indicator:
    """Count some of a complete list of things."""
    missing = reason or ("" if total else _NO_DOCUMENT)
    value = None if missing else float(len(rows))
    return Indicator(id, label, value, unit, population, len(rows), total, reason=missing, rows=tuple(map(str, rows)))
