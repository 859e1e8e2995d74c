"""What the interviews say, counted by interviews and by groups — never by mentions.

Interviews are not a sample of anything: they have no confidence interval, and a count always travels with the number
of interviews that it is out of. Where two persons coded, the first reading counts and the second measures agreement
(see :mod:`edp_analysis.indicators.coding`).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from edp_analysis.contract import load_codes
from edp_analysis.indicators.result import Indicator

__all__ = [
    "LISTS", "NO_FAMILY", "codes_en_premier", "entendus", "entretiens_par_famille", "mention", "observations",
    "structures", "sujets",
]  # fmt: skip

NO_FAMILY = "SANS_FAMILLE"
"""Stands for the family of an interview that has none."""

_SIGNS = {"NEGATIF": -1, "NEUTRE": 0, "POSITIF": 1}
LISTS = {"theme": "themes", "code": "codes_entretiens"}
"""Code list of each level of subject."""
_NOTHING_CODED = "aucun entretien codé dans le champ"
_ANSWERS = ("OUI", "PARTIEL", "NON", "SANS_OBJET")
_OF_FAMILY = {
    "ECOLE": "d’écoles", "ENTREPRISE": "d’entreprises", "INSTITUTION": "d’institutions", "PARTENAIRE": "de partenaires",
    "JEUNE": "de jeunes",
}  # fmt: skip
"""How interviews of a family are called."""


def entretiens_par_famille(entretiens: pd.DataFrame, seuil: int, colonne: str = "famille_acteurs") -> pd.DataFrame:
    """Count interviews, groups and persons in each family (or type of structure).

    Parameters
    ----------
    entretiens : pandas.DataFrame
        Clean table.
    seuil : int
        Below this number of interviews, the family is flagged (the campaign's ``secret``).
    colonne : str
        ``"famille_acteurs"`` or ``"type_structure"``.

    Returns
    -------
    pandas.DataFrame
        ``groupe`` (code, in the order of its list; ``SANS_FAMILLE`` last), ``entretiens``, ``structures`` (an
        interview without a structure is one of its own), ``personnes``, ``faible``.
    """
    known = _with_groups(entretiens, colonne)
    rows = []
    for group in _order(known["groupe"], colonne):
        own = known[known["groupe"] == group]
        people = int(own["nombre_personnes"].fillna(1).sum())
        rows.append((group, len(own), own["unite"].nunique(), people, len(own) < seuil))
    return pd.DataFrame(rows, columns=["groupe", "entretiens", "structures", "personnes", "faible"])


def sujets(
    codages: pd.DataFrame,
    entretiens: pd.DataFrame,
    seuil: int,
    niveau: str = "theme",
    colonne: str = "famille_acteurs",
) -> pd.DataFrame:
    """Cross subjects and stakeholders: in how many interviews, and how it is judged.

    An interview is counted once for a theme, whatever the number of its codes; its judgement is then the sign of
    their sum, and one that balances out is neutral. An interview that nobody coded is in no count and in no total.

    Parameters
    ----------
    codages, entretiens : pandas.DataFrame
        Clean tables.
    seuil : int
        Below this number of interviews, a group is flagged.
    niveau : {"theme", "code"}
    colonne : str
        ``"famille_acteurs"`` or ``"type_structure"``.

    Returns
    -------
    pandas.DataFrame
        One row a subject and a group, every pair present, in the order of the lists: ``sujet``, ``groupe``,
        ``entretiens`` (n), ``sur`` (N), ``structures`` (k that raise it), ``positifs``, ``neutres``, ``negatifs``
        (their sum is n), ``solde`` (positifs − négatifs), ``faible`` (N below the threshold).

    Raises
    ------
    ValueError
        Unknown level.
    """
    if niveau not in LISTS:
        raise ValueError(f"niveau « {niveau} » inconnu : {' ou '.join(LISTS)}")
    first = codages[codages["lecture"] == 1]
    known = _with_groups(codes_en_premier(codages, entretiens), colonne)
    judged = _judgements(first, niveau).merge(known[["id_entretien", "groupe", "unite"]], on="id_entretien")
    totals = known["groupe"].value_counts()
    rows = []
    for subject in load_codes(LISTS[niveau]).labels:
        for group in _order(known["groupe"], colonne):
            own = judged[(judged["sujet"] == subject) & (judged["groupe"] == group)]
            signs = [int((own["signe"] == sign).sum()) for sign in (1, 0, -1)]
            total = int(totals[group])
            balance = signs[0] - signs[2]
            rows.append((subject, group, len(own), total, own["unite"].nunique(), *signs, balance, total < seuil))
    columns = ["sujet", "groupe", "entretiens", "sur", "structures", "positifs", "neutres", "negatifs", "solde"]
    return pd.DataFrame(rows, columns=[*columns, "faible"])


def mention(
    codages: pd.DataFrame,
    entretiens: pd.DataFrame,
    codes: str | Iterable[str],
    famille: str | None = None,
    polarite: str | None = None,
    colonne: str = "famille_acteurs",
) -> Indicator:
    """Count the interviews that raise a code (or any of several), of all those of a family.

    Parameters
    ----------
    codages, entretiens : pandas.DataFrame
        Clean tables.
    codes : str or iterable of str
        Codes of the codebook.
    famille : str, optional
        Code of `colonne`; all the interviews when not given.
    polarite : str, optional
        Only where it is judged so (``"POSITIF"``, ``"NEUTRE"``, ``"NEGATIF"``: sign of the sum for several codes).
    colonne : str
        ``"famille_acteurs"`` or ``"type_structure"``.

    Returns
    -------
    Indicator
        Interviews (n) of interviews (N), without interval; its rows are the interviews of the numerator.

    Raises
    ------
    KeyError
        A code, a family or a polarity is not in its list.

    Examples
    --------
    >>> interviews = pd.DataFrame({"id_entretien": ["E01", "E02"], "famille_acteurs": ["ECOLE", "ECOLE"],
    ...                            "structure": ["ECO-01", "ECO-02"]})
    >>> codings = pd.DataFrame({"id_entretien": ["E01", "E02"], "lecture": [1, 1], "theme": ["FEDERATION"] * 2,
    ...                         "code": ["FED_ANIMATION", "FED_TERRAIN"], "polarite": ["POSITIF", "NEGATIF"]})
    >>> found = mention(codings, interviews, "FED_ANIMATION", "ECOLE", "POSITIF")
    >>> found.numerator, found.denominator, found.label
    (1, 2, 'Animation du réseau, positif')
    """
    wanted = [codes] if isinstance(codes, str) else list(codes)
    words = [load_codes("codes_entretiens").labels[code] for code in wanted]
    judgement = "" if polarite is None else f", {load_codes('polarite').labels[polarite].lower()}"
    asked = codes_en_premier(codages, entretiens, famille, colonne)
    signs = _signs_of(codages, asked, wanted)
    chosen = signs if polarite is None else signs[signs == _SIGNS[polarite]]
    total, label = len(asked), f"{' ou '.join(words)}{judgement}"
    suffix = "_".join(text.lower() for text in (*wanted, famille or "", polarite or "") if text)
    value = float(len(chosen)) if total else None
    method = "entretiens où le sujet est relevé à la première lecture ; un entretien compte une fois"
    return Indicator(
        f"mention_{suffix}", label, value, "entretiens", _population(famille, colonne), len(chosen), total, None,
        method, "" if total else _NOTHING_CODED, tuple(sorted(chosen.index)),
    )  # fmt: skip


def entendus(
    codages: pd.DataFrame, entretiens: pd.DataFrame, famille: str | None = None, colonne: str = "famille_acteurs"
) -> Indicator:
    """Count the coded interviews of a family: what the counts of :func:`mention` are out of.

    Examples
    --------
    >>> interviews = pd.DataFrame({"id_entretien": ["E01", "E02"], "famille_acteurs": ["ECOLE", "JEUNE"]})
    >>> codings = pd.DataFrame({"id_entretien": ["E01", "E02"], "lecture": [1, 1]})
    >>> entendus(codings, interviews, "ECOLE").value
    1.0
    """
    asked = codes_en_premier(codages, entretiens, famille, colonne)
    total, label = len(asked), f"Entretiens codés{_of(famille, colonne)}"
    return Indicator(
        f"entretiens_codes_{(famille or 'tous').lower()}", label, float(total) if total else None, "entretiens",
        _population(famille, colonne), reason="" if total else _NOTHING_CODED,
        rows=tuple(sorted(asked["id_entretien"])),
    )  # fmt: skip


def structures(
    codages: pd.DataFrame, entretiens: pd.DataFrame, code: str, famille: str, polarite: str | None = None
) -> Indicator:
    """Count the structures of a family (the schools) in which one interview at least raises a code, or judges it so.

    Two interviews of one school may differ: it may be counted for both judgements.

    Parameters
    ----------
    codages, entretiens : pandas.DataFrame
        Clean tables.
    code : str
        Code of the codebook.
    famille : str
        Code of the family.
    polarite : str, optional
        See :func:`mention`.

    Returns
    -------
    Indicator
        Structures (n) of those heard and coded (N); an interview without a structure is one of its own.

    Examples
    --------
    >>> interviews = pd.DataFrame({"id_entretien": ["E01", "E02", "E03"], "famille_acteurs": ["ECOLE"] * 3,
    ...                            "structure": ["ECO-01", "ECO-01", "ECO-02"]})
    >>> codings = pd.DataFrame({"id_entretien": ["E01", "E02", "E03"], "lecture": [1] * 3,
    ...                         "code": ["FED_ANIMATION"] * 3, "polarite": ["POSITIF", "NEGATIF", "POSITIF"]})
    >>> found = structures(codings, interviews, "FED_ANIMATION", "ECOLE", "NEGATIF")
    >>> found.numerator, found.denominator
    (1, 2)
    """
    said = mention(codages, entretiens, code, famille, polarite)
    units = _with_groups(codes_en_premier(codages, entretiens, famille), "famille_acteurs").set_index("id_entretien")[
        "unite"
    ]
    heard, chosen = units.nunique(), sorted({str(units[interview]) for interview in said.rows})
    kind = "écoles" if famille == "ECOLE" else "structures"
    return Indicator(
        said.id.replace("mention", "structures"), said.label, float(len(chosen)) if heard else None, kind,
        f"{kind} dont un entretien au moins est codé", len(chosen), heard,
        method=f"{kind} dont un entretien au moins est compté", reason=said.reason, rows=tuple(chosen),
    )  # fmt: skip


def codes_en_premier(
    codages: pd.DataFrame, entretiens: pd.DataFrame, famille: str | None = None, colonne: str = "famille_acteurs"
) -> pd.DataFrame:
    """Return the interviews of a family that a first reading coded: the others are in no count and in no total."""
    first = codages.loc[codages["lecture"] == 1, "id_entretien"]
    asked = entretiens[entretiens["id_entretien"].isin(first)]
    return asked if famille is None else asked[asked[colonne] == famille]


def _signs_of(codages: pd.DataFrame, asked: pd.DataFrame, codes: Iterable[str]) -> pd.Series:
    """Return the judgement of each interview on some codes together, by interview."""
    first = codages[(codages["lecture"] == 1) & codages["code"].isin(list(codes))]
    own = first[first["id_entretien"].isin(asked["id_entretien"])]
    return _sign(own["polarite"].map(_SIGNS).groupby(own["id_entretien"]).sum())


def _of(family: str | None, column: str) -> str:
    if family is None:
        return ""
    label = load_codes(column).labels[family]
    return f" {_OF_FAMILY[family]}" if family in _OF_FAMILY and column == "famille_acteurs" else f" : {label}"


def _population(family: str | None, column: str) -> str:
    return f"entretiens codés{_of(family, column)}"


def observations(visites: pd.DataFrame) -> pd.DataFrame:
    """Count, item by item of the observation grid, the visits where it was seen.

    Returns
    -------
    pandas.DataFrame
        ``item`` (column of the table), ``oui``, ``partiel``, ``non``, ``sans_objet``, ``vide``; their sum is the
        number of visits.
    """
    items = [name for name in visites.columns if name not in ("ecole", "date_visite", "duree_jours")]
    rows = []
    for item in items:
        counts = [int((visites[item] == answer).sum()) for answer in _ANSWERS]
        rows.append((item, *counts, len(visites) - sum(counts)))
    return pd.DataFrame(rows, columns=["item", "oui", "partiel", "non", "sans_objet", "vide"])


def _with_groups(entretiens: pd.DataFrame, column: str) -> pd.DataFrame:
    groups = entretiens[column].astype("object")
    units = entretiens["structure"].astype("object")
    return entretiens.assign(
        groupe=groups.where(groups.notna(), NO_FAMILY), unite=units.where(units.notna(), entretiens["id_entretien"])
    )


def _order(groups: pd.Series, column: str) -> list[str]:
    present = set(groups)
    return [code for code in (*load_codes(column).labels, NO_FAMILY) if code in present]


def _judgements(first: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return one row an interview and a subject, with the sign of its judgement."""
    values = first.assign(signe=first["polarite"].map(_SIGNS), sujet=first[level])
    summed = values.groupby(["id_entretien", "sujet"], as_index=False)["signe"].sum()
    signed: pd.DataFrame = summed.assign(signe=_sign(summed["signe"]))
    return signed


def _sign(values: pd.Series) -> pd.Series:
    return (values > 0).astype("int64") - (values < 0).astype("int64")
