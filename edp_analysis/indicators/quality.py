"""Quality of what was received: rows and their fates, problems, completeness of each field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.contract import load_schema, normalise_text
from edp_analysis.indicators.exits import UNKNOWN, sortants, sortis_depuis
from edp_analysis.indicators.result import Indicator, amount, share
from edp_analysis.problems import Problem, Severity

__all__ = ["completude", "completude_par_ecole", "lignes", "problemes_par_gravite", "problemes_par_regle"]

_NAMES = {
    Severity.BLOCKING: "Problèmes bloquants",
    Severity.CHECK: "Problèmes à vérifier",
    Severity.FIXED: "Problèmes corrigés",
}
_OWN = re.compile(r"^\d+ (?=lignes )| \(\d+ fois, .*\)$|(?<=données) \(.*\)$")
"""What a message says of its own instance: how many times, which kind of row."""
_ROWS = "lignes non vides de tous les fichiers reçus"


def _finished(leavers: pd.DataFrame) -> pd.DataFrame:
    return leavers[leavers["cursus_complet"].astype("boolean").fillna(False).astype(bool)]


_Concerned = tuple[str, Callable[[pd.DataFrame, date], pd.DataFrame]]
_LEAVERS: _Concerned = ("jeunes sortis", lambda frame, _: sortants(frame))
_CONCERNED: Mapping[str, _Concerned] = {
    **dict.fromkeys(("date_sortie", "cursus_complet", "motif_sortie", "situation_sortie"), _LEAVERS),
    "resultat_examen": ("cursus terminés", lambda frame, _: _finished(sortants(frame))),
    "situation_6m": ("sortis depuis 6 mois", lambda frame, day: sortis_depuis(sortants(frame), 6, day)),
    "situation_12m": ("sortis depuis 12 mois", lambda frame, day: sortis_depuis(sortants(frame), 12, day)),
}
"""Whom a field is expected of, where it is not everybody: in words, and how to find them."""


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
        attribute of rows that are kept or merged).

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
        "corrigees": ("Lignes normalisées, reprises ou fusionnées", corrected),
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
            _NAMES[severity],
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
        Columns ``gravité``, ``règle``, ``constat`` (in general words: how often is said by ``signalements``),
        ``signalements``, ``fichiers``, ``premier lieu``; the gravest first.
    """
    groups: dict[tuple[Severity, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        groups[problem.severity, problem.rule].append(problem)
    order = {severity: rank for rank, severity in enumerate(Severity)}
    rows = [
        {
            "gravité": str(severity),
            "règle": rule,
            "constat": _OWN.sub("", found[0].what),
            "signalements": len(found),
            "fichiers": len({problem.where.file for problem in found}),
            "premier lieu": str(replace(found[0].where, column="")),
        }
        for (severity, rule), found in sorted(groups.items(), key=lambda item: (order[item[0][0]], item[0][1]))
    ]
    return pd.DataFrame(rows, columns=["gravité", "règle", "constat", "signalements", "fichiers", "premier lieu"])


def completude(frame: pd.DataFrame, table: str, extraction: date) -> list[Indicator]:
    """Share of the records where each field is filled, among those it concerns, the least complete first.

    What happens at the exit is counted among the leavers, the result of the examination among those who went to the
    end of their course, the situation after so many months among those gone for that long at the extraction. A
    situation written « inconnue » tells no more than a blank and counts as one.

    Parameters
    ----------
    frame : pandas.DataFrame
        Clean table.
    table : str
        Its name in the contract, for the fields' titles; required fields, always filled, are left out.
    extraction : datetime.date
        Day on which the files were closed.

    Examples
    --------
    One youth still enrolled, one gone: the date of exit concerns one of them, and is filled.

    >>> names = [field.name for field in load_schema("apprenants").fields]
    >>> learners = pd.DataFrame({"id_inscription": ["a", "b"], "id_jeune": ["a", "b"],
    ...     "statut": ["INSCRIT", "SORTIE_ANTICIPEE"], "date_entree": pd.to_datetime(["2022-09-01"] * 2),
    ...     "date_sortie": pd.to_datetime([None, "2023-02-01"])}).reindex(columns=names)
    >>> found = {item.id: item for item in completude(learners, "apprenants", date(2024, 4, 30))}
    >>> exit = found["completude_date_sortie"]
    >>> exit.label, exit.numerator, exit.denominator
    ('Date de sortie (jeunes sortis)', 1, 1)
    """
    schema = load_schema(table)
    found = []
    for field in schema.fields:
        if field.required:
            continue
        words, keep = _CONCERNED.get(field.name, ("", None)) if table == "apprenants" else ("", None)
        concerned = frame if keep is None else keep(frame, extraction)
        filled = concerned[field.name].notna() & concerned[field.name].astype("str").ne(UNKNOWN)
        found.append(
            share(
                f"completude_{field.name}",
                f"{field.title} ({words})" if words else field.title,
                pd.Series(filled.to_numpy(dtype=bool), index=concerned.index.astype(str)),
                f"{schema.title.lower()} que chaque champ concerne" + (f", {words}" if words else ""),
            )
        )
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
