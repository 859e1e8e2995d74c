"""The funding triptych: sales, public grants, private contributions, and what is none of them.

Accounts do not say who pays: State money comes through a private federation, private money sits in account 74, and the
apprenticeship tax that firms pay is a subdivision of 74. The table ``financements`` says who pays; the tax is
isolated by its label and the triptych is shown with it on either side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.exercises import Exercise, read_exercises
from edp_analysis.indicators.result import Indicator

__all__ = [
    "PARTS",
    "Legs",
    "gaps_words",
    "grants_gaps",
    "grants_reconciliation",
    "legs",
    "part_au_debut_et_a_la_fin",
]

PARTS = ("part_ca", "part_subventions_publiques", "part_contributions_privees", "part_autres_produits")
"""The notions that make up the whole of the revenue, the apprenticeship tax among private contributions."""

_NOT_IN_74 = ("TAXE_APPRENTISSAGE", "MECENAT", "INVESTISSEMENT")
_ACCOUNTS = {
    "Subventions (74, hors taxe d’apprentissage)": ("CONCOURS_PUBLICS", "SUBVENTIONS_EXPLOITATION"),
    "Taxe d’apprentissage": (),
    "Mécénat (7542)": ("GENEROSITE_DU_PUBLIC",),
}


@dataclass(frozen=True)
class Legs:
    """Revenue of an exercise by who pays, in cents; ``sales + public + private + tax + others`` is all revenue."""

    sales: int
    public: int
    private: int
    tax: int
    others: int

    @property
    def public_with_tax(self) -> int:
        """Public grants, the apprenticeship tax with them."""
        return self.public + self.tax

    @property
    def private_with_tax(self) -> int:
        """Private contributions, the apprenticeship tax with them."""
        return self.private + self.tax


def legs(exercise: Exercise) -> Legs:
    """Split the revenue of an exercise between the legs of the triptych.

    Private money that the table of grants shows among running grants is taken out of 73–74, up to what is booked there.
    Without the table, all of 73–74 counts as public.
    """
    tax = sum(-item.cents for item in exercise.accounts if item.apprenticeship_tax)
    by_leg = {
        leg: sum(-i.cents for i in exercise.accounts if i.line.leg == leg and not i.apprenticeship_tax)
        for leg in ("CA", "SUBVENTIONS", "PRIVE", "AUTRES")
    }
    moved = min(_private_grants(exercise), max(by_leg["SUBVENTIONS"], 0))
    return Legs(by_leg["CA"], by_leg["SUBVENTIONS"] - moved, by_leg["PRIVE"] + moved, tax, by_leg["AUTRES"])


def _private_grants(exercise: Exercise) -> int:
    if exercise.grants is None:
        return 0
    grants = exercise.grants
    rows = grants[(grants["nature_financeur"] == "PRIVE") & ~grants["objet"].isin(_NOT_IN_74)]
    return _cents(rows["montant"])


def _cents(amounts: Iterable[float]) -> int:
    return sum(round(float(amount) * 100) for amount in amounts)


def grants_reconciliation(comptes: pd.DataFrame, financements: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Compare, an exercise at a time, the table of grants with what is booked in accounts 73, 74 and 754.

    Returns
    -------
    pandas.DataFrame
        One row an exercise and nature: ``ecole``, ``exercice`` (year of closing), ``date_fin``, ``nature``,
        ``table`` and ``comptes`` (€), ``ecart`` (€, accounts minus table).
    """
    rows = []
    for exercise in read_exercises(comptes, financements, campaign=campaign):
        if exercise.grants is None:
            continue
        purpose = exercise.grants["objet"]
        listed = {
            "Subventions (74, hors taxe d’apprentissage)": ~purpose.isin(_NOT_IN_74),
            "Taxe d’apprentissage": purpose == "TAXE_APPRENTISSAGE",
            "Mécénat (7542)": purpose == "MECENAT",
        }
        for nature, chosen in listed.items():
            table = _cents(exercise.grants.loc[chosen, "montant"])
            booked = _booked(exercise, nature)
            rows.append(
                {
                    "ecole": exercise.school,
                    "exercice": exercise.end.year,
                    "date_fin": pd.Timestamp(exercise.end),
                    "nature": nature,
                    "table": table / 100,
                    "comptes": booked / 100,
                    "ecart": (booked - table) / 100,
                }
            )
    columns = ["ecole", "exercice", "date_fin", "nature", "table", "comptes", "ecart"]
    return pd.DataFrame(rows, columns=columns)


