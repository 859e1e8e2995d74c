"""The core of a simulated campaign: a small table of counts in which every published share holds exactly.

Cells are status × period × examination result × outcome × sex. Each printed share bounds a ratio of counts, hence
is one linear interval on integers; among the tables that satisfy all of them, the one nearest to a written prior
(in L1 distance) is taken, by mixed-integer linear programming.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from edp_analysis.problems import UserError
from edp_analysis.simulation.settings import SimulationSettings

__all__ = ["CELLS", "OLD", "RECENT", "Share", "broken_constraints", "read_core", "solve_core", "solve_shares"]

OLD, RECENT = "ANCIENNE", "RECENTE"
"""Intakes whose course has ended at the extraction, and the others."""
COLUMNS = ("statut", "periode", "resultat", "devenir", "sexe")
RESULTS = ("ADMIS", "AJOURNE", "PARTIEL", "ABSENT")
OUTCOMES = ("REPRISE", "NEGATIVE", "EMPLOI", "INCONNUE")
Cell = tuple[str, str, str, str, str]


def _cells() -> tuple[Cell, ...]:
    cells = [("INSCRIT", RECENT, "", "")]
    cells += [("FIN_DE_FORMATION", OLD, result, outcome) for result in RESULTS for outcome in OUTCOMES]
    cells += [("SORTIE_ANTICIPEE", period, "", outcome) for period in (OLD, RECENT) for outcome in OUTCOMES]
    return tuple((*cell, sex) for cell in cells for sex in ("H", "F"))


CELLS = _cells()
"""The cells of the core, in order: those that can hold someone (only completers sit the examination…)."""


@dataclass(frozen=True)
class Share:
    """A printed share: ``numerator / denominator`` rounds half up to `value` percent, as printed.

    Attributes
    ----------
    name : str
    value : str
        As printed, decimals included.
    numerator, denominator : callable
        Say whether a cell counts.
    """

    name: str
    value: str
    numerator: Callable[[Cell], bool]
    denominator: Callable[[Cell], bool]


def _shares(settings: SimulationSettings) -> tuple[Share, ...]:
    def left(cell: Cell) -> bool:
        return cell[0] != "INSCRIT"

    def completed(cell: Cell) -> bool:
        return cell[0] == "FIN_DE_FORMATION"

    def certified(cell: Cell) -> bool:
        return cell[2] == "ADMIS"

    printed = settings.shares
    return (
        Share("certification_sortants", printed["certification_sortants"], certified, left),
        Share("certification_cursus_complet", printed["certification_cursus_complet"], certified, completed),
        Share("reprise_etudes", printed["reprise_etudes"], lambda c: c[3] == "REPRISE", left),
        Share("sorties_negatives", printed["sorties_negatives"], lambda c: c[3] == "NEGATIVE", left),
        Share("part_hommes", printed["part_hommes"], lambda c: c[4] == "H", lambda _: True),
    )


def _share_rows(
    value: str, numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the two integer rows ``r @ x >= 0`` and ``r @ x >= 1`` that « rounds half up to value % » means."""
    printed = Decimal(value)
    scale = 2 * 10 ** -min(0, int(printed.as_tuple().exponent))
    middle = int(printed * scale)
    return 100 * scale * numerator - (middle - 1) * denominator, (middle + 1) * denominator - 100 * scale * numerator


def _constraints(
    settings: SimulationSettings, sizes: Mapping[str, int]
) -> list[tuple[str, NDArray[np.float64], float, float]]:
    def row(test: Callable[[Cell], bool]) -> NDArray[np.float64]:
        return np.array([float(test(cell)) for cell in CELLS])

    recent_exits = settings.leavers - sizes[OLD]
    exact = {
        "presents": (row(lambda c: c[0] == "INSCRIT"), sizes[RECENT] - recent_exits),
        "cursus_complet": (row(lambda c: c[0] == "FIN_DE_FORMATION"), settings.completers),
        "hommes": (row(lambda c: c[4] == "H"), settings.men),
        "sorties_anticipees_anciennes": (
            row(lambda c: c[0] == "SORTIE_ANTICIPEE" and c[1] == OLD),
            sizes[OLD] - settings.completers,
        ),
        "sorties_anticipees_recentes": (row(lambda c: c[0] == "SORTIE_ANTICIPEE" and c[1] == RECENT), recent_exits),
    }
    found: list[tuple[str, NDArray[np.float64], float, float]] = [
        (name, coefficients, count, count) for name, (coefficients, count) in exact.items()
    ]
    for share in _shares(settings):
        low, high = _share_rows(share.value, row(share.numerator), row(share.denominator))
        found += [(share.name, low, 0, np.inf), (share.name, high, 1, np.inf)]
    return found


def _prior(settings: SimulationSettings, sizes: Mapping[str, int], girls: Mapping[str, float]) -> NDArray[np.float64]:
    recent_exits = settings.leavers - sizes[OLD]
    early = {OLD: sizes[OLD] - settings.completers, RECENT: recent_exits}
    prior = []
    for status, period, result, outcome, sex in CELLS:
        share = girls[period] if sex == "F" else 1 - girls[period]
        if status == "INSCRIT":
            count = float(sizes[RECENT] - recent_exits)
        elif status == "FIN_DE_FORMATION":
            outcomes = settings.priors.outcomes["ADMIS" if result == "ADMIS" else "NON_ADMIS"]
            count = settings.completers * settings.priors.results[result] * outcomes[outcome]
        else:
            count = early[period] * settings.priors.outcomes["ANTICIPEE"][outcome]
        prior.append(count * share)
    return np.array(prior)


