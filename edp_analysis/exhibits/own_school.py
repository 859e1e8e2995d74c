"""What a page handed to one school may say of what was received: its own files and problems, and no other."""

from __future__ import annotations

import re
from dataclasses import replace

from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.cleaning.result import Tables

__all__ = ["account_of"]


def account_of(tables: Tables, school: str) -> Tables:
    """Keep the files, the problems and the rows received that are of one school, or of none in particular.

    The clean tables themselves stay whole: the other schools make the range that the page shows without their names.
    A file or a value is of another school when it bears its code; the list of schools bears none in its name.

    Parameters
    ----------
    tables : Tables
    school : str
        Code of the school that the page is for.

    Returns
    -------
    Tables
        For the banner, the parameters and the provenance of the page; not for its figures.
    """
    others = [str(code) for code in tables.ecoles.get("ecole", ()) if str(code) != school]
    if not others:
        return tables
    named = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, others))})(?![A-Za-z0-9])")

    def own(*texts: str) -> bool:
        return not any(named.search(text) for text in texts)

    return replace(
        tables,
        inputs=tuple(item for item in tables.inputs if own(item.path)),
        problems=tuple(item for item in tables.problems if own(item.where.file, item.value, item.what)),
        ledger=Ledger([line for line in tables.ledger.lines if own(line.file)]),
    )
