"""What a dashboard follows: the measures, the target proposed for each, and the recommendation behind it.

``data/reference/suivi-ecoles-<campaign>.csv`` lists them in reading order. A target comes from the matrix of the
synthesis; where the matrix has none it is written there, and must be the one that the recommendation states: two
files cannot say two things.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.synthesis import actions, read_criteria
from edp_analysis.monitoring.settings import followed_campaign
from edp_analysis.problems import UserError

__all__ = ["FILLED", "Followed", "Target", "asked_of_schools", "followed"]

FILLED = "champs_transmis"
"""The entry that says how full each field must be, and by when."""
_COLUMNS = ("mesure", "cible", "sens", "action")
_SENSES = ("au moins", "au plus")


@dataclass(frozen=True)
class Target:
    """A proposed target: a share in [0, 1], and whether it is a floor (``at_least``) or a ceiling."""

    share: float
    at_least: bool

    @property
    def words(self) -> str:
        r"""The target as it is written.

        Examples
        --------
        >>> Target(0.55, True).words
        'au moins 55\xa0%'
        """
        number = f"{100 * self.share:.10g}".replace(".", ",")
        return f"{_SENSES[0] if self.at_least else _SENSES[1]} {number}\u00a0%"


@dataclass(frozen=True)
class Followed:
    """One entry of the list: its measure, its target if one is proposed, the day by which it is proposed."""

    measure: str
    target: Target | None
    due: date | None


def followed(campaign: Campaign, known: Collection[str]) -> tuple[Followed, ...]:
    """Read what the schools of a campaign are followed on.

    Parameters
    ----------
    campaign : Campaign
        Its section ``[suivi]`` may name the campaign whose list and targets are followed.
    known : collection of str
        Measures that can be computed. Without a list, each is followed, without a target.

    Returns
    -------
    tuple of Followed

    Raises
    ------
    UserError
        An unknown measure or recommendation; one measure twice; a target without a sense, that the matrix gives too,
        or that the recommendation does not state.
    """
    of = followed_campaign(campaign)
    name = f"suivi-ecoles-{of.code}.csv"
    if not (campaign.root / Path("data/reference") / name).is_file():
        return tuple(Followed(measure, None, None) for measure in known)
    rows = read_declared(name, _COLUMNS, ("mesure",), ("cible",), campaign.root)
    matrix, stated = _of_the_matrix(of), actions(of).set_index("id")
    if (twice := rows["mesure"].duplicated()).any():
        raise UserError(
            f"data/reference/{name} : « {rows.loc[twice, 'mesure'].iloc[0]} » y est deux fois.", "En ôter un."
        )
    return tuple(
        _followed(row, name, matrix, stated, {*known, FILLED}) for row in rows.itertuples(index=False)
    )  # fmt: skip


def _of_the_matrix(campaign: Campaign) -> dict[str, tuple[float, str]]:
    """Return, by measure, the target that the matrix proposes (in the unit of the file) and its sense."""
    rows = read_criteria(campaign).to_dict("records")
    return {row["mesure"]: (float(row["cible"]), row["sens"]) for row in rows if row["sens"]}


def _followed(
    row: object, name: str, matrix: dict[str, tuple[float, str]], stated: pd.DataFrame, known: Collection[str]
) -> Followed:
    measure, value, sense, action = (getattr(row, column) for column in _COLUMNS)
    where = f"data/reference/{name}, {measure}"
    if measure not in known:
        raise UserError(f"{where} : rien ne mesure « {measure} ».", f"Mesures : {', '.join(sorted(known))}.")
    if action and action not in stated.index:
        raise UserError(
            f"{where} : recommandation « {action} » inconnue.", "La reprendre du suivi des recommandations."
        )
    given = not math.isnan(value)
    if given != (sense in _SENSES) or (sense and not given):
        raise UserError(f"{where} : une cible va avec un sens, et l’inverse.", f"Sens : {', '.join(_SENSES)}.")
    if given and measure in matrix:
        raise UserError(f"{where} : la matrice donne déjà une cible.", "L’ôter d’ici.")
    if given and (not action or f"{value:g} %" not in str(stated.loc[action, "cible"])):
        raise UserError(f"{where} : la recommandation ne dit pas « {value:g} % ».", "Mettre les deux d’accord.")
    if not given and measure in matrix:
        value, sense = matrix[measure]
    target = Target(value / 100, sense == _SENSES[0]) if sense else None
    due = date.fromisoformat(str(stated.loc[action, "echeance"])) if action else None
    return Followed(measure, target, due)


def asked_of_schools(campaign: Campaign) -> tuple[str, dict[str, date | str]]:
    """Say what the recommendations ask of the schools, in the order of their dates, as a template and its arguments.

    A date that is past at the extraction asks for nothing any more: its recommendation is left out.

    Returns
    -------
    template : str
        Empty when the campaign has no such recommendation.
    arguments : dict of str to (date or str)
    """
    rows = actions(followed_campaign(campaign))
    ahead = rows["echeance"].map(lambda day: date.fromisoformat(str(day)) > campaign.extraction_date).astype(bool)
    own = rows[rows["qui"].str.startswith("Écoles") & ahead].sort_values("echeance", kind="stable")
    parts: list[str] = []
    arguments: dict[str, date | str] = {}
    for rank, row in enumerate(own.to_dict("records")):
        letter = chr(ord("a") + rank)
        text = str(row["quoi"])
        arguments |= {f"quoi_{letter}": text[:1].lower() + text[1:]}
        arguments[f"jour_{letter}"] = date.fromisoformat(str(row["echeance"]))
        parts.append(f"avant le {{jour_{letter}}}, {{quoi_{letter}}}")
    start = "Ce que les recommandations proposent aux écoles, dates à confirmer : "
    return (f"{start}{' ; '.join(parts)}." if parts else ""), arguments
