"""Groups of respondents compared: girls and boys, newcomers and others.

What is shown and judged is the plain difference of the two shares of favourable answers, that a reader can redo. Beside
it, for specialists, the whole ordered scale is compared, those without an opinion left out.

All the comparisons of a page are one family: the intervals are widened so that together they keep their 95 %, and the
p-values of the scale are adjusted together (Holm). Below the campaign's threshold in one of the groups, nothing is
compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from edp_analysis.contract.questionnaire import Question, load_questionnaire
from edp_analysis.contract.schema import normalise_text
from edp_analysis.indicators.gaps import gap, p_words
from edp_analysis.indicators.participation import NO_ANSWER, champ_enquete
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.satisfaction import accord, accords
from edp_analysis.intake.dates import school_year
from edp_analysis.statistics.comparisons import newcombe
from edp_analysis.statistics.multiplicity import adjust
from edp_analysis.statistics.ordinal import OrdinalComparison, compare_ordered
from edp_analysis.statistics.proportions import Interval

__all__ = [
    "UNITS",
    "Comparison",
    "anciennete",
    "comparer",
    "etablies",
    "etablies_sur_l_echelle",
    "filles_garcons",
    "la_plus_nette",
    "scale_codes",
    "synthese",
    "tableau",
]

_LEVEL = 0.95
_SCALE = "Écart sur toute l’échelle"
UNITS = {"Groupes": "groupe", **dict.fromkeys((_SCALE, "p", "p ajustée"), "csv")}
"""Units of :func:`tableau`: what only the CSV file holds, and the column that heads the rows."""


@dataclass(frozen=True)
class Comparison:
    """One question, two groups.

    Attributes
    ----------
    question : str
        Wording.
    groups : tuple of str
        First and second group, in French.
    shares : tuple of Indicator
        Favourable answers in each group.
    gap : Indicator
        First share minus the second, in points. Its interval (Newcombe) is widened for the number of comparisons.
    scale : Indicator
        Net gap on the whole scale, in points: of a hundred pairs made of one person of each group, those where the
        first answers more favourably minus those where she answers less favourably. Its interval is widened too.
    p, adjusted : float or None
        p-value of the whole scale (Brunner–Munzel), raw and adjusted by Holm.
    """

    question: str
    groups: tuple[str, str]
    shares: tuple[Indicator, Indicator]
    gap: Indicator
    scale: Indicator
    p: float | None = None
    adjusted: float | None = None

    @property
    def established(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        interval = self.gap.interval
        return interval is not None and not interval.low <= 0 <= interval.high

    @property
    def verdict(self) -> str:
        """What may be said, in words that the claim guard checks."""
        if self.gap.value is None:
            return "comparaison non calculable"
        return "écart établi" if self.established else "écart non établi"


def filles_garcons(enquete: pd.DataFrame) -> pd.Series:
    """Return the group of each respondent: « Filles » or « Garçons », missing where the question was left blank.

    Examples
    --------
    >>> filles_garcons(pd.DataFrame({"sexe": ["F", "H", None]})).dropna().tolist()
    ['Filles', 'Garçons']
    """
    return enquete["sexe"].map({"F": "Filles", "H": "Garçons"})


def anciennete(enquete: pd.DataFrame) -> pd.Series:
    """Return « Première année » for those who entered in the school year of the survey, « Suivantes » otherwise.

    Missing where the year of entry is, or where no answer bears a date.

    Examples
    --------
    >>> frame = pd.DataFrame({"annee_scolaire_entree": ["2023-2024", "2022-2023"],
    ...                       "date_reponse": pd.to_datetime(["2024-03-01", "2024-03-02"])})
    >>> anciennete(frame).tolist()
    ['Première année', 'Suivantes']
    """
    days, year = enquete["date_reponse"].dropna(), enquete["annee_scolaire_entree"]
    if days.empty:
        return pd.Series(None, index=enquete.index, dtype="object")
    first = year == school_year(days.max().date())
    return first.map({True: "Première année", False: "Suivantes"}).where(year.notna())


_GROUPINGS = (
    (filles_garcons, ("Filles", "Garçons")),
    (anciennete, ("Première année", "Suivantes")),
)


def comparer(enquete: pd.DataFrame, seuil: int) -> tuple[Comparison, ...]:
    """Compare girls with boys, then newcomers with the others, on each question of opinion.

    Those without an opinion stay in the base of the shares, as everywhere in the page, and are left out of the
    comparison of the scales, where they have no rank.

    Parameters
    ----------
    enquete : pandas.DataFrame
        Clean responses.
    seuil : int
        Answers needed in each group, persons.

    Returns
    -------
    tuple of Comparison
        In the order of the questionnaire; what cannot be compared keeps its place, with the reason.
    """
    found: list[tuple[Comparison, tuple[np.ndarray, np.ndarray] | None]] = []
    for grouping, names in _GROUPINGS:
        groups = grouping(enquete)
        found += [_prepare(enquete, groups, names, code, seuil) for code in accords(enquete)]
    pvalues = {
        str(rank): compare_ordered(*counts).test.pvalue for rank, (_, counts) in enumerate(found) if counts is not None
    }
    if not pvalues:
        return tuple(item for item, _ in found)
    level = 1 - (1 - _LEVEL) / len(pvalues)
    holm = adjust(pvalues).set_index("comparaison")["p_ajustee"]
    return tuple(
        item if counts is None else _measured(item, compare_ordered(*counts, level), float(holm[str(rank)]))
        for rank, (item, counts) in enumerate(found)
    )


def tableau(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Lay comparisons out: both shares, their difference, what may be said; for the CSV file, the whole scale.

    Without a row when none could be made. Units: :data:`UNITS`.
    """
    comparisons = comparisons if any(item.gap.value is not None for item in comparisons) else ()
    return pd.DataFrame(
        {
            "Groupes": [" et ".join(item.groups).capitalize() for item in comparisons],
            "Question": [item.question for item in comparisons],
            "Favorables, premier groupe": [item.shares[0] for item in comparisons],
            "Favorables, second groupe": [item.shares[1] for item in comparisons],
            "Écart": [item.gap for item in comparisons],
            "Établi": ["oui" if item.established else "non" for item in comparisons],
            _SCALE: [item.scale for item in comparisons],
            "p": [_p(item.p) for item in comparisons],
            "p ajustée": [_p(item.adjusted) for item in comparisons],
        }
    )


