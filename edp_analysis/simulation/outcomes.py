"""Who leaves, when, with what: the core table dealt to the learners, then the details of each exit."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.problems import UserError
from edp_analysis.simulation.core import OLD
from edp_analysis.simulation.days import course_end, draw_day
from edp_analysis.simulation.sampling import choose, deal, systematic, tilt
from edp_analysis.simulation.settings import SimulationSettings
from edp_analysis.simulation.truth import records

__all__ = ["add_core", "add_exit_days", "add_follow_up", "add_situations", "add_statuses"]

_MARGIN = timedelta(days=15)
_SITUATIONS: dict[str, dict[str, float]] = {
    "REPRISE": {"APPRENTISSAGE": 55, "SCOLAIRE": 30, "FORMATION_QUALIFIANTE": 15},
    "NEGATIVE": {"RECHERCHE_EMPLOI": 68, "RECHERCHE_FORMATION": 26, "INACTIF": 6},
    "NEGATIVE_ANTICIPEE": {"RECHERCHE_EMPLOI": 27, "RECHERCHE_FORMATION": 28, "ABANDON_PERSONNEL": 36, "INACTIF": 9},
    "EMPLOI": {
        "CDI": 20, "CDD_6M_PLUS": 24, "CDD_3_6M": 18, "CDD_MOINS_3M": 12, "INTERIM": 16, "SERVICE_CIVIQUE": 10,
    },
    "INCONNUE": {"INCONNUE": 1},
}  # fmt: skip
_REASONS: dict[str, dict[str, float]] = {
    "APPRENTISSAGE": {"APPRENTISSAGE": 90, "PROJET": 10},
    "SCOLAIRE": {"REORIENTATION": 85, "PROJET": 15},
    "FORMATION_QUALIFIANTE": {"REORIENTATION": 80, "PROJET": 20},
    "RECHERCHE_EMPLOI": {"ABSENTEISME": 40, "EXCLUSION": 20, "PROJET": 25, "MOBILITE": 15},
    "RECHERCHE_FORMATION": {"PROJET": 50, "ABSENTEISME": 25, "MOBILITE": 15, "ADMINISTRATIF": 10},
    "ABANDON_PERSONNEL": {"FAMILLE": 50, "SANTE": 20, "LOGEMENT": 12, "PROJET": 18},
    "INACTIF": {"SANTE": 70, "FAMILLE": 30},
    "INCONNUE": {"ABSENTEISME": 100},
}
_LATER: dict[str, dict[str, float]] = {
    "REPRISE": {"": 78, "RECHERCHE_EMPLOI": 8, "CDD_3_6M": 6, "INCONNUE": 8},
    "NEGATIVE": {"": 40, "CDD_MOINS_3M": 10, "INTERIM": 12, "CDI": 5, "APPRENTISSAGE": 8, "INCONNUE": 25},
    "EMPLOI": {"": 66, "CDI": 14, "RECHERCHE_EMPLOI": 10, "INCONNUE": 10},
    "INCONNUE": {"": 85, "RECHERCHE_EMPLOI": 10, "REFUS": 5},
}


def add_statuses(
    frame: pd.DataFrame, campaign: Campaign, settings: SimulationSettings, rng: np.random.Generator
) -> pd.DataFrame:
    """Say who has left and when about: columns ``statut`` and ``vague`` (before or after the counting day).

    Among intakes whose course has ended, those who did not complete left early. One more year of age multiplies the
    odds of leaving early by the planted ratio; sex plays no part.

    Raises
    ------
    UserError
        The number of learners present on the counting day cannot be reached.
    """
    old = (frame["periode"] == OLD).to_numpy()
    status = np.where(old, "FIN_DE_FORMATION", "INSCRIT").astype(object)
    wave = np.full(len(frame), "", dtype=object)
    by_age = np.log(settings.age_odds_ratio) * frame["age_entree"].to_numpy(dtype=float)

    def leave(candidates: np.ndarray, count: int, name: str) -> None:
        order = candidates[np.lexsort((rng.random(candidates.size), by_age[candidates]))]
        try:
            picked = order[systematic(tilt(by_age[order], count), rng)]
        except ValueError as error:
            raise UserError(
                f"[simulation] sorties anticipées impossibles à placer ({name}) : {error}.",
                "Revoir [simulation.effectifs] et les promotions.",
            ) from error
        status[picked], wave[picked] = "SORTIE_ANTICIPEE", name

    leave(np.flatnonzero(old), int(old.sum()) - settings.completers, OLD)
    counting = campaign.last_counting_date
    entered = frame["date_entree"].map(lambda day: day <= counting - 3 * _MARGIN).to_numpy()
    funding = {school.code: school.funding for school in settings.schools}
    paid = (frame["ecole"].map(funding) == "FORFAIT").to_numpy()
    counted = frame["date_entree"].map(lambda day: day <= counting).to_numpy()
    recent_exits = settings.leavers - int(old.sum())
    paid_exits = int((~old & paid & counted).sum()) - settings.paid_present
    leave(np.flatnonzero(~old & paid & entered), paid_exits, "AVANT")
    unpaid_exits = recent_exits - paid_exits - settings.late_exits
    leave(np.flatnonzero(~old & ~paid & entered), unpaid_exits, "AVANT")
    leave(np.flatnonzero((status == "INSCRIT") & entered), settings.late_exits, "APRES")
    return frame.assign(statut=pd.array(status, dtype="str"), vague=pd.array(wave, dtype="str"))


def add_core(
    frame: pd.DataFrame, core: pd.DataFrame, settings: SimulationSettings, rng: np.random.Generator
) -> pd.DataFrame:
    """Deal the core's counts: sex (by school), result (by school), outcome.

    The school's share of girls is the same every year, so that the overall share moves with composition only; the
    school weighs on certification, sex does not.
    """
    schools = {school.code: school for school in settings.schools}
    girls = frame["ecole"].map(lambda code: schools[code].girls).to_numpy(dtype=float)
    failures = frame["ecole"].map(lambda code: schools[code].failures).to_numpy(dtype=float)
    sex = np.full(len(frame), "H", dtype=object)
    result = np.full(len(frame), "", dtype=object)
    outcome = np.full(len(frame), "", dtype=object)
    counts = core.groupby(["statut", "periode", "sexe"])["effectif"].sum()
    for (status, period), group in frame.groupby(["statut", "periode"], sort=True):
        rows = group.sort_values(["ecole", "promotion"], kind="stable").index.to_numpy()
        picked = systematic(tilt(_log_odds(girls[rows]), int(counts.get((status, period, "F"), 0))), rng)
        sex[rows[picked]] = "F"
    keys = pd.DataFrame({"statut": frame["statut"], "periode": frame["periode"], "sexe": sex})
    for (status, period, of_sex), group in keys.groupby(["statut", "periode", "sexe"], sort=True):
        if status == "INSCRIT":
            continue
        cells = core[(core["statut"] == status) & (core["periode"] == period) & (core["sexe"] == of_sex)]
        rows = group.index.to_numpy()
        if status == "FIN_DE_FORMATION":
            order = rows[np.lexsort((rng.random(rows.size), frame["ecole"].to_numpy(dtype=str)[rows]))]
            result[order] = _results(order, cells, failures, rng)
        for of_result, dealt in cells.groupby("resultat"):
            chosen = rows[result[rows] == of_result]
            pack = {str(name): int(n) for name, n in zip(dealt["devenir"], dealt["effectif"], strict=True)}
            outcome[chosen] = deal(pack, rng)
    return frame.assign(
        sexe=pd.array(sex, dtype="str"),
        resultat_examen=pd.array(result, dtype="str"),
        devenir=pd.array(outcome, dtype="str"),
    )


def _log_odds(p: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)  # type: ignore[no-any-return]


def _results(rows: np.ndarray, cells: pd.DataFrame, failures: np.ndarray, rng: np.random.Generator) -> list[str]:
    counts = {str(name): int(n) for name, n in cells.groupby("resultat")["effectif"].sum().items()}
    passed = counts.pop("ADMIS")
    failed = systematic(tilt(_log_odds(failures[rows]), rows.size - passed), rng)
    others = iter(deal(counts, rng))
    return [next(others) if fails else "ADMIS" for fails in failed]


def add_exit_days(frame: pd.DataFrame, campaign: Campaign, rng: np.random.Generator) -> pd.DataFrame:
    """Draw ``date_sortie``: end of June or early July for completers, mostly the first year for early exits."""
    counting, extraction = campaign.last_counting_date, campaign.extraction_date

    def exit_day(status: str, wave: str, entry: date) -> date | None:
        end = course_end(entry)
        if status == "INSCRIT":
            return None
        if status == "FIN_DE_FORMATION":
            return draw_day(end - timedelta(days=12), end, rng)
        if wave == "APRES":
            return draw_day(counting + _MARGIN, extraction - timedelta(days=5), rng)
        last = end - timedelta(days=60) if wave == OLD else counting - timedelta(days=9)
        first = entry + _MARGIN
        # Three early exits of four come within some nine months.
        if rng.random() < 0.75:
            last = min(last, entry + timedelta(days=280))
        return draw_day(min(first, last), last, rng)

    days = [exit_day(row.statut, row.vague, row.date_entree) for row in records(frame)]
    return frame.assign(date_sortie=pd.Series(days, index=frame.index, dtype=object))


def add_situations(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw ``situation_sortie`` within its outcome, and a ``motif_sortie`` that goes with it."""
    situations: list[str | None] = []
    reasons: list[str | None] = []
    for row in records(frame):
        if row.statut == "INSCRIT":
            situations.append(None)
            reasons.append(None)
            continue
        early = row.statut == "SORTIE_ANTICIPEE"
        situation = choose(
            _SITUATIONS["NEGATIVE_ANTICIPEE" if early and row.devenir == "NEGATIVE" else row.devenir], rng
        )
        situations.append(situation)
        if not early:
            reasons.append("FIN_CURSUS")
        else:
            reasons.append(choose(_REASONS.get(situation, {"EMPLOI": 1}), rng) if rng.random() < 0.94 else None)
    return frame.assign(
        situation_sortie=pd.Series(situations, index=frame.index, dtype=object),
        motif_sortie=pd.Series(reasons, index=frame.index, dtype=object),
    )


def add_follow_up(frame: pd.DataFrame, campaign: Campaign, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the situations at six and twelve months, known for a minority, often « unknown »."""
    columns: dict[str, list[str | None]] = {"situation_6m": [], "situation_12m": []}
    for row in records(frame):
        for name, days, asked in (("situation_6m", 183, 0.45), ("situation_12m", 365, 0.3)):
            due = row.date_sortie is not None and row.date_sortie + timedelta(days=days) <= campaign.extraction_date
            if not due or rng.random() >= asked:
                columns[name].append(None)
                continue
            columns[name].append(choose(_LATER[row.devenir], rng) or row.situation_sortie)
    return frame.assign(
        **{name: pd.Series(values, index=frame.index, dtype=object) for name, values in columns.items()}
    )
