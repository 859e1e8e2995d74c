"""A campaign: one evaluation round, described by one file ``campaigns/<code>.toml``.

Nothing else in the project knows a year, a threshold, a folder or a definition. A campaign is found from any
working directory, is checked as a whole when it is read, and never changes afterwards.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.toml_files import read_toml

__all__ = ["Campaign", "Question", "Thresholds", "counting_date", "find_root", "load_campaign"]

_MARKER = "campaigns"
_SECTIONS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "campagne": {"code": str, "libelle": str, "debut": date, "date_extraction": date, "exercices_comptables": list},
    "dossiers": {"brut": str, "traite": str, "rapports": str},
    "definitions": {"sorties": str, "decrocheur": str},
    "seuils": {"pourcentage": int, "secret": int},
    "financement": {"forfait": (int, float), "jour_comptage": str},
    "confidentialite": {"variable_cle": str},
}
_OPTIONAL_KEYS = {"confidentialite": {"cle_simulation"}}
_YEARS = (1990, 2100)
_COMMON_YEAR = 2001
_OPTIONAL = {"publication", "questions", "simulation", "cibles", "suivi"}


@dataclass(frozen=True)
class Thresholds:
    """Small-number thresholds of a campaign, in persons.

    Attributes
    ----------
    percentage : int
        Below this denominator, « k sur n [faible] » and no percentage.
    secret : int
        Below this count, « [secret] » on public pages.
    """

    percentage: int
    secret: int


@dataclass(frozen=True)
class Question:
    """One evaluation question: its code, wording, register, and the notebooks that answer it."""

    code: str
    wording: str
    register: str
    notebooks: tuple[str, ...]


@dataclass(frozen=True)
class Campaign:
    """One evaluation round, frozen. Build it with :func:`load_campaign`.

    Attributes
    ----------
    code, label : str
    start, extraction_date : datetime.date
        First entry taken into account; state of the records.
    exercises : tuple of int
        Years of closing of the accounts analysed.
    root, raw, processed, reports : pathlib.Path
        Project root and the campaign's folders (absolute).
    definitions : mapping of str to str
        Version in force of each definition (``"sorties"``, ``"decrocheur"``).
    thresholds : Thresholds
    lump_sum : float
        Regional grant per learner present on the counting day, in euros.
    counting_day : tuple of int
        (month, day) of the head-count that the grant pays.
    reference : pathlib.Path or None
        Published figures to find again.
    questions : tuple of Question
    key_variable : str
        Environment variable that holds the pseudonym key (or the path of a file that holds it).
    simulation_key : str
        Key used for simulated data only.
    simulated : bool
        From the raw folder's ``ORIGIN.toml``; ``False`` when that file is absent or does not say so.
    settings : mapping
        The whole file, for the sections that one room alone reads (``simulation``, ``suivi``).
    """

    code: str
    label: str
    start: date
    extraction_date: date
    exercises: tuple[int, ...]
    root: Path
    raw: Path
    processed: Path
    reports: Path
    definitions: Mapping[str, str]
    thresholds: Thresholds
    lump_sum: float
    counting_day: tuple[int, int]
    reference: Path | None
    questions: tuple[Question, ...]
    key_variable: str
    simulation_key: str
    simulated: bool
    settings: Mapping[str, Any] = field(repr=False)

    @property
    def last_counting_date(self) -> date:
        """Last head-count day on or before the extraction (31 December 2023 for campaign 2024)."""
        day = date(self.extraction_date.year, *self.counting_day)
        return day if day <= self.extraction_date else date(day.year - 1, day.month, day.day)


def counting_date(start: date, end: date, counting_day: tuple[int, int]) -> date | None:
    """Return the head-count day that falls within a period, the last one if there are two; ``None`` if none does.

    Examples
    --------
    >>> counting_date(date(2021, 9, 1), date(2022, 8, 31), (12, 31))
    datetime.date(2021, 12, 31)
    """
    days = [date(year, *counting_day) for year in range(end.year, start.year - 1, -1)]
    return next((day for day in days if start <= day <= end), None)


def find_root(start: Path | None = None) -> Path:
    """Return the project root: the nearest folder, upwards, that holds ``campaigns/``.

    The environment variable ``EDP_PROJET`` wins over the working directory; where neither leads to a project,
    the folder of an editable installation is used, so that a notebook runs from any working directory.

    Raises
    ------
    UserError
        No project is found.
    """
    if start is None and (named := os.environ.get("EDP_PROJET")):
        start = Path(named)
    for origin in (start or Path.cwd(), Path(__file__).resolve().parent.parent):
        for folder in (origin.resolve(), *origin.resolve().parents):
            if any((folder / _MARKER).glob("*.toml")):
                return folder
    raise UserError(
        f"Aucun projet trouvé depuis « {start or Path.cwd()} » (dossier « campaigns/ » attendu).",
        "Se placer dans le projet, ou donner son dossier dans la variable EDP_PROJET.",
    )


def load_campaign(code: str, root: Path | None = None) -> Campaign:
    """Read and check ``campaigns/<code>.toml``.

    Parameters
    ----------
    code : str
        Code of the campaign, e.g. ``"2024"``.
    root : pathlib.Path, optional
        Project root; found by :func:`find_root` when not given.

    Raises
    ------
    UserError
        Unknown campaign (the nearest names are suggested), or a section or key that is missing, unknown or
        ill-typed.

    Examples
    --------
    >>> campaign = load_campaign("2024")
    >>> campaign.last_counting_date.isoformat()
    '2023-12-31'
    """
    root = find_root(root)
    path = root / _MARKER / f"{code}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in (root / _MARKER).glob("*.toml"))
        near = difflib.get_close_matches(str(code), known, n=1)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(
            f"Campagne « {code} » inconnue. Campagnes décrites : {', '.join(known)}.{hint}",
            f"Écrire campaigns/{code}.toml sur le modèle d'une autre campagne.",
        )
    settings = read_toml(path, f"campaigns/{code}.toml")
    _check(settings, f"campaigns/{code}.toml")
    if settings["campagne"]["code"] != code:
        own = settings["campagne"]["code"]
        raise UserError(
            f"campaigns/{code}.toml décrit la campagne « {own} ».", "Donner au fichier le nom du code, ou l'inverse."
        )
    _check_definitions(settings["definitions"], f"campaigns/{code}.toml")
    return _build(settings, root)


def _check_definitions(definitions: Mapping[str, str], file: str) -> None:
    """Refuse a version that no table defines now, and not when the first page needs it."""
    from edp_analysis.contract.mappings import exit_nomenclatures, load_dropout_readings

    for name, read in (("sorties", exit_nomenclatures), ("decrocheur", load_dropout_readings)):
        try:
            read(definitions[name])
        except UserError as error:
            raise UserError(f"{file}, [definitions] {name} : {error.what}", error.remedy) from error


def _check(settings: Mapping[str, Any], file: str) -> None:
    unknown = sorted(set(settings) - set(_SECTIONS) - _OPTIONAL)
    if unknown:
        near = difflib.get_close_matches(unknown[0], [*_SECTIONS, *_OPTIONAL], n=1)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(f"{file} : section « {unknown[0]} » inconnue.{hint}", "La corriger ou la retirer.")
    for section, keys in _SECTIONS.items():
        given = settings.get(section, {})
        if not isinstance(given, dict):
            raise UserError(f"{file} : [{section}] n'est pas une section.", f"Écrire [{section}] sur sa propre ligne.")
        for key in sorted(set(given) - set(keys) - _OPTIONAL_KEYS.get(section, set())):
            near = difflib.get_close_matches(key, keys, n=1)
            hint = f" Peut-être : « {near[0]} » ?" if near and near[0] not in given else ""
            raise UserError(f"{file} : « {key} » inconnu dans [{section}].{hint}", "Le corriger ou le retirer.")
        for key, kind in keys.items():
            value = given.get(key)
            if value is None:
                raise UserError(f"{file} : « {key} » manque dans [{section}].", "L'ajouter.")
            if not isinstance(value, kind) or isinstance(value, bool | datetime):
                raise UserError(f"{file} : [{section}] {key} vaut « {value} », d'un type inattendu.", "Le corriger.")
    years = settings["campagne"]["exercices_comptables"]
    if not years or not all(type(year) is int and _YEARS[0] <= year <= _YEARS[1] for year in years):
        message = f"{file} : exercices_comptables doit être une liste d'années, par exemple [2022, 2023]."
        raise UserError(message, "La corriger.")
    if settings["campagne"]["debut"] >= settings["campagne"]["date_extraction"]:
        raise UserError(f"{file} : « debut » doit précéder « date_extraction ».", "Corriger les dates.")
    parts = settings["financement"]["jour_comptage"].split("-")
    try:
        date(_COMMON_YEAR, int(parts[0]), int(parts[1]))  # a day that every year has
    except (ValueError, IndexError) as error:
        message = f"{file} : jour_comptage doit s'écrire MM-JJ, par exemple « 12-31 »."
        raise UserError(message, "Le corriger.") from error


def _build(settings: Mapping[str, Any], root: Path) -> Campaign:
    head, folders = settings["campagne"], settings["dossiers"]
    raw = root / folders["brut"]
    reference = settings.get("publication", {}).get("reference")
    month, day = settings["financement"]["jour_comptage"].split("-")
    return Campaign(
        code=head["code"],
        label=head["libelle"],
        start=head["debut"],
        extraction_date=head["date_extraction"],
        exercises=tuple(head["exercices_comptables"]),
        root=root,
        raw=raw,
        processed=root / folders["traite"],
        reports=root / folders["rapports"],
        definitions=dict(settings["definitions"]),
        thresholds=Thresholds(settings["seuils"]["pourcentage"], settings["seuils"]["secret"]),
        lump_sum=float(settings["financement"]["forfait"]),
        counting_day=(int(month), int(day)),
        reference=root / reference if reference else None,
        questions=tuple(
            Question(q["code"], q["enonce"], q["registre"], tuple(q.get("carnets", ())))
            for q in settings.get("questions", ())
        ),
        key_variable=settings["confidentialite"]["variable_cle"],
        simulation_key=settings["confidentialite"].get("cle_simulation", ""),
        simulated=_is_simulated(raw),
        settings=settings,
    )


def _is_simulated(raw: Path) -> bool:
    origin = raw / "ORIGIN.toml"
    return origin.is_file() and read_toml(origin, f"{origin.name} de « {raw.name} »").get("simulated") is True
