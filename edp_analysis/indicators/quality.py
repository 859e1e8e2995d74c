"""Quality of what was received: rows and their fates, problems, completeness of each field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.contract import load_schema, normalise_text
from edp_analysis.indicators.result import Indicator, amount, share
from edp_analysis.problems import Problem, Severity

__all__ = ["completude", "completude_par_ecole", "lignes", "problemes_par_gravite", "problemes_par_regle"]

_ROWS = "lignes non vides de tous les fichiers reçus"


def lignes(ledger: Ledger) -> dict[str, Indicator]:
    """Count the raw rows and their fates.

    Parameters
    ----------
    ledger : Ledger
        One line a non-empty raw row.

    Returns
    -------
    dict of str to Indicator
        ``lues``, then ``reprises``, ``fusionnees``, ``ecartees`` (they sum to ``lues``), and ``corrigees`` (an
        attribute of rows that are kept).

    Examples
    --------
    >>> from edp_analysis.cleaning.ledger import LedgerLine
    >>> title = LedgerLine("a.csv", "", 1, "apprenants", Fate.SET_ASIDE, reason="titre")
    >>> row = LedgerLine("a.csv", "", 2, "apprenants", Fate.KEPT, "x", corrections=("sexe : 1 → H",))
    >>> {name: result.value for name, result in lignes(Ledger([title, row])).items()}
    {'lues': 2.0, 'reprises': 1.0, 'fusionnees': 0.0, 'ecartees': 1.0, 'corrigees': 1.0}
    """
    by_fate = {fate: [line for line in ledger.lines if line.fate is fate] for fate in Fate}
    corrected = [line for line in ledger.lines if line.corrections]
    counts = {
        "lues": ("Lignes lues", ledger.lines),
        "reprises": ("Lignes reprises", by_fate[Fate.KEPT]),
        "fusionnees": ("Lignes fusionnées", by_fate[Fate.MERGED]),
        "ecartees": ("Lignes écartées", by_fate[Fate.SET_ASIDE]),
        "corrigees": ("Lignes reprises et normalisées", corrected),
    }
    return {
        name: Indicator(
            f"lignes_{name}",
            label,
            float(len(lines)),
            "lignes",
            _ROWS,
            rows=tuple(f"{line.file}/{line.sheet}/{line.row}" for line in lines),
        )
        for name, (label, lines) in counts.items()
    }


def problemes_par_gravite(problems: Sequence[Problem]) -> list[Indicator]:
    """Count the problems of each severity, the gravest first (zero included).

    Examples
    --------
    >>> [result.value for result in problemes_par_gravite([])]
    [0.0, 0.0, 0.0]
    """
    return [
        amount(
            f"problemes_{normalise_text(severity).replace(' ', '_')}",
            f"Problèmes « {severity} »",
            float(sum(problem.severity is severity for problem in problems)),
            "problèmes",
            "tous les fichiers reçus",
        )
        for severity in Severity
    ]


def problemes_par_regle(problems: Sequence[Problem]) -> pd.DataFrame:
    """Return one row a rule: severity, what is wrong, how many, in how many files, and the first place.

    Returns
    -------
    pandas.DataFrame
        Columns ``gravité``, ``règle``, ``constat``, ``nombre``, ``fichiers``, ``premier lieu``; the gravest first.
    """
    groups: dict[tuple[Severity, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        groups[problem.severity, problem.rule].append(problem)
    order = {severity: rank for rank, severity in enumerate(Severity)}
    rows = [
        {
            "gravité": str(severity),
            "règle": rule,
            "constat": found[0].what,
            "nombre": len(found),
            "fichiers": len({problem.where.file for problem in found}),
            "premier lieu": str(found[0].where),
        }
        for (severity, rule), found in sorted(groups.items(), key=lambda item: (order[item[0][0]], item[0][1]))
    ]
    return pd.DataFrame(rows, columns=["gravité", "règle", "constat", "nombre", "fichiers", "premier lieu"])


def completude(frame: pd.DataFrame, table: str) -> list[Indicator]:
    """Share of the records where each field is filled, the least complete first.

    A field that stays empty by definition for some records (the exit of a learner who is present) is counted over
    all records: read its gap with the field's description in the data dictionary.

    Parameters
    ----------
    frame : pandas.DataFrame
        Clean table.
    table : str
        Its name in the contract, for the fields' titles; required fields, always filled, are left out.
    """
    schema = load_schema(table)
    found = [
        share(
            f"completude_{field.name}",
            field.title,
            pd.Series(frame[field.name].notna().to_numpy(), index=frame.index.astype(str), dtype=bool),
            f"{schema.title.lower()} : tous les enregistrements",
        )
        for field in schema.fields
        if not field.required
    ]
    return sorted(found, key=lambda result: (1.0 if result.value is None else result.value, result.id))


def completude_par_ecole(apprenants: pd.DataFrame, champ: str) -> list[Indicator]:
    """Share of the enrolments where `champ` is filled, school by school (alphabetical).

    Without any enrolment, one indicator that cannot be computed: a page still has something to name.
    """
    title = load_schema("apprenants")[champ].title
    keyed = apprenants.set_index("id_inscription")
    if keyed.empty:
        return [share(f"completude_{champ}", "Toutes les écoles", keyed[champ].notna(), f"inscriptions : {title}")]
    return [
        share(f"completude_{champ}_{ecole}", str(ecole), group[champ].notna(), f"inscriptions de {ecole} : {title}")
        for ecole, group in keyed.groupby("ecole", sort=True)
    ]
