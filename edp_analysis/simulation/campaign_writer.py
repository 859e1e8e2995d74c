"""Writing a simulated campaign: the raw folder as it would be received, and the truth beside the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.intake.files import file_digest, sha256
from edp_analysis.problems import UserError
from edp_analysis.simulation.checks import check_simulation
from edp_analysis.simulation.grants import grants_file, schools_file, simulate_grants, simulate_schools
from edp_analysis.simulation.learners import simulate_learners
from edp_analysis.simulation.phase_two import simulate_phase_two
from edp_analysis.simulation.planted import planted_truths
from edp_analysis.simulation.school_files import write_school_files
from edp_analysis.simulation.settings import read_settings
from edp_analysis.simulation.truth import to_csv, truth_folder
from edp_analysis.toml_files import read_toml

__all__ = ["SimulationReport", "simulate"]

_ORIGIN = "ORIGIN.toml"
_STREAMS = {"apprenants": 1, "financements": 2, "fichiers": 3, "comptes": 4, "enquete": 5, "entretiens": 6}


@dataclass(frozen=True)
class SimulationReport:
    """What a simulation wrote.

    Attributes
    ----------
    code : str
        Campaign.
    seed : int
    raw, truth : pathlib.Path
        The two folders written.
    files : tuple of str
        Paths under the raw folder, sorted.
    figures : dict of str to (int, int)
        Published figures recomputed from the truth: numerator and denominator.
    """

    code: str
    seed: int
    raw: Path
    truth: Path
    files: tuple[str, ...]
    figures: dict[str, tuple[int, int]]


def simulate(code: str, seed: int | None = None, root: Path | None = None) -> SimulationReport:
    """Write a simulated campaign and its truth; the same seed writes the same bytes.

    Parameters
    ----------
    code : str
        Campaign, described in ``campaigns/<code>.toml`` with a ``[simulation]`` section.
    seed : int, optional
        Who gets what; the campaign's own seed when not given.
    root : pathlib.Path, optional
        Project root; found when not given.

    Raises
    ------
    UserError
        The raw folder holds data that are not said to be simulated; the settings contradict one another; a
        published figure is not reproduced. Nothing is written then.
    """
    campaign = load_campaign(code, root)
    settings = read_settings(campaign)
    _refuse_real_data(campaign)
    if not campaign.simulation_key:
        raise UserError(
            f"campaigns/{code}.toml : « cle_simulation » manque dans [confidentialite].",
            "L'ajouter : elle ne sert qu'aux données simulées.",
        )
    campaign = replace(campaign, simulated=True)
    seed = settings.seed if seed is None else seed

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng([seed, _STREAMS[name]])

    learners = simulate_learners(campaign, settings, stream("apprenants"))
    schools = simulate_schools(settings)
    grants = simulate_grants(campaign, settings, learners.clean, stream("financements"))
    figures = check_simulation(learners.clean, schools, grants, campaign, settings)
    files, planted_files = write_school_files(learners, campaign, settings, stream("fichiers"))
    files |= {"ecoles.csv": schools_file(schools), "financements.csv": grants_file(grants)}
    truth = {"apprenants": learners.clean, "ecoles": schools, "financements": grants}
    others, survey = _other_rooms(campaign, schools, learners.clean, grants, stream)
    truth["enquete"] = survey
    files |= others
    texts = {f"{name}.csv": to_csv(frame) for name, frame in truth.items()}
    texts["verite.toml"] = planted_truths(seed, figures, settings, planted_files)
    if "entretiens" in campaign.settings["simulation"]:
        second = simulate_phase_two(campaign, schools, stream("entretiens"))
        files |= second.files
        texts |= {f"{name}.csv": to_csv(frame) for name, frame in second.truth.items()}
        texts["verite-entretiens.toml"] = second.planted
    raw, beside = campaign.raw, truth_folder(campaign.root, code)
    _replace(raw, files | {_ORIGIN: _origin(campaign, seed, files).encode("utf-8")}, _former_files(raw))
    left = [path.name for path in beside.glob("*.*")]
    _replace(beside, {name: text.encode("utf-8") for name, text in texts.items()}, left)
    return SimulationReport(code, seed, raw, beside, tuple(sorted([*files, _ORIGIN])), figures)


def _refuse_real_data(campaign: Campaign) -> None:
    """Raise unless the raw folder is absent, empty, or holds a former simulation and nothing else."""
    if campaign.simulated:
        _refuse_strangers(campaign.raw)
        return
    if not campaign.raw.exists() or not any(campaign.raw.iterdir()):
        return
    said = "ORIGIN.toml ne dit pas « simulated = true »" if (campaign.raw / _ORIGIN).is_file() else "sans ORIGIN.toml"
    raise UserError(
        f"« {campaign.raw} » contient des données qui ne sont pas dites simulées ({said}) : rien n'a été écrit.",
        "Donner un autre dossier « brut » à cette campagne, ou mettre ces données ailleurs.",
    )


def _refuse_strangers(raw: Path) -> None:
    # A real file put into a simulated folder, or over a simulated file, is someone's only copy until proved otherwise.
    former = _former_files(raw)
    found = {path.relative_to(raw).as_posix(): path for path in raw.rglob("*") if path.is_file()}
    strangers = [
        name
        for name, path in sorted(found.items())
        if name != _ORIGIN and not path.name.startswith((".", "~$")) and former.get(name) != file_digest(path)
    ]
    if strangers:
        shown = ", ".join(f"« {name} »" for name in strangers[:3]) + (" …" if len(strangers) > 3 else "")
        raise UserError(
            f"« {raw} » contient {len(strangers)} fichier(s) que la simulation n'a pas écrits, ou changés depuis : "
            f"{shown}. Rien n'a été écrit.",
            "Les mettre ailleurs, ou les supprimer s'ils ne servent plus.",
        )


def _former_files(raw: Path) -> dict[str, str]:
    """Return the digest of each file that the former simulation wrote, by path."""
    origin = raw / _ORIGIN
    if not origin.is_file():
        return {}
    listed = read_toml(origin, f"{_ORIGIN} de « {raw.name} »").get("sha256", {})
    return {str(name): str(digest) for name, digest in dict(listed).items()}


def _other_rooms(
    campaign: Campaign,
    schools: pd.DataFrame,
    learners: pd.DataFrame,
    grants: pd.DataFrame,
    stream: Callable[[str], np.random.Generator],
) -> tuple[dict[str, bytes], pd.DataFrame]:
    from edp_analysis.simulation.accounts import simulate_accounts
    from edp_analysis.simulation.survey import simulate_survey

    accounts = simulate_accounts(campaign, schools, learners, grants, stream("comptes"))
    survey, answers = simulate_survey(campaign, learners, stream("enquete"))
    return {**accounts, **survey}, answers


def _origin(campaign: Campaign, seed: int, files: Mapping[str, bytes]) -> str:
    lines = [
        "# Données inventées : aucune ne vient d'une personne ni d'une école.",
        "simulated = true",
        'qui = "simulation"',
        f"quand = {campaign.extraction_date:%Y-%m-%d}  # date d'extraction de la campagne simulée",
        f"graine = {seed}",
        'licence = "MIT, comme le projet"',
        "",
        "[sha256]",
        *(f'"{name}" = "{sha256(content)}"' for name, content in sorted(files.items())),
        "",
    ]
    return "\n".join(lines)


def _replace(folder: Path, files: Mapping[str, bytes], former: Iterable[str]) -> None:
    """Write these files, and remove those of the former simulation that this one does not write."""
    for name in sorted(set(former) - set(files)):
        (folder / name).unlink(missing_ok=True)
    for name, content in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
