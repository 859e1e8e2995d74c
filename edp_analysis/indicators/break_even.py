"""How many learners a school needs to balance its accounts, and how many places it has.

All of it rests on conventions that are declared (:mod:`edp_analysis.indicators.hypotheses`): what is fixed, what varies
with the number of learners, how many places a class has. Nothing here forecasts: each figure is the last exercise,
read again under the convention. The break-even head-count is worked out from the result of the very exercise whose
learners it is compared with: being above it and having made a surplus are one fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign, counting_date
from edp_analysis.cleaning.presence import present_on
from edp_analysis.contract.chart import find_account
from edp_analysis.indicators.exercises import Exercise, read_exercises
from edp_analysis.indicators.hypotheses import Hypotheses, Model, load_hypotheses, load_model
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.triptych import legs
from edp_analysis.intake.dates import school_year

__all__ = [
    "Economics",
    "ecoles_sous_equilibre",
    "economics",
    "marges",
    "places",
    "remplissage",
    "seuils",
]

_NO_ACCOUNTS = "aucun compte reçu"
_POPULATION = "écoles ayant remis leurs comptes, dernier exercice"


@dataclass(frozen=True)
class Economics:
    """The last exercise of a school, split between what is fixed and what varies with the number of learners; in €.

    Attributes
    ----------
    exercise : Exercise
    fixed_charges, variable_charges, fixed_products, variable_products : float
    production_fixed : float
        Fixed charges allotted to production (direct ones, and the declared share of the mixed ones).
    production_purchases : float
        Purchases taken out of sales for the gross margin of production.
    sales : float
    staff : float
        Account 64.
    capacity : float or None
        Places on the counting day of the exercise; ``None`` when no counting day falls in it.
    counted : datetime.date or None
        That day: an exercise that closes in August counts its learners on the 31 December before.
    """

    exercise: Exercise
    fixed_charges: float
    variable_charges: float
    fixed_products: float
    variable_products: float
    production_fixed: float
    production_purchases: float
    sales: float
    staff: float
    capacity: float | None
    counted: date | None

    @property
    def result(self) -> float:
        """Net result."""
        return self.fixed_products + self.variable_products - self.fixed_charges - self.variable_charges

    @property
    def margin(self) -> float | None:
        """What one learner more brings, net of what varies; ``None`` without learners."""
        heads = self.exercise.heads
        return (self.variable_products - self.variable_charges) / heads if heads else None

    @property
    def break_even(self) -> float | None:
        """Learners for which the result is zero; ``None`` when no number of them balances the accounts."""
        needed = self.fixed_charges - self.fixed_products
        return max(needed, 0.0) / self.margin if self.margin is not None and self.margin > 0 else None

    @property
    def spare(self) -> float | None:
        """Learners above the break-even head-count; negative under it."""
        heads = self.exercise.heads
        return heads - self.break_even if heads is not None and self.break_even is not None else None

    @property
    def full_result(self) -> float | None:
        """Result with every place taken, classes and fixed charges unchanged; the real one where none is free."""
        if self.margin is None or self.capacity is None or self.exercise.heads is None:
            return None
        return self.result + self.margin * max(self.capacity - self.exercise.heads, 0.0)

    @property
    def full_result_staffed(self) -> float | None:
        """Result with every place taken when the staff grows as the learners do."""
        heads = self.exercise.heads
        if self.full_result is None or self.capacity is None or not heads:
            return None
        return self.full_result - self.staff / heads * max(self.capacity - heads, 0.0)

    @property
    def workshop_sales(self) -> float | None:
        """Sales that would cover the fixed cost of production: that cost over the gross margin rate."""
        rate = (self.sales - self.production_purchases) / self.sales if self.sales > 0 else 0.0
        return self.production_fixed / rate if rate > 0 else None


def economics(
    comptes: pd.DataFrame,
    financements: pd.DataFrame,
    apprenants: pd.DataFrame,
    ecoles: pd.DataFrame,
    campaign: Campaign,
    root: Path | None = None,
) -> tuple[Economics, ...]:
    """Read the last exercise of each school with accounts under the declared model, in order of school.

    Parameters
    ----------
    comptes, financements, apprenants, ecoles : pandas.DataFrame
        Clean tables.
    campaign : Campaign
        Says the counting day.
    root : pathlib.Path, optional
        Where the declared model is; the campaign's project when not given.
    """
    root = root or campaign.root
    model, assumed = load_model(root), load_hypotheses(root)
    latest = {x.school: x for x in read_exercises(comptes, financements, apprenants, campaign)}
    opened = dict(zip(ecoles["ecole"], pd.to_datetime(ecoles["date_ouverture"]), strict=True))
    found = []
    for school, exercise in latest.items():
        day = counting_date(exercise.start, exercise.end, campaign.counting_day)
        capacity = None if day is None or school not in opened else _capacity(assumed, school, opened[school], day)
        rows = comptes[
            (comptes["ecole"] == school) & (pd.to_datetime(comptes["date_fin"]) == pd.Timestamp(exercise.end))
        ]
        found.append(_economics(exercise, rows, model, capacity, day))
    return tuple(found)


def _economics(
    exercise: Exercise, rows: pd.DataFrame, model: Model, capacity: float | None, counted: date | None
) -> Economics:
    lines = [find_account(str(a), str(r)) for a, r in zip(rows["compte"], rows["regime_plan"], strict=True)]
    charges = rows[[line is not None and line.side == "CHARGE" for line in lines]]
    split = model.split(charges[["compte", "solde_centimes"]])
    euros = split["solde_centimes"].astype("float64") / 100
    fixed = euros * split["part_fixe"]
    own = legs(exercise)
    amounts = {"CA": own.sales, "SUBVENTIONS": own.public, "PRIVE": own.private_with_tax, "AUTRES": own.others}
    fixed_products = sum(cents * model.products[leg] for leg, cents in amounts.items()) / 100
    return Economics(
        exercise=exercise,
        fixed_charges=float(fixed.sum()),
        variable_charges=float((euros - fixed).sum()),
        fixed_products=fixed_products,
        variable_products=sum(amounts.values()) / 100 - fixed_products,
        production_fixed=float((fixed * split["part_production"]).sum()),
        production_purchases=float(euros[split["achat_production"]].sum()),
        sales=own.sales / 100,
        staff=-exercise.lines("PERSONNEL") / 100,
        capacity=capacity,
        counted=counted,
    )


def _capacity(assumed: Hypotheses, school: str, opened: pd.Timestamp, day: date) -> float:
    """Places on a day: the first school year of a school has one class."""
    years = int(school_year(day)[:4]) - int(school_year(opened.date())[:4]) + 1
    classes = min(assumed.value("classes", school), max(years, 0))
    return assumed.value("capacite_classe", school) * classes


def places(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, campaign: Campaign, root: Path | None = None
) -> pd.DataFrame:
    """Set the learners of each school on the last counting day beside the places it would have under the convention.

    Returns
    -------
    pandas.DataFrame
        ``ecole``, ``mode_financement``, ``places``, ``presents``, ``libres`` (never negative); every school, in order.
    """
    assumed, day = load_hypotheses(root or campaign.root), campaign.last_counting_date
    rows = []
    for school in ecoles.sort_values("ecole").itertuples(index=False):
        code = str(school.ecole)
        room = _capacity(assumed, code, pd.Timestamp(str(school.date_ouverture)), day)
        heads = len(present_on(apprenants[apprenants["ecole"] == code], day))
        rows.append((code, str(school.mode_financement), room, heads, max(room - heads, 0.0)))
    return pd.DataFrame(rows, columns=["ecole", "mode_financement", "places", "presents", "libres"])


def remplissage(table: pd.DataFrame, campaign: Campaign) -> Indicator:
    """Return the share of the places of :func:`places` that are taken (a census: no interval)."""
    room, heads = float(table["places"].sum()), int(table["presents"].sum())
    value = heads / room if room else None
    return Indicator(
        "remplissage", "Places d’accueil (convention) occupées", value, "%",
        f"places des écoles selon la convention, apprenants présents le {campaign.last_counting_date:%d/%m/%Y}",
        heads, room, method="apprenants présents / (classes × places d’une classe)",
        reason="" if room else "aucune école connue", rows=tuple(map(str, table["ecole"])),
    )  # fmt: skip


def seuils(found: Sequence[Economics]) -> pd.DataFrame:
    """Lay out, school by school, the learners present, those needed, what is to spare, and the result.

    Returns
    -------
    pandas.DataFrame
        ``ecole``, ``compte_le``, ``cloture`` (counting day, end of the exercise, in words), ``presents``, ``seuil``,
        ``reserve`` (learners; the last is the difference), ``marge`` (€ that one learner more brings), ``resultat``
        (€); missing where it cannot be computed.
    """
    rows = [
        (
            e.exercise.school, f"{e.counted:%d/%m/%Y}" if e.counted else None, f"{e.exercise.end:%d/%m/%Y}",
            e.exercise.heads, e.break_even, e.spare, e.margin, e.result,
        )
        for e in found
    ]  # fmt: skip
    columns = ["ecole", "compte_le", "cloture", "presents", "seuil", "reserve", "marge", "resultat"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "float64"))


def marges(found: Sequence[Economics]) -> tuple[Indicator, Indicator]:
    """Return the smallest and the largest number of learners above break-even, of the schools with accounts."""
    known = [(e, e.spare) for e in found if e.spare is not None]
    spares = [spare for _, spare in known]
    reason = "" if known else ("aucun seuil calculable" if found else _NO_ACCOUNTS)
    low, high = (
        Indicator(
            f"marge_effectif_{name}", f"Marge au-dessus de l’effectif d’équilibre, {words}",
            pick(spares) if spares else None, "apprenants", _POPULATION, method="présents − effectif d’équilibre",
            reason=reason, rows=tuple(e.exercise.key for e, _ in known),
        )
        for name, words, pick in (("min", "la plus petite", min), ("max", "la plus grande", max))
    )  # fmt: skip
    return low, high


def ecoles_sous_equilibre(found: Sequence[Economics]) -> Indicator:
    """Count the schools with fewer learners than their break-even head-count."""
    known = [e for e in found if e.break_even is not None]
    below = [e for e in known if (e.exercise.heads or 0) < (e.break_even or 0.0)]
    reason = "" if known else ("aucun seuil calculable" if found else _NO_ACCOUNTS)
    return Indicator(
        "ecoles_sous_equilibre", "Écoles sous leur effectif d’équilibre", float(len(below)) if known else None,
        "écoles", _POPULATION, len(below), len(known),
        method="(charges fixes − produits fixes) / marge par apprenant, selon le modèle déclaré", reason=reason,
        rows=tuple(e.exercise.key for e in below),
    )  # fmt: skip
