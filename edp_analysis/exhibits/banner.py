"""What stands at the top of a page: the banner of simulated data, what is missing, the parameters in force."""

from __future__ import annotations

from html import escape

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.result import Tables
from edp_analysis.exhibits.french import day, enumeration, number, plural, typeset
from edp_analysis.problems import Problem, Severity

__all__ = ["SIMULATED", "banner", "campaign_banner", "header_html", "parameters_frame", "simulated_banner"]

SIMULATED = "Données simulées."
_SHAPE = "Elles ont la forme des fichiers réels"
_CALIBRATED = " et ont été réglées pour retrouver les chiffres publiés"
_NOBODY = " ; elles ne décrivent aucun jeune ni aucune école, et personne n'a tenu les propos qu'elles rapportent."
_NOT_SENT = "ecole-sans-apprenant"
"""Rule of the problem that names a school of the list of which no learner was received."""
_SHOWN = 10
"""Number of blocking problems listed at the top of a page; the quality page lists them all."""


def banner(style: str, strong: str, text: str, inner: str = "") -> str:
    """Return one banner: a bold start, a text, and HTML already made."""
    body = escape(typeset(text), quote=False)
    return f'<div class="bandeau {style}"><p><strong>{escape(typeset(strong))}</strong> {body}</p>{inner}</div>'


def simulated_banner(calibrated: bool = False) -> str:
    """Return the banner every page built from simulated data bears.

    Parameters
    ----------
    calibrated : bool
        The campaign has published figures, which its simulated data were set to find again.
    """
    return banner("simule", SIMULATED, f"{_SHAPE}{_CALIBRATED if calibrated else ''}{_NOBODY}")


def campaign_banner(campaign: Campaign) -> str:
    """Return that banner for the pages of a campaign, empty when its data are received."""
    return simulated_banner(campaign.reference is not None) if campaign.simulated else ""


def parameters_frame(campaign: Campaign, tables: Tables, audience: str) -> pd.DataFrame:
    """Return the parameters in force, one a row (columns ``paramètre``, ``valeur``)."""
    rows = {
        "Campagne": f"{campaign.code} ({campaign.label})",
        "Entrées depuis le": day(campaign.start),
        "Dossiers à la date du": day(campaign.extraction_date),
        "Définition des sorties": campaign.definitions["sorties"],
        "Lectures de « décrocheur »": campaign.definitions["decrocheur"],
        "Pourcentages à partir de": f"{campaign.thresholds.percentage} personnes",
        "Page": audience,
        "Données": "simulées" if campaign.simulated else "reçues",
        "Fichiers lus": number(len(tables.inputs)),
        "Non reçus": enumeration(list(tables.missing)) or "aucun",
        "Problèmes bloquants": number(len(_blocking(tables))),
    }
    return pd.DataFrame({"paramètre": list(rows), "valeur": list(rows.values())})


def header_html(campaign: Campaign, tables: Tables, audience: str) -> str:
    """Return the banners and the folded list of parameters."""
    parts = [campaign_banner(campaign)]
    if tables.missing:
        names = enumeration([f"« {name} »" for name in tables.missing])
        parts.append(banner("manque", "Données absentes :", f"{names}. Ce qui en dépend est dit « non calculable »."))
    silent = sorted({problem.value for problem in tables.problems if problem.rule == _NOT_SENT})
    if silent and "apprenants" not in tables.missing:
        schools = plural(len(silent), "École dont aucun jeune n'est reçu :", "Écoles dont aucun jeune n'est reçu :")
        text = f"{enumeration(silent)}. Les totaux et les parts de cette page sont ceux des autres."
        parts.append(banner("manque", schools, text))
    blocking = _blocking(tables)
    if blocking:
        listed = "".join(f"<li>{escape(typeset(_line(problem)), quote=False)}</li>" for problem in blocking[:_SHOWN])
        more = len(blocking) - _SHOWN
        listed += f"<li>et {number(more)} {plural(more, 'autre', 'autres')}</li>" if more > 0 else ""
        word = plural(len(blocking), "problème bloquant", "problèmes bloquants")
        text = "Les lignes ou les fichiers concernés ne sont pas comptés."
        parts.append(banner("bloquant", f"{number(len(blocking))} {word}.", text, f"<ul>{listed}</ul>"))
    rows = parameters_frame(campaign, tables, audience)
    terms = "".join(
        f"<div><dt>{escape(typeset(name))}</dt><dd>{escape(typeset(value))}</dd></div>"
        for name, value in zip(rows["paramètre"], rows["valeur"], strict=True)
    )
    parts.append(f'<details><summary>Paramètres de cette page</summary><dl class="parametres">{terms}</dl></details>')
    return "".join(parts)


def _blocking(tables: Tables) -> list[Problem]:
    return [problem for problem in tables.problems if problem.severity is Severity.BLOCKING]


def _line(problem: Problem) -> str:
    return f"{problem.where} : {problem.what}. {problem.remedy}".strip()
