"""Financial indicators of the schools: an exercise at a time, pooled by ratio of sums, and as tidy tables.

No mean of ratios, no trend test (a few schools over a few years): each school's points, and the ratio of sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.exercises import Exercise, read_exercises
from edp_analysis.indicators.finance_notions import NOTIONS, self_financing_subtractive
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.triptych import grants_reconciliation

__all__ = [
    "analyses_financieres",
    "ecoles_emprunt",
    "ecoles_resultat_ameliore",
    "ecoles_sous_zero",
    "exercices_deficitaires",
    "finance_controls",
    "finance_indicators",
    "finance_overview",
    "finance_table",
    "grants_reconciliation",
]

_NO_ACCOUNTS = "aucun compte reçu"
_BY_ID = {notion.id: notion for notion in NOTIONS}
_COLUMNS = [
    "ecole", "exercice", "date_fin", "indicateur", "libelle", "valeur", "unite", "numerateur", "denominateur", "raison",
]  # fmt: skip


def finance_indicators(exercises: Sequence[Exercise], notion: str) -> Indicator:
    """Return one notion over one or several exercises: numerators and denominators are added up, then divided.

    Parameters
    ----------
    exercises : sequence of Exercise
        See :func:`~edp_analysis.indicators.exercises.read_exercises`; those that lack an input (learners) are left
        out and the *champ* says how many remain.
    notion : str
        One of the ids of :data:`~edp_analysis.indicators.finance_notions.NOTIONS`.

    Returns
    -------
    Indicator
        ``value`` is ``None``, with the reason, when no exercise has the inputs or the denominator is not positive.

    Raises
    ------
    KeyError
        Unknown notion.

    Examples
    --------
    >>> finance_indicators((), "caf").reason
    'aucun compte reçu'
    """
    wanted = _BY_ID[notion]
    usable = [x for x in exercises if wanted.top(x) is not None and (not wanted.bottom or wanted.bottom(x) is not None)]
    population = _population(usable or exercises)
    rows = tuple(x.key for x in usable)

    def build(value: float | None, top: float | None, bottom: float | None, reason: str) -> Indicator:
        return Indicator(
            wanted.id, wanted.label, value, wanted.unit, population, top, bottom, None, wanted.method, reason, rows
        )

    if not usable:
        return build(None, None, None, wanted.missing if exercises else _NO_ACCOUNTS)
    top = sum(wanted.top(x) or 0 for x in usable) / 100
    if wanted.bottom is None:
        return build(top, None, None, "")
    scale = 1 if wanted.unit.endswith("/apprenant") else 100
    bottom = sum(wanted.bottom(x) or 0 for x in usable) / scale
    if bottom <= 0:
        return build(None, top, bottom, wanted.undefined)
    return build(top / bottom, top, bottom, "")


def _population(exercises: Sequence[Exercise]) -> str:
    if len(exercises) == 1:
        return exercises[0].population
    ends = sorted({x.end for x in exercises})
    if not ends:
        return "aucun exercice"
    schools = len({x.school for x in exercises})
    span = f"le {ends[0]:%d/%m/%Y}" if len(ends) == 1 else f"du {ends[0]:%d/%m/%Y} au {ends[-1]:%d/%m/%Y}"
    return f"{len(exercises)} exercices de {schools} école{'s' if schools > 1 else ''}, clos {span}"


def finance_table(
    comptes: pd.DataFrame,
    financements: pd.DataFrame | None = None,
    apprenants: pd.DataFrame | None = None,
    campaign: Campaign | None = None,
) -> pd.DataFrame:
    """Return every notion of every exercise, one row each.

    Parameters
    ----------
    comptes, financements, apprenants : pandas.DataFrame
        Clean tables; the last two are optional and need `campaign`, which says on which day heads are counted.
    campaign : Campaign, optional

    Returns
    -------
    pandas.DataFrame
        ``ecole``, ``exercice`` (year of closing), ``date_fin``, ``indicateur``, ``libelle``, ``valeur``, ``unite``,
        ``numerateur``, ``denominateur``, ``raison`` (why there is no value). Amounts are in euros, shares in [0, 1].

    Examples
    --------
    >>> import pandas as pd
    >>> one = {"ecole": "EDP-01", "date_debut": "2021-01-01", "date_fin": "2021-12-31", "mois": 12}
    >>> one["regime_plan"] = "2018"
    >>> lines = [("512", 5000, "Banque"), ("641", 20000, "Salaires"), ("706", -25000, "Prestations")]
    >>> rows = [{**one, "compte": a, "solde_centimes": c, "libelle": label} for a, c, label in lines]
    >>> table = finance_table(pd.DataFrame(rows)).set_index("indicateur")
    >>> float(table.loc["resultat_net", "valeur"]), float(table.loc["part_ca", "valeur"])
    (50.0, 1.0)
    """
    exercises = read_exercises(comptes, financements, apprenants, campaign)
    rows = [_row(x.school, x.end.year, x.end, finance_indicators([x], n.id)) for x in exercises for n in NOTIONS]
    return _typed(rows)


def finance_overview(
    comptes: pd.DataFrame,
    financements: pd.DataFrame | None = None,
    apprenants: pd.DataFrame | None = None,
    campaign: Campaign | None = None,
) -> pd.DataFrame:
    """Return every notion for all schools together, by year of closing, as ratios of sums.

    Same columns as :func:`finance_table`; ``ecole`` is ``"Ensemble"`` and ``date_fin`` the last closing of the year.
    """
    exercises = read_exercises(comptes, financements, apprenants, campaign)
    rows = []
    for year in sorted({x.end.year for x in exercises}):
        chosen = [x for x in exercises if x.end.year == year]
        last = max(x.end for x in chosen)
        rows += [_row("Ensemble", year, last, finance_indicators(chosen, notion.id)) for notion in NOTIONS]
    return _typed(rows)


def _row(school: str, year: int, end: object, indicator: Indicator) -> tuple[object, ...]:
    i = indicator
    return school, year, end, i.id, i.label, i.value, i.unit, i.numerator, i.denominator, i.reason


def _typed(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=_COLUMNS)
    numbers = dict.fromkeys(("valeur", "numerateur", "denominateur"), "float64")
    return frame.astype({**numbers, "exercice": "int64", "date_fin": "datetime64[us]"})


def finance_controls(comptes: pd.DataFrame) -> pd.DataFrame:
    """Return the equalities that must hold to the cent, one row an exercise and equality.

    Columns ``ecole``, ``date_fin``, ``controle``, ``ecart_centimes`` (an integer: zero when it holds).
    """
    rows = []
    for x in read_exercises(comptes):
        result = -x.debit(lambda line: line.block == "RESULTAT")
        liabilities = sum(-i.cents for i in x.accounts if i.line.side == "PASSIF") + result
        liabilities += sum(-i.cents for i in x.accounts if i.line.side == "SOLDE" and i.cents < 0)
        equalities = {
            "FRNG − BFR = trésorerie nette": _of("frng", x) - _of("bfr", x) - _of("tresorerie_nette", x),
            "CAF additive = CAF soustractive": _of("caf", x) - self_financing_subtractive(x),
            "Actif net = passif": _of("total_bilan", x) - liabilities,
        }
        rows += [(x.school, pd.Timestamp(x.end), name, gap) for name, gap in equalities.items()]
    frame = pd.DataFrame(rows, columns=["ecole", "date_fin", "controle", "ecart_centimes"])
    return frame.astype({"ecart_centimes": "int64", "date_fin": "datetime64[us]"})


def _of(notion: str, exercise: Exercise) -> int:
    return int(_BY_ID[notion].top(exercise) or 0)


def analyses_financieres(comptes: pd.DataFrame) -> Indicator:
    """Return the number of schools whose accounts were received and could be used."""
    return _schools("analyses_financieres", "Analyses financières", "analyses", comptes, lambda _: True)


def ecoles_emprunt(comptes: pd.DataFrame) -> Indicator:
    """Return the number of schools that owe a loan at one closing at least.

    Account 16 but deposits received (165), participation of employees (166), accrued interest and premiums.
    """

    def owes(exercises: Sequence[Exercise]) -> bool:
        return any(_of("emprunts", x) > 0 for x in exercises)

    return _schools("ecoles_emprunt", "Écoles ayant un emprunt", "écoles", comptes, owes)


def ecoles_resultat_ameliore(comptes: pd.DataFrame) -> Indicator:
    """Return the number of schools whose last result is above their first, among those with two exercises or more."""

    def improved(exercises: Sequence[Exercise]) -> bool:
        return len(exercises) > 1 and _of("resultat_net", exercises[-1]) > _of("resultat_net", exercises[0])

    label = "Écoles dont le résultat s’améliore entre leur premier et leur dernier exercice"
    return _schools("ecoles_resultat_ameliore", label, "écoles", comptes, improved)


def ecoles_sous_zero(comptes: pd.DataFrame, notion: str) -> Indicator:
    """Return the number of schools for which an amount (``"frng"``, ``"tresorerie_nette"``…) ends below zero."""

    def below(exercises: Sequence[Exercise]) -> bool:
        return _of(notion, exercises[-1]) < 0

    label = f"Écoles au dernier exercice sous zéro : {_BY_ID[notion].label.lower()}"
    found = _schools(f"ecoles_{notion}_negatif", label, "écoles", comptes, below)
    return replace(found, population="écoles ayant remis leurs comptes, dernier exercice")


def exercices_deficitaires(comptes: pd.DataFrame) -> Indicator:
    """Return the number of exercises that end in deficit."""
    exercises = read_exercises(comptes)
    losing = tuple(x.key for x in exercises if _of("resultat_net", x) < 0)
    return Indicator(
        "exercices_deficitaires", "Exercices déficitaires", float(len(losing)) if exercises else None, "exercices",
        _population(exercises), len(losing), len(exercises), method="Σ7 − Σ6 < 0",
        reason="" if exercises else _NO_ACCOUNTS, rows=losing,
    )  # fmt: skip


def _schools(
    id: str, label: str, unit: str, comptes: pd.DataFrame, test: Callable[[Sequence[Exercise]], bool]
) -> Indicator:
    exercises = read_exercises(comptes)
    by_school: dict[str, list[Exercise]] = {}
    for x in exercises:
        by_school.setdefault(x.school, []).append(x)
    chosen = tuple(school for school, own in by_school.items() if test(own))
    value = float(len(chosen)) if by_school else None
    reason = "" if by_school else _NO_ACCOUNTS
    return Indicator(
        id, label, value, unit, _population(exercises), len(chosen), len(by_school), reason=reason, rows=chosen
    )
