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

__all__ = ["NO_FAMILY", "en_tableau", "entretiens_par_famille", "mention", "observations", "sujets"]

NO_FAMILY = "SANS_FAMILLE"
"""Stands for the family of an interview that has none."""

_SIGNS = {"NEGATIF": -1, "NEUTRE": 0, "POSITIF": 1}
_LISTS = {"theme": "themes", "code": "codes_entretiens"}
_LEVELS = tuple(_LISTS)
_ANSWERS = ("OUI", "PARTIEL", "NON", "SANS_OBJET")


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
    if niveau not in _LEVELS:
        raise ValueError(f"niveau « {niveau} » inconnu : {' ou '.join(_LEVELS)}")
    first = codages[codages["lecture"] == 1]
    known = _with_groups(entretiens, colonne)
    known = known[known["id_entretien"].isin(first["id_entretien"])]
    judged = _judgements(first, niveau).merge(known[["id_entretien", "groupe", "unite"]], on="id_entretien")
    totals = known["groupe"].value_counts()
    rows = []
    for subject in load_codes(_LISTS[niveau]).labels:
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
    group = "" if famille is None else f" : {load_codes(colonne).labels[famille]}"
    judgement = "" if polarite is None else f", {load_codes('polarite').labels[polarite].lower()}"
    first = codages[codages["lecture"] == 1]
    asked = entretiens[entretiens["id_entretien"].isin(first["id_entretien"])]
    if famille is not None:
        asked = asked[asked[colonne] == famille]
    own = first[first["code"].isin(wanted) & first["id_entretien"].isin(asked["id_entretien"])]
    signs = _sign(own["polarite"].map(_SIGNS).groupby(own["id_entretien"]).sum())
    chosen = signs if polarite is None else signs[signs == _SIGNS[polarite]]
    total, label = len(asked), f"{' ou '.join(words)}{judgement}"
    suffix = "_".join(text.lower() for text in (*wanted, famille or "", polarite or "") if text)
    reason = "" if total else "aucun entretien codé dans le champ"
    value = float(len(chosen)) if total else None
    population = f"entretiens codés{group}"
    method = "entretiens où le sujet est relevé à la première lecture ; un entretien compte une fois"
    rows = tuple(sorted(chosen.index))
    return Indicator(
        f"mention_{suffix}", label, value, "entretiens", population, len(chosen), total, None, method, reason, rows
    )


def en_tableau(croisement: pd.DataFrame, niveau: str = "theme", colonne: str = "famille_acteurs") -> pd.DataFrame:
    """Lay a crossing out for readers: a line a subject, a column a group, « n sur N » in each cell.

    Parameters
    ----------
    croisement : pandas.DataFrame
        What :func:`sujets` gives.
    niveau, colonne : str
        Those with which it was made.

    Returns
    -------
    pandas.DataFrame
        ``Sujet``, then a column a group with its number of interviews in the heading; subjects that nobody raised
        are left out. « [faible] » after the heading of a flagged group; « + » and « − » say the balance.
    """
    subjects, groups = load_codes(_LISTS[niveau]).labels, load_codes(colonne).labels
    raised = croisement.groupby("sujet", sort=False)["entretiens"].sum()
    rows = []
    for subject in raised[raised > 0].index:
        row = {"Sujet": subjects[subject]}
        for line in croisement[croisement["sujet"] == subject].itertuples():
            heading = f"{groups.get(line.groupe, 'Sans famille')} ({line.sur}){' [faible]' if line.faible else ''}"
            row[heading] = _cell(int(line.entretiens), int(line.sur), int(line.solde))
        rows.append(row)
    return pd.DataFrame(rows)


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


def _cell(number: int, total: int, balance: int) -> str:
    if not number:
        return "–"
    sign = "" if balance == 0 else " +" if balance > 0 else " −"
    return f"{number} sur {total}{sign}"


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