def etablies(comparisons: Sequence[Comparison]) -> Indicator:
    """Count the comparisons whose difference is established, of those that could be made."""
    label = "Comparaisons dont la différence est établie"
    return _counted("ecarts_etablis", label, comparisons, lambda item: item.established, "Newcombe, Bonferroni")


def etablies_sur_l_echelle(comparisons: Sequence[Comparison]) -> Indicator:
    """Count the comparisons that the whole scale establishes, of those that could be made."""
    label, level = "Comparaisons établies sur toute l’échelle", 1 - _LEVEL
    return _counted(
        "ecarts_etablis_echelle",
        label,
        comparisons,
        lambda item: (item.adjusted or 0.0) <= level,
        "Brunner-Munzel, Holm",
    )


def _counted(
    id: str, label: str, comparisons: Sequence[Comparison], chosen: Callable[[Comparison], bool], method: str
) -> Indicator:
    made = [item for item in comparisons if item.gap.value is not None]
    yes = sum(map(chosen, made))
    if not made:
        reason = comparisons[0].gap.reason if comparisons else NO_ANSWER
        return Indicator(id, label, None, "comparaisons", "comparaisons", method=method, reason=reason)
    return Indicator(id, label, float(yes), "comparaisons", "comparaisons", yes, len(made), method=method)


def synthese(comparisons: Sequence[Comparison]) -> str:
    """Say what the comparisons establish, as a title.

    Examples
    --------
    >>> synthese(())
    'Non calculable : aucune réponse d’enquête reçue'
    """
    made = [item for item in comparisons if item.gap.value is not None]
    established = [item for item in made if item.established]
    if not made:
        return f"Non calculable : {comparisons[0].gap.reason if comparisons else NO_ANSWER}"
    if not established:
        return f"Aucune des {len(made)} comparaisons n’établit de différence"
    first = established[0]
    names = f"« {first.question} » ({' et '.join(first.groups).lower()})"
    others = f" et {len(established) - 1} de plus" if len(established) > 1 else ""
    return f"Différence établie, sur {len(made)} comparaisons, pour {names}{others}"


