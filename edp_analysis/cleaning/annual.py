"""What a school declares for a whole year: the places it had, and who was present on the counting day.

It comes in the sheet « École » of the template, beside the rows of the youths; a file that has no such sheet lacks
nothing. A year left blank is set aside without a word: the template writes every year of the campaign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign, counting_date
from edp_analysis.cleaning.corrections import Correction, apply_corrections, load_corrections
from edp_analysis.cleaning.ledger import Fate
from edp_analysis.cleaning.presence import present_on
from edp_analysis.cleaning.reading import Reading, ledger_line, take_sheets
from edp_analysis.cleaning.reference import find_school, school_codes, unknown_school
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.rows import Rows
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import empty_frame
from edp_analysis.intake.files import list_files, read_sheets
from edp_analysis.intake.headers import find_header
from edp_analysis.intake.raw import RawSheet
from edp_analysis.intake.records import Record
from edp_analysis.problems import Problem

__all__ = ["clean_annual", "examine_annual", "holds_learners"]

TABLE = "annuel"
_FOLDER = "ecoles"
_BLANK = "année du modèle laissée vide"


@dataclass(frozen=True)
class _Known:
    """What declared head-counts are compared with: the learners, and the days that the campaign counts."""

    learners: pd.DataFrame
    campaign: Campaign | None

    def present(self, school: str, year: str) -> tuple[date, int] | None:
        """Return the counting day of a school year and who was there; ``None`` when it is not over or not known."""
        if self.campaign is None:
            return None
        first = int(year[:4])
        day = counting_date(date(first, 9, 1), date(first + 1, 8, 31), self.campaign.counting_day)
        if day is None or not self.campaign.start <= day <= self.campaign.extraction_date:
            return None
        own = self.learners[self.learners["ecole"] == school]
        return day, len(present_on(own, day))


def holds_learners(sheet: RawSheet) -> bool:
    """Say whether a sheet of a school's file is for the learners' table: any that does not hold the yearly one."""
    header = find_header(sheet, load_schema(f"{TABLE}-recu"))
    return header is None or "places" not in header.columns


def clean_annual(campaign: Campaign, learners: pd.DataFrame) -> Cleaned:
    """Clean the yearly sheets of the schools' files.

    Parameters
    ----------
    campaign : Campaign
    learners : pandas.DataFrame
        Clean learners: a declared head-count that they contradict is named.

    Returns
    -------
    Cleaned
        Table ``annuel``, one row a school and year; empty when no file has the sheet.
    """
    reading = _read(list_files(campaign.raw / _FOLDER)[0], load_corrections(campaign.raw))
    if not reading.non_empty:
        return Cleaned(empty_frame(TABLE))
    return _settle(reading, school_codes(campaign), "", _Known(learners, campaign)).cleaned()


def examine_annual(
    path: Path,
    corrections: Sequence[Correction],
    school: str,
    learners: pd.DataFrame,
    campaign: Campaign | None,
) -> list[Problem]:
    """Return what is wrong with the yearly sheet of one file, for ``edp check``; nothing when it has none.

    Parameters
    ----------
    path : pathlib.Path
    corrections : sequence of Correction
    school : str
        Its school, ``""`` when the name of the file does not say.
    learners : pandas.DataFrame
        The enrolments of the same file: ``ecole``, ``date_entree``, ``date_sortie``, ``statut``.
    campaign : Campaign, optional
    """
    reading = _read([path], corrections)
    known = _Known(learners, campaign)
    return list(_settle(reading, (), school, known).cleaned().problems) if reading.non_empty else []


def _read(paths: Iterable[Path], corrections: Sequence[Correction]) -> Reading:
    reading = Reading()
    for path in paths:
        sheets, applied, _ = apply_corrections(read_sheets(path)[0], corrections)  # their faults are the learners'
        own = [sheet for sheet in sheets if not holds_learners(sheet)]
        reading.extend(take_sheets(own, load_schema(f"{TABLE}-recu"), applied))
    return reading


def _settle(reading: Reading, schools: tuple[str, ...], default: str, known: _Known) -> Rows:
    rows = Rows(TABLE, reading)
    for record in reading.records:
        school = default or find_school(Path(record.row.file).stem, schools)
        if record.values["places"] is None and record.values["presents"] is None:
            reading.lines.append(ledger_line(record, TABLE, Fate.SET_ASIDE, reason=_BLANK))
        elif not school:
            problem = unknown_school(record, schools)
            reading.problems.append(problem)
            rows.set_aside(record, problem.what)
        else:
            _take(record, school, rows, known)
    return rows


def _take(record: Record, school: str, rows: Rows, known: _Known) -> None:
    year = str(record.values["annee_scolaire"])
    values = {**record.values, "ecole": school}
    key = f"{school} {year}"
    if key in rows.kept and rows.kept[key] == values:
        rows.merge(record, key, "annee_scolaire", "annee-en-double", "cette année est écrite deux fois")
        return
    if key in rows.kept:
        what = "cette année est écrite deux fois, avec des valeurs différentes"
        rows.refuse(record, "annee_scolaire", "annee-en-double", what, "une ligne par année")
        return
    rows.keep(record, key, values)
    found, declared = known.present(school, year), record.values["presents"]
    if found is not None and declared is not None and declared != found[1]:
        day, present = found
        what = "le nombre de présents déclaré n'est pas celui que donnent les dates des jeunes"
        remedy = "Vérifier les dates d'entrée et de sortie, ou ce nombre."
        rows.warn(record, "presents", "effectif-declare", what, f"{present} le {day:%d/%m/%Y}", remedy)
