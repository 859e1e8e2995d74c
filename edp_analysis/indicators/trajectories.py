"""From the end of the course to what follows: the flows of the youths who have left."""

from __future__ import annotations

import pandas as pd

from edp_analysis.contract.codes import load_codes
from edp_analysis.contract.mappings import load_exits
from edp_analysis.indicators.exits import UNKNOWN, sortants

__all__ = ["trajectoires"]

# What a class is worth, in four groups at most: more ribbons could not be followed.
_GROUPS = {
    "etudes": "Reprise d’études",
    "emploi": "Emploi",
    "negative": "Sortie négative",
    "autre": "Autre ou inconnue",
    "inconnue": "Autre ou inconnue",
}


def trajectoires(apprenants: pd.DataFrame, version: str, nomenclature: str = "synthese") -> pd.DataFrame:
    """Count the youths who have left by how they left, then by what they do.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    version : str
        Version of the mapping of exits (``campaign.definitions["sorties"]``).
    nomenclature : str, default "synthese"
        The one that says what each situation is worth; a situation that it does not count is « autre ou inconnue ».

    Returns
    -------
    pandas.DataFrame
        ``statut``, ``situation`` (ordered categories, as labels), ``effectif``: one row a path that somebody took. The
        numbers add up to the youths who have left.

    Raises
    ------
    UserError
        Unknown version or nomenclature.
    """
    worth = {code: item.sense for code, item in load_exits(version, nomenclature).by_situation.items()}
    labels = load_codes("statut").labels
    groups = list(dict.fromkeys(_GROUPS.values()))
    leavers = sortants(apprenants)
    senses = leavers["situation_sortie"].astype("str").fillna(UNKNOWN).map(worth).fillna("inconnue")
    paths = pd.DataFrame(
        {
            "statut": pd.Categorical(leavers["statut"].astype("str").map(labels), list(labels.values()), ordered=True),
            "situation": pd.Categorical(senses.map(_GROUPS), groups, ordered=True),
        }
    )
    return paths.groupby(["statut", "situation"], observed=True).size().rename("effectif").reset_index()
