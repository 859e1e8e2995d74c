"""Published figures, as their file gives them."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from edp_analysis.problems import UserError
from edp_analysis.publication.bindings import split_year

__all__ = ["PublishedFigure", "read_reference"]

_COLUMNS = (
    "id",
    "valeur",
    "unite",
    "decimales",
    "base",
    "enonce",
    "lieu",
    "statut",
    "verdict_attendu",
    "valeur_attendue",
    "note",
)
_CITED = "cité"
_STATES = ("", "borne", "à nuancer", _CITED)
_CONTRADICTORY = "contradictoire"


@dataclass(frozen=True)
class PublishedFigure:
    """One line of the reference file.

    Attributes
    ----------
    id : str
    value : Decimal
        As printed, in ``unit``.
    unit : str
    decimals : int
    base, statement, place : str
    lower_bound : bool
        The publication says « plus de … »: any greater value agrees.
    cited : bool
        A fact or a proposal that the publication states, which no data measure.
    expected : Decimal or None
        The publication contradicts itself here: what the recomputation is expected to give.
    note : str
    """

    id: str
    value: Decimal
    unit: str
    decimals: int
    base: str
    statement: str
    place: str
    lower_bound: bool
    cited: bool
    expected: Decimal | None
    note: str


def read_reference(path: Path, known: Collection[str]) -> tuple[PublishedFigure, ...]:
    """Read the published figures.

    Parameters
    ----------
    path : pathlib.Path
        File of the campaign (``;``, UTF-8).
    known : collection of str
        Names (without a final year) that the register can recompute.

    Raises
    ------
    UserError
        The file is absent or lacks a column; a line has an unknown name, is written twice, or holds a number or a
        status that cannot be read. The file and the line are named.
    """
    if not path.is_file():
        raise UserError(
            f"Le fichier des chiffres publiés « {path.name} » manque.",
            "Corriger [publication] reference dans le fichier de la campagne, ou retirer cette section.",
        )
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, delimiter=";")
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise UserError(f"{path.name} : colonnes inattendues.", f"Colonnes attendues : {', '.join(_COLUMNS)}.")
        figures = [_read(row, f"{path.name}, ligne {reader.line_num}", known) for row in reader]
    names = [figure.id for figure in figures]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(f"{path.name} : « {twice[0]} » est écrit deux fois.", "N’en garder qu’un.")
    return tuple(figures)


def _read(row: dict[str, str], where: str, known: Collection[str]) -> PublishedFigure:
    if None in row or None in row.values():
        raise UserError(
            f"{where} : le nombre de champs n’est pas celui de l’en-tête.", "Mettre le texte entre guillemets."
        )
    cited = row["statut"] == _CITED
    if cited and split_year(row["id"])[0] in known:
        raise UserError(f"{where} : « {row['id']} » est dit cité, et un calcul lui est rattaché.", "Retirer « cité ».")
    if not cited and split_year(row["id"])[0] not in known:
        raise UserError(
            f"{where} : aucun calcul n’est rattaché à « {row['id']} ».",
            "Le rattacher dans edp_analysis/publication/bindings.py, ou corriger son nom.",
        )
    if row["statut"] not in _STATES:
        raise UserError(
            f"{where} : statut « {row['statut']} » inconnu.", "Attendu : rien, « borne », « à nuancer » ou « cité »."
        )
    if row["verdict_attendu"] not in ("", _CONTRADICTORY):
        raise UserError(
            f"{where} : verdict attendu « {row['verdict_attendu']} » inconnu.", f"Attendu : {_CONTRADICTORY}."
        )
    if bool(row["verdict_attendu"]) != bool(row["valeur_attendue"]):
        raise UserError(f"{where} : une contradiction va avec la valeur attendue.", "Donner les deux, ou aucun.")
    try:
        value, decimals = Decimal(row["valeur"]), int(row["decimales"])
        expected = Decimal(row["valeur_attendue"]) if row["valeur_attendue"] else None
    except (InvalidOperation, ValueError) as error:
        raise UserError(
            f"{where} : un nombre ne se lit pas.", "L’écrire avec un point décimal, sans espace."
        ) from error
    return PublishedFigure(
        id=row["id"],
        value=value,
        unit=row["unite"],
        decimals=decimals,
        base=row["base"],
        statement=row["enonce"],
        place=row["lieu"],
        lower_bound=row["statut"] == "borne",
        cited=cited,
        expected=expected,
        note=row["note"],
    )
