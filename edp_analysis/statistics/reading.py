"""Which uncertainty a figure carries: the sentence printed under it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reading", "reading_sentence"]


class Reading(StrEnum):
    """How the records relate to what is said of them. The values are what French users read."""

    CENSUS = "recensement"
    """Everyone concerned is in the data and the statement is about them only: no sampling error."""
    SUPERPOPULATION = "superpopulation"
    """The statement is about the scheme: what similar cohorts would give."""
    FINITE = "population finie"
    """Some of a known population answered."""


def reading_sentence(reading: Reading, total: int | None = None, population: int | None = None) -> str:
    """Return the French sentence that says what the interval of a figure means.

    Parameters
    ----------
    reading : Reading
    total : int, optional
        Records used (persons). Left out of the sentence when ``None``, e.g. where the number may not be printed.
    population : int, optional
        Persons of the population surveyed on the day of the survey; only for ``Reading.FINITE``.

    Raises
    ------
    ValueError
        ``population`` given for another reading, smaller than ``total``, or only one of the two for a survey.

    Examples
    --------
    >>> reading_sentence(Reading.FINITE, 100, 150)
    'Enquête : 100 réponses sur 150 personnes interrogeables. L’intervalle tient compte de la part de la population \
qui a répondu ; il ne couvre pas l’écart possible entre ceux qui ont répondu et les autres.'
    """
    if population is not None and reading is not Reading.FINITE:
        raise ValueError(f"une population interrogée n'a de sens que pour la lecture « {Reading.FINITE} »")
    if reading is Reading.FINITE and (total is None) != (population is None):
        raise ValueError("enquête : donner à la fois le nombre de réponses et la population, ou aucun des deux")
    if population is not None and total is not None and population < total:
        raise ValueError(f"{total} réponses pour une population de {population} : la population ne peut être moindre")
    if reading is Reading.CENSUS:
        who = "les jeunes du champ" if total is None else f"les {total} jeunes du champ"
        return (
            f"Recensement : tous {who} sont comptés, il n’y a pas d’erreur d’échantillonnage ; "
            "l’incertitude tient aux informations manquantes."
        )
    if reading is Reading.SUPERPOPULATION:
        return (
            "Intervalle : ce que donneraient, par le seul hasard, d’autres promotions semblables dans le même "
            "dispositif ; il ne décrit pas une erreur de comptage."
        )
    base = "Enquête"
    if total is not None:
        base = f"Enquête : {total} réponses sur {population} personnes interrogeables"
    return (
        f"{base}. L’intervalle tient compte de la part de la population qui a répondu ; il ne couvre pas l’écart "
        "possible entre ceux qui ont répondu et les autres."
    )
