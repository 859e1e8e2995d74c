"""The public file *InserJeunes CFA*: rates by establishment, read as the distribution of a region.

One row an establishment and a pair of cohorts; rates are whole percentages, empty below 20 leavers. The file has no
head counts, so that nothing in it gives a regional rate: what it gives is a median of establishments, and is called so.
The headings accepted are in ``contract/mappings/inserjeunes.csv``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from edp_analysis.contract import normalise_text
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.numbers import NumberError, read_number
from edp_analysis.intake.raw import RawSheet, column_letters
from edp_analysis.problems import Place, Problem, Severity

__all__ = ["READING", "Inserjeunes", "read_inserjeunes", "region_distribution"]

READING = "médiane des établissements, et non taux régional"
"""What the figures of :func:`region_distribution` are, to be printed with them."""

_HEADINGS = Path(__file__).parent.parent / "contract" / "mappings" / "inserjeunes.csv"
_KEYS = ("cumul", "uai", "etablissement", "region")
_NEEDED = ("cumul", "uai", "region")
_COLUMNS = (*_KEYS, "indicateur", "taux")
_NOT_GIVEN = frozenset({"", "nd", "na", "n d", "ns", "s"})


@dataclass(frozen=True)
class Inserjeunes:
    """What the file holds.

    Attributes
    ----------
    rates : pandas.DataFrame
        ``cumul`` (the pair of cohorts, e.g. ``"2023-2024"``), ``uai``, ``etablissement``, ``region`` (as written),
        ``indicateur``, ``taux`` (percentage). One row a rate that is given.
    establishments : pandas.DataFrame
        ``cumul``, ``uai``, ``region``: one row an establishment, with or without rates.
    problems : tuple of Problem
    """

    rates: pd.DataFrame
    establishments: pd.DataFrame
    problems: tuple[Problem, ...]


def read_inserjeunes(path: Path) -> Inserjeunes:
    r"""Read the file, as downloaded (text or workbook).

    A rate that is not a number between 0 and 100 is set aside with its problem; an establishment given twice for the
    same cohorts is read once.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Inserjeunes
        Empty, with a blocking problem, when the file cannot be read or lacks its key columns. Never raises for a bad
        file.

    Examples
    --------
    >>> import tempfile
    >>> text = "Année;UAI;Libellé;Région;Taux emploi 6 mois\ncumul 2023-2024;0990001A;CFA d'essai;NORMANDIE;67"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "inserjeunes.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     read_inserjeunes(path).rates[["cumul", "indicateur", "taux"]].values.tolist()
    [['2023-2024', 'emploi_6m', 67.0]]
    """
    sheets, problems = read_sheets(path)
    rates: list[tuple[object, ...]] = []
    seen: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        problems = [*problems, *_read_sheet(sheet, rates, seen)]
    places = [(cumul, uai, region) for (cumul, uai), region in seen.items()]
    return Inserjeunes(
        pd.DataFrame(rates, columns=list(_COLUMNS)).astype({"taux": float}),
        pd.DataFrame(places, columns=["cumul", "uai", "region"]),
        tuple(problems),
    )


def region_distribution(found: Inserjeunes, region: str, minimum: int = 5) -> pd.DataFrame:
    """Quartiles over the establishments of a region, for each pair of cohorts and indicator.

    Parameters
    ----------
    found : Inserjeunes
    region : str
        In any writing (« Normandie », « NORMANDIE »).
    minimum : int, default 5
        Establishments with a rate below which no quartile is given.

    Returns
    -------
    pandas.DataFrame
        ``cumul``, ``indicateur``, ``libelle``, ``base``, ``etablissements`` (with a rate), ``sans_taux`` (rate not
        given), ``quartile_1``, ``mediane``, ``quartile_3`` (percentages, interpolated linearly; empty below `minimum`),
        ``lecture``. In the order of the cohorts, then of the file's indicators. Indicators that no establishment of the
        region has are left out.

    Raises
    ------
    ValueError
        The region has no establishment in the file.

    Examples
    --------
    >>> rates = pd.DataFrame({"cumul": "2023-2024", "uai": list("abcde"), "etablissement": "", "region": "NORMANDIE",
    ...                       "indicateur": "emploi_6m", "taux": [50.0, 60, 67, 70, 80]})
    >>> found = Inserjeunes(rates, rates[["cumul", "uai", "region"]], ())
    >>> region_distribution(found, "Normandie")[["quartile_1", "mediane", "quartile_3"]].values.tolist()
    [[60.0, 67.0, 70.0]]
    """
    wanted = normalise_text(region)
    known = {name: normalise_text(name) for name in found.establishments["region"].unique()}
    names = [name for name, flat in known.items() if flat == wanted]
    if not names:
        listed = ", ".join(sorted(known)) or "aucune"
        raise ValueError(f"région « {region} » absente du fichier InserJeunes ; régions lues : {listed}")
    here = found.rates[found.rates["region"].isin(names)]
    size = found.establishments[found.establishments["region"].isin(names)].groupby("cumul")["uai"].size()
    rows = []
    for cumul in sorted(size.index):
        for code, (label, base) in _indicators().items():
            values = here.loc[(here["cumul"] == cumul) & (here["indicateur"] == code), "taux"].to_numpy()
            if len(values) == 0:
                continue
            quartiles = np.quantile(values, [0.25, 0.5, 0.75]) if len(values) >= minimum else [np.nan] * 3
            rows.append((cumul, code, label, base, len(values), int(size[cumul]) - len(values), *quartiles, READING))
    titles = ["cumul", "indicateur", "libelle", "base", "etablissements", "sans_taux"]
    return pd.DataFrame(rows, columns=[*titles, "quartile_1", "mediane", "quartile_3", "lecture"])


@cache
def _headings() -> tuple[dict[str, str], ...]:
    with _HEADINGS.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, delimiter=";"))


def _indicators() -> dict[str, tuple[str, str]]:
    return {row["colonne"]: (row["libelle"], row["base"]) for row in _headings() if row["colonne"] not in _KEYS}


def _columns(row: tuple[object, ...]) -> dict[str, int]:
    known = {normalise_text(title): line["colonne"] for line in _headings() for title in line["titres"].split("|")}
    columns: dict[str, int] = {}
    for place, title in enumerate(row):
        name = known.get(normalise_text(title)) if title is not None else None
        if name is not None:
            columns.setdefault(name, place)
    return columns


def _read_sheet(sheet: RawSheet, rates: list[tuple[object, ...]], seen: dict[tuple[str, str], str]) -> list[Problem]:
    header = next((index for index in range(len(sheet.rows)) if not sheet.blank_row(index)), None)
    if header is None:
        return []
    columns = _columns(sheet.rows[header])
    lacking = [name for name in _NEEDED if name not in columns]
    if lacking or not set(columns) & set(_indicators()):
        return [_unknown(sheet, lacking)]
    problems = []
    for index in range(header + 1, len(sheet.rows)):
        if sheet.blank_row(index):
            continue
        cumul, uai, school, region = (_text(sheet, index, columns.get(name)) for name in _KEYS)
        cumul = cumul.removeprefix("cumul").strip()
        if not (cumul and uai and region):
            problems.append(
                _problem(sheet, index, 0, "ligne-incomplete", "année, UAI ou région manque", "", "les trois")
            )
        elif (cumul, uai) in seen:
            what = "cet établissement figure déjà pour ces cohortes"
            problems.append(_problem(sheet, index, columns["uai"], "etablissement-en-double", what, uai, "une ligne"))
        else:
            seen[cumul, uai] = region
            for code in _indicators():
                rate = _rate(sheet, index, columns[code]) if code in columns else None
                if isinstance(rate, Problem):
                    problems.append(rate)
                elif rate is not None:
                    rates.append((cumul, uai, school, region, code, rate))
    return problems


def _rate(sheet: RawSheet, index: int, column: int) -> float | Problem | None:
    text = _text(sheet, index, column)
    if normalise_text(text) in _NOT_GIVEN:
        return None
    try:
        rate = read_number(text, "%")
    except NumberError as error:
        return _problem(sheet, index, column, error.rule, error.what, text, "un pourcentage, ou une cellule vide")
    if not 0 <= rate <= 100:
        what = "ce taux n'est pas entre 0 et 100"
        return _problem(sheet, index, column, "taux-hors-bornes", what, text, "un pourcentage")
    return rate


def _text(sheet: RawSheet, index: int, column: int | None) -> str:
    row = sheet.rows[index]
    value = row[column] if column is not None and column < len(row) else None
    return "" if value is None else " ".join(str(value).split())


def _problem(sheet: RawSheet, index: int, column: int, rule: str, what: str, value: str, expected: str) -> Problem:
    place = Place(sheet.file, sheet.name, f"{column_letters(column)}{index + 1}")
    return Problem(rule, what, place, value, expected, "Valeur laissée de côté ; vérifier à la source.", Severity.CHECK)


def _unknown(sheet: RawSheet, lacking: list[str]) -> Problem:
    titles = {row["colonne"]: row["titres"].split("|")[0] for row in _headings()}
    needed = [titles[name] for name in lacking] or ["au moins un taux"]
    return Problem(
        "inserjeunes-non-reconnu",
        "ce n'est pas le fichier InserJeunes par CFA : des colonnes manquent",
        Place(sheet.file, sheet.name),
        expected=", ".join(needed),
        remedy="Télécharger de nouveau le fichier par établissement, sans retirer de colonne.",
        severity=Severity.BLOCKING,
    )
