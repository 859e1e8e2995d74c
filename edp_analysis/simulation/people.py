"""Invented people: common first names, surnames made of syllables, birth dates that give the age at entry."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from edp_analysis.simulation.truth import records

__all__ = ["invent_people"]

_GIRLS = (
    "Emma", "Léa", "Chloé", "Manon", "Inès", "Camille", "Sarah", "Océane", "Maëlle", "Anaïs", "Zoé", "Noémie",
    "Aïcha", "Lou-Anne", "Marie-Lou", "Eléonore", "Jade", "Yasmine", "Louna", "Clémence",
)  # fmt: skip
_BOYS = (
    "Lucas", "Hugo", "Théo", "Enzo", "Mathéo", "Nathan", "Noé", "Raphaël", "Maël", "Loïc", "Kévin", "Jean-Baptiste",
    "Mamadou", "Yanis", "Gaëtan", "Jérémy", "Sofiane", "Léo-Paul", "Timéo", "François", "Adam", "Ethan", "Rémi",
)  # fmt: skip
_STARTS = ("Bal", "Ver", "Cor", "Hau", "Lan", "Mor", "Tré", "Gui", "Del", "Ros", "Fau", "Bré", "Quen", "Val", "Sau")
_MIDDLES = ("", "", "ti", "lé", "do", "ra", "né", "vi", "ço", "be", "lo", "gue")
_ENDS = ("mont", "vel", "quier", "zec", "lart", "nec", "dière", "vrac", "thou", "lain", "puis", "bœuf", "sard", "hin")
_PARTICLES = ("Le ", "De ", "Du ", "D’A")


def _surname(rng: np.random.Generator) -> str:
    def syllables() -> str:
        pools = (_STARTS, _MIDDLES, _ENDS)
        return "".join(pool[int(rng.integers(len(pool)))] for pool in pools)

    name, draw = syllables(), rng.random()
    if draw < 0.08:
        return f"{name}-{syllables()}"
    if draw < 0.18:
        particle = _PARTICLES[int(rng.integers(len(_PARTICLES)))]
        return particle + (name.lower() if "’" in particle else name)
    return name


def _birth(entry: date, age: int, rng: np.random.Generator) -> date:
    # Born on 29 February would make « the same day, years ago » ambiguous: that day is never drawn.
    latest = _years_before(entry, age)
    earliest = _years_before(entry, age + 1) + timedelta(1)
    day = earliest + timedelta(int(rng.integers((latest - earliest).days + 1)))
    return day + timedelta(1) if (day.month, day.day) == (2, 29) else day


def _years_before(day: date, years: int) -> date:
    return (day if (day.month, day.day) != (2, 29) else day - timedelta(1)).replace(year=day.year - years)


def invent_people(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Invent a surname, a first name and a birth date for each row.

    Surnames are made of syllables; none is taken from a person. Surnames are all different once reduced to letters,
    but for one pair of twins, who share a birth date too: two youths that a careless rule would merge.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``ecole``, ``sexe``, ``age_entree`` (years), ``date_entree``.

    Returns
    -------
    pandas.DataFrame
        ``nom, prenom, date_naissance``, same index.
    """
    from edp_analysis.contract import normalise_text

    used: set[str] = set()
    rows = []
    for row in records(frame):
        name = _surname(rng)
        while normalise_text(name).replace(" ", "") in used:
            name = _surname(rng)
        used.add(normalise_text(name).replace(" ", ""))
        pool = _GIRLS if row.sexe == "F" else _BOYS
        rows.append((name, pool[int(rng.integers(len(pool)))], _birth(row.date_entree, row.age_entree, rng)))
    people = pd.DataFrame(rows, columns=["nom", "prenom", "date_naissance"], index=frame.index)
    return _with_twins(people, frame)


def _with_twins(people: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Make twins of the first two rows that could be: same school, entry, sex and age."""
    keys = ["ecole", "date_entree", "sexe", "age_entree"]
    for _, index in frame.groupby(keys, sort=True).groups.items():
        first, *others = list(index)
        other = next((i for i in others if people.loc[i, "prenom"] != people.loc[first, "prenom"]), None)
        if other is not None:
            people.loc[other, ["nom", "date_naissance"]] = people.loc[first, ["nom", "date_naissance"]]
            return people
    return people
