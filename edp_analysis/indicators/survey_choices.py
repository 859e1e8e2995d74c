"""Do two groups tick the same boxes? One test for the question as a whole, then one an option, adjusted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.indicators.gaps import p_words
from edp_analysis.indicators.participation import NO_ANSWER, champ_enquete
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.comparisons import newcombe
from edp_analysis.statistics.multiselect import MultiselectTest, compare_items
from edp_analysis.statistics.proportions import Interval

__all__ = ["UNITS", "ChoiceComparison", "comparer_choix", "option_la_plus_nette", "synthese_choix", "tableau_choix"]

_LEVEL = 0.95
_COLUMNS = ("Option", "Écart", "Établi", "p", "p ajustée", "Question")
UNITS = {"Question": "groupe", "p": "csv", "p ajustée": "csv"}
"""Units of :func:`tableau_choix`: what only the CSV file holds, and the column that heads the rows."""


@dataclass(frozen=True)
class OptionGap:
    """One option, two groups: the counts, the gap in points and its p-values."""

    option: str
    shares: tuple[Indicator, Indicator]
    gap: Indicator
    p: float
    adjusted: float

    @property
    def verdict(self) -> str:
        """What may be said, in words that the claim guard checks: adjusted p-value and widened interval agree."""
        interval = self.gap.interval
        apart = interval is not None and not interval.low <= 0 <= interval.high
        return "écart établi" if apart and self.adjusted <= 1 - _LEVEL else "écart non établi"


@dataclass(frozen=True)
class ChoiceComparison:
    """Comparison of two groups on all the boxes of a question.

    Attributes
    ----------
    question : str
        Wording.
    groups : tuple of str
    options : tuple of OptionGap
        Those that some ticked and others not, in the order of the questionnaire; empty when nothing can be compared.
    overall : Indicator
        p-value that no option is chosen more in one group (second-order Rao–Scott correction), or why there is none.
    """

    question: str
    groups: tuple[str, str]
    options: tuple[OptionGap, ...]
    overall: Indicator

    @property
    def verdict(self) -> str:
        """Whether the answers as a whole differ, in words."""
        if self.overall.value is None:
            return "comparaison non calculable"
        return "des réponses différentes" if self.overall.value <= 1 - _LEVEL else "pas de différence établie"


def comparer_choix(
    enquete: pd.DataFrame, question: str, groups: pd.Series, names: tuple[str, str], seuil: int
) -> ChoiceComparison:
    """Compare two groups on the boxes of a question, each box on those who were shown it.

    Parameters
    ----------
    enquete : pandas.DataFrame
        Clean responses.
    question : str
        Code of a question with boxes: ``"Q1"``.
    groups : pandas.Series
        Group of each response, missing when unknown; same index.
    names : tuple of str
        The two groups.
    seuil : int
        Persons needed in each group, for the question and for each box: a box shown to fewer is left out.

    Raises
    ------
    ValueError
        The question has no boxes.
    """
    asked = load_questionnaire()[question]
    if not asked.items:
        raise ValueError(f"{question} n'est pas une question à choix multiple")
    kept = groups.isin(names)
    boxes = enquete.loc[kept, list(asked.columns)].rename(columns={item.column: item.label for item in asked.items})
    where = groups[kept]
    enough = [name for name in boxes if all(boxes.loc[where == one][name].notna().sum() >= seuil for one in names)]
    wording = asked.wording.rstrip("…")
    name = f"p_choix_{asked.column}"
    if enquete.empty or not enough:
        reason = NO_ANSWER if enquete.empty else f"moins de {seuil} réponses dans un des groupes"
        return ChoiceComparison(wording, names, (), _overall(name, wording, None, reason, enquete))
    try:
        found = compare_items(boxes[enough], where.to_numpy(dtype=object))
    except ValueError as error:
        return ChoiceComparison(wording, names, (), _overall(name, wording, None, str(error), enquete))
    columns = {item.label: item.column for item in asked.items}
    options = tuple(
        _option(row, columns[str(row["option"])], boxes, where, names, found, champ_enquete(enquete))
        for _, row in found.items.iterrows()
    )
    return ChoiceComparison(wording, names, options, _overall(name, wording, found.test.pvalue, "", enquete))


def tableau_choix(*comparisons: ChoiceComparison) -> pd.DataFrame:
    """Lay the options out: both shares, the gap, what may be said; for the CSV file, raw and Bonferroni p-values.

    Several questions are stacked; without a row when none could be compared. Units: :data:`UNITS`.
    """
    rows = [
        {
            "Option": option.option,
            item.groups[0]: option.shares[0],
            item.groups[1]: option.shares[1],
            "Écart": option.gap,
            "Établi": "oui" if option.verdict == "écart établi" else "non",
            "p": p_words(option.p),
            "p ajustée": p_words(option.adjusted),
            "Question": item.question,
        }
        for item in comparisons
        for option in item.options
    ]
    return pd.DataFrame(rows or {name: [] for name in _COLUMNS})


def synthese_choix(*comparisons: ChoiceComparison) -> str:
    """Say what the boxes establish, as a title.

    Examples
    --------
    >>> synthese_choix()
    'Non calculable : aucune réponse d’enquête reçue'
    """
    made = [(item, option) for item in comparisons for option in item.options]
    established = [option.option for _, option in made if option.verdict == "écart établi"]
    if not made:
        return f"Non calculable : {comparisons[0].overall.reason if comparisons else NO_ANSWER}"
    groups = " et ".join(made[0][0].groups).lower()
    if not established:
        return f"Aucune des {len(made)} cases ne sépare de façon établie {groups}"
    return f"Différence établie entre {groups} pour {', '.join(f'« {name} »' for name in established)}"


def option_la_plus_nette(comparison: ChoiceComparison) -> OptionGap:
    """Return the option with the smallest p-value; one without figures when nothing could be compared."""
    if comparison.options:
        return min(comparison.options, key=lambda item: item.p)
    absent = Indicator("ecart_choix", comparison.question, None, "points", "", reason=comparison.overall.reason)
    return OptionGap(comparison.question, (absent, absent), absent, 1.0, 1.0)


def _option(
    row: pd.Series,
    column: str,
    boxes: pd.DataFrame,
    where: pd.Series,
    names: tuple[str, str],
    found: MultiselectTest,
    population: str,
) -> OptionGap:
    option = str(row["option"])
    answers = [boxes.loc[where == name, option].dropna().astype("bool") for name in names]
    counts = [(int(part.sum()), len(part)) for part in answers]
    first, second = (
        Indicator(f"{column}_{rank}", option, x / n, "%", f"{population}, {name.lower()}", x, n)
        for rank, (name, (x, n)) in enumerate(zip(names, counts, strict=True))
    )
    interval = newcombe(*counts[0], *counts[1], level=1 - (1 - _LEVEL) / len(found.items))
    points = Interval(100 * interval.low, 100 * interval.high, interval.level, interval.method)
    gap = Indicator(
        f"ecart_{column}",
        f"{option} : {names[0].lower()} moins {names[1].lower()}",
        100 * (counts[0][0] / counts[0][1] - counts[1][0] / counts[1][1]),
        "points",
        population,
        interval=points,
        method=f"Newcombe, intervalle élargi pour {len(found.items)} options",
    )
    return OptionGap(option, (first, second), gap, float(row["p_brute"]), float(row["p_ajustee"]))


def _overall(name: str, wording: str, value: float | None, reason: str, enquete: pd.DataFrame) -> Indicator:
    method = "somme des khi-deux par option, correction de Rao-Scott du second ordre"
    return Indicator(name, wording, value, "", champ_enquete(enquete), method=method, reason=reason)
