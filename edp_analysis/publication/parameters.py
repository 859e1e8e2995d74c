"""The parameters a notebook declares, checked before any kernel starts.

papermill only warns about an unknown parameter, accepts any type, and injects above everything when no cell is tagged,
so that the notebook then overwrites what was asked. Each of these publishes the wrong figure with a success; here each
is refused.
"""

from __future__ import annotations

import ast
import difflib
import io
import math
import re
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.publication.notebook import PARAMETERS_TAG, read_notebook

__all__ = ["Parameter", "check_parameters", "declared_parameters"]

_COMMENT = re.compile(r"^#\s*(?P<kind>\w+)\s*,\s*(?P<meaning>\S.*)$")
_INTEGER = re.compile(r"^[+-]?\d+$")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_BOOLEANS = {"oui": True, "vrai": True, "true": True, "non": False, "faux": False, "false": False}
_KINDS = {"str": "texte", "int": "entier", "float": "nombre", "bool": "booléen"}  # Python's names are understood
_EXAMPLES = {
    "texte": "« 2024 »",
    "entier": "20",
    "nombre": "0,1",
    "booléen": "oui",
    "date": "30/04/2024 ou 2024-04-30",
}
_SHAPE = "nom = valeur  # type, signification"


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: ``name = default  # kind, meaning``.

    Attributes
    ----------
    name : str
    default : object
        Literal written in the notebook; ``None`` means that a value must be given.
    kind : str
        ``"texte"``, ``"entier"``, ``"nombre"``, ``"booléen"`` or ``"date"`` (ISO text).
    meaning : str
        What it is, with its unit, in French.
    """

    name: str
    default: object
    kind: str
    meaning: str


def declared_parameters(path: Path) -> tuple[Parameter, ...]:
    """Read the parameters that a notebook declares.

    Raises
    ------
    UserError
        No cell, or several, tagged ``parameters``; a code cell before it; a line that is not
        ``name = literal  # type, meaning``; a default that is not of its type.
    """
    notebook = read_notebook(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    tagged = [cell for cell in notebook.cells if PARAMETERS_TAG in cell.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise UserError(
            f"{path.name} : {len(tagged)} cellule(s) marquée(s) « {PARAMETERS_TAG} », il en faut une seule.",
            "Dans JupyterLab, panneau de droite, « Cell Tags » : marquer la première cellule de code, et elle seule.",
        )
    if not code or code[0] is not tagged[0]:
        raise UserError(
            f"{path.name} : du code précède la cellule « {PARAMETERS_TAG} ».",
            "La déplacer avant toute autre cellule de code.",
        )
    return _parse(tagged[0].source, path.name)


def _parse(source: str, file: str) -> tuple[Parameter, ...]:
    try:
        statements = ast.parse(source).body
        comments = {
            token.start[0]: token.string
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        }
    except (SyntaxError, tokenize.TokenError) as error:
        raise UserError(f"{file} : la cellule « {PARAMETERS_TAG} » n'est pas du Python valide.", f"{error}.") from error
    found: dict[str, Parameter] = {}
    for statement in statements:
        parameter = _parameter(statement, comments.get(statement.end_lineno or 0, ""), file)
        if parameter.name in found:
            raise UserError(f"{file} : le paramètre « {parameter.name} » est déclaré deux fois.", "N'en garder qu'un.")
        found[parameter.name] = parameter
    return tuple(found.values())


def _parameter(statement: ast.stmt, comment: str, file: str) -> Parameter:
    text = ast.unparse(statement)
    if not (
        isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name)
    ):
        raise UserError(
            f"{file} : « {text} » n'a pas sa place dans la cellule « {PARAMETERS_TAG} ».", f"Y écrire : {_SHAPE}."
        )
    name = statement.targets[0].id
    try:
        default = ast.literal_eval(statement.value)
    except ValueError as error:
        raise UserError(
            f"{file} : le paramètre « {name} » est calculé (« {text} ») : il resterait figé.",
            "N'écrire ici que des valeurs littérales, et calculer ce qui en dérive dans la bibliothèque.",
        ) from error
    match = _COMMENT.match(comment)
    kind = _KINDS.get(match["kind"], match["kind"]) if match else ""
    if match is None or kind not in _COERCIONS:
        raise UserError(
            f"{file} : le paramètre « {name} » n'a ni type ni signification lisibles (« {comment} »).",
            f"L'écrire : {_SHAPE} ; types admis : {', '.join(_COERCIONS)}.",
        )
    parameter = Parameter(name, default, kind, match["meaning"])
    if default is not None:
        _coerce(parameter, default, file)
    return parameter


def check_parameters(notebook_path: Path, given: Mapping[str, object]) -> dict[str, object]:
    """Return the values a notebook will run with: what is given, checked and coerced, over its defaults.

    A decimal comma (« 0,1 »), French and ISO dates (« 30/04/2024 ») and oui/non are understood; a date is returned as
    ISO text, which papermill can carry.

    Parameters
    ----------
    notebook_path : pathlib.Path
    given : mapping of str to object
        Values asked for, by parameter name.

    Raises
    ------
    UserError
        An unknown parameter (the nearest is suggested), one that is required and not given, or one whose value is not
        of its declared type; see also :func:`declared_parameters`.
    """
    declared = {parameter.name: parameter for parameter in declared_parameters(notebook_path)}
    file = notebook_path.name
    for name in given:
        if name not in declared:
            near = difflib.get_close_matches(name, declared, n=1, cutoff=0.5)
            hint = f" Peut-être : « {near[0]} » ?" if near else ""
            known = ", ".join(declared) or "aucun"
            raise UserError(f"{file} : paramètre « {name} » inconnu.{hint}", f"Paramètres déclarés : {known}.")
    values: dict[str, object] = {}
    for name, parameter in declared.items():
        value = given.get(name, parameter.default)
        if value is None:
            raise UserError(
                f"{file} : le paramètre « {name} » ({parameter.meaning}) est obligatoire et n'est pas donné.",
                f"Le donner, par exemple : {_EXAMPLES[parameter.kind]}.",
            )
        values[name] = _coerce(parameter, value, file)
    return values


def _coerce(parameter: Parameter, value: object, file: str) -> object:
    try:
        return _COERCIONS[parameter.kind](value)
    except (ValueError, TypeError) as error:
        raise UserError(
            f"{file} : le paramètre « {parameter.name} » ({parameter.meaning}) vaut « {value} », "
            f"et doit être du type {parameter.kind}.",
            f"Par exemple : {_EXAMPLES[parameter.kind]}.",
        ) from error


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(value)
    return str(value)


def _integer(value: object) -> int:
    if isinstance(value, str) and _INTEGER.match(compact := _SPACES.sub("", value)):
        return int(compact)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(value)


def _decimal(value: object) -> float:
    if isinstance(value, str):
        value = float(_SPACES.sub("", value).replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _BOOLEANS:
        return _BOOLEANS[value.strip().lower()]
    raise TypeError(value)


def _day(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise TypeError(value)
    form = "%d/%m/%Y" if "/" in value else "%Y-%m-%d"
    return datetime.strptime(value.strip(), form).date().isoformat()


_COERCIONS: dict[str, Callable[[Any], object]] = {
    "texte": _text,
    "entier": _integer,
    "nombre": _decimal,
    "booléen": _boolean,
    "date": _day,
}
