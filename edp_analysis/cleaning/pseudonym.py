"""Keyed pseudonyms: names and birth dates stop here.

Without the key, nobody can tell whether a given youth is in the table by recomputing the pseudonym: that is why it
is an HMAC and not a plain digest (a plain digest of a name is undone by trying every name).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import date
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.contract import normalise_text
from edp_analysis.problems import UserError

__all__ = ["enrolment_id", "key_for", "pseudonymise"]

_LENGTH = 16
_SHORTEST_KEY = 32
"""Characters. Names and birth dates are few enough to be tried one by one: the key alone prevents it."""
_MAKE_ONE = 'python -c "import secrets; print(secrets.token_hex(32))"'


def pseudonymise(last_name: str, first_name: str, birth_date: date, key: bytes) -> str:
    """Return the pseudonym of a youth: the same from one school, one year and one spelling to another.

    Names are reduced to their letters first, so that accents, case, hyphens and spaces do not make two youths of
    one; a different first name on the same day (twins) does.

    Parameters
    ----------
    last_name, first_name : str
        As written by the school.
    birth_date : datetime.date
    key : bytes
        Secret of the campaign, see :func:`key_for`.

    Returns
    -------
    str
        16 hexadecimal characters: the first 64 bits of HMAC-SHA-256.

    Examples
    --------
    >>> day = date(2004, 5, 17)
    >>> pseudonymise("Le Véranec", "Maëlle", day, b"k") == pseudonymise("LE  VERANEC", "maelle ", day, b"k")
    True
    >>> pseudonymise("Véranec", "Maëlle", day, b"k") == pseudonymise("Véranec", "Maëlle", day, b"another")
    False
    """
    parts = (normalise_text(last_name).replace(" ", ""), normalise_text(first_name).replace(" ", ""))
    message = "|".join((*parts, f"{birth_date:%Y-%m-%d}"))
    return hmac.new(key, message.encode("utf-8"), hashlib.sha256).hexdigest()[:_LENGTH]


def enrolment_id(pseudonym: str, school: str, entry: date) -> str:
    """Return the identifier of one enrolment of one youth.

    Examples
    --------
    >>> enrolment_id("00ff00ff00ff00ff", "EDP-01", date(2021, 9, 6))
    '00ff00ff00ff00ff-EDP-01-20210906'
    """
    return f"{pseudonym}-{school}-{entry:%Y%m%d}"


def key_for(campaign: Campaign) -> bytes:
    """Return the pseudonym key of a campaign.

    The environment variable named by the campaign holds the key, or the path of a file that holds it. Without it,
    the public key of the campaign file is used, for simulated data only.

    Raises
    ------
    UserError
        No key and the data are not simulated; a key of less than 32 characters; the file is empty, absent or inside
        the project, where it would end up in the repository.

    Examples
    --------
    >>> from edp_analysis.campaign import load_campaign
    >>> campaign = load_campaign("2024")
    >>> len(key_for(campaign)) > 0 if campaign.simulated else True
    True
    """
    given = os.environ.get(campaign.key_variable, "").strip()
    if given:
        return _from_environment(given, campaign)
    if campaign.simulated and campaign.simulation_key:
        return campaign.simulation_key.encode("utf-8")
    raise UserError(
        f"Aucune clé de pseudonymes : la variable « {campaign.key_variable} » est vide et les données de la campagne "
        f"{campaign.code} ne sont pas dites simulées.",
        f"En fabriquer une ({_MAKE_ONE}), l'écrire dans un fichier hors du projet, et mettre le chemin de ce fichier "
        "dans la variable. Le guide de l'analyste dit comment (« Clé des pseudonymes »).",
    )


def _from_environment(given: str, campaign: Campaign) -> bytes:
    path = Path(given).expanduser()
    # A path that leads nowhere must not silently become the key: every pseudonym would change.
    if not path.is_file():
        if "/" in given or "\\" in given:
            raise UserError(
                f"La variable « {campaign.key_variable} » désigne « {given} », qui n'est pas un fichier.",
                "Corriger le chemin, ou y mettre la clé elle-même (sans barre oblique).",
            )
        return _long_enough(given.encode("utf-8"), campaign)
    if path.resolve().is_relative_to(campaign.root.resolve()):
        raise UserError(
            f"Le fichier de clé « {path} » est dans le dossier du projet : il finirait dans le dépôt.",
            "Le déplacer hors du projet.",
        )
    key = path.read_bytes().strip()
    if not key:
        raise UserError(f"Le fichier de clé « {path} » est vide.", "Y écrire la clé.")
    return _long_enough(key, campaign)


def _long_enough(key: bytes, campaign: Campaign) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise UserError(
            f"La clé de pseudonymes (variable « {campaign.key_variable} ») n'a que {len(key)} caractères : elle se "
            f"devine, et avec elle les noms. Il en faut au moins {_SHORTEST_KEY}, tirés au hasard.",
            f"En fabriquer une : {_MAKE_ONE}",
        )
    return key
