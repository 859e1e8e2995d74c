"""The one door through which a quotation leaves: approved, for the right readers, and attributed to a group."""

from __future__ import annotations

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.codebook import SIMULATED_VOICE
from edp_analysis.disclosure.gate import AUDIENCES
from edp_analysis.problems import UserError

__all__ = ["citations_montrables"]

_ANYONE = "Un acteur du dispositif"


def citations_montrables(
    citations: pd.DataFrame, entretiens: pd.DataFrame, campaign: Campaign, audience: str = "interne"
) -> pd.DataFrame:
    """Return the quotations that may be shown to an audience, and how to attribute them.

    A quotation that the person did not approve is shown to nobody; one kept for internal use is not public. The person
    is never named: a quotation is attributed to the stakeholder family, or to nobody in particular when fewer
    structures than the campaign's threshold were met in that family (one of them would be recognised). Invented
    quotations say so in their own text.

    Parameters
    ----------
    citations, entretiens : pandas.DataFrame
        Clean tables.
    campaign : Campaign
        Gives the threshold, and says whether the voices are simulated.
    audience : str
        ``"interne"`` or ``"public"``.

    Returns
    -------
    pandas.DataFrame
        ``id_citation``, ``texte``, ``attribution``, ``famille_acteurs`` (empty when it is not told), in the order of
        the table.

    Raises
    ------
    UserError
        Unknown audience.
    """
    if audience not in AUDIENCES:
        raise UserError(f"Public visé « {audience} » inconnu ; attendu : {' ou '.join(AUDIENCES)}.", "Le corriger.")
    allowed = citations["approuvee"].fillna(False).astype(bool)
    if audience == "public":
        allowed &= citations["diffusion"] == "PUBLIC"
    shown = citations[allowed]
    families = _told_families(entretiens, campaign.thresholds.secret)
    told = shown["id_entretien"].map(families).astype("object")
    labels = load_codes("famille_acteurs").labels
    texts = [_marked(text) if campaign.simulated else text for text in shown["texte"]]
    return pd.DataFrame(
        {
            "id_citation": list(shown["id_citation"]),
            "texte": texts,
            "attribution": [labels.get(family, _ANYONE) for family in told],
            "famille_acteurs": [family if family in labels else None for family in told],
        }
    )


def _told_families(entretiens: pd.DataFrame, threshold: int) -> dict[str, str]:
    """Return the family of each interview, for the families in which enough structures were met."""
    structures = entretiens["structure"].fillna(entretiens["id_entretien"])
    sizes = structures.groupby(entretiens["famille_acteurs"]).nunique()
    enough = set(sizes[sizes >= threshold].index)
    known = zip(entretiens["id_entretien"], entretiens["famille_acteurs"], strict=True)
    return {name: family for name, family in known if family in enough}


def _marked(text: str) -> str:
    return text if text.endswith(SIMULATED_VOICE) else f"{text} {SIMULATED_VOICE}"
