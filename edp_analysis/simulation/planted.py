"""What was put into a simulated campaign on purpose, written beside the truth for tests to find again."""

from __future__ import annotations

import json
from collections.abc import Mapping

from edp_analysis.simulation.school_files import PlantedFiles
from edp_analysis.simulation.settings import SimulationSettings

__all__ = ["planted_truths"]


def planted_truths(
    seed: int, figures: Mapping[str, tuple[int, int]], settings: SimulationSettings, files: PlantedFiles
) -> str:
    """Return ``verite.toml``: counts, planted effects, what each file hides.

    Parameters
    ----------
    seed : int
    figures : mapping of str to (int, int)
        Numerator and denominator of each published figure.
    settings : SimulationSettings
    files : PlantedFiles
    """
    schools = settings.schools
    lines = [
        "# Ce que la simulation a mis dans les données : à retrouver par les tests, jamais lu par la chaîne.",
        f"graine = {seed}",
        "",
        "[effets]",
        f"rapport_cotes_age_sortie_anticipee = {settings.age_odds_ratio}  # par année d'âge à l'entrée",
        "rapport_cotes_sexe_sortie_anticipee = 1.0  # aucun effet",
        "tendance_feminisation_dans_ecole = 0.0  # seule la composition par école fait varier l'ensemble",
        "",
        "[part_filles]  # par école, la même chaque année, avant l'ajustement au total publié",
        *(f"{_key(school.code)} = {school.girls}" for school in schools),
        "",
        "[part_echec]  # par école, parmi les cursus complets, avant l'ajustement au total publié",
        *(f"{_key(school.code)} = {school.failures}" for school in schools),
        "",
        "[part_origine_vide]  # par école, avant l'ajustement au total publié",
        *(f"{_key(school.code)} = {school.blank_origin}" for school in schools),
        "",
        "[doublons]  # inscriptions écrites deux fois, par fichier",
        *(f"{_key(name)} = {count}" for name, count in sorted(files.duplicates.items())),
        "",
        "[correction]  # la valeur fausse, que corrections.toml corrige",
        *(f"{key} = {_key(value)}" for key, value in files.correction.items()),
        "",
        "[chiffres]  # numérateur, dénominateur",
        *(f"{name} = [{part}, {whole}]" for name, (part, whole) in sorted(figures.items())),
        "",
    ]
    return "\n".join(lines)


def _key(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
