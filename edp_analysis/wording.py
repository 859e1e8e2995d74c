"""Numbers inside messages, as a French reader writes them."""

from __future__ import annotations

import errno

__all__ = ["counted", "euros", "failure"]

_REASONS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOENT: "introuvable",
    errno.EISDIR: "c'est un dossier",
    errno.EIO: "erreur de lecture",
}
_NARROW, _WIDE, _MINUS = "\u202f", "\u00a0", "\u2212"


def counted(number: int, one: str, many: str) -> str:
    """Return a count and its noun (or whole clause), in agreement.

    Examples
    --------
    >>> counted(1, "ligne masquée", "lignes masquées"), counted(3, "ligne masquée", "lignes masquées")
    ('1 ligne masquée', '3 lignes masquées')
    """
    return f"{number} {many if abs(number) > 1 else one}"


def euros(cents: int, signed: bool = False) -> str:
    r"""Return whole cents as an amount in euros.

    Parameters
    ----------
    cents : int
    signed : bool
        Write the sign of a positive amount too.

    Examples
    --------
    >>> euros(-123456) == "\u2212" + "1\u202f234,56\u00a0€", euros(1, signed=True) == "+0,01\u00a0€"
    (True, True)
    """
    sign = _MINUS if cents < 0 else "+" if signed else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,},{rest:02d}{_WIDE}€".replace(",", _NARROW, f"{whole:,}".count(","))


def failure(error: OSError) -> str:
    """Return why a file does not open; the system only says it in its own language.

    Examples
    --------
    >>> failure(PermissionError(errno.EACCES, "Permission denied")), failure(OSError(99999, "?"))
    ('accès refusé', 'erreur 99999 du système')
    """
    return _REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
