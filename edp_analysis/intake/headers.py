"""Which row holds the headings, and which field each heading names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edp_analysis.contract import TableSchema, normalise_text
from edp_analysis.intake.raw import RawSheet

__all__ = ["Header", "find_header", "known_titles"]

_SEARCHED = 30
_SHARE = 0.6


@dataclass(frozen=True)
class Header:
    """The headings of a table.

    Attributes
    ----------
    first, last : int
        Line numbers (from 1) of the first and last heading lines; equal for a one-line header.
    columns : mapping of str to int
        Column (from 0) of each field found once.
    duplicates : mapping of str to tuple of int
        Fields named by several columns, which are not in `columns`.
    unknown : mapping of int to str
        Headings that no field knows.
    untitled : tuple of int
        Columns without a heading, up to the widest row.
    titles : frozenset of str
        Normalised headings, to recognise the header when it is repeated.
    width : int
        Number of columns of the header row as received.
    """

    first: int
    last: int
    columns: Mapping[str, int]
    duplicates: Mapping[str, tuple[int, ...]]
    unknown: Mapping[int, str]
    untitled: tuple[int, ...]
    titles: frozenset[str]
    width: int

    @property
    def known(self) -> int:
        """Number of distinct fields found."""
        return len(self.columns) + len(self.duplicates)


def known_titles(schema: TableSchema) -> dict[str, str]:
    """Return the field of each normalised heading that a « -recu » schema accepts; the first field listed wins.

    Examples
    --------
    >>> from edp_analysis.contract import load_schema
    >>> known_titles(load_schema("apprenants-recu"))["ne e le"]
    'date_naissance'
    """
    titles: dict[str, str] = {}
    words = [(text, field.name) for field in schema.fields for text in (field.name, *field.synonyms)]
    words += [(field.title, field.name) for field in schema.fields]
    for text, name in words:
        titles.setdefault(normalise_text(text), name)
    return titles


def find_header(sheet: RawSheet, schema: TableSchema) -> Header | None:
    """Return the header of a sheet, ``None`` when no row qualifies.

    Of the rows (and pairs of rows) that qualify, the one naming the most fields wins; then one line rather than
    two; then the higher one.
    """
    known = known_titles(schema)
    mandatory = {field.name for field in schema.fields if field.column_severity == "bloquant"}
    best: Header | None = None
    for index in range(min(_SEARCHED, len(sheet.rows))):
        for lines in (1, 2):
            header = _read(sheet, index, lines, known)
            if header is None or not _qualifies(header, mandatory):
                continue
            if best is None or (header.known, header.first == header.last) > (best.known, best.first == best.last):
                best = header
    return best


def _qualifies(header: Header, mandatory: set[str]) -> bool:
    headings = header.known + len(header.unknown)
    named = set(header.columns) | set(header.duplicates)
    if header.known < 2:
        return False
    return header.known >= _SHARE * headings or len(named & mandatory) >= max(2.0, _SHARE * len(mandatory))


def _read(sheet: RawSheet, index: int, lines: int, known: Mapping[str, str]) -> Header | None:
    if sheet.blank_row(index) or index + lines > len(sheet.rows):
        return None
    width = max(len(row) for row in sheet.rows)
    lower = _texts(sheet.rows[index + lines - 1], width)
    upper = _filled_right(sheet, index, lower, width) if lines == 2 else [""] * width
    exact: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    unknown: dict[int, str] = {}
    untitled: list[int] = []
    titles: set[str] = set()
    for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
        joined = " / ".join(text for text in (above, below) if text)
        if not joined:
            untitled.append(column)
            continue
        titles |= {normalise_text(text) for text in (joined, above, below) if text}
        if (whole := normalise_text(joined)) in known:
            exact.setdefault(known[whole], []).append(column)
        elif (part := normalise_text(below or above)) in known:
            loose.setdefault(known[part], []).append(column)
        else:
            unknown[column] = joined
    # « Ouverture / Débit » is not « Débit » when another column is exactly « Mouvements / Débit ».
    for name in sorted(set(exact) & set(loose)):
        unknown |= {column: f"{upper[column]} / {lower[column]}" for column in loose.pop(name)}
    places = {**exact, **loose}
    return Header(
        first=index + 1,
        last=index + lines,
        columns={name: found[0] for name, found in places.items() if len(found) == 1},
        duplicates={name: tuple(found) for name, found in places.items() if len(found) > 1},
        unknown=dict(sorted(unknown.items())),
        untitled=tuple(untitled),
        titles=frozenset(titles),
        width=len(sheet.rows[index + lines - 1]),
    )


def _texts(row: tuple[object, ...], width: int) -> list[str]:
    texts = [" ".join(str(value).split()) if isinstance(value, str) else "" for value in row]
    return texts + [""] * (width - len(texts))


def _filled_right(sheet: RawSheet, index: int, lower: list[str], width: int) -> list[str]:
    """Carry each upper heading over the columns that it covers.

    The merged ranges say which, when the format gives them; otherwise a blank upper cell belongs to the heading on
    its left as long as there is a lower heading under it.
    """
    upper = _texts(sheet.rows[index], width)
    ranges = [span for span in sheet.merged if span[0] <= index <= span[2]]
    for top, left, _, right in ranges:
        text = _texts(sheet.rows[top], width)[left]
        upper[left : right + 1] = [text] * (right + 1 - left)
    if not sheet.merged:
        for column in range(1, width):
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]
    return upper