def grants_gaps(reconciliation: pd.DataFrame) -> pd.DataFrame:
    """Lay out the gaps of a reconciliation, one row an exercise.

    Parameters
    ----------
    reconciliation : pandas.DataFrame
        Table of :func:`grants_reconciliation`.

    Returns
    -------
    pandas.DataFrame
        ``ecole``, ``date_fin``, then, a nature at a time, the amount booked and its gap with the table of grants (€);
        a nature without any gap has its amount only.
    """
    keys = ["ecole", "date_fin"]
    wide = reconciliation[keys].drop_duplicates(ignore_index=True)
    for nature, rows in reconciliation.groupby("nature", sort=False):
        sums = rows.groupby(keys, as_index=False)[["comptes", "ecart"]].sum()
        name = str(nature).split(" (")[0]
        shown = sums if sums["ecart"].any() else sums.drop(columns="ecart")
        wide = wide.merge(shown.rename(columns={"comptes": name, "ecart": f"Écart, {name}"}), on=keys, how="left")
    return wide


def gaps_words(reconciliation: pd.DataFrame) -> str:
    """Say what a reconciliation finds, as a title.

    Examples
    --------
    >>> gaps_words(pd.DataFrame({"ecart": [0.0, 0.0]}))
    'Les comptes et les financements déclarés concordent, à l’euro près'
    >>> gaps_words(pd.DataFrame({"ecart": [0.0, 12.0]}))
    'Un montant des comptes ne concorde pas avec les financements déclarés'
    """
    gaps = int((reconciliation["ecart"].abs() >= 1).sum())
    if reconciliation.empty:
        return "Les financements déclarés ne peuvent être rapprochés des comptes"
    if not gaps:
        return "Les comptes et les financements déclarés concordent, à l’euro près"
    if gaps == 1:
        return "Un montant des comptes ne concorde pas avec les financements déclarés"
    return f"{gaps} montants des comptes ne concordent pas avec les financements déclarés"


def part_au_debut_et_a_la_fin(overview: pd.DataFrame, notion: str) -> dict[str, Indicator]:
    """Return a share of the revenue of all the schools in the first and the last year of closing: ``debut``, ``fin``.

    Parameters
    ----------
    overview : pandas.DataFrame
        From :func:`edp_analysis.indicators.finance.finance_overview`.
    notion : str
        One of :data:`PARTS`.

    Examples
    --------
    >>> rows = {"indicateur": ["part_ca"] * 2, "exercice": [2020, 2023], "valeur": [0.2, 0.3],
    ...         "libelle": ["Ventes"] * 2}
    >>> found = part_au_debut_et_a_la_fin(pd.DataFrame(rows), "part_ca")
    >>> found["debut"].value, found["fin"].value
    (0.2, 0.3)
    """
    chosen = overview[overview["indicateur"] == notion].dropna(subset="valeur").sort_values("exercice")
    if chosen.empty:
        nothing = Indicator(notion, notion, None, "%", "exercices reçus", reason="aucun compte reçu")
        return {"debut": nothing, "fin": nothing}
    ends = {"debut": chosen.iloc[0], "fin": chosen.iloc[-1]}
    words = {name: f"exercices clos en {row['exercice']}" for name, row in ends.items()}
    return {
        name: Indicator(f"{notion}_{name}", str(row["libelle"]), float(row["valeur"]), "%", words[name])
        for name, row in ends.items()
    }


def _booked(exercise: Exercise, nature: str) -> int:
    names = _ACCOUNTS[nature]
    if not names:
        return sum(-item.cents for item in exercise.accounts if item.apprenticeship_tax)
    kept = (item for item in exercise.accounts if item.line.line in names and not item.apprenticeship_tax)
    if nature.startswith("Mécénat"):
        kept = (item for item in kept if "mecenat" in item.label.casefold() or "mécénat" in item.label.casefold())
    return sum(-item.cents for item in kept)
