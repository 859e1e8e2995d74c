"""The clean contract, enforced: no table leaves cleaning without passing here.

The checks are pandera schemas built from our own Table Schemas. Pandera's reader of Table Schemas is not used: it
takes a date for text, and so lets 31/02/2022 through.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from edp_analysis.contract.codes import load_codes
from edp_analysis.contract.schema import Field, TableSchema, load_schema

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

__all__ = ["ContractError", "check_clean", "empty_frame", "typed"]

_DTYPES: dict[str, Any] = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


class ContractError(Exception):
    """A clean table breaks its contract: a defect of the programme, never of the data.

    Parameters
    ----------
    table, column : str
        `column` is empty when the fault is the table's.
    value : object
        First faulty value.
    constraint : str
        What the contract asks, in French.
    count : int, optional
        Number of faulty values.
    """

    def __init__(self, table: str, column: str, value: object, constraint: str, count: int = 1) -> None:
        where = f"table « {table} », colonne « {column} »" if column else f"table « {table} »"
        more = f" ({count} fois)" if count > 1 else ""
        super().__init__(f"{where} : « {value} »{more} ; attendu : {constraint}.")
        self.table = table
        self.column = column
        self.value = value
        self.constraint = constraint


def empty_frame(name: str) -> pd.DataFrame:
    """Return the table `name` without a row, with all its columns and types.

    Examples
    --------
    >>> empty_frame("ecoles").dtypes.astype(str).to_dict()["date_ouverture"]
    'datetime64[s]'
    """
    schema = load_schema(name)
    return pd.DataFrame({field.name: pd.Series([], dtype=_DTYPES[field.type]) for field in schema.fields})


def typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give a table the columns, order and types of its contract.

    Parameters
    ----------
    frame : pandas.DataFrame
        All the columns of the table, in any order; ``None`` for missing. Dates are dates or ``AAAA-MM-JJ``.
    name : str
        A clean table, e.g. ``"apprenants"``.

    Returns
    -------
    pandas.DataFrame
        Types: ``str``, ``Int64``, ``float64``, ``boolean``, ``datetime64[s]``; rows numbered from 0.

    Raises
    ------
    ContractError
        A column is missing or unknown, or a value does not have its type.
    """
    schema = load_schema(name)
    _check_columns(frame, schema)
    columns = {field.name: _cast(frame[field.name].reset_index(drop=True), field, name) for field in schema.fields}
    return pd.DataFrame(columns)


def _cast(values: pd.Series[Any], field: Field, table: str) -> pd.Series[Any]:
    try:
        if field.type == "date":
            if pd.api.types.is_datetime64_any_dtype(values):
                return values.astype("datetime64[s]")
            texts = values.map(lambda value: value if isinstance(value, str) else _iso(value)).astype("str")
            return pd.to_datetime(texts, format="%Y-%m-%d").astype("datetime64[s]")
        if field.type == "string" and not values.map(lambda v: isinstance(v, str) or pd.isna(v)).all():
            raise ContractError(table, field.name, next(v for v in values if not isinstance(v, str)), "du texte")
        cast: pd.Series[Any] = values.astype(_DTYPES[field.type])
        return cast
    except (ValueError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise ContractError(table, field.name, reason, f"une valeur de type {field.type}") from error


def _iso(value: Any) -> str | None:
    return None if pd.isna(value) else f"{value:%Y-%m-%d}"


def check_clean(frame: pd.DataFrame, name: str) -> None:
    """Check a table against its clean contract.

    Parameters
    ----------
    frame : pandas.DataFrame
    name : str
        A clean table, e.g. ``"apprenants"``.

    Raises
    ------
    ContractError
        Wrong columns or types, a value outside its list, pattern or bounds, a required value missing, or a key
        that is not unique: the column, the first faulty value and the constraint are named.
    """
    schema = load_schema(name)
    _check_columns(frame, schema)
    for field in schema.fields:
        found = str(frame[field.name].dtype)
        if found != _DTYPES[field.type]:
            raise ContractError(name, field.name, found, f"le type {_DTYPES[field.type]}")
    _check_values(frame, schema)
    key = list(schema.primary_key)
    repeated = frame.duplicated(key, keep=False) if key else pd.Series(dtype=bool)
    if repeated.any():
        first = " / ".join(str(value) for value in frame.loc[repeated, key].iloc[0])
        raise ContractError(name, ", ".join(key), first, "une clé unique", int(repeated.sum()))


def _check_columns(frame: pd.DataFrame, schema: TableSchema) -> None:
    missing = [column for column in schema.names if column not in frame.columns]
    unknown = [column for column in frame.columns if column not in schema.names]
    if missing or unknown:
        column = (missing or unknown)[0]
        raise ContractError(schema.name, "", column, "toutes les colonnes du contrat, et elles seules")


def _check_values(frame: pd.DataFrame, schema: TableSchema) -> None:
    from pandera.errors import SchemaErrors

    try:
        _pandera(schema.name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        order = {column: rank for rank, column in enumerate(schema.names)}
        first = min(cases.itertuples(), key=lambda case: order.get(str(case.column), len(order)))
        count = int((cases["column"] == first.column).sum())
        constraint = "une valeur" if first.check == "not_nullable" else str(first.check)
        value = "" if pd.isna(first.failure_case) else first.failure_case
        raise ContractError(schema.name, str(first.column), value, constraint, count) from errors


@cache
def _pandera(name: str) -> DataFrameSchema:
    from pandera.pandas import Column, DataFrameSchema

    return DataFrameSchema(
        {
            field.name: Column(checks=_checks(field), nullable=not field.required, unique=False)
            for field in load_schema(name).fields
        },
        strict=True,
    )


def _checks(field: Field) -> list[Any]:
    from pandera.pandas import Check

    rules = field.constraints
    checks = []
    if field.type == "string":
        checks.append(Check(lambda s: s.str.len() > 0, error="un texte non vide, ou pas de valeur"))
    if field.codes and field.type == "string":
        codes = list(load_codes(field.codes).labels)
        checks.append(Check.isin(codes, error=f"un code de la liste « {field.codes} »"))
    if "enum" in rules:
        checks.append(Check.isin(rules["enum"], error=f"une des valeurs {rules['enum']}"))
    if "pattern" in rules:
        pattern = rules["pattern"]
        checks.append(Check(lambda s: s.str.fullmatch(pattern), error=f"un texte de la forme {pattern}"))
    if "minimum" in rules:
        checks.append(Check.ge(rules["minimum"], error=f"au moins {rules['minimum']}"))
    if "maximum" in rules:
        checks.append(Check.le(rules["maximum"], error=f"au plus {rules['maximum']}"))
    if rules.get("unique"):
        checks.append(Check(lambda s: ~s.duplicated(keep=False), error="des valeurs uniques"))
    return checks
