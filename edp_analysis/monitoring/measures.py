"""What a school must report, measured for one school year: who is counted, on which fields it rests, how.

The notions are those of the indicators; only the records change: the leavers of the year, its entrants, the leavers of
the year before for what is known twelve months after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from edp_analysis.campaign import Campaign, counting_date
from edp_analysis.cleaning.presence import present_on
from edp_analysis.cleaning.result import Tables
from edp_analysis.contract.mappings import load_dropout_readings, load_exits
from edp_analysis.indicators import exits, outcomes, profiles
from edp_analysis.indicators.bounds import Bounded, bounded
from edp_analysis.indicators.derived import decrocheur, par_cle, premieres_inscriptions
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.monitoring.years import bounds, years_before
from edp_analysis.statistics.proportions import Interval

__all__ = ["MOMENTS", "PLACES", "Measure", "Scope", "measures", "nobody", "places", "records"]

Scope = str
"""Whom a measure counts: a key of :data:`MOMENTS`, or ``"places"``."""
MOMENTS: Mapping[str, Scope] = {
    "À l’entrée": "entrants",
    "Au jour de comptage": "places",
    "À la sortie": "sortants",
    "À l’examen": "examens",
    "Six mois après": "six_mois",
    "Douze mois après": "douze_mois",
}
"""Whom a field is expected of, by the moment at which the list to report wants it."""
_NOBODY = {
    "entrants": "aucune entrée",
    "sortants": "aucun sortant",
    "examens": "aucun",
    "douze_mois": "aucun sortant",
}
_NOTES = {"signale_psad": "PSAD : plate-forme de suivi et d’appui aux décrocheurs"}
PLACES = "remplissage"
"""The measure that rests on what a school declares for the year, and not on its youths."""
_NO_PLACES = "non reçues"
_Compute = Callable[[pd.DataFrame], Indicator]
_Bounds = Callable[[pd.DataFrame], Bounded]
"""How far the blanks could move a share, from the same records."""


@dataclass(frozen=True)
class Measure:
    """One notion to report.

    Attributes
    ----------
    name : str
        The one that the matrix of the synthesis cites, where it does.
    label : str
    scope : str
        Whom it counts.
    fields : tuple of str
        Columns of the contract that it rests on.
    read : callable
        From the records of the scope, the indicator. Its interval is what a judgement rests on: from the case where
        no blank is counted to that where all are.
    note : str
        What the label leaves unsaid.
    """

    name: str
    label: str
    scope: Scope
    fields: tuple[str, ...]
    read: Callable[[pd.DataFrame], Indicator]
    note: str = ""


def records(apprenants: pd.DataFrame, scope: Scope, year: str) -> pd.DataFrame:
    """Return the records that a scope counts in a school year.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners, of one school or of all.
    scope : str
        ``"entrants"``, ``"sortants"``, ``"examens"`` (leavers at the end of their course), ``"six_mois"`` (those
        whose six months after the exit fall in the year), ``"douze_mois"`` (leavers of the year before).
    year : str

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a", "b"], "id_jeune": ["a", "b"], "statut": ["INSCRIT"] * 2,
    ...     "date_entree": pd.to_datetime(["2022-08-31", "2022-09-01"])})
    >>> records(learners, "entrants", "2022-2023")["id_jeune"].tolist()
    ['b']
    """
    start, end = (pd.Timestamp(day) for day in bounds(year))
    if scope == "entrants":
        return apprenants[pd.to_datetime(apprenants["date_entree"]).between(start, end)]
    leavers = exits.sortants(apprenants)
    left = pd.to_datetime(leavers["date_sortie"])
    if scope == "six_mois":
        left = left + pd.DateOffset(months=6)
    elif scope == "douze_mois":
        start, end = (pd.Timestamp(day) for day in bounds(years_before(year, 1)[0]))
    chosen = leavers[left.between(start, end)]
    if scope == "examens":
        chosen = chosen[chosen["cursus_complet"].astype("boolean").fillna(False).astype(bool)]
    return chosen


def measures(campaign: Campaign, youngest: int, oldest: int) -> dict[str, Measure]:
    """Return, by name and in reading order, what can be reported about the youths of a school.

    Parameters
    ----------
    campaign : Campaign
        Gives the definitions in force.
    youngest, oldest : int
        Ages at entry that the scheme aims at, both ends in.
    """
    version, readings = campaign.definitions["sorties"], campaign.definitions["decrocheur"]
    on_exit, on_exam = ("date_sortie", "situation_sortie"), ("date_sortie", "resultat_examen")
    plain: tuple[tuple[str, str, Scope, tuple[str, ...], _Compute | None, _Bounds | None], ...] = (
        ("part_femmes", "Filles", "entrants", ("sexe",), profiles.part_femmes, None),
        (
            "part_ages", f"Âgés de {youngest} à {oldest} ans", "entrants", ("age_entree",),
            partial(profiles.part_ages, youngest=youngest, oldest=oldest), None,
        ),
        (
            "signale_psad", "Signalés à une PSAD", "entrants", ("signale_psad",), None, _reported,
        ),
        (
            "certification_sortants", "Sortants certifiés", "sortants", on_exam,
            outcomes.certification_sortants, _certified_bounds,
        ),
        (
            "certification_cursus_complet", "Certifiés après un cursus complet", "examens", on_exam,
            outcomes.certification_cursus_complet, _certified_bounds,
        ),
        ("sortie_anticipee", "Départs avant le terme", "sortants", ("date_sortie",), outcomes.sortie_anticipee, None),
        (
            "reprise_etudes", "Reprises d’études", "sortants", on_exit,
            partial(exits.reprise_etudes, version=version), partial(exits.reprise_etudes_bornes, version=version),
        ),
        (
            "sorties_favorables", "Sorties vers l’emploi ou les études", "sortants", on_exit,
            partial(exits.sorties_favorables, version=version),
            partial(exits.sorties_favorables_bornes, version=version),
        ),
        (
            "sorties_negatives", "Sorties négatives", "sortants", on_exit,
            partial(exits.sorties_negatives, version=version), partial(exits.sorties_negatives_bornes, version=version),
        ),
        (
            "situations_12m", "Situation connue à douze mois", "douze_mois", ("date_sortie", "situation_12m"),
            partial(_known_after, version=version), None,
        ),
    )  # fmt: skip
    found = {
        name: Measure(name, label, scope, fields, partial(_read, compute=compute, bounds=limits), _NOTES.get(name, ""))
        for name, label, scope, fields, compute, limits in plain
    }
    dropouts = {
        f"decrocheurs_{letter.lower()}": Measure(
            f"decrocheurs_{letter.lower()}",
            f"Décrocheurs à l’entrée ({letter})",
            "entrants",
            (reading.variable if reading.variable == "diplome_obtenu" else "derniere_classe",),
            partial(_read, compute=None, bounds=partial(_dropouts, version=readings, letter=letter)),
            f"Décrocheurs ({letter}), le public visé : {reading.label[:1].lower()}{reading.label[1:]}",
        )
        for letter, reading in load_dropout_readings(readings).items()
    }
    return {**dropouts, **found}


def places(tables: Tables, school: str, years: Sequence[str]) -> Indicator:
    """Return the share of the places declared for years that were taken on their counting days: a census.

    Parameters
    ----------
    tables : Tables
    school : str
    years : sequence of str
        Those whose places were not declared are left out.
    """
    own = tables.annuel[(tables.annuel["ecole"] == school) & tables.annuel["places"].notna()]
    own = own[own["annee_scolaire"].isin(list(years))]
    learners = tables.apprenants[tables.apprenants["ecole"] == school]
    days = [counting_date(*bounds(str(year)), tables.campaign.counting_day) for year in own["annee_scolaire"]]
    heads, room = sum(len(present_on(learners, day)) for day in days if day), int(own["places"].sum())
    words = f"places déclarées par {school}, {', '.join(own['annee_scolaire']) or ', '.join(years)}"
    method = "apprenants présents au jour de comptage / places déclarées"
    found = Indicator(PLACES, "Places occupées", None, "%", words, method=method, reason=_NO_PLACES, census=True)
    if not room:
        return found
    value, rows = heads / room, tuple(f"{school} {year}" for year in own["annee_scolaire"])
    return replace(found, value=value, numerator=heads, denominator=room, reason="", rows=rows)


def _read(part: pd.DataFrame, compute: _Compute | None, bounds: _Bounds | None) -> Indicator:
    """Compute a measure with the interval that it can be judged on; where no answer is known there is no value.

    Without `compute`, the measure is the share among the known.
    """
    limits = bounds(part) if bounds else None
    found = compute(part) if compute else limits.known if limits else None
    if found is None:
        raise TypeError("une mesure se calcule, ou se borne")
    if found.value is None or limits is None:
        return found
    if limits.known.value is None:
        return replace(found, value=None, interval=None, reason=limits.known.reason)
    low, high = limits.low.interval, limits.high.interval
    span = None if low is None or high is None else Interval(low.low, high.high, low.level, low.method)
    return replace(found, interval=span)


def _dropouts(part: pd.DataFrame, version: str, letter: str) -> Bounded:
    youths = premieres_inscriptions(part)
    chosen = par_cle(youths, decrocheur(youths, letter, version))
    return bounded(f"decrocheurs_{letter}", f"Décrocheurs, lecture {letter}", chosen, "entrants de l’année")


def _certified_bounds(part: pd.DataFrame) -> Bounded:
    """Bound a share of certified leavers: the result of one who went to the end may be missing, not be a failure."""
    complete = part["cursus_complet"].astype("boolean").fillna(False).astype(bool)
    unknown = complete & part["resultat_examen"].isna()
    granted = (part["resultat_examen"] == "ADMIS").astype("boolean").mask(unknown)
    return bounded("certification", "Certifiés", par_cle(part, granted), "jeunes sortis")


def _reported(part: pd.DataFrame) -> Bounded:
    chosen = par_cle(part, part["signale_psad"].astype("boolean"))
    return bounded("signale_psad", "Signalés aux plates-formes de suivi", chosen, "entrants")


def _known_after(part: pd.DataFrame, version: str) -> Indicator:
    unknown = load_exits(version, "synthese").situations("inconnue")
    known = part["situation_12m"].notna() & ~part["situation_12m"].astype("str").isin(unknown)
    words = "jeunes sortis l’année scolaire d’avant"
    return share("situations_12m", "Situation connue à douze mois", par_cle(part, known), words)


def nobody(scope: Scope) -> str:
    """Return what is said where a scope counts nobody.

    Examples
    --------
    >>> nobody("sortants")
    'aucun sortant'
    """
    return _NOBODY.get(scope, "personne")
