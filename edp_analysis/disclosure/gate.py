"""The one gate through which every exhibit leaves, stamped for the audience it was checked for."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from edp_analysis.problems import UserError

if TYPE_CHECKING:  # the gate only copies an exhibit: importing its room here would go round in circles
    from edp_analysis.campaign import Campaign
    from edp_analysis.exhibits.exhibit import Exhibit

__all__ = ["AUDIENCES", "Stamp", "check_audience", "gate"]

AUDIENCES = ("interne", "public")


@dataclass(frozen=True)
class Stamp:
    """Proof that an exhibit passed the gate.

    Attributes
    ----------
    audience : str
        For whom it may be shown.
    campaign : str
        Code of the campaign whose thresholds were applied.
    rule : str
        What was checked, in French.
    """

    audience: str
    campaign: str
    rule: str

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary."""
        return {"audience": self.audience, "campagne": self.campaign, "regle": self.rule}


def check_audience(audience: str) -> None:
    """Refuse an audience that does not exist, or that no rule serves yet.

    Raises
    ------
    UserError
        Unknown audience (the nearest is suggested), or ``public``, whose pages need a disclosure control.
    """
    if audience not in AUDIENCES:
        near = difflib.get_close_matches(str(audience), AUDIENCES, n=1)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(f"Public visé « {audience} » inconnu ; attendu : interne ou public.{hint}", "Le corriger.")
    if audience == "public":
        raise UserError(
            "Les pages publiques ne sont pas encore disponibles : aucun contrôle du secret statistique n'est en place.",
            "Construire les pages internes (audience « interne ») et ne pas les diffuser.",
        )


def gate(exhibit: Exhibit, campaign: Campaign, audience: str) -> Exhibit:
    """Check an exhibit for an audience and return it stamped.

    Parameters
    ----------
    exhibit : Exhibit
    campaign : Campaign
        Holds the small-number thresholds.
    audience : {'interne', 'public'}

    Returns
    -------
    Exhibit
        A copy that bears its stamp; only such an exhibit can be rendered.

    Raises
    ------
    UserError
        See :func:`check_audience`.
    """
    check_audience(audience)
    stamp = Stamp(audience, campaign.code, "page interne : effectifs non masqués, ne pas diffuser")
    return replace(exhibit, audience=audience, stamp=stamp)
