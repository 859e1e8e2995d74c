"""Interviews, codings, visits and quotations as readers see them: tables under French headings."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from edp_analysis.contract import load_codes, load_schema
from edp_analysis.contract.codebook import SIMULATED_VOICE
from edp_analysis.indicators.coding import decisions
from edp_analysis.indicators.partnership import (
    LISTS,
    NO_FAMILY,
    codes_en_premier,
    entendus,
    entretiens_par_famille,
    mention,
    observations,
    structures,
)

__all__ = [
    "accords", "citations", "en_tableau", "familles", "grille", "jugements", "jugements_par_ecole",
    "jugements_par_structure",
]  # fmt: skip

_JUDGED = {"POSITIF": "Positif", "NEUTRE": "Neutre", "NEGATIF": "Négatif"}


def familles(entretiens: pd.DataFrame, seuil: int) -> pd.DataFrame:
    """Count interviews, structures met and persons, family by family.

    Parameters
    ----------
    entretiens : pandas.DataFrame
        Clean table.
    seuil : int
        Below this number of interviews, the family is marked « [faible] ».
    """
    counts = entretiens_par_famille(entretiens, seuil)
    labels = {**load_codes("famille_acteurs").labels, NO_FAMILY: "Sans famille"}
    marks = [" [faible]" if weak else "" for weak in counts["faible"]]
    names = [f"{labels[code]}{mark}" for code, mark in zip(counts["groupe"], marks, strict=True)]
    numbers = counts[["entretiens", "structures", "personnes"]]
    return pd.DataFrame({"Famille": names}).join(
        numbers.rename(columns={"entretiens": "Entretiens", "structures": "Structures", "personnes": "Personnes"})
    )


def jugements(
    codages: pd.DataFrame, entretiens: pd.DataFrame, codes: Sequence[str], famille: str | None = None
) -> pd.DataFrame:
    """Count, subject by subject, the interviews that raise it, and how they judge it.

    Parameters
    ----------
    codages, entretiens : pandas.DataFrame
        Clean tables.
    codes : sequence of str
        Codes of the codebook, in the order shown.
    famille : str, optional
        Code of the family; all the interviews when not given.

    Returns
    -------
    pandas.DataFrame
        ``Sujet``, ``En parlent``, ``Positif``, ``Neutre``, ``Négatif`` (interviews; the last three sum to the
        second). What they are out of is :func:`~edp_analysis.indicators.partnership.entendus`.
    """
    rows = []
    for code in codes:
        raised = mention(codages, entretiens, code, famille)
        judged = {
            heading: mention(codages, entretiens, code, famille, polarity).numerator
            for polarity, heading in _JUDGED.items()
        }
        rows.append({"Sujet": raised.label, "En parlent": raised.numerator, **judged})
    return pd.DataFrame(rows, columns=["Sujet", "En parlent", *_JUDGED.values()])


def jugements_par_ecole(codages: pd.DataFrame, entretiens: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Count the schools in which an interview at least raises each subject, judges it well, or badly.

    A school heard twice may be counted for both judgements: two columns need not sum to the first.

    Parameters
    ----------
    codages, entretiens : pandas.DataFrame
        Clean tables.
    codes : sequence of str
        Codes of the codebook, in the order shown.

    Returns
    -------
    pandas.DataFrame
        ``Sujet``, ``Écoles qui en parlent``, ``Au moins un jugement positif``, ``Au moins un jugement négatif``.
    """
    headings = {
        "Écoles qui en parlent": None, "Au moins un jugement positif": "POSITIF",
        "Au moins un jugement négatif": "NEGATIF",
    }  # fmt: skip
    labels = load_codes("codes_entretiens").labels
    rows = [
        {
            "Sujet": labels[code],
            **{
                heading: structures(codages, entretiens, code, "ECOLE", polarity).numerator
                for heading, polarity in headings.items()
            },
        }
        for code in codes
    ]
    return pd.DataFrame(rows, columns=["Sujet", *headings])


