"""Concordance: each statement of a published synthesis, and whether the campaign's evidence bears it out.

The statements are a file, ``data/reference/synthese-<campaign>.csv``. A person writes there what each statement rests
on and what the evidence says of it; what can be computed is: a statement tied to published figures takes the verdict
of their recomputation. On simulated data a statement is never established by numbers that were calibrated on it, nor
by voices that were written after it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import StrEnum

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = [
    "DOCUMENT",
    "NO_SYNTHESIS",
    "REGISTER",
    "Word",
    "concordance",
    "load_statements",
    "mots",
    "nombre_du_mot",
    "references",
    "verdicts",
]

NO_SYNTHESIS = "aucune synthèse publiée de référence pour cette campagne"
REGISTER = "registre"
"""Stands for a page in the evidence that is an entry of the register of published figures."""
DOCUMENT = "document"
"""Stands for a page in the evidence that is a document analysed, by its number."""

_COLUMNS = (
    "id", "section", "question", "enonce", "type", "registre", "preuve", "fondement", "statut", "relu", "pourquoi",
)  # fmt: skip
_KINDS = ("chiffre", "constat", "atout", "faiblesse", "recommandation", "méthode")
_REGISTERS = ("", "efficacité", "pertinence", "cohérence", "efficience")
_GROUNDS = ("publication", "source", "calibrage", "données", "voix", "aucun")
# Verdicts of the register, see edp_analysis.publication.register: the gravest decides.
_DIFFERENT, _ABSENT, _CONTRADICTORY = "différent", "non recalculable", "contradictoire (attendu)"


class Word(StrEnum):
    """What is said of a statement. The values are what French users read."""

    ESTABLISHED = "établi"
    CONTRADICTED = "contredit"
    NOT_HERE = "non établissable ici"
    BY_CONSTRUCTION = "reproduit par construction"
    """Stands for « établi » where the data were simulated so as to give it."""


_PLURAL = {
    Word.ESTABLISHED: "établis",
    Word.CONTRADICTED: "contredits",
    Word.NOT_HERE: "non établissables ici",
    Word.BY_CONSTRUCTION: "reproduits par construction",
}
_ALL = "Ensemble"
_WRITTEN = (Word.ESTABLISHED, Word.CONTRADICTED, Word.NOT_HERE)
_TO_READ_AGAIN = "À relire : le jugement enregistré a été porté sur des données simulées."
_WHY_SIMULATED = {
    "calibrage": "Les données simulées ont été réglées pour le donner.",
    "voix": "Voix simulées, écrites d’après la synthèse : personne ne l’a dit.",
    "données": "Des données simulées n’établissent rien des vraies écoles.",
}
# The word itself says that the data were calibrated; not that nobody said what interviews report.
_WHY_BY_CONSTRUCTION = {"voix": "Voix simulées."}
_WHY_VERDICT = {
    _DIFFERENT: "Le recalcul donne une autre valeur.",
    _ABSENT: "La donnée qui permettrait de le recalculer n’est pas reçue.",
    _CONTRADICTORY: "La publication se contredit sur ce chiffre.",
}


def references(evidence: str) -> tuple[tuple[str, str], ...]:
    """Split evidence, written ``page#element`` and separated by spaces, into pairs.

    Raises
    ------
    UserError
        One is not written so.

    Examples
    --------
    >>> references("profils#origine registre#part_hommes")
    (('profils', 'origine'), ('registre', 'part_hommes'))
    """
    pairs = []
    for one in evidence.split():
        page, mark, element = one.partition("#")
        if not (page and mark and element):
            raise UserError(f"Preuve « {one} » mal écrite.", "L’écrire page#élément, ou registre#chiffre.")
        pairs.append((page, element))
    return tuple(pairs)


def load_statements(campaign: Campaign) -> pd.DataFrame:
    """Read the statements of the campaign's published synthesis; no row when none was published.

    Raises
    ------
    UserError
        A row that could not be published: unknown word, identifier given twice, evidence badly written, or a statement
        said to be established or contradicted without evidence.
    """
    name = f"synthese-{campaign.code}.csv"
    if not (campaign.root / "data" / "reference" / name).is_file():
        return pd.DataFrame(columns=list(_COLUMNS), dtype="str")
    filled = ("id", "section", "enonce", "type", "fondement", "statut", "pourquoi")
    rows = read_declared(name, _COLUMNS, filled, root=campaign.root)
    known = {
        "question": ("", *(question.code for question in campaign.questions)),
        "type": _KINDS, "registre": _REGISTERS, "fondement": _GROUNDS, "statut": _WRITTEN, "relu": ("", "oui"),
    }  # fmt: skip
    for column, allowed in known.items():
        for row in rows[~rows[column].isin(list(map(str, allowed)))].to_dict("records"):
            what = f"data/reference/{name}, {row['id']} : {column} « {row[column]} » inconnu."
            raise UserError(what, f"Valeurs permises : {', '.join(filter(None, allowed))}.")
    if rows["id"].duplicated().any():
        raise UserError(
            f"data/reference/{name} : « {rows.loc[rows['id'].duplicated(), 'id'].iloc[0]} » sert deux fois."
        )
    for row in rows.to_dict("records"):
        if not references(row["preuve"]) and row["statut"] != Word.NOT_HERE:
            what = f"data/reference/{name}, {row['id']} : « {row['statut']} » sans preuve."
            raise UserError(what, f"Citer un élément de page, ou écrire « {Word.NOT_HERE} ».")
    return rows


def concordance(campaign: Campaign, verdicts: Mapping[str, str]) -> pd.DataFrame:
    """Say of each statement whether it is established, contradicted, or cannot be established here, and why.

    Parameters
    ----------
    campaign : Campaign
    verdicts : mapping of str to str
        By published figure, the verdict of its recomputation (« retrouvé », « différent »…).

    Returns
    -------
    pandas.DataFrame
        ``N°``, ``Section``, ``Question``, ``Énoncé``, ``Type``, ``Mot``, ``Pourquoi``, ``Preuve``.

    Raises
    ------
    UserError
        See :func:`load_statements`; or a statement cites a figure that the register does not have.
    """
    rows = load_statements(campaign)
    judged = [_judge(row, verdicts, campaign.simulated) for row in rows.to_dict("records")]
    return pd.DataFrame(
        {
            "N°": rows["id"],
            "Section": rows["section"],
            "Question": rows["question"].replace("", "–"),
            "Énoncé": rows["enonce"],
            "Type": rows["type"],
            "Mot": pd.Series([str(word) for word, _ in judged], dtype="str"),
            "Pourquoi": pd.Series([why for _, why in judged], dtype="str"),
            "Preuve": rows["preuve"],
        }
    )


def _judge(row: Mapping[Hashable, str], verdicts: Mapping[str, str], simulated: bool) -> tuple[Word, str]:
    """Return the word and its reason: the register decides where it can, then what the statement rests on."""
    word, why, ground = Word(row["statut"]), row["pourquoi"], row["fondement"]
    figures = [element for page, element in references(row["preuve"]) if page == REGISTER]
    computed = ground == "calibrage" and bool(figures)
    if absent := [figure for figure in figures if figure not in verdicts]:
        raise UserError(f"{row['id']} cite « {absent[0]} », qui n’est pas un chiffre publié.", "Corriger la preuve.")
    if computed:
        found = {verdicts[figure] for figure in figures}
        grave = next((verdict for verdict in (_ABSENT, _DIFFERENT, _CONTRADICTORY) if verdict in found), None)
        if grave:
            return (Word.NOT_HERE if grave == _ABSENT else Word.CONTRADICTED), _WHY_VERDICT[grave]
    if word == Word.NOT_HERE or ground in {"publication", "source"}:
        return word, why
    if simulated:
        kept = ground != "données" and word == Word.ESTABLISHED
        more = (_WHY_BY_CONSTRUCTION if kept else _WHY_SIMULATED).get(ground, "")
        return (Word.BY_CONSTRUCTION if kept else Word.NOT_HERE), " ".join(filter(None, (why, more)))
    if computed or row["relu"] == "oui":
        return word, why
    return Word.NOT_HERE, f"{why} {_TO_READ_AGAIN}"


def verdicts(table: pd.DataFrame, *words: str) -> pd.DataFrame:
    """Return the statements as the page shows them: those of some words, one word after the other, or all of them.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`concordance`.
    *words : str
        Words kept, in the order wanted; none: every statement, in its own order.

    Returns
    -------
    pandas.DataFrame
        The columns of `table`; ``Mot`` is called ``Verdict``.
    """
    kept = pd.concat([table[table["Mot"] == str(word)] for word in words], ignore_index=True) if words else table
    return kept.rename(columns={"Mot": "Verdict"})


def mots(table: pd.DataFrame) -> pd.DataFrame:
    """Count the statements by section and word, then over all sections.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`concordance`.
    """
    words = [str(word) for word in Word if (table["Mot"] == word).any()]
    sections = list(dict.fromkeys(table["Section"]))
    counts = pd.crosstab(table["Section"], table["Mot"]).reindex(index=sections, columns=words, fill_value=0)
    counts = counts.rename_axis(index="Section", columns=None).assign(**{_ALL: counts.sum(axis=1)}).reset_index()
    if counts.empty:
        return counts
    whole = {"Section": "Toutes les sections", **counts[[*words, _ALL]].sum().to_dict()}
    return pd.concat([counts, pd.DataFrame([whole])], ignore_index=True)


def nombre_du_mot(table: pd.DataFrame, word: str) -> Indicator:
    """Count the statements of which `word` is said, over all; not computable without a published synthesis."""
    chosen, name = table[table["Mot"] == str(word)], word.replace(" ", "_").replace("é", "e")
    return Indicator(
        f"enonces_{name}", f"Énoncés {_PLURAL[Word(word)]}", float(len(chosen)) if len(table) else None, "énoncés",
        "énoncés de la synthèse publiée", len(chosen), len(table), method="dénombrement",
        reason="" if len(table) else NO_SYNTHESIS, rows=tuple(chosen["N°"]),
    )  # fmt: skip
