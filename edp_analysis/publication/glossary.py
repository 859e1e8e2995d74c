"""The glossary of a site: words and their definitions, read from one file, cited by several pages."""

from __future__ import annotations

import csv
import io

from edp_analysis.campaign import Campaign
from edp_analysis.exhibits.french import typeset
from edp_analysis.indicators.concordance import Word
from edp_analysis.problems import UserError
from edp_analysis.publication.shell import TEMPLATES

__all__ = ["glossary", "read_glossary"]

_FILE = TEMPLATES / "rapport" / "pages" / "glossaire.csv"


def read_glossary(text: str) -> list[tuple[str, str]]:
    r"""Read the words and their definitions, one a line, a semicolon between.

    Raises
    ------
    UserError
        A line does not hold exactly two fields: a semicolon inside a definition would cut it without a word.

    Examples
    --------
    >>> read_glossary("mot;definition\nCAP;Diplôme de niveau 3.\n")
    [('CAP', 'Diplôme de niveau 3.')]
    """
    rows = csv.reader(io.StringIO(text), delimiter=";")
    next(rows, None)
    found = []
    for rank, row in enumerate(rows, start=2):
        if len(row) != 2 or not all(field.strip() for field in row):
            what = f"glossaire.csv, ligne {rank} : {len(row)} champ(s) dans « {';'.join(row)[:60]} », deux attendus."
            raise UserError(what, "Mettre entre guillemets droits une définition qui contient un point-virgule.")
        found.append((row[0], row[1]))
    return found


def glossary(campaign: Campaign) -> list[tuple[str, str]]:
    """Return the words of the site and their definitions, the campaign's thresholds in their place."""
    known = {"pourcentage": campaign.thresholds.percentage, "secret": campaign.thresholds.secret}
    terms = read_glossary(_FILE.read_text(encoding="utf-8"))
    # On data received, no statement bears the word of simulated ones.
    unused = "" if campaign.simulated else Word.BY_CONSTRUCTION.capitalize()
    return [(typeset(word), meaning.format(**known)) for word, meaning in terms if word != unused]
