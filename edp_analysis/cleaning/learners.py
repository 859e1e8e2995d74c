"""From the schools' learner files to one record per enrolment.

Each row is read, given a school and a pseudonym, and checked on its dates; rows of one enrolment are merged
(:mod:`~edp_analysis.cleaning.merge`), settled and completed (:mod:`~edp_analysis.cleaning.enrolments`). Names and birth
dates go no further than this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.annual import examine_annual, holds_learners
from edp_analysis.cleaning.corrections import load_corrections
from edp_analysis.cleaning.enrolments import age_on, derive, settle
from edp_analysis.cleaning.ledger import Fate
from edp_analysis.cleaning.lookalikes import propose
from edp_analysis.cleaning.merge import Enrolment, Stay, both_at_once, group_stays, merge
from edp_analysis.cleaning.presence import is_present
from edp_analysis.cleaning.pseudonym import key_for, pseudonymise
from edp_analysis.cleaning.reading import Reading, ledger_line, read_table
from edp_analysis.cleaning.reference import find_school, school_codes, unknown_school
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.intake.files import duplicates, file_digest, list_files
from edp_analysis.intake.numbers import as_code
from edp_analysis.intake.records import Record, gather
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Problem, Severity

__all__ = ["FOLDER", "clean_learners", "examine"]

FOLDER = "ecoles"
"""Sub-folder of the raw folder that holds the learner files."""


@dataclass(frozen=True)
class _Fault:
    """Why a row is set aside: a field and what is wrong with it."""

    field: str
    rule: str
    what: str
    expected: str
    severity: Severity = Severity.BLOCKING


def clean_learners(campaign: Campaign) -> Cleaned:
    """Clean the learner files of a campaign.

    Returns
    -------
    Cleaned
        Table ``apprenants``, sorted by school, entry and identifier.

    Raises
    ------
    UserError
        There is no pseudonym key, or the declared corrections do not read.
    """
    paths, ignored = list_files(campaign.raw / FOLDER)
    if not paths:
        return Cleaned(empty_frame("apprenants"), problems=tuple(ignored))
    corrections = load_corrections(campaign.raw)
    schools = school_codes(campaign)
    reading = Reading(problems=[*ignored, *duplicates((path.name, file_digest(path)) for path in paths)])
    stays: list[Stay] = []
    key = key_for(campaign)
    for path in paths:
        found = read_table(path, load_schema("apprenants-recu"), corrections, holds_learners)
        stays += _stays(found, _file_school(path, schools), schools, campaign, key)
        reading.extend(found)
    enrolments = [merge(group) for group in group_stays(stays, campaign.extraction_date)]
    rows = [row for enrolment in enrolments if (row := _finish(enrolment, reading)) is not None]
    reading.problems += propose(enrolments)
    frame = pd.DataFrame(rows, columns=list(load_schema("apprenants").names), dtype=object)
    frame["presence_jour_comptage"] = is_present(frame, campaign.last_counting_date)
    reading.problems += both_at_once(enrolments, campaign.extraction_date)
    frame = typed(frame, "apprenants").sort_values(["ecole", "date_entree", "id_inscription"], ignore_index=True)
    return Cleaned(frame, tuple(reading.lines), reading.non_empty, tuple(gather(reading.problems)))


def examine(path: Path, campaign: Campaign | None) -> tuple[list[Problem], int]:
    """Return everything that is wrong with one learner file, and how many rows can be used, for ``edp check``.

    The checks are those of cleaning, made also on the rows that it would refuse, as far as their dates allow. Without
    a campaign, the checks that need its period or its list of schools are left out. The declared corrections of the
    campaign are applied to the files of its own raw folder.
    """
    schools = school_codes(campaign) if campaign else ()
    own = campaign is not None and path.resolve().is_relative_to(campaign.raw.resolve())
    corrections = load_corrections(campaign.raw) if campaign and own else ()
    found = read_table(path, load_schema("apprenants-recu"), corrections, holds_learners)
    usable = len(found.records)
    problems = [problem for record in found.refused for problem in record.problems if problem not in found.problems]
    found.records += [record for record in found.refused if _has_identity(record)]
    school = _file_school(path, schools) or ("" if schools else path.stem)
    stays = _stays(found, school, schools, campaign, b"verification")
    last = campaign.extraction_date if campaign else date.max
    enrolments = [merge(group) for group in group_stays(stays, last)]
    settled = [settle(enrolment) for enrolment in enrolments]
    doubts = [*both_at_once(enrolments, last), *propose(enrolments)]
    faults = [problem for item in settled for problem in item.problems]
    rows = [
        {**item.values, "ecole": enrolment.kept.school} for item, enrolment in zip(settled, enrolments, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["ecole", "date_entree", "date_sortie", "statut"], dtype=object)
    yearly = examine_annual(path, corrections, school, frame, campaign)
    return gather([*found.problems, *problems, *faults, *doubts, *yearly]), usable


def _has_identity(record: Record) -> bool:
    return all(record.values[name] is not None for name in ("nom", "prenom", "date_naissance", "date_entree"))


def _file_school(path: Path, schools: Sequence[str]) -> str:
    return find_school(path.stem, tuple(schools))


def _stays(
    reading: Reading, file_school: str, schools: Sequence[str], campaign: Campaign | None, key: bytes
) -> list[Stay]:
    """Turn the records of a file into stays; the others are set aside in `reading`."""
    stays: list[Stay] = []
    for record in reading.records:
        school, doubt = _row_school(record, file_school, schools)
        reading.problems += doubt
        unknown = [] if school else [unknown_school(record, schools)]
        found = [*unknown, *(_fault_problem(record, item) for item in _date_faults(record, campaign))]
        if found:
            reading.problems += found
            reason = " ; ".join(problem.what for problem in found)
            reading.lines.append(ledger_line(record, "apprenants", Fate.SET_ASIDE, reason=reason))
        else:
            stays.append(_stay(record, school, campaign, key, reading))
    return stays


def _row_school(record: Record, file_school: str, schools: Sequence[str]) -> tuple[str, list[Problem]]:
    """Return the school of a row: its own column first, then the file name."""
    text = record.values["ecole"]
    if text is None or not schools:
        return (file_school if text is None else find_school(str(text), ()) or file_school), []
    own = find_school(str(text), tuple(schools))
    if not own:
        what = "cette école n'est pas dans la table des écoles" + (
            f" ; {file_school}, d'après le nom du fichier, a été retenue" if file_school else ""
        )
    elif file_school and own != file_school:
        what = (
            f"l'école de la ligne n'est pas celle du nom du fichier ({file_school}) ; celle de la ligne a été retenue"
        )
    else:
        return own, []
    remedy = "Vérifier l'école de cette ligne."
    problem = Problem("ecole-discordante", what, record.place("ecole"), str(text), "", remedy)
    return own or file_school, [problem]


def _date_faults(record: Record, campaign: Campaign | None) -> list[_Fault]:
    entry, left, birth = (record.values[name] for name in ("date_entree", "date_sortie", "date_naissance"))
    if not isinstance(entry, date) or not isinstance(birth, date):  # required: the row was set aside before
        raise TypeError("date obligatoire absente")
    faults = []
    bounds = load_schema("apprenants")["age_entree"].constraints
    if not bounds["minimum"] <= age_on(birth, entry) <= bounds["maximum"]:
        expected = f"de {bounds['minimum']} à {bounds['maximum']} ans à l'entrée"
        faults.append(_Fault("date_naissance", "age-a-l-entree", "l'âge à l'entrée n'est pas plausible", expected))
    if isinstance(left, date) and left < entry:
        expected = f"au plus tôt le {entry:%d/%m/%Y}"
        faults.append(_Fault("date_sortie", "sortie-avant-entree", "la sortie précède l'entrée", expected))
    if campaign and entry > campaign.extraction_date:
        expected = f"au plus tard le {campaign.extraction_date:%d/%m/%Y}"
        what = "l'entrée est postérieure à l'extraction"
        faults.append(_Fault("date_entree", "entree-apres-extraction", what, expected))
    if campaign and entry < campaign.start:
        expected = f"à partir du {campaign.start:%d/%m/%Y}"
        what = "l'entrée est antérieure au début de la campagne"
        faults.append(_Fault("date_entree", "entree-avant-campagne", what, expected, Severity.CHECK))
    return faults


def _fault_problem(record: Record, fault: _Fault) -> Problem:
    value = record.row.value(fault.field)
    hidden = load_schema("apprenants-recu")[fault.field].direct_identifier
    shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else as_code(value)
    remedy = "Corriger la date. Ligne non reprise."
    if fault.severity is Severity.CHECK:
        remedy = "Rien à faire si c'est exact. Ligne non reprise."
    value_shown = MASKED if hidden else shown
    return Problem(
        fault.rule, fault.what, record.place(fault.field), value_shown, fault.expected, remedy, fault.severity
    )


def _stay(record: Record, school: str, campaign: Campaign | None, key: bytes, reading: Reading) -> Stay:
    entry, left, birth = (record.values[name] for name in ("date_entree", "date_sortie", "date_naissance"))
    if not isinstance(entry, date) or not isinstance(birth, date):  # required: the row was set aside before
        raise TypeError("date obligatoire absente")
    pseudonym = pseudonymise(str(record.values["nom"]), str(record.values["prenom"]), birth, key)
    if not isinstance(left, date):
        return Stay(record, school, pseudonym, entry, None)
    if campaign is None or left <= campaign.extraction_date:
        return Stay(record, school, pseudonym, entry, left)
    what = "la sortie est postérieure à l'extraction : à cette date le jeune est présent"
    remedy = "Vérifier qu'il s'agit d'une sortie prévue."
    reading.problems.append(
        Problem("sortie-apres-extraction", what, record.place("date_sortie"), f"{left:%d/%m/%Y}", "", remedy)
    )
    values = {**record.values, "date_sortie": None, "statut": "INSCRIT"}
    seen = Record(record.row, values, record.problems, record.corrections)
    note = f"date_sortie : {left:%d/%m/%Y} → vide, statut → INSCRIT (sortie postérieure à l'extraction)"
    return Stay(seen, school, pseudonym, entry, None, (note,))


def _finish(enrolment: Enrolment, reading: Reading) -> dict[str, object] | None:
    """Settle an enrolment and give each of its rows a fate; return its clean row, ``None`` when set aside."""
    settled = settle(enrolment)
    reading.problems += settled.problems
    if settled.blocked:
        for stay in enrolment.stays:
            reading.lines.append(ledger_line(stay.record, "apprenants", Fate.SET_ASIDE, reason=settled.blocked))
        return None
    row = derive(enrolment, settled.values)
    target = str(row["id_inscription"])
    kept, *others = enrolment.stays
    corrections = (*kept.notes, *settled.corrections)
    reading.lines.append(
        ledger_line(kept.record, "apprenants", Fate.KEPT, target=target, notes=reading.notes, corrections=corrections)
    )
    for stay in others:
        reason = f"même inscription que celle du {kept.record.place()}"
        reading.lines.append(
            ledger_line(
                stay.record, "apprenants", Fate.MERGED, target=target, reason=reason, notes=reading.notes,
                corrections=stay.notes,
            )
        )  # fmt: skip
    return row
