r"""Delimited text: encoding, separator and fields, without guessing what a value means.

The tokenizer is our own because the usual ones lose what matters here: the difference between an empty field
(``None``) and a quoted empty one (``""``), blank lines (which shift line numbers), and the line where a quote was
opened and never closed.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from edp_analysis.intake.raw import RawSheet
from edp_analysis.problems import Place, Problem

__all__ = ["decode", "detect_separator", "read_text", "tokenise"]

_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ«»’‘“”–—…€°²\u00a0")
_LEGACY = ("cp1252", "cp850", "mac_roman")
_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "cp850": "DOS (cp850)", "mac_roman": "MacRoman"}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SEPARATORS = (";", "\t", "|", ",")
_SAMPLE = 200
_SHOWN = 10
_LINE_END = re.compile(r"\r+\n|\r|\n")


def decode(data: bytes) -> tuple[str, str]:
    r"""Decode the bytes of a text file and say how.

    The rule, in this order: byte-order mark; UTF-16 without a mark (every second byte is null); strict UTF-8; then,
    of Windows-1252, DOS cp850 and MacRoman, the one under which the largest share of the non-ASCII bytes are
    characters that French uses (the first of them when several tie).

    Returns
    -------
    text, encoding : tuple of str
        Without the byte-order mark.

    Examples
    --------
    >>> decode("élève".encode("cp1252"))
    ('élève', 'cp1252')
    >>> decode("né à l’école, forêt, maïs, ça".encode("cp850", "replace"))[1]
    'cp850'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    if (nulls := data[:4000].count(0)) and nulls >= len(data[:4000]) // 3:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        high = bytes(sorted(byte for byte in data if byte > 127))
        best = max(_LEGACY, key=lambda encoding: _share(high, encoding))
        return data.decode(best, errors="replace"), best


def _share(high: bytes, encoding: str) -> float:
    text = high.decode(encoding, errors="replace")
    return sum(character in _FRENCH for character in text) / len(text)


def tokenise(text: str, separator: str) -> tuple[list[tuple[str | None, ...]], list[int]]:
    r"""Split a delimited text into records and fields.

    Line ends may be ``\n``, ``\r``, ``\r\n`` or ``\r\r\n``, mixed; inside quotes they become ``\n``. A quote that is
    never closed, or closed before other text, is an ordinary character, and its record is reported.

    Parameters
    ----------
    text : str
    separator : str
        One character.

    Returns
    -------
    records : list of tuple
        ``None`` for an empty field, ``""`` for a quoted empty one. A blank line is a record with one ``None``.
    faulty : list of int
        Records (from 0) that hold a misplaced quote.

    Examples
    --------
    >>> tokenise('a;"b;\r\nc"\r\r\n;""\n', ";")
    ([('a', 'b;\nc'), (None, '')], [])
    """
    records: list[tuple[str | None, ...]] = []
    faulty: list[int] = []
    fields: list[str | None] = []
    for value, ends_record, sound in _fields(text, separator):
        fields.append(value)
        if not sound and faulty[-1:] != [len(records)]:
            faulty.append(len(records))
        if ends_record:
            records.append(tuple(fields))
            fields = []
    return records, faulty


def _fields(text: str, separator: str) -> Iterator[tuple[str | None, bool, bool]]:
    """Yield (value, the record ends here, the quotes are sound) field by field."""
    sep = re.escape(separator)
    tail = rf"({sep}|\r+\n|\r|\n|\Z)"
    quoted = re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"{tail}')
    plain = re.compile(rf"([^{sep}\r\n]*+){tail}")
    position, end = 0, len(text)
    while position < end:
        sound = True
        match = None
        if text[position] == '"':
            match = quoted.match(text, position)
            sound = match is not None
        value: str | None
        if match is not None:
            value = _LINE_END.sub("\n", match.group(1)).replace('""', '"')
        else:
            match = plain.match(text, position)
            if match is None:  # unreachable: the plain pattern accepts an empty field before any terminator
                raise RuntimeError("découpage impossible")
            value = match.group(1) or None
        terminator = match.group(2)
        yield value, terminator != separator, sound
        position = match.end()
        if position == end and terminator == separator:
            yield None, True, True


def detect_separator(text: str) -> str:
    r"""Return the separator under which the largest share of the first lines have the same number of fields.

    Ties go to the one that makes the most fields, then to ``;``, tab, ``|`` and ``,`` in this order. A text in which
    none of them occurs is read as one column.

    Examples
    --------
    >>> detect_separator("nom;montant\na;1,5\nb;2,5\n")
    ';'
    >>> detect_separator("nom,âge\na,3\n")
    ','
    """
    sample = "\n".join(line for line in text[:200_000].splitlines()[:_SAMPLE] if line.strip())
    scores: list[tuple[float, int, int]] = []
    for rank, separator in enumerate(_SEPARATORS):
        widths = Counter(len(record) for record in tokenise(sample, separator)[0])
        many = {width: count for width, count in widths.items() if width > 1}
        if many:
            width = max(many, key=lambda w: (many[w], w))
            scores.append((round(many[width] / sum(widths.values()), 1), width, -rank))
    return _SEPARATORS[-max(scores)[2]] if scores else _SEPARATORS[0]


def _misplaced_quotes(faulty: list[int], name: str) -> Problem:
    lines = ", ".join(str(record + 1) for record in faulty[:_SHOWN]) + (" …" if len(faulty) > _SHOWN else "")
    what = "un guillemet n'est pas refermé, ou l'est avant la fin du champ ; il a été lu comme un caractère"
    return Problem(
        "guillemet-mal-place",
        what if len(faulty) == 1 else f"{what} ({len(faulty)} lignes)",
        Place(name, cell=str(faulty[0] + 1)),
        f"ligne{'s' if len(faulty) > 1 else ''} {lines}",
        "des guillemets autour du champ entier, ou pas de guillemet",
        "Corriger et vérifier aussi la ligne qui suit.",
    )


def read_text(data: bytes, name: str) -> tuple[RawSheet, list[Problem]]:
    """Read a delimited text file as one sheet.

    A first line ``sep=;`` is obeyed and left blank, so that line numbers stay those of the file.

    Parameters
    ----------
    data : bytes
    name : str
        File name, for the messages.

    Returns
    -------
    sheet : RawSheet
    problems : list of Problem
        An encoding that a person must confirm, misplaced quotes.
    """
    text, encoding = decode(data)
    problems: list[Problem] = []
    declared = re.match(r"sep=(.)(?:\r+\n|\r|\n|\Z)", text)
    separator = declared.group(1) if declared else detect_separator(text)
    records, faulty = tokenise(text, separator)
    if declared:
        records[0] = (None,)
    if encoding in _LEGACY[1:]:
        problems.append(
            Problem(
                "encodage-a-confirmer",
                f"les accents de ce fichier ont été lus en {_NAMES[encoding]}",
                Place(name),
                expected="un fichier UTF-8 (ou Windows-1252)",
                remedy="Vérifier quelques noms accentués ; au besoin, réenregistrer le fichier en UTF-8.",
            )
        )
    if faulty:
        problems.append(_misplaced_quotes(faulty, name))
    return RawSheet(name, "", tuple(records), encoding=encoding, separator=separator), problems
