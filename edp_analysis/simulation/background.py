"""Where the simulated learners come from: origin, age, place, and what the school knows of their past."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from edp_analysis.simulation.places import PLACES
from edp_analysis.simulation.sampling import choose, deal, systematic, tilt
from edp_analysis.simulation.settings import SchoolSettings, SimulationSettings
from edp_analysis.simulation.truth import records

__all__ = ["add_ages", "add_origins", "add_past", "add_places"]

Weights = Mapping[object, float]

_CLASSES: dict[str, dict[str, float]] = {
    "primaire": {"0001": 1},
    "college": {"1021": 62, "1023": 18, "1017": 6, "1019": 6, "1005": 5, "1003": 3},
    "lgt": {"2001": 60, "2003": 20, "2005": 15, "2007": 5},
    "lp_niveau3": {"3001": 70, "3003": 30},
    "lp_niveau4": {"3031": 65, "3032": 27, "3033": 8},
    "non_scolarise_ml": {"5907": 65, "5903": 15, "5905": 10, "5909": 10},
    "etranger": {"0009": 1},
    "ulis_segpa_itep": {"1023": 55, "1021": 25, "1019": 20},
    "autre": {"9900": 1},
    "vide": {"": 1},
}
_AGES: dict[str, dict[int, float]] = {
    "college": {14: 5, 15: 43, 16: 34, 17: 14, 18: 4},
    "lgt": {15: 8, 16: 38, 17: 34, 18: 16, 19: 4},
    "lp_niveau3": {16: 36, 17: 36, 18: 20, 19: 8},
    "lp_niveau4": {15: 6, 16: 38, 17: 34, 18: 17, 19: 5},
    "non_scolarise_ml": {16: 20, 17: 38, 18: 27, 19: 15},
    "vide": {15: 26, 16: 36, 17: 24, 18: 11, 19: 3},
}
_OTHER_AGES: dict[int, float] = {15: 25, 16: 35, 17: 25, 18: 15}
_DEVICES = {"SEGPA": 55.0, "ULIS": 30.0, "ITEP": 15.0}
_COUNTRIES = {"MA": 25.0, "DZ": 20.0, "GN": 20.0, "CI": 15.0, "PT": 10.0, "AF": 10.0}
_DIPLOMAS: dict[str, dict[str, float]] = {
    "college": {"01": 48, "02": 24, "03": 28},
    "lgt": {"01": 10, "03": 90},
    "lp_niveau3": {"01": 40, "02": 22, "03": 34, "04": 4},
    "lp_niveau4": {"01": 25, "02": 10, "03": 65},
    "non_scolarise_ml": {"01": 55, "02": 15, "03": 26, "04": 4},
    "vide": {"01": 40, "02": 20, "03": 40},
}
_OTHER_DIPLOMAS: dict[str, float] = {"01": 75, "02": 25}
_MONTHS: dict[str, tuple[int, int]] = {
    "college": (0, 6),
    "ulis_segpa_itep": (0, 6),
    "lgt": (0, 11),
    "lp_niveau3": (0, 14),
    "lp_niveau4": (0, 14),
    "non_scolarise_ml": (4, 30),
    "primaire": (12, 48),
    "etranger": (2, 24),
}
_REPORTED = {"non_scolarise_ml": 0.5, "lp_niveau3": 0.22, "lp_niveau4": 0.22, "lgt": 0.15, "college": 0.05}
_SOURCES = {
    "COLLEGE": 30.0, "CIO": 9.0, "ML": 13.0, "PSAD": 4.0, "FAMILLE": 19.0, "RESEAU_SOCIAL": 9.0,
    "ENTREPRISE": 4.0, "SALON": 8.0, "FRANCE_TRAVAIL": 2.0, "AUTRE": 2.0,
}  # fmt: skip
_NEIGHBOURS = {"14": "50", "27": "76", "50": "14", "61": "14", "76": "27"}


def add_origins(
    frame: pd.DataFrame, counts: Mapping[str, int], settings: SimulationSettings, rng: np.random.Generator
) -> pd.DataFrame:
    """Deal the origins (column ``origine``) so that their counts are exact.

    Blanks gather in the schools that do not ask; pupils of special devices are put where the school can say so.
    """
    schools = {school.code: school for school in settings.schools}
    share = frame["ecole"].map(lambda code: schools[code].blank_origin).to_numpy(dtype=float)
    with np.errstate(divide="ignore"):
        blank = systematic(tilt(np.log(share) - np.log1p(-share), counts["vide"]), rng)
    origin = np.full(len(frame), "vide", dtype=object)
    open_rows = np.flatnonzero(~blank)
    knows_device = ~frame["ecole"].map(lambda code: "dispositif_specialise" in schools[code].without).to_numpy()
    special = rng.permutation(open_rows[knows_device[open_rows]])[: counts["ulis_segpa_itep"]]
    origin[special] = "ulis_segpa_itep"
    rest = np.setdiff1d(open_rows, special)
    others = {name: count for name, count in counts.items() if name not in {"vide", "ulis_segpa_itep"}}
    origin[rest] = deal(others, rng)
    return frame.assign(origine=pd.array(origin, dtype="str"))


def add_ages(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the age at entry (column ``age_entree``, years) given the origin."""
    ages = [_weighted(_AGES.get(origin, _OTHER_AGES), rng) for origin in frame["origine"]]
    return frame.assign(age_entree=ages)