def solve_core(settings: SimulationSettings, sizes: Mapping[str, int], girls: Mapping[str, float]) -> pd.DataFrame:
    """Solve the core table.

    Parameters
    ----------
    settings : SimulationSettings
    sizes : mapping
        Enrolments by period (:data:`OLD`, :data:`RECENT`).
    girls : mapping
        Expected share of girls by period, which follows from the schools' intakes.

    Returns
    -------
    pandas.DataFrame
        One row a cell: ``statut, periode, resultat, devenir, sexe, effectif``; persons.

    Raises
    ------
    UserError
        The published shares and counts contradict one another.
    """
    constraints = _constraints(settings, sizes)
    counts = _nearest(_prior(settings, sizes, girls), constraints)
    if counts is None:
        raise UserError(
            "Aucun tableau d'effectifs ne satisfait à la fois les effectifs et les parts de [simulation].",
            "Revoir [simulation.effectifs] et [simulation.parts].",
        )
    return pd.DataFrame(CELLS, columns=list(COLUMNS)).assign(effectif=counts)


def _nearest(
    prior: NDArray[np.float64], constraints: list[tuple[str, NDArray[np.float64], float, float]]
) -> NDArray[np.int64] | None:
    """Return the integers nearest to `prior` (L1) under the constraints, ``None`` when there are none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = prior.size
    # Unknowns: n counts, then n distances. Weights grow a little so that ties break the same way everywhere.
    objective = np.concatenate([np.zeros(n), 1 + np.arange(n) * 1e-4])
    eye = np.eye(n)
    rows = [np.hstack([eye, -eye]), np.hstack([eye, eye])]
    low = np.concatenate([np.full(n, -np.inf), prior])
    high = np.concatenate([prior, np.full(n, np.inf)])
    extra = np.array([np.concatenate([c, np.zeros(n)]) for _, c, _, _ in constraints])
    result = milp(
        objective,
        constraints=LinearConstraint(
            np.vstack([*rows, extra]),
            np.concatenate([low, [c[2] for c in constraints]]),
            np.concatenate([high, [c[3] for c in constraints]]),
        ),
        integrality=np.concatenate([np.ones(n), np.zeros(n)]),
        bounds=Bounds(0, np.inf),
    )
    return None if result.x is None else np.rint(result.x[:n]).astype(np.int64)


def solve_shares(total: int, shares: Mapping[str, tuple[str, int]]) -> dict[str, int]:
    """Return integer counts that print as the given shares of `total`, nearest to the counts aimed at.

    Parameters
    ----------
    total : int
        Base of the shares, persons.
    shares : mapping of str to (str, int)
        Printed share (percent) and count aimed at.

    Raises
    ------
    UserError
        No counts of that total print so.

    Examples
    --------
    >>> solve_shares(8, {"a": ("13", 1), "b": ("38", 3), "c": ("50", 9)})
    {'a': 1, 'b': 3, 'c': 4}
    """
    names = list(shares)
    ones = np.ones(len(names))
    constraints = [("total", ones, float(total), float(total))]
    for i, name in enumerate(names):
        unit = np.eye(len(names))[i]
        low, high = _share_rows(shares[name][0], unit, ones)
        constraints += [(name, low, 0, np.inf), (name, high, 1, np.inf)]
    counts = _nearest(np.array([float(shares[name][1]) for name in names]), constraints)
    if counts is None:
        printed = ", ".join(f"{name} {share} %" for name, (share, _) in shares.items())
        raise UserError(
            f"Aucune répartition de {total} ne donne les parts {printed}.",
            "Revoir [simulation.origines].",
        )
    return dict(zip(names, counts.tolist(), strict=True))


def broken_constraints(core: pd.DataFrame, settings: SimulationSettings, sizes: Mapping[str, int]) -> list[str]:
    """Return the names of the constraints that a core table breaks, in order; empty when it breaks none."""
    keyed = core.set_index(list(COLUMNS))["effectif"]
    unknown = [cell for cell in keyed.index if cell not in CELLS]
    counts = np.array([float(keyed.get(cell, 0)) for cell in CELLS])
    broken = [
        name for name, row, low, high in _constraints(settings, sizes) if not low - 1e-9 <= row @ counts <= high + 1e-9
    ]
    return ["cellules inconnues"] * bool(unknown) + ["effectif négatif"] * bool((counts < 0).any()) + broken


def read_core(path: Path, settings: SimulationSettings, sizes: Mapping[str, int]) -> pd.DataFrame:
    """Read a solved core table and check it again.

    It is kept in a file because another version of the solver may return another table at the same distance.

    Raises
    ------
    UserError
        The file is absent, or its counts do not satisfy the campaign's settings.
    """
    if not path.is_file():
        raise UserError(
            f"Le noyau « {path} » n'existe pas.",
            "Corriger « noyau » dans [simulation], ou retirer la ligne : le noyau sera résolu.",
        )
    core = pd.read_csv(path, sep=";", keep_default_na=False, encoding="utf-8")
    broken = broken_constraints(core, settings, sizes)
    if broken:
        raise UserError(
            f"Le noyau « {path} » ne satisfait pas : {', '.join(dict.fromkeys(broken))}.",
            "Le résoudre à nouveau, ou corriger [simulation].",
        )
    return core
