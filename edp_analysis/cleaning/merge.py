"""One enrolment written several times becomes one record, by a rule that is written down.

Rows are the same enrolment when they have the same school and the same pseudonym, and when their stays overlap (a
stay runs from the entry to the exit, or to the extraction when there is no exit). Of such rows:

1. the first in the order of files, sheets and rows is kept, the others are merged into it;
2. each field takes the first value that is not missing, in that order;
3. when a row has an exit date, the rows that have one come first for what is known at the exit: exit date, status,
   result, reason, situations;
4. values that contradict one another are named with both cells. For the fields of rule 3, a row without an exit date
   is an earlier state of the same youth, not a contradiction.

The same youth in another school, or back after a break, is another enrolment. Look-alikes beyond the pseudonym
(:mod:`~edp_analysis.cleaning.lookalikes`) are proposed to a person, never merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from edp_analysis.intake.numbers import as_code
from edp_analysis.intake.records import Record
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Problem

__all__ = ["EXIT_FIELDS", "Enrolment", "Stay", "both_at_once", "group_stays", "merge"]

EXIT_FIELDS = (
    "date_sortie",
    "statut",
    "resultat_examen",
    "motif_sortie",
    "situation_sortie",
    "situation_6m",
    "situation_12m",
)
"""Fields for which the rows that have an exit date come first."""

_IDENTITY = frozenset({"nom", "prenom", "date_naissance", "ecole", "annee_scolaire"})


@dataclass(frozen=True)
class Stay:
    """One row of a youth in a school.

    Attributes
    ----------
    record : Record
    school, pseudonym : str
    entry : datetime.date
    exit : datetime.date or None
        ``None`` when the youth is present at the extraction (or the school gave no date).
    notes : tuple of str
        Corrections made after the cells were read.
    """

    record: Record
    school: str
    pseudonym: str
    entry: date
    exit: date | None
    notes: tuple[str, ...] = ()

    def value(self, name: str) -> object:
        """Return a field, the exit date being that of the stay."""
        return self.exit if name == "date_sortie" else self.record.values[name]


@dataclass(frozen=True)
class Enrolment:
    """One enrolment: the stays it was written as, and its values.

    Attributes
    ----------
    stays : tuple of Stay
        The first one is the row that is kept.
    values : mapping of str to object
    sources : mapping of str to Stay
        Where each value comes from (the kept row for a value that is missing everywhere).
    conflicts : tuple of Problem
    """

    stays: tuple[Stay, ...]
    values: Mapping[str, object]
    sources: Mapping[str, Stay]
    conflicts: tuple[Problem, ...]

    @property
    def kept(self) -> Stay:
        """The row that is kept."""
        return self.stays[0]


def group_stays(stays: Sequence[Stay], extraction: date) -> list[tuple[Stay, ...]]:
    """Group the rows that are one enrolment.

    Parameters
    ----------
    stays : sequence of Stay
        In the order of files, sheets and rows.
    extraction : datetime.date
        End of the stays that have no exit.

    Returns
    -------
    list of tuple of Stay
        In the order of their first rows. Overlap is carried on: a row that overlaps two others joins them.
    """
    by_youth: dict[tuple[str, str], list[Stay]] = {}
    order = {id(stay): rank for rank, stay in enumerate(stays)}
    for stay in stays:
        by_youth.setdefault((stay.school, stay.pseudonym), []).append(stay)
    groups: list[tuple[Stay, ...]] = []
    for own in by_youth.values():
        current: list[Stay] = []
        until = date.min
        for stay in sorted(own, key=lambda s: (s.entry, order[id(s)])):
            if current and stay.entry > until:
                groups.append(tuple(sorted(current, key=lambda s: order[id(s)])))
                current = []
                until = date.min
            current.append(stay)
            until = max(until, stay.exit or extraction)
        groups.append(tuple(sorted(current, key=lambda s: order[id(s)])))
    return sorted(groups, key=lambda group: order[id(group[0])])


def merge(group: Sequence[Stay]) -> Enrolment:
    """Make one enrolment of the rows of a group (rules 1 to 4 of the module)."""
    left = [stay for stay in group if stay.exit is not None]
    values: dict[str, object] = {}
    sources: dict[str, Stay] = {}
    conflicts: list[Problem] = []
    for name in group[0].record.values:
        at_exit = name in EXIT_FIELDS and bool(left)
        ordered = [*left, *(stay for stay in group if stay.exit is None)] if at_exit else list(group)
        known = [stay for stay in ordered if stay.value(name) is not None]
        sources[name] = known[0] if known else group[0]
        values[name] = sources[name].value(name)
        comparable = [stay for stay in known if stay.exit is not None] if at_exit else known
        for other in comparable[1:]:
            if name not in _IDENTITY and other.value(name) != comparable[0].value(name):
                conflicts.append(_conflict(name, comparable[0], other))
    return Enrolment(tuple(group), values, sources, tuple(conflicts))


def both_at_once(enrolments: Sequence[Enrolment], extraction: date) -> list[Problem]:
    """Name the youths who would be in two schools on the same days: counted, and paid for, twice.

    Parameters
    ----------
    enrolments : sequence of Enrolment
    extraction : datetime.date
        End of the enrolments that have no exit.

    Returns
    -------
    list of Problem
        « À vérifier », at the exit of the enrolment that began first. No name is shown.
    """
    by_youth: dict[str, list[Enrolment]] = {}
    for enrolment in enrolments:
        by_youth.setdefault(enrolment.kept.pseudonym, []).append(enrolment)
    problems = []
    for own in by_youth.values():
        for first, second in pairwise(sorted(own, key=_beginning)):
            until = first.values["date_sortie"]
            end = until if isinstance(until, date) else extraction
            if first.kept.school != second.kept.school and _beginning(second) < end:
                problems.append(_overlap(first, second))
    return problems


def _beginning(enrolment: Enrolment) -> date:
    return min(stay.entry for stay in enrolment.stays)


def _overlap(first: Enrolment, second: Enrolment) -> Problem:
    left = first.values["date_sortie"]
    return Problem(
        "deux-ecoles-a-la-fois",
        f"ce jeune est aussi à {second.kept.school} dès le {_beginning(second):%d/%m/%Y} ; il compte deux fois",
        first.sources["date_sortie"].record.place("date_sortie"),
        _shown(left) if left else "",
        f"une sortie au plus tard à l'entrée donnée par le {second.kept.record.place('date_entree')}",
        "Demander à la première école la date de sortie.",
    )


def _conflict(name: str, first: Stay, other: Stay) -> Problem:
    return Problem(
        "doublon-contradictoire",
        "deux lignes de la même inscription se contredisent ; la première valeur a été gardée",
        other.record.place(name),
        _shown(other.value(name)),
        f"la même valeur que dans le {first.record.place(name)} : « {_shown(first.value(name))} »",
        "Demander à l'école laquelle est juste.",
    )


def _shown(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else as_code(value) if value is not None else MASKED
