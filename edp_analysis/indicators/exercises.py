"""The accounts of one exercise, each account placed by the chart: what every financial notion is computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from edp_analysis.campaign import Campaign, counting_date
from edp_analysis.cleaning.presence import present_on
from edp_analysis.contract import normalise_text
from edp_analysis.contract.chart import ChartLine, find_account
from edp_analysis.problems import UserError

__all__ = ["AccountBalance", "Exercise", "read_exercises"]


@dataclass(frozen=True)
class AccountBalance:
    """An account (and third party) at closing: line of the chart, balance in cents (debit positive), label."""

    line: ChartLine
    cents: int
    label: str

    @property
    def apprenticeship_tax(self) -> bool:
        """A product whose label says apprenticeship tax: it has no account of its own (PCG art. 614-1)."""
        words = normalise_text(self.label)
        return self.line.side == "PRODUIT" and ("taxe d apprentissage" in words or "soltea" in words)


@dataclass(frozen=True)
class Exercise:
    """One exercise of one school.

    Attributes
    ----------
    school : str
    start, end : datetime.date
    months : int
    accounts : tuple of AccountBalance
    heads : int or None
        Learners present on the counting day that falls within the exercise; ``None`` when learners are not known.
    grants : pandas.DataFrame or None
        Rows of ``financements`` of the school for the year of that counting day; ``None`` when not known.
    """

    school: str
    start: date
    end: date
    months: int
    accounts: tuple[AccountBalance, ...] = field(repr=False)
    heads: int | None = None
    grants: pd.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Key of the exercise, for provenance."""
        return f"{self.school} {self.end.isoformat()}"

    @property
    def population(self) -> str:
        """*Champ*, in French."""
        return f"{self.school}, exercice du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"

    def debit(self, keep: Callable[[ChartLine], bool]) -> int:
        """Return the sum, in cents, of the balances of the accounts that `keep` chooses, debit positive."""
        return sum(item.cents for item in self.accounts if keep(item.line))

    def lines(self, *names: str) -> int:
        """Return the sum of some lines (``"FONDS_DEDIES"``…), credit positive."""
        return -self.debit(lambda line: line.line in names)

    def block(self, name: str) -> int:
        """Return the sum of a functional block, debit positive; the result is added to ``RD``."""
        own = self.debit(lambda line: line.block == name)
        return own + self.debit(lambda line: line.block == "RESULTAT") if name == "RD" else own


def read_exercises(
    comptes: pd.DataFrame,
    financements: pd.DataFrame | None = None,
    apprenants: pd.DataFrame | None = None,
    campaign: Campaign | None = None,
) -> tuple[Exercise, ...]:
    """Place each account of the clean table in the chart, and attach the learners and grants of the exercise.

    Parameters
    ----------
    comptes : pandas.DataFrame
        Clean table ``comptes``; may be empty.
    financements, apprenants : pandas.DataFrame, optional
        Clean tables; used only with `campaign`, which says on which day heads are counted. An empty table counts as
        not known.
    campaign : Campaign, optional

    Returns
    -------
    tuple of Exercise
        In order of school, then of closing date.

    Raises
    ------
    UserError
        An account is not in the chart (cleaning refuses such exercises): it is never put in « divers ».
    """
    found = []
    for _, rows in comptes.groupby(["ecole", "date_fin", "date_debut"], sort=True):
        school = str(rows["ecole"].iloc[0])
        first = pd.to_datetime(rows["date_debut"]).iloc[0].date()
        last = pd.to_datetime(rows["date_fin"]).iloc[0].date()
        months = int(rows["mois"].iloc[0])
        heads, grants = None, None
        if campaign is not None:
            day = counting_date(first, last, campaign.counting_day)
            if day is not None and apprenants is not None and (apprenants["ecole"] == school).any():
                heads = len(present_on(apprenants[apprenants["ecole"] == school], day))
            if day is not None and financements is not None and not financements.empty:
                grants = financements[(financements["ecole"] == school) & (financements["exercice"] == day.year)]
        found.append(Exercise(school, first, last, months, _placed(rows), heads, grants))
    return tuple(found)


def _placed(rows: pd.DataFrame) -> tuple[AccountBalance, ...]:
    columns = zip(rows["compte"], rows["regime_plan"], rows["solde_centimes"], rows["libelle"], strict=True)
    placed, unknown = [], []
    for account, regime, cents, label in columns:
        line = find_account(str(account), str(regime))
        if line is None:
            unknown.append(str(account))
        else:
            placed.append(AccountBalance(line, int(cents), "" if pd.isna(label) else str(label)))
    if unknown:
        raise UserError(
            f"Comptes absents du plan comptable : {', '.join(unknown)}.",
            "Les corriger, ou compléter contract/mappings/plan_comptable.csv.",
        )
    return tuple(placed)
