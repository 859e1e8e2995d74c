"""One model of ordered answers on sex and seniority together: a gap of one may hide a gap of the other."""

from __future__ import annotations

import pandas as pd

from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.indicators.participation import NO_ANSWER
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.survey_groups import anciennete, filles_garcons, scale_codes
from edp_analysis.statistics.ordered_logit import binary_logits, ordered_logit
from edp_analysis.statistics.proportions import Interval

__all__ = ["cotes"]

_LEVEL = 0.95


def cotes(enquete: pd.DataFrame, question: str, seuil: int) -> dict[str, Indicator]:
    """Fit one proportional-odds model of the answers on sex and seniority together.

    Parameters
    ----------
    enquete : pandas.DataFrame
        Clean responses.
    question : str
        Code or column of a question of opinion.
    seuil : int
        Respondents needed in each group.

    Returns
    -------
    dict of str to Indicator
        ``fille`` and ``premiere``: odds ratio of a more favourable answer, the other held, with its interval;
        ``fille_min``, ``fille_max``…: the smallest and largest odds ratio of the binary regressions, one a cut of the
        scale, which should agree with it. No value where the model cannot be fitted, with the reason.
    """
    frame = pd.DataFrame({"fille": filles_garcons(enquete), "premiere": anciennete(enquete)})
    frame = (frame == ["Filles", "Première année"]).where(frame.notna())
    asked = load_questionnaire()[question]
    rank = enquete[asked.column].map({code: rank for rank, code in enumerate(scale_codes(asked))})
    kept = frame.notna().all(axis=1) & rank.notna()
    design, answers = frame[kept].astype(float), rank[kept].astype(float)
    small = any(min(column.sum(), len(column) - column.sum()) < seuil for _, column in design.items())
    if small or design.empty:
        return _odds({}, NO_ANSWER if enquete.empty else f"moins de {seuil} réponses dans un des groupes")
    try:
        whole = ordered_logit(answers, design).coefficients
        cuts = binary_logits(answers, design)
    except ValueError as error:
        return _odds({}, str(error))
    values: dict[str, tuple[float, Interval | None]] = {}
    for name, value, low, high in whole[["variable", "rapport_de_cotes", "bas", "haut"]].itertuples(index=False):
        each = cuts.loc[cuts["variable"] == name, "rapport_de_cotes"].dropna()
        values[str(name)] = (value, Interval(low, high, _LEVEL, "Wald"))
        values |= {f"{name}_min": (float(each.min()), None), f"{name}_max": (float(each.max()), None)}
    return _odds(values, "")


def _odds(values: dict[str, tuple[float, Interval | None]], reason: str) -> dict[str, Indicator]:
    labels = {"fille": "Filles rapportées aux garçons", "premiere": "Première année rapportée aux suivantes"}
    found = {}
    for name in (f"{group}{suffix}" for group in labels for suffix in ("", "_min", "_max")):
        value, interval = values.get(name, (None, None))
        label = labels[name.split("_")[0]]
        found[name] = Indicator(
            f"cotes_{name}", label, value, "", "répondants", interval=interval, method="rapport de cotes", reason=reason
        )
    return found
