"""Published figures to set beside ours, and only beside those that are taken of the same base.

A success rate of candidates, of leavers and of those who stayed are three different numbers. A comparator is offered
for an indicator only when both have the same *base*; the others of the same notion can be listed apart, as « bases
différentes », so that nobody compares them unawares. The figures and their sources are in
``data/reference/comparateurs.csv``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from edp_analysis.campaign import find_root
from edp_analysis.indicators.reference_tables import note_reading
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["COLUMNS", "comparators", "comparators_of_notion", "load_comparators", "other_bases"]

COLUMNS = ("indicateur", "libelle", "valeur", "unite", "base", "population", "annee", "source", "statut", "note")
_FILE = Path("data/reference/comparateurs.csv")

# Notion and base of each of our indicators that has published figures of the same notion.
_OURS = {
    "certification_sortants": ("certification", "sortants"),
    "certification_cursus_complet": ("certification", "cursus_complets"),
    "certification_presentes": ("certification", "candidats_presentes"),
    "sortie_anticipee": ("sortie_anticipee", "sortants"),
    "sortie_anticipee_entrants": ("sortie_anticipee", "entrants"),
    "reprise_etudes": ("poursuite_etudes", "sortants"),
    "reprise_etudes_synthese_complets": ("poursuite_etudes", "derniere_annee"),
    "reprise_etudes_inserjeunes_complets": ("poursuite_etudes", "derniere_annee"),
    "sorties_favorables_e2c_sortants": ("sorties_positives_e2c", "sortants"),
    "insertion_6m": ("emploi_6m", "sortants"),
    "insertion_12m": ("emploi_12m", "sortants"),
    "insertion_6m_hors_poursuite": ("emploi_6m", "sortants_hors_poursuite"),
    "insertion_12m_hors_poursuite": ("emploi_12m", "sortants_hors_poursuite"),
    "part_hommes": ("part_hommes", "inscrits"),
    "forfait_apprenant": ("subvention_par_eleve", "apprenant"),
}
_READINGS = ("_connus", "_minimum", "_maximum")  # readings of a bounded share, see indicators.bounds


def load_comparators(root: Path | None = None) -> pd.DataFrame:
    """Read all the published comparators.

    Parameters
    ----------
    root : pathlib.Path, optional
        Project root; found when not given.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`, in the order of the file. ``valeur`` is a number in ``unite`` (a percentage is in
        points: 84.9), ``annee`` the cohort, session or year in words, ``statut`` « relevé » or « calculé ».

    Raises
    ------
    UserError
        The file is absent, lacks a column, or holds a row without a value, a base or a source.
    """
    path = (root or find_root()) / _FILE
    if not path.is_file():
        raise UserError(f"{_FILE.as_posix()} manque.", "Le reprendre du dépôt du projet.")
    frame = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False, encoding="utf-8")
    note_reading(path, _FILE.as_posix())
    if tuple(frame.columns) != COLUMNS:
        raise UserError(f"{_FILE.as_posix()} : colonnes inattendues.", f"Colonnes attendues : {', '.join(COLUMNS)}.")
    for column in ("valeur", "base", "population", "annee", "source"):
        empty = frame.index[frame[column].str.strip() == ""]
        if len(empty):
            what = f"{_FILE.as_posix()}, ligne {empty[0] + 2} : « {column} » manque."
            raise UserError(what, "La compléter : un comparateur sans provenance ne se publie pas.")
    return frame.assign(valeur=pd.to_numeric(frame["valeur"]))


def comparators(indicator: Indicator | str, root: Path | None = None) -> pd.DataFrame:
    """Return the published figures of the same notion *and* the same base as an indicator.

    Parameters
    ----------
    indicator : Indicator or str
        One of ours, or its identifier; a reading of a bounded share (« …_connus ») stands for the share.
    root : pathlib.Path, optional
        Project root; found when not given.

    Returns
    -------
    pandas.DataFrame
        See :func:`load_comparators`; empty when none has the same base.

    Raises
    ------
    UserError
        No published figure is kept for this indicator.

    Examples
    --------
    Success at the examination is published on candidates; our 54 % of leavers has no such comparator.

    >>> set(comparators("certification_presentes")["base"])
    {'candidats_presentes'}
    >>> len(comparators("certification_sortants"))
    0
    """
    notion, base = _ours(indicator)
    frame = comparators_of_notion(notion, root)
    return frame[frame["base"] == base].reset_index(drop=True)


def other_bases(indicator: Indicator | str, root: Path | None = None) -> pd.DataFrame:
    """Return the published figures of the same notion on another base: to cite, not to compare."""
    notion, base = _ours(indicator)
    frame = comparators_of_notion(notion, root)
    return frame[frame["base"] != base].reset_index(drop=True)


def comparators_of_notion(notion: str, root: Path | None = None) -> pd.DataFrame:
    """Return all the published figures of a notion (``"chomage"``, ``"certification"``…), whatever the base.

    Raises
    ------
    UserError
        Unknown notion (those that exist are named).
    """
    frame = load_comparators(root)
    found = frame[frame["indicateur"] == notion].reset_index(drop=True)
    if found.empty:
        known = ", ".join(sorted(frame["indicateur"].unique()))
        raise UserError(f"Aucun comparateur pour la notion « {notion} ».", f"Notions : {known}.")
    return found


def _ours(indicator: Indicator | str) -> tuple[str, str]:
    key = indicator.id if isinstance(indicator, Indicator) else indicator
    for reading in _READINGS:
        key = key.removesuffix(reading)
    if key not in _OURS:
        raise UserError(
            f"Aucun comparateur publié n’est rattaché à l’indicateur « {key} ».",
            f"Indicateurs qui en ont : {', '.join(sorted(_OURS))}.",
        )
    return _OURS[key]
