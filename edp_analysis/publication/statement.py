"""What a site says of itself: its publisher, whom to write to, and its accessibility.

A machine never says « conforme »: without an audit by a person, which the campaign describes, the site is « non
conforme ».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from edp_analysis.campaign import Campaign
from edp_analysis.problems import UserError
from edp_analysis.publication.shell import NOT_AUDITED

__all__ = ["Audit", "Statement", "read_statement"]

_STATES = ("non conforme", "partiellement conforme", "totalement conforme")
_KEYS = (
    "organisme", "contact", "contact_accessibilite", "directeur_publication", "hebergement", "declaration", "audit",
)  # fmt: skip
_AUDIT: dict[str, type | tuple[type, ...]] = {"etat": str, "date": date, "auditeur": str, "taux": (int, float)}


@dataclass(frozen=True)
class Audit:
    """An audit made by a person: the state found, when, by whom, and the share of criteria met, in percent."""

    state: str
    day: date
    auditor: str
    share: float


@dataclass(frozen=True)
class Statement:
    """What the campaign file says of the site; an empty text is « à compléter » on the pages."""

    organisation: str = ""
    contact: str = ""
    accessibility_contact: str = ""
    director: str = ""
    hosting: str = ""
    declared: date | None = None
    audit: Audit | None = None

    @property
    def accessibility(self) -> str:
        """The mention in the footer of every page.

        Examples
        --------
        >>> Statement().accessibility
        'non conforme (non auditée)'
        """
        return self.audit.state if self.audit else NOT_AUDITED


def read_statement(campaign: Campaign) -> Statement:
    """Read ``[publication.site]`` in the campaign file; every key is optional.

    Raises
    ------
    UserError
        An unknown key, a date of declaration that is not one, or an audit that does not say what state, when, by whom,
        and how much.
    """
    section = campaign.settings.get("publication", {}).get("site", {})
    file = f"campaigns/{campaign.code}.toml, [publication.site]"
    unknown = sorted(set(section) - set(_KEYS))
    if unknown:
        raise UserError(f"{file} : clé « {unknown[0]} » inconnue.", f"Clés possibles : {', '.join(_KEYS)}.")
    declared = section.get("declaration")
    if declared is not None and not isinstance(declared, date):
        raise UserError(f"{file} : « declaration » n'est pas une date.", "L'écrire AAAA-MM-JJ, sans guillemets.")
    return Statement(
        organisation=str(section.get("organisme", "")),
        contact=str(section.get("contact", "")),
        accessibility_contact=str(section.get("contact_accessibilite", "")),
        director=str(section.get("directeur_publication", "")),
        hosting=str(section.get("hebergement", "")),
        declared=declared,
        audit=_audit(section["audit"], file) if "audit" in section else None,
    )


def _audit(given: Mapping[str, Any], file: str) -> Audit:
    for key, kind in _AUDIT.items():
        if not isinstance(given.get(key), kind) or given[key] == "":
            raise UserError(
                f"{file} : l'audit d'accessibilité ne dit pas « {key} ».",
                'Écrire audit = { etat = "…", date = AAAA-MM-JJ, auditeur = "…", taux = 87 }, ou retirer l\'audit.',
            )
    if given["etat"] not in _STATES:
        raise UserError(f"{file} : état « {given['etat']} » inconnu.", f"Choisir parmi : {', '.join(_STATES)}.")
    if (given["taux"] == 100) != (given["etat"] == _STATES[-1]) or not 0 <= given["taux"] <= 100:
        raise UserError(
            f"{file} : un taux de {given['taux']} % ne va pas avec l'état « {given['etat']} ».",
            "« totalement conforme » veut dire 100 % des critères, et rien d'autre ne le veut dire.",
        )
    return Audit(given["etat"], given["date"], given["auditeur"], float(given["taux"]))
