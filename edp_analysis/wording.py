"""Numbers inside messages, as a French reader writes them."""

from __future__ import annotations

__all__ = ["counted", "euros"]

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