def la_plus_nette(comparisons: Sequence[Comparison]) -> Comparison:
    """Return the comparison whose difference is farthest from zero for the width of its interval.

    The first one when none could be made.
    """
    return max(comparisons, key=_clearness)


def _clearness(item: Comparison) -> float:
    if item.gap.value is None or item.gap.interval is None:
        return -1.0
    return abs(item.gap.value) / (item.gap.interval.high - item.gap.interval.low)


def _prepare(
    enquete: pd.DataFrame, groups: pd.Series, names: tuple[str, str], code: str, seuil: int
) -> tuple[Comparison, tuple[np.ndarray, np.ndarray] | None]:
    """Return a comparison still without its gap, and the counts to compare, ``None`` when they cannot be."""
    asked = load_questionnaire()[code]
    parts = [enquete[(groups == name).fillna(False)] for name in names]
    ids = "_".join([asked.column, *map(_slug, names)])
    label = f"{asked.wording.rstrip('…')} : {names[0].lower()} / {names[1].lower()}"
    shares = tuple(
        _share(accord(part, code), name, champ_enquete(enquete)) for part, name in zip(parts, names, strict=True)
    )
    first, second = (_counts(part, asked) for part in parts)
    reason = ""
    if enquete.empty:
        reason = NO_ANSWER
    elif min(first.sum(), second.sum()) < seuil:
        reason = f"moins de {seuil} réponses dans un des groupes"
    else:
        try:
            compare_ordered(first, second)
        except ValueError as error:
            reason = str(error)
    method = "P(premier groupe plus favorable) − P(moins favorable), Brunner-Munzel, échelle logit"
    nothing = Indicator(f"ecart_{ids}", label, None, "points", champ_enquete(enquete), reason=reason)
    scale = replace(nothing, id=f"ecart_echelle_{ids}", label=f"{label}, toute l’échelle", method=method)
    item = Comparison(asked.wording.rstrip("…"), names, (shares[0], shares[1]), nothing, scale)
    return item, None if reason else (first, second)


def _p(value: float | None) -> str:
    return "n.c." if value is None else p_words(value)


def _share(result: Indicator, group: str, population: str) -> Indicator:
    reason = "personne dans ce groupe" if result.value is None else ""
    words = f"{population}, {group.lower()}"
    return replace(result, id=f"{result.id}_{_slug(group)}", population=words, interval=None, reason=reason)


def _slug(name: str) -> str:
    return normalise_text(name).replace(" ", "_")


def _measured(item: Comparison, found: OrdinalComparison, adjusted: float) -> Comparison:
    (x1, n1), (x2, n2) = ((int(one.numerator or 0), int(one.denominator or 0)) for one in item.shares)
    level, empty = found.interval.level, item.gap
    limits = newcombe(x1, n1, x2, n2, level)
    method = "Différence des parts, Newcombe, intervalle élargi pour le nombre de comparaisons"
    rows = (*item.shares[0].rows, *item.shares[1].rows)
    plain = gap(empty.id, empty.label, x1 / n1 - x2 / n2, limits, empty.population, method, rows)
    low, high = (100 * (2 * limit - 1) for limit in (found.interval.low, found.interval.high))
    interval = Interval(low, high, level, found.interval.method)
    scale = replace(item.scale, value=100 * (2 * found.superiority - 1), interval=interval)
    return replace(item, gap=plain, scale=scale, p=found.test.pvalue, adjusted=adjusted)


def scale_codes(asked: Question) -> list[str]:
    """Return the answers that have a place on the scale, from the least to the most favourable.

    Raises
    ------
    ValueError
        The question has no scale.

    Examples
    --------
    >>> scale_codes(load_questionnaire()["Q7"])
    ['PAS_DU_TOUT', 'PLUTOT_PAS', 'PLUTOT', 'TOUT_A_FAIT']
    """
    if asked.scale is None:
        raise ValueError(f"{asked.code} n'est pas posée sur une échelle")
    return [code for code in reversed(list(asked.scale.answers.values())) if code not in asked.scale.no_opinion]


def _counts(answers: pd.DataFrame, asked: Question) -> np.ndarray:
    return np.array([int((answers[asked.column] == code).sum()) for code in scale_codes(asked)])
