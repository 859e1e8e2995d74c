"""Exits: studies resumed, jobs, negative exits — under a named version and nomenclature, with what is unknown.

The same exit is « positive » for one network and « autre » for another. The raw situation is kept in the data; a
versioned mapping (``contract/mappings/sorties.csv``) classes it, and every share says which one, on which base, and
how far the unknown could move it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.codes import load_codes
from edp_analysis.contract.mappings import ExitMapping, exit_nomenclatures, load_exits
from edp_analysis.indicators.bounds import Bounded, bounded
from edp_analysis.indicators.breakdown import to_table
from edp_analysis.indicators.derived import par_cle, periode
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.problems import UserError

__all__ = [
    "UNKNOWN",
    "Base",
    "devenir",
    "devenir_par_ecole",
    "insertion",
    "reprise_etudes",
    "reprise_etudes_bornes",
    "sortants",
    "sorties_favorables",
    "sorties_favorables_bornes",
    "sorties_negatives",
    "sorties_negatives_bornes",
    "sortis_depuis",
    "variantes_sorties",
]

Base = Literal["sortants", "connus", "complets"]
"""Whom a share of exits is taken of: all leavers, those whose situation is known, those of a full course."""

_WORDS = {
    "sortants": "jeunes sortis",
    "connus": "jeunes sortis dont la situation est connue",
    "complets": "jeunes sortis après un cursus complet",
}
_REFERENCE = "synthese"  # the nomenclature of the published figures; the only one that says who is unknown
UNKNOWN = "INCONNUE"
"""Situation of a youth of whom the school knows nothing: written, and as good as blank."""
_FAVOURABLE = "Sorties vers l’emploi ou les études"
_MOMENTS = {"sortie": ("situation_sortie", 0), "6m": ("situation_6m", 6), "12m": ("situation_12m", 12)}


def sortants(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Keep the last enrolment of each youth who is no longer enrolled anywhere.

    A youth who left one school and is now in another is not a leaver. The last enrolment is the one that began
    last.

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a1", "a2", "b1"], "id_jeune": ["a", "a", "b"],
    ...     "date_entree": pd.to_datetime(["2019-09-01", "2021-09-01", "2019-09-01"]),
    ...     "statut": ["SORTIE_ANTICIPEE", "INSCRIT", "FIN_DE_FORMATION"]})
    >>> list(sortants(learners)["id_inscription"])
    ['b1']
    """
    enrolled = apprenants.loc[apprenants["statut"] == "INSCRIT", "id_jeune"]
    gone = apprenants[~apprenants["id_jeune"].isin(enrolled)].sort_values(["date_entree", "id_inscription"])
    return gone.drop_duplicates("id_jeune", keep="last").sort_values("id_inscription")


def sortis_depuis(leavers: pd.DataFrame, months: int, extraction: date) -> pd.DataFrame:
    """Keep those who left at least so many months before the extraction: what became of them may be asked.

    Examples
    --------
    >>> leavers = pd.DataFrame({"date_sortie": pd.to_datetime(["2023-10-30", "2023-11-01", None])})
    >>> len(sortis_depuis(leavers, 6, date(2024, 4, 30)))
    1
    """
    left = pd.to_datetime(leavers["date_sortie"])
    return leavers[left + pd.DateOffset(months=months) <= pd.Timestamp(extraction)]


def reprise_etudes(
    apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE, base: Base = "sortants"
) -> Indicator:
    """Share of leavers who resumed studies (school, apprenticeship, qualifying training).

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    version : str
        Version of the mapping (``campaign.definitions["sorties"]``).
    nomenclature : str, default "synthese"
        One of :func:`~edp_analysis.contract.mappings.exit_nomenclatures`.
    base : {"sortants", "connus", "complets"}
        On « sortants », an unknown situation stays in the denominator.

    Raises
    ------
    UserError
        Unknown version, nomenclature or base.
    """
    return _part(apprenants, ("etudes",), "reprise_etudes", "Reprises d’études", version, nomenclature, base)


def sorties_negatives(
    apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE, base: Base = "sortants"
) -> Indicator:
    """Share of leavers whose exit the nomenclature holds for negative; parameters as :func:`reprise_etudes`."""
    return _part(apprenants, ("negative",), "sorties_negatives", "Sorties négatives", version, nomenclature, base)


def sorties_favorables(
    apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE, base: Base = "sortants"
) -> Indicator:
    """Share of leavers in studies or in a job that counts; parameters as :func:`reprise_etudes`."""
    senses = ("etudes", "emploi")
    return _part(apprenants, senses, "sorties_favorables", _FAVOURABLE, version, nomenclature, base)


