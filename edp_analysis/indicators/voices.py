"""Interviews, codings, visits and quotations as readers see them: tables under French headings."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from edp_analysis.contract import load_codes, load_schema
from edp_analysis.indicators.coding import accord_par_code
from edp_analysis.indicators.partnership import NO_FAMILY, entretiens_par_famille, mention, observations

__all__ = ["accords", "citations", "familles", "grille", "jugements", "jugements_par_structure"]


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
        second), ``Entretiens`` (coded interviews of the family).
    """
    polarities = {"POSITIF": "Positif", "NEUTRE": "Neutre", "NEGATIF": "Négatif"}
    rows = []
    for code in codes:
        raised = mention(codages, entretiens, code, famille)
        judged = {
            heading: mention(codages, entretiens, code, famille, polarity).numerator
            for polarity, heading in polarities.items()
        }
        rows.append({"Sujet": raised.label, "En parlent": raised.numerator, **judged, "Entretiens": raised.denominator})
    return pd.DataFrame(rows, columns=["Sujet", "En parlent", *polarities.values(), "Entretiens"])


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
        ``Acteur``, then the columns of :func:`jugements` without ``Sujet``.

    Examples
    --------
    >>> heard = pd.DataFrame({"id_entretien": ["E1", "E2", "E3"], "famille_acteurs": ["INSTITUTION"] * 3,
    ...                       "type_structure": ["REGION", "REGION", "CESER"]})
    >>> said = pd.DataFrame({"id_entretien": ["E1", "E2", "E3"], "lecture": [1] * 3, "code": ["PIL_VISION"] * 3,
    ...                      "polarite": ["NEGATIF", "NEUTRE", "POSITIF"]})
    >>> jugements_par_structure(said, heard, "PIL_VISION", 2).iloc[:, :2].to_numpy().tolist()
    [['Région', 2], ['Autres acteurs', 1]]
    """
    coded = entretiens[entretiens["id_entretien"].isin(codages.loc[codages["lecture"] == 1, "id_entretien"])]
    labels, sizes = load_codes("type_structure").labels, coded["type_structure"].value_counts()
    named = [structure for structure in labels if sizes.get(structure, 0) >= seuil]
    groups = {labels[structure]: coded["type_structure"] == structure for structure in named}
    others = ~coded["type_structure"].isin(named)
    if others.any():
        groups["Autres acteurs"] = others
    rows = [jugements(codages, coded[own], [code]).assign(Acteur=name) for name, own in groups.items()]
    columns = ["Acteur", "En parlent", "Positif", "Neutre", "Négatif", "Entretiens"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def accords(codages: pd.DataFrame) -> pd.DataFrame:
    """Lay out the agreement of the two coders, code by code, for the interviews read twice.

    Raw and positive agreement stand beside alpha: for a rare code, alpha may be low while both coders nearly always
    say the same (the paradox of kappa).
    """
    found = accord_par_code(codages)
    labels = load_codes("codes_entretiens").labels
    return pd.DataFrame(
        {
            "Sujet": found["code"].map(labels),
            "Relevé par les deux": found["deux"],
            "Par un seul": found["premier"] + found["second"],
            "Par aucun": found["aucun"],
            "Accord brut": found["accord_brut"],
            "Accord positif": found["accord_positif"],
            "Alpha": found["alpha"],
        }
    )


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
    return pd.DataFrame({"Citation": list(chosen["texte"]), "Qui parle": list(chosen["attribution"])})
