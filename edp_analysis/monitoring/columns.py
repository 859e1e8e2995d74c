"""What the template asks of a school, column by column: from the contract, and from the list of what to report.

The contract says which columns exist, what each means, which values it takes; ``transmission-<campaign>.csv`` (in
``data/reference``) says when each is reported and what for. A code added to a list, or a row to that file, changes
the template.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import Field, TableSchema, load_codes, load_schema
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.intake.dates import school_year
from edp_analysis.monitoring.settings import read_monitoring
from edp_analysis.problems import UserError

__all__ = [
    "DERIVED",
    "MUST",
    "MUST_REPORT",
    "Column",
    "learner_columns",
    "reported_fields",
    "school_columns",
    "school_years",
    "wordings",
]

MUST = "obligatoire"
"""Without this value the row cannot be used."""
MUST_REPORT = "à transmettre"
"""An indicator to report rests on it."""
_OPTIONAL = "facultatif"

DERIVED = {"age_entree": "date_naissance", "presence_jour_comptage": "date_sortie"}
"""What must be reported but is computed on arrival, and the received column that it is computed from."""
_KNOWN_BY_FILE = frozenset({"ecole", "annee_scolaire"})
"""Columns that the name of the file and the date of entry already say."""
_AT_ENTRY = "À l’entrée"
_SENT = ("champ", "quand", "pourquoi")


@dataclass(frozen=True)
class Column:
    """One column of the template.

    Attributes
    ----------
    field : Field
        Of the « -recu » schema.
    demand : str
        ``"obligatoire"``, ``"à transmettre"`` or ``"facultatif"``.
    moment : str
        When it is filled in: « À la sortie ».
    purpose : str
        What it serves for; empty when nothing says.
    choices : tuple of str
        Wordings of the drop-down; empty when there is none.
    """

    field: Field
    demand: str
    moment: str
    purpose: str
    choices: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The contract's title; a star marks what is mandatory (the reader ignores it)."""
        return f"{self.field.title} *" if self.demand == MUST else self.field.title


def learner_columns(campaign: Campaign) -> tuple[Column, ...]:
    """Return the columns of the sheet of the youths.

    In the order of the moments at which they are filled in, as the list to report gives them, then the optional ones;
    within a moment, in the order of the contract.

    Raises
    ------
    UserError
        The list to report does not read.
    """
    reported = _reported(campaign)
    moments = list(dict.fromkeys([_AT_ENTRY, *(moment for moment, _ in reported.values())]))
    schema = load_schema("apprenants-recu")
    found: list[tuple[tuple[int, int], Column]] = []
    moment = _AT_ENTRY
    for rank, field in enumerate(field for field in schema.fields if field.name not in _KNOWN_BY_FILE):
        own, purpose = reported.get(field.name, ("", ""))
        demand = MUST if field.required else MUST_REPORT if own or _needed(field) else _OPTIONAL
        moment = _AT_ENTRY if field.required else own or moment
        place = len(moments) if demand == _OPTIONAL else moments.index(moment)
        shown = "" if demand == _OPTIONAL else moment
        column = Column(field, demand, shown, purpose, wordings(field, campaign.start, campaign.extraction_date))
        found.append(((place, rank), column))
    return tuple(column for _, column in sorted(found, key=lambda item: item[0]))


def _needed(field: Field) -> bool:
    """Say whether a file without the column is refused: the value may be missing, the column may not."""
    return field.column_severity == "bloquant"


def school_columns() -> tuple[Column, ...]:
    """Return the columns of the yearly sheet: one row a school year, already written."""
    schema: TableSchema = load_schema("annuel-recu")
    return tuple(Column(field, MUST if field.required else MUST_REPORT, "", "", ()) for field in schema.fields)


def school_years(campaign: Campaign) -> tuple[str, ...]:
    """Return the school years of a campaign of which the counting day has come.

    Examples
    --------
    >>> from edp_analysis.campaign import load_campaign
    >>> school_years(load_campaign("2024"))[0], school_years(load_campaign("2024"))[-1]
    ('2018-2019', '2023-2024')
    """
    first, last = (int(school_year(day)[:4]) for day in (campaign.start, campaign.last_counting_date))
    return tuple(f"{year}-{year + 1}" for year in range(first, last + 1))


def wordings(field: Field, start: date, end: date) -> tuple[str, ...]:
    """Return the wordings that a column takes: of the codes valid on one day at least of a period, in their order.

    The whole period and not its last day: a youth who entered under a title closed since still has that title.

    Parameters
    ----------
    field : Field
    start, end : datetime.date
        Both in.

    Examples
    --------
    >>> wordings(load_schema("apprenants-recu")["sexe"], date(2020, 9, 1), date(2024, 4, 30))
    ('Fille', 'Garçon')
    """
    if not field.codes:
        return ()
    return tuple(
        code.label
        for code in load_codes(field.codes).codes
        if (code.start is None or code.start <= end) and (code.end is None or code.end >= start)
    )


def reported_fields(campaign: Campaign) -> pd.DataFrame:
    """Read what each school must report: ``champ``, ``quand``, ``pourquoi``; no row when the campaign has no list.

    Raises
    ------
    UserError
        The file does not read, or names a field that the contract does not have.
    """
    name = f"transmission-{read_monitoring(campaign).targets}.csv"
    if not (campaign.root / Path("data/reference") / name).is_file():
        return pd.DataFrame(columns=list(_SENT), dtype="str")
    rows = read_declared(name, _SENT, _SENT, root=campaign.root)
    unknown = sorted(set(rows["champ"]) - set(load_schema("apprenants").names))
    if unknown:
        raise UserError(f"data/reference/{name} : champ « {unknown[0]} » inconnu.", "Prendre un nom du dictionnaire.")
    return rows


def _reported(campaign: Campaign) -> dict[str, tuple[str, str]]:
    """Return, by received column, when it is reported and what for."""
    found: dict[str, tuple[str, str]] = {}
    for field, moment, purpose in reported_fields(campaign).itertuples(index=False):
        # What is reported for itself wins over what is computed from the same column.
        if field in DERIVED:
            found.setdefault(DERIVED[field], (moment, purpose))
        else:
            found[field] = (moment, purpose)
    return found
