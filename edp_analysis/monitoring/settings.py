"""What the campaign file says of yearly monitoring: whose targets are followed, what is due when, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.problems import UserError

__all__ = ["Monitoring", "followed_campaign", "read_monitoring"]

_SECTION = "suivi"
_KEYS: dict[str, type] = {"cibles": str, "remise": date, "destinataire": str}


@dataclass(frozen=True)
class Monitoring:
    """The section ``[suivi]`` of a campaign.

    Attributes
    ----------
    targets : str
        Campaign whose proposed targets, recommendations and fields to report are followed (``cibles``); its own by
        default.
    due : datetime.date or None
        Day by which the schools send their file (``remise``).
    recipient : str
        Whom they send it to (``destinataire``); empty when nothing says.
    """

    targets: str
    due: date | None = None
    recipient: str = ""


def read_monitoring(campaign: Campaign) -> Monitoring:
    """Read ``[suivi]`` in the campaign file; the section and each of its keys are optional.

    Raises
    ------
    UserError
        The section is not one; an unknown key; a value that is not of its type.
    """
    given: Any = campaign.settings.get(_SECTION, {})
    file = f"campaigns/{campaign.code}.toml"
    if not isinstance(given, Mapping):
        raise UserError(f"{file} : [{_SECTION}] n'est pas une section.", f"Écrire [{_SECTION}] sur sa propre ligne.")
    for key, value in given.items():
        if key not in _KEYS:
            raise UserError(f"{file} : « {key} » inconnu dans [{_SECTION}].", f"Clés possibles : {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[key]) or isinstance(value, datetime) or value == "":
            example = '"2024"' if _KEYS[key] is str else "2028-10-15"
            raise UserError(f"{file} : [{_SECTION}] {key} vaut « {value} ».", f"Par exemple : {key} = {example}.")
    return Monitoring(
        targets=given.get("cibles", campaign.code), due=given.get("remise"), recipient=given.get("destinataire", "")
    )


def followed_campaign(campaign: Campaign) -> Campaign:
    """Return the campaign whose targets are followed: itself unless ``[suivi]`` names another.

    Raises
    ------
    UserError
        That campaign is not described.
    """
    code = read_monitoring(campaign).targets
    return campaign if code == campaign.code else load_campaign(code, campaign.root)