def sorties_favorables_par_nomenclature(apprenants: pd.DataFrame, version: str) -> dict[str, Indicator]:
    """Share of favourable exits under each nomenclature (its French name), on the leavers each one counts."""
    names = load_codes("nomenclature_sorties").labels
    return {names[item]: sorties_favorables(apprenants, version, item) for item in exit_nomenclatures(version)}


def reprise_etudes_bornes(apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE) -> Bounded:
    """Share of resumed studies among known exits, and what the unknown could make of it."""
    return _bounds(apprenants, ("etudes",), "reprise_etudes", "Reprises d’études", version, nomenclature)


def sorties_favorables_bornes(apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE) -> Bounded:
    """Share of exits to studies or a job among known exits, and what the unknown could make of it."""
    return _bounds(apprenants, ("etudes", "emploi"), "sorties_favorables", _FAVOURABLE, version, nomenclature)


def sorties_negatives_bornes(apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE) -> Bounded:
    """Share of negative exits among known exits, and what the unknown could make of it."""
    return _bounds(apprenants, ("negative",), "sorties_negatives", "Sorties négatives", version, nomenclature)


def variantes_sorties(apprenants: pd.DataFrame, version: str) -> pd.DataFrame:
    """Lay out how the shares of exits move with the nomenclature, the base and the unknown.

    Returns
    -------
    pandas.DataFrame
        One row a reading: ``indicateur``, ``nomenclature``, ``lecture``, ``nombre``, ``effectif``, ``part``.
    """
    rows: list[tuple[str, str, str, Indicator]] = []
    notions = (
        (reprise_etudes, reprise_etudes_bornes),
        (sorties_negatives, sorties_negatives_bornes),
        (sorties_favorables, sorties_favorables_bornes),
    )
    for nomenclature in exit_nomenclatures(version):
        for point, bounds in notions:
            readings = {_WORDS[base]: point(apprenants, version, nomenclature, base) for base in get_args(Base)}
            limits = bounds(apprenants, version, nomenclature)
            readings |= {
                "tous, si aucun inconnu n’en est": limits.low,
                "tous, si tous les inconnus en sont": limits.high,
            }
            rows += [(readings[_WORDS["sortants"]].label, nomenclature, *reading) for reading in readings.items()]
    return pd.DataFrame(
        [(*words, item.numerator, item.denominator, item.value) for *words, item in rows],
        columns=["indicateur", "nomenclature", "lecture", "nombre", "effectif", "part"],
    )


def insertion(
    apprenants: pd.DataFrame, campaign: Campaign, nomenclature: str = _REFERENCE, hors_poursuite: bool = False
) -> dict[str, Bounded]:
    """Share of leavers in a job at their exit, six and twelve months later.

    At six and twelve months, the base holds the leavers for whom that time has passed at the extraction; a situation
    that the school did not ask for is unknown. The unknown are not missing at random: the bounds are the result.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    campaign : Campaign
        Gives the version of the mapping and the date of extraction.
    nomenclature : str, default "synthese"
    hors_poursuite : bool, default False
        Leave out those known to be in studies, as InserJeunes does for its « taux d'emploi ».

    Returns
    -------
    dict of str to Bounded
        By moment: ``"sortie"``, ``"6m"``, ``"12m"``.
    """
    version = campaign.definitions["sorties"]
    mapping = load_exits(version, nomenclature)
    leavers = sortants(apprenants)
    leavers = leavers[~_situation(leavers).isin(mapping.situations("hors_champ"))]
    found = {}
    for moment, (column, months) in _MOMENTS.items():
        records, words = leavers, "jeunes sortis"
        if months:
            records = sortis_depuis(leavers, months, campaign.extraction_date)
            words = f"jeunes sortis depuis {months} mois au moins au {campaign.extraction_date:%d/%m/%Y}"
        if hors_poursuite:
            records = records[~_situation(records, column).isin(mapping.situations("etudes"))]
            words += ", hors poursuite d’études connue"
        suffix = "_hors_poursuite" if hors_poursuite else ""
        label = "En emploi à la sortie" if months == 0 else f"En emploi {months} mois après la sortie"
        found[moment] = bounded(
            f"insertion_{moment}{suffix}",
            label,
            _answers(records, column, mapping, ("emploi",)),
            f"{words}, {periode(apprenants)}",
            _method(mapping),
        )
    return found


