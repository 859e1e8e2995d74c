"""Youths who may be one and the same, proposed to a person and never merged: twins exist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from edp_analysis.cleaning.merge import Enrolment
from edp_analysis.contract import normalise_text
from edp_analysis.problems import Problem

__all__ = ["propose"]

_Identity = tuple[str, str, date]


def propose(enrolments: Iterable[Enrolment]) -> list[Problem]:
    """Name the pairs of youths who look alike.

    Three likenesses, on letters only: same names and a birth date that differs by its day, its month or its year (or
    has day and month swapped); last and first names swapped with the same birth date; same last name and birth date
    with another first name (twins, or a first name written otherwise).

    Parameters
    ----------
    enrolments : iterable of Enrolment
        In order; the first enrolment of each youth is the one named.

    Returns
    -------
    list of Problem
        One a pair, « à vérifier », at the place of the later of the two. No name and no date is shown.
    """
    firsts: dict[str, Enrolment] = {}
    for enrolment in enrolments:
        firsts.setdefault(enrolment.kept.pseudonym, enrolment)
    people = list(firsts.values())
    pairs: dict[tuple[int, int], str] = {}
    for key in (_names, _name_set_and_day, _last_name_and_day):
        groups: dict[object, list[int]] = defaultdict(list)
        for rank, person in enumerate(people):
            groups[key(_identity(person))].append(rank)
        for group in groups.values():
            for first, second in combinations(group, 2):
                likeness = _likeness(_identity(people[first]), _identity(people[second]))
                if likeness:
                    pairs.setdefault((first, second), likeness)
    return [_problem(people[first], people[second], pairs[first, second]) for first, second in sorted(pairs)]


def _identity(enrolment: Enrolment) -> _Identity:
    values = enrolment.values
    birth = values["date_naissance"]
    if not isinstance(birth, date):  # a row without a birth date was set aside before
        raise TypeError("date de naissance absente")
    last, first = (normalise_text(values[name]).replace(" ", "") for name in ("nom", "prenom"))
    return last, first, birth


def _names(identity: _Identity) -> object:
    return identity[:2]


def _name_set_and_day(identity: _Identity) -> object:
    return (*sorted(identity[:2]), identity[2])


def _last_name_and_day(identity: _Identity) -> object:
    return identity[0], identity[2]


def _likeness(one: _Identity, other: _Identity) -> str:
    if one[:2] == other[:2]:
        return _near_dates(one[2], other[2])
    if one[2] != other[2]:
        return ""
    if (one[0], one[1]) == (other[1], other[0]):
        return "nom et prénom inversés, même date de naissance"
    return "même nom et même date de naissance, autre prénom (jumeaux ?)" if one[0] == other[0] else ""


def _near_dates(one: date, other: date) -> str:
    parts: Sequence[tuple[str, int, int]] = (
        ("le jour", one.day, other.day),
        ("le mois", one.month, other.month),
        ("l'année", one.year, other.year),
    )
    different = [name for name, left, right in parts if left != right]
    if len(different) == 1:
        return f"mêmes nom et prénom, date de naissance différente par {different[0]}"
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "mêmes nom et prénom, jour et mois de naissance inversés"
    return ""


def _problem(first: Enrolment, second: Enrolment, likeness: str) -> Problem:
    return Problem(
        "jeunes-ressemblants",
        f"ce jeune ressemble à un autre ({likeness}) ; les deux ont été gardés",
        second.kept.record.place(),
        expected=f"vérifier avec le {first.kept.record.place()}",
        remedy="Si c'est le même jeune, corriger l'un des deux fichiers.",
    )
