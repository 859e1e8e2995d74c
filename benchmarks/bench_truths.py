"""How often the phase-1 methods find what was put into simulated campaigns, and what was not.

``python benchmarks/bench_truths.py [--seeds 200] [--campagne 2024]`` simulates the learners of one campaign under many
seeds (no file is written), applies to each what the notebooks apply, and prints how often each conclusion was drawn.

The simulation keeps published totals exact, by drawing without replacement along the schools and the ages: what it
leaves to chance varies less than independent draws would. False positives are therefore rarer than the 5 % the tests
allow, and the rates of finding are those of this simulation only.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.indicators.durations import parcours
from edp_analysis.indicators.early_exit import early_exit
from edp_analysis.indicators.feminisation import feminisation
from edp_analysis.indicators.gaps import verdict
from edp_analysis.indicators.origins import blancs
from edp_analysis.indicators.schools import certification, sortie_anticipee_dans_l_annee
from edp_analysis.indicators.sex_gap import ecarts_filles_garcons
from edp_analysis.simulation.learners import simulate_learners
from edp_analysis.simulation.settings import read_settings

PRESENT = {
    "age": "Âge et sortie anticipée : association établie (Holm)",
    "ecole": "École et certification : les écoles diffèrent (Fisher)",
    "blancs": "École et origine inconnue : les blancs suivent l'école (Holm)",
}
"""What the simulation puts in."""
ABSENT = {
    "sexe": "Sexe et sortie anticipée : association établie (Holm)",
    "sexe_seul": "Sexe et sortie anticipée : l'intervalle exclut zéro (sans ajustement)",
    "feminisation": "Part des filles, à école égale : une tendance est dite",
    "filles_garcons": "Filles et garçons : une différence de résultats est dite (Holm)",
    "ecole_sortie": "École et départ dans l'année : les écoles diffèrent (Fisher)",
}
"""What it does not."""
_AGE, _GIRL = "Un an de plus à l’entrée", "Fille"


@dataclass(frozen=True)
class Rate:
    """How many seeds gave a conclusion."""

    name: str
    found: int
    seeds: int
    expected: bool

    def __str__(self) -> str:
        share = self.found / self.seeds
        error = math.sqrt(share * (1 - share) / self.seeds)
        return f"{self.name:<75} {100 * share:6.1f} % (± {100 * error:.1f})"


def learners(campaign: Campaign, seed: int) -> pd.DataFrame:
    """Return the clean learners that ``edp simulate`` would write for this seed."""
    simulated = replace(campaign, simulated=True)
    return simulate_learners(simulated, read_settings(simulated), np.random.default_rng([seed, 1])).clean


def conclusions(apprenants: pd.DataFrame, campaign: Campaign, keys: Collection[str]) -> dict[str, bool]:
    """Return what the notebooks would conclude, by key of :data:`PRESENT` and :data:`ABSENT`.

    Fisher's tests take 999 permutations instead of 9999: enough to tell which side of 5 % a p-value is.
    """
    model = early_exit(apprenants, campaign)
    paths = parcours(apprenants, campaign)
    said: dict[str, Callable[[], bool]] = {
        "age": lambda: model.established(_AGE) and float(model.difference(_AGE).value or 0.0) > 0,
        "ecole": lambda: _below(certification(apprenants, 999).p_value),
        "blancs": lambda: "suivent l’école" in blancs(apprenants).words.split("ne suivent")[0],
        "sexe": lambda: model.established(_GIRL),
        "sexe_seul": lambda: verdict(model.difference(_GIRL)) in {"hausse", "baisse"},
        "feminisation": lambda: verdict(feminisation(apprenants).within) in {"hausse", "baisse"},
        "filles_garcons": lambda: any(item.established for item in ecarts_filles_garcons(apprenants, campaign)),
        "ecole_sortie": lambda: _below(sortie_anticipee_dans_l_annee(paths, resamples=999).p_value),
    }
    return {key: said[key]() for key in keys}


def rates(code: str, seeds: Iterable[int], keys: Collection[str] = (*PRESENT, *ABSENT)) -> dict[str, Rate]:
    """Count each conclusion over the seeds, by key."""
    campaign = load_campaign(code)
    drawn = [conclusions(learners(campaign, seed), campaign, keys) for seed in seeds]
    names = {**PRESENT, **ABSENT}
    return {key: Rate(names[key], sum(one[key] for one in drawn), len(drawn), key in PRESENT) for key in keys}


def _below(pvalue: float | None) -> bool:
    return pvalue is not None and pvalue <= 0.05


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200, help="nombre de graines (1, 2, 3…)")
    parser.add_argument("--campagne", default="2024")
    given = parser.parse_args()
    found = rates(given.campagne, range(1, given.seeds + 1)).values()
    print(
        f"Campagne {given.campagne}, {given.seeds} graines\n\nMis dans les données : part des graines où c'est trouvé"
    )
    print(*(rate for rate in found if rate.expected), sep="\n")
    print("\nAbsent des données : part des graines où c'est trouvé à tort")
    print(*(rate for rate in found if not rate.expected), sep="\n")


if __name__ == "__main__":
    main()