def add_past(frame: pd.DataFrame, settings: SimulationSettings, rng: np.random.Generator) -> pd.DataFrame:
    """Draw last class, device, country, diploma, months out of school, report to the platform, who sent them."""
    schools = {school.code: school for school in settings.schools}
    rows = [_past(row.origine, row.age_entree, schools[row.ecole], rng) for row in records(frame)]
    return frame.join(pd.DataFrame(rows, index=frame.index))


def _past(origin: str, age: int, school: SchoolSettings, rng: np.random.Generator) -> dict[str, object]:
    known = origin != "vide"
    classes = {code: w for code, w in _CLASSES[origin].items() if age <= 15 or code not in {"1003", "1005"}}
    last_class: str | None = choose(classes, rng) or None
    country: str | None = "FR" if known and rng.random() < 0.8 else None
    device: str | None = "AUCUN" if rng.random() < (0.6 if known else 0.3) else None
    if origin == "etranger":
        country = choose(_COUNTRIES, rng)
        if "pays_dernier_etablissement" not in school.without and rng.random() < 0.4:
            last_class = None
    if origin == "ulis_segpa_itep":
        device = choose(_DEVICES, rng)
    months = _MONTHS.get(origin)
    asked = 0.9 if known else 0.25
    return {
        "derniere_classe": last_class,
        "dispositif_specialise": device,
        "pays_dernier_etablissement": country,
        "mois_hors_scolarite": _months(months, rng) if months and rng.random() < asked else None,
        "signale_psad": bool(rng.random() < _REPORTED.get(origin, 0.03)) if rng.random() < asked else None,
        "diplome_obtenu": choose(_DIPLOMAS.get(origin, _OTHER_DIPLOMAS), rng) if rng.random() < asked else None,
        "orienteur": choose(_SOURCES, rng) if rng.random() < 0.85 else None,
        "rqth": bool(rng.random() < (0.35 if origin == "ulis_segpa_itep" else 0.05)) if rng.random() < 0.9 else None,
    }


def _months(bounds: tuple[int, int], rng: np.random.Generator) -> int:
    # Two months is a summer: the usual gap of those who come straight from a class.
    low, high = bounds
    return 2 if low <= 2 and rng.random() < 0.45 else int(rng.integers(low, high + 1))


def add_places(frame: pd.DataFrame, settings: SimulationSettings, rng: np.random.Generator) -> pd.DataFrame:
    """Draw residence: nearly always the school's département, sometimes the next one."""
    departments = {school.code: school.department for school in settings.schools}
    rows = []
    for code in frame["ecole"]:
        home = departments[code]
        pool = PLACES[home if rng.random() < 0.9 else _NEIGHBOURS[home]]
        postcode, commune = pool[int(rng.integers(len(pool)))]
        rows.append(
            {
                "code_postal": postcode if rng.random() < 0.97 else None,
                "commune_residence_insee": commune if rng.random() < 0.85 else None,
                "qpv": bool(rng.random() < 0.17) if rng.random() < 0.8 else None,
            }
        )
    return frame.join(pd.DataFrame(rows, index=frame.index))


def _weighted(weights: Mapping[int, float], rng: np.random.Generator) -> int:
    return int(choose({str(value): weight for value, weight in weights.items()}, rng))