def devenir(apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE) -> pd.DataFrame:
    """Lay out the exits of all leavers under a nomenclature.

    Returns
    -------
    pandas.DataFrame
        One row a class, in the nomenclature's order: ``classe``, ``libelle``, ``nombre``, ``effectif``, ``part``,
        ``borne_basse``, ``borne_haute``; the numbers add up to the leavers.
    """
    mapping = load_exits(version, nomenclature)
    leavers = sortants(apprenants)
    classes = _situation(leavers).map({code: item.code for code, item in mapping.by_situation.items()})
    words = f"jeunes sortis, {periode(apprenants)}"
    shares = {
        item.code: share(
            f"devenir_{nomenclature}_{item.code}", item.label, par_cle(leavers, classes == item.code), words
        )
        for item in mapping.classes
    }
    table = to_table(shares, "classe")
    table.insert(1, "libelle", [item.label for item in mapping.classes])
    return table


def devenir_par_ecole(apprenants: pd.DataFrame, version: str, nomenclature: str = _REFERENCE) -> pd.DataFrame:
    """Count the exits of each school's leavers under a nomenclature.

    Returns
    -------
    pandas.DataFrame
        One row a school, in alphabetical order: ``ecole``, ``sortants``, then one column a class (its French
        wording).
    """
    mapping = load_exits(version, nomenclature)
    rows = []
    for school in sorted(apprenants["ecole"].astype("str").unique()):
        table = devenir(apprenants[apprenants["ecole"] == school], version, nomenclature)
        rows.append([school, int(table["nombre"].sum()), *table["nombre"].astype("int64")])
    return pd.DataFrame(rows, columns=["ecole", "sortants", *(item.label for item in mapping.classes)])


def _situation(records: pd.DataFrame, column: str = "situation_sortie") -> pd.Series:
    return records[column].astype("str").fillna(UNKNOWN)


def _method(mapping: ExitMapping) -> str:
    return f"Nomenclature « {mapping.nomenclature} », version {mapping.version}"


def _answers(records: pd.DataFrame, column: str, mapping: ExitMapping, senses: tuple[str, ...]) -> pd.Series:
    """Whether each situation has one of `senses`; missing where nobody knows the situation."""
    situations = _situation(records, column)
    unknown = situations.isin(load_exits(mapping.version, _REFERENCE).situations("inconnue"))
    return par_cle(records, situations.isin(mapping.situations(*senses)).astype("boolean").mask(unknown))


def _population(apprenants: pd.DataFrame, mapping: ExitMapping, base: str) -> tuple[pd.DataFrame, str]:
    if base not in get_args(Base):
        raise UserError(f"Base « {base} » inconnue.", f"Bases définies : {', '.join(get_args(Base))}.")
    leavers = sortants(apprenants)
    outside = mapping.situations("hors_champ")
    leavers = leavers[~_situation(leavers).isin(outside)]
    if base == "complets":
        leavers = leavers[leavers["cursus_complet"].astype("boolean").fillna(False).astype(bool)]
    elif base == "connus":
        leavers = leavers[_answers(leavers, "situation_sortie", mapping, ()).notna().to_numpy()]
    words = f"{_WORDS[base]}, {periode(apprenants)}"
    return leavers, f"{words}, sans les situations hors du champ de la nomenclature" if outside else words


def _part(
    apprenants: pd.DataFrame, senses: tuple[str, ...], id: str, label: str, version: str, nomenclature: str, base: str
) -> Indicator:
    mapping = load_exits(version, nomenclature)
    leavers, words = _population(apprenants, mapping, base)
    chosen = par_cle(leavers, _situation(leavers).isin(mapping.situations(*senses)))
    # The published reading keeps the published identifier; every other one says what it is.
    suffix = "" if (nomenclature, base) == (_REFERENCE, "sortants") else f"_{nomenclature}_{base}"
    return share(f"{id}{suffix}", label, chosen, words, _method(mapping))


def _bounds(
    apprenants: pd.DataFrame, senses: tuple[str, ...], id: str, label: str, version: str, nomenclature: str
) -> Bounded:
    mapping = load_exits(version, nomenclature)
    leavers, words = _population(apprenants, mapping, "sortants")
    suffix = "" if nomenclature == _REFERENCE else f"_{nomenclature}"
    answers = _answers(leavers, "situation_sortie", mapping, senses)
    return bounded(f"{id}{suffix}", label, answers, words, _method(mapping))
