"""The notice of the template: what to do, by when, how the data are protected, then each column in words."""

from __future__ import annotations

from collections.abc import Sequence

from edp_analysis.campaign import Campaign
from edp_analysis.contract.template import LEARNERS_SHEET, SCHOOL_SHEET, TITLE
from edp_analysis.monitoring.columns import MUST, Column
from edp_analysis.monitoring.settings import read_monitoring

__all__ = ["notice_lines"]

_DO = (
    f"Une ligne par jeune dans « {LEARNERS_SHEET} », une ligne par année dans « {SCHOOL_SHEET} ». Choisir dans les "
    "listes, écrire les dates JJ/MM/AAAA, laisser vide ce qui n’est pas connu : un vide vaut mieux qu’une supposition."
)
_KEEP = (
    "Ne pas changer les titres, ne pas ajouter de colonne : ce qui n’est pas au modèle n’est pas lu. Une étoile marque "
    "ce sans quoi la ligne ne peut pas servir."
)
_PROTECT = (
    "Le nom, le prénom et la date de naissance ne servent qu’à reconnaître un même jeune d’une année à l’autre : à "
    "l’arrivée, un pseudonyme les remplace. Ne rien écrire d’autre sur les personnes : ni adresse, ni téléphone, ni "
    "courriel, ni numéro d’identification, ni nom des parents, ni santé, ni commentaire. Ne pas envoyer ce fichier "
    "par un courriel ordinaire."
)


def notice_lines(campaign: Campaign, school: str, columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Return the lines of the notice: a label and a text; a line without text is a heading.

    Parameters
    ----------
    campaign : Campaign
    school : str
    columns : sequence of Column
        Those of the sheet of the youths.
    """
    period = f"du {campaign.start:%d/%m/%Y} au {campaign.extraction_date:%d/%m/%Y}"
    head = [
        (f"{TITLE} – {school}", ""),
        ("À faire", f"{_DO} Sont attendus les jeunes entrés {period}, même sortis depuis."),
        ("À rendre", _due(campaign)),
        ("Protéger les données", _PROTECT),
        ("Garder le modèle", _KEEP),
        ("", ""),
        (f"Les colonnes de « {LEARNERS_SHEET} »", ""),
    ]
    return (*head, *((column.heading, _described(column)) for column in columns))


def _due(campaign: Campaign) -> str:
    known = read_monitoring(campaign)
    when = f"Avant le {known.due:%d/%m/%Y}" if known.due else "À la date dite par le message qui accompagne ce fichier"
    who = f", à {known.recipient}." if known.recipient else ", à la personne qui l’a envoyé."
    return f"{when}{who} Garder le nom du fichier : il dit de quelle école il s’agit."


def _described(column: Column) -> str:
    field = column.field
    dated = column.moment and column.demand != MUST
    parts = [f"{column.demand}, {column.moment.lower()}" if dated else column.demand]
    parts += [field.description.rstrip(".")]
    parts += [f"sert à : {column.purpose[:1].lower()}{column.purpose[1:]}"] if column.purpose else []
    parts += [f"en {field.unit}"] if field.unit else []
    parts += ["à choisir dans la liste"] if column.choices else []
    return " ; ".join(parts) + "."
