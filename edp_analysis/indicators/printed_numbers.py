"""Every number that a published synthesis prints is an entry of the register, or is left out for a written reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.concordance import REGISTER, load_statements, references
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.problems import UserError

__all__ = ["numbers", "unregistered"]

# A digit inside a word is part of a name: E2C, COVID-19.
_NUMBER = re.compile(r"(?<![\w-])\d+(?:[ \u00a0\u202f]\d{3})*(?:,\d+)?(?!\w)")


def numbers(text: str) -> tuple[Decimal, ...]:
    r"""Return the numbers that a French text prints in figures.

    Examples
    --------
    >>> [str(value) for value in numbers("Forfait de 5\u202f000 € ; 0,3 % à l’E2C depuis 2014")]
    ['5000', '0.3', '2014']
    """
    return tuple(Decimal(re.sub(r"\s", "", found).replace(",", ".")) for found in _NUMBER.findall(text))


def unregistered(campaign: Campaign, figures: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    """List the numbers of the statements that no entry cited by the statement holds, and that nothing leaves out.

    Parameters
    ----------
    campaign : Campaign
        Its statements, and ``nombres-hors-registre-<campaign>.csv``: a statement, a number, a reason.
    figures : mapping of str to Decimal
        Value of each published figure of the register, as printed.

    Returns
    -------
    tuple of (str, Decimal)
        Statement and number; empty when all is well.

    Raises
    ------
    UserError
        A number is left out that its statement does not print, or that is in the register after all.
    """
    columns = ("enonce", "nombre", "raison")
    left_out = read_declared(f"nombres-hors-registre-{campaign.code}.csv", columns, columns, root=campaign.root)
    excused = {(row["enonce"], numbers(row["nombre"])[0]) for row in left_out.to_dict("records")}
    found = set()
    for row in load_statements(campaign).to_dict("records"):
        cited = {figures[item] for page, item in references(row["preuve"]) if page == REGISTER and item in figures}
        found |= {(row["id"], value) for value in numbers(row["enonce"]) if value not in cited}
    if idle := sorted(excused - found):
        statement, value = idle[0]
        raise UserError(f"{statement}, « {value} » : laissé hors du registre sans raison d’être.", "Ôter la ligne.")
    return tuple(sorted(found - excused))
