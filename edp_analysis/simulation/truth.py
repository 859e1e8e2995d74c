"""The truth of a simulated campaign, kept as plain text beside the tests: clean tables typed by the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from edp_analysis.contract import TableSchema, load_schema

__all__ = ["read_truth", "records", "to_csv", "truth_folder", "typed"]

_DTYPES: dict[str, Any] = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean"}


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame, values by attribute (``row.sexe``)."""
    yield from frame.itertuples(index=False)


def truth_folder(root: Path, code: str) -> Path:
    """Return the folder that holds the truth of a campaign, under the project root."""
    return root / "tests" / "fixtures" / f"verite-{code}"


def typed(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """Return the columns of a schema, in its order, with its types.

    Text is ``str`` (missing: ``NaN``), dates ``datetime64[s]``, booleans ``boolean``, integers ``Int64``, numbers
    ``float64``. The index is renumbered.

    Examples
    --------
    >>> import pandas as pd
    >>> schema = load_schema("apprenants")
    >>> typed(pd.DataFrame({name: [None] for name in schema.names}), schema).dtypes["qpv"]
    BooleanDtype
    """
    columns = {}
    for field in schema.fields:
        values = frame[field.name].reset_index(drop=True)
        if field.type == "date":
            columns[field.name] = pd.to_datetime(values).astype("datetime64[s]")
        else:
            columns[field.name] = values.where(values.notna(), None).astype(_DTYPES[field.type])
    return pd.DataFrame(columns)


def to_csv(frame: pd.DataFrame) -> str:
    """Return a table as text: `;`, ISO dates, true/false, empty when missing."""
    text = frame.copy()
    for name in text.columns:
        if pd.api.types.is_bool_dtype(text[name].dtype):
            text[name] = text[name].map({True: "true", False: "false"}).astype("str")
    buffer = StringIO()
    text.to_csv(buffer, sep=";", index=False, date_format="%Y-%m-%d", lineterminator="\n")
    return buffer.getvalue()


def read_truth(folder: Path, table: str) -> pd.DataFrame:
    """Read one table of the truth, with the types of the contract.

    Parameters
    ----------
    folder : pathlib.Path
        See :func:`truth_folder`.
    table : str
        Name of a clean schema, e.g. ``"apprenants"``.
    """
    schema = load_schema(table)
    raw = pd.read_csv(folder / f"{table}.csv", sep=";", dtype="str", keep_default_na=False, encoding="utf-8")
    raw = raw.where(raw != "", None)
    parse: dict[str, Callable[[str], object]] = {
        "boolean": lambda text: text == "true",
        "integer": int,
        "number": float,
    }
    for field in schema.fields:
        if field.type in parse:
            convert = parse[field.type]
            raw[field.name] = pd.Series([None if pd.isna(v) else convert(v) for v in raw[field.name]], dtype=object)
    return typed(raw, schema)
