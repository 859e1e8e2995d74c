"""A clean table explored by hand: its columns and codes in words, its records counted, any indicator by group."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from edp_analysis.contract import Field, load_codes, load_schema
from edp_analysis.indicators.breakdown import MISSING, breakdown
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["compter", "lisible", "par_groupe"]


def lisible(frame: pd.DataFrame, colonnes: Sequence[str], table: str = "apprenants") -> pd.DataFrame:
    """Keep some columns of a clean table, under their headings, with the labels of the codes.

    Parameters
    ----------
    frame : pandas.DataFrame
        Records of a clean table, filtered or not.
    colonnes : sequence of str
        Columns to keep, in the order shown.
    table : str
        Which clean table they come from.

    Raises
    ------
    UserError
        The table has no such column; the nearest is suggested.

    Examples
    --------
    >>> lisible(pd.DataFrame({"sexe": ["F"], "age_entree": [16]}), ["age_entree", "sexe"]).to_dict("records")
    [{'Âge à l’entrée': 16, 'Sexe': 'Fille'}]
    """
    shown = {}
    for field in (_field(table, name) for name in colonnes):
        values = frame[field.name]
        shown[field.title] = values.map(_codes(field)) if field.codes else values
    return pd.DataFrame(shown).reset_index(drop=True)


def compter(frame: pd.DataFrame, colonne: str, table: str = "apprenants") -> pd.DataFrame:
    """Count the records of a clean table by the values of a column.

    Parameters
    ----------
    frame : pandas.DataFrame
        Records of a clean table, filtered or not.
    colonne : str
        Column that is counted.
    table : str
        Which clean table they come from.

    Returns
    -------
    pandas.DataFrame
        The column's heading and ``Nombre`` (records). Codes come in the order of their list, other values in their
        own, records without a value (« Non renseigné ») last; what nobody has is left out.

    Raises
    ------
    UserError
        The table has no such column; the nearest is suggested.

    Examples
    --------
    >>> compter(pd.DataFrame({"sexe": ["F", "H", "F", None]}), "sexe").to_dict("list")
    {'Sexe': ['Fille', 'Garçon', 'Non renseigné'], 'Nombre': [2, 1, 1]}
    """
    field = _field(table, colonne)
    values = frame[colonne]
    counts = values.value_counts(sort=False)
    known = [code for code in _codes(field) if code in counts.index]
    order = [*known, *sorted(set(counts.index) - set(known))]
    rows = [(_word(field, value), int(counts[value])) for value in order]
    if missing := int(values.isna().sum()):
        rows.append((MISSING, missing))
    return pd.DataFrame(rows, columns=[field.title, "Nombre"])


def par_groupe(
    frame: pd.DataFrame,
    colonne: str,
    indicateur: Callable[..., Indicator],
    table: str = "apprenants",
    **options: Any,
) -> dict[str, Indicator]:
    """Compute an indicator in each group of a column, the groups named in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Records of a clean table, filtered or not.
    colonne : str
        Column that makes the groups.
    indicateur : callable
        Function of this package that takes the table, e.g.
        :func:`edp_analysis.indicators.outcomes.certification_sortants`.
    table : str
        Which clean table the column comes from.
    **options
        Other arguments of `indicateur`.

    Returns
    -------
    dict of str to Indicator
        By label, in the order of :func:`compter`.

    Raises
    ------
    UserError
        The table has no such column; the nearest is suggested.

    Examples
    --------
    >>> from edp_analysis.indicators.result import count
    >>> learners = pd.DataFrame({"sexe": ["H", "F", "H"]})
    >>> groups = par_groupe(learners, "sexe", lambda part: count("n", "Jeunes", part.index, "jeunes", "jeunes"))
    >>> [(name, item.value, item.population) for name, item in groups.items()]
    [('Fille', 1.0, 'jeunes, sexe : Fille'), ('Garçon', 2.0, 'jeunes, sexe : Garçon')]
    """
    field = _field(table, colonne)
    heading = field.title.lower()
    groups = breakdown(frame, colonne, lambda part: indicateur(part, **options), heading)
    words = {_word(field, value): str(value) for value in frame[colonne].dropna().unique()}
    found = {}
    for label in compter(frame, colonne, table)[field.title]:
        group = words.get(label, label)
        item = groups[group]
        found[label] = replace(
            item, population=f"{item.population.removesuffix(f', {heading} : {group}')}, {heading} : {label}"
        )
    return found


def _field(table: str, name: str) -> Field:
    schema = load_schema(table)
    if name not in schema.names:
        near = difflib.get_close_matches(str(name), schema.names, n=1, cutoff=0.5)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(
            f"La table « {table} » n'a pas de colonne « {name} ».{hint}", "Voir docs/dictionnaire-des-donnees.md."
        )
    return schema[name]


def _codes(field: Field) -> dict[str, str]:
    return load_codes(field.codes).labels if field.codes else {}


def _word(field: Field, value: Any) -> str:
    if field.type == "boolean":
        return "oui" if value else "non"
    if field.type == "date":
        return f"{value:%d/%m/%Y}"
    return _codes(field).get(str(value), str(value))