def jugements_par_structure(codages: pd.DataFrame, entretiens: pd.DataFrame, code: str, seuil: int) -> pd.DataFrame:
    """Count how one subject is judged, by type of structure: whether two institutions say the same of it.

    Parameters
    ----------
    codages, entretiens : pandas.DataFrame
        Clean tables.
    code : str
        Code of the codebook.
    seuil : int
        Types of structure with fewer coded interviews are counted together, last, as « Autres acteurs » (the
        campaign's ``secret``); so is an interview without a type.

    Returns
    -------
    pandas.DataFrame
        ``Acteur``, the columns of :func:`jugements` without ``Sujet``, then ``Entretiens`` (coded, of the actor).

    Examples
    --------
    >>> heard = pd.DataFrame({"id_entretien": ["E1", "E2", "E3"], "famille_acteurs": ["INSTITUTION"] * 3,
    ...                       "type_structure": ["REGION", "REGION", "CESER"]})
    >>> said = pd.DataFrame({"id_entretien": ["E1", "E2", "E3"], "lecture": [1] * 3, "code": ["PIL_VISION"] * 3,
    ...                      "polarite": ["NEGATIF", "NEUTRE", "POSITIF"]})
    >>> jugements_par_structure(said, heard, "PIL_VISION", 2).iloc[:, :2].to_numpy().tolist()
    [['Région', 2], ['Autres acteurs', 1]]
    """
    coded = codes_en_premier(codages, entretiens)
    labels, sizes = load_codes("type_structure").labels, coded["type_structure"].value_counts()
    named = [structure for structure in labels if sizes.get(structure, 0) >= seuil]
    groups = {labels[structure]: coded["type_structure"] == structure for structure in named}
    others = ~coded["type_structure"].isin(named)
    if others.any():
        groups["Autres acteurs"] = others
    rows = [
        jugements(codages, coded[own], [code]).assign(Acteur=name, Entretiens=entendus(codages, coded[own]).value)
        for name, own in groups.items()
    ]
    columns = ["Acteur", "En parlent", *_JUDGED.values(), "Entretiens"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def en_tableau(croisement: pd.DataFrame, niveau: str = "theme", colonne: str = "famille_acteurs") -> pd.DataFrame:
    """Lay a crossing out for readers: a line a subject, a column a group, « n sur N » in each cell.

    Parameters
    ----------
    croisement : pandas.DataFrame
        What :func:`~edp_analysis.indicators.partnership.sujets` gives.
    niveau, colonne : str
        Those with which it was made.

    Returns
    -------
    pandas.DataFrame
        ``Sujet``, then a column a group; subjects that nobody raised are left out. « [faible] » after the heading of a
        flagged group; the balance of judgements is said in words (a sign reads as the dash of an empty cell).
    """
    subjects, groups = load_codes(LISTS[niveau]).labels, load_codes(colonne).labels
    raised = croisement.groupby("sujet", sort=False)["entretiens"].sum()
    rows = []
    for subject in raised[raised > 0].index:
        row = {"Sujet": subjects[subject]}
        for line in croisement[croisement["sujet"] == subject].itertuples():
            heading = f"{groups.get(line.groupe, 'Sans famille')}{' [faible]' if line.faible else ''}"
            row[heading] = _cell(int(line.entretiens), int(line.sur), int(line.solde))
        rows.append(row)
    return pd.DataFrame(rows)


def accords(codages: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Count, subject by subject, the interviews coded twice where both codings raise it, only one, or neither.

    Parameters
    ----------
    codages : pandas.DataFrame
        Clean table.
    codes : sequence of str
        Codes of the codebook, in the order shown.

    Returns
    -------
    pandas.DataFrame
        ``Sujet``, ``Relevé par les deux``, ``Par un seul``, ``Par aucun``; empty when no interview was coded twice.
    """
    pairs, labels = decisions(codages), load_codes("codes_entretiens").labels
    rows = []
    for code in codes if len(pairs) else ():
        own = pairs.loc[pairs["code"] == code, ["premiere", "seconde"]].sum(axis=1)
        rows.append((labels[code], *(int((own == readings).sum()) for readings in (2, 1, 0))))
    return pd.DataFrame(rows, columns=["Sujet", "Relevé par les deux", "Par un seul", "Par aucun"])


def grille(visites: pd.DataFrame) -> pd.DataFrame:
    """Lay out what was observed during the visits, item by item."""
    counts = observations(visites)
    schema = load_schema("visites")
    titles = [schema[item].title for item in counts["item"]]
    columns = {"oui": "Oui", "partiel": "En partie", "non": "Non", "sans_objet": "Sans objet", "vide": "Non noté"}
    return pd.DataFrame({"Observé": titles}).join(counts[list(columns)].rename(columns=columns))


def citations(montrables: pd.DataFrame, entretiens: pd.DataFrame, codages: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Keep the quotations that may be shown and whose interview raises a theme.

    Parameters
    ----------
    montrables : pandas.DataFrame
        What :func:`edp_analysis.disclosure.quotations.citations_montrables` gives.
    entretiens, codages : pandas.DataFrame
        Clean tables.
    theme : str
        Code of the theme.
    """
    linked = codages[(codages["theme"] == theme) & codages["id_citation"].notna()]
    known = set(linked.loc[linked["id_entretien"].isin(entretiens["id_entretien"]), "id_citation"])
    chosen = montrables[montrables["id_citation"].isin(known)]
    return pd.DataFrame(
        {
            "Citation": [_quoted(text) for text in chosen["texte"]],
            "Famille, selon la grille": list(chosen["attribution"]),
        }
    )


def _quoted(text: str) -> str:
    """Put the words between guillemets, and leave outside them the mark of an invented voice."""
    words = text.removesuffix(SIMULATED_VOICE).strip()
    return f"« {words} »{f' {SIMULATED_VOICE}' if text.endswith(SIMULATED_VOICE) else ''}"


def _cell(number: int, total: int, balance: int) -> str:
    words = "équilibré" if balance == 0 else "plutôt positif" if balance > 0 else "plutôt négatif"
    return f"{number} sur {total}{f', {words}' if number else ''}"
