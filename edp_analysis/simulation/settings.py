"""What a simulated campaign must look like: the ``[simulation]`` section of a campaign file, read and checked.

Counts are exact; shares are texts (``"54"``, ``"0.3"``), because the number of decimals printed is what says how
wide the interval of possible counts is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes, load_schema
from edp_analysis.problems import UserError

__all__ = ["Grant", "Intake", "Priors", "SchoolSettings", "SimulationSettings", "read_settings"]

SHARES = (
    "certification_sortants",
    "certification_cursus_complet",
    "reprise_etudes",
    "sorties_negatives",
    "part_hommes",
)


@dataclass(frozen=True)
class Intake:
    """One intake of a school: its first day and the number of learners."""

    day: date
    size: int


@dataclass(frozen=True)
class SchoolSettings:
    """One simulated school.

    Attributes
    ----------
    code, domain, department, funding : str
        Codes of the contract.
    opening : datetime.date
    diplomas : tuple of (str, date)
        Title prepared from each date on.
    girls : float
        Share of girls, the same every year.
    failures : float
        Share of completers who do not pass, before the adjustment to the published total.
    blank_origin : float
        Share of learners whose origin the school does not know, before the same adjustment; 1 when it has no such
        column.
    intakes : tuple of Intake
    layout : str
        Name of the file's layout (:mod:`edp_analysis.simulation.layouts`).
    without : tuple of str
        Optional columns that the school does not keep.
    duplicates : int
        Enrolments written twice in the file.
    """

    code: str
    domain: str
    department: str
    opening: date
    funding: str
    diplomas: tuple[tuple[str, date], ...]
    girls: float
    failures: float
    blank_origin: float
    intakes: tuple[Intake, ...]
    layout: str
    without: tuple[str, ...]
    duplicates: int

    def diploma(self, day: date) -> str:
        """Return the title prepared by those who enter on `day`."""
        return next(code for code, start in reversed(self.diplomas) if start <= day)


@dataclass(frozen=True)
class Priors:
    """What the core is pulled towards: shares of results among completers, of outcomes by result."""

    results: Mapping[str, float]
    outcomes: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Grant:
    """One grant written as it is in the campaign file (amount in euros)."""

    school: str
    funder: str
    nature: str
    purpose: str
    exercise: int
    amount: float


@dataclass(frozen=True)
class SimulationSettings:
    """The ``[simulation]`` section.

    Attributes
    ----------
    seed : int
        Used when none is given.
    core_file : str
        Solved core table, relative to the project root; empty when the core is to be solved.
    leavers, completers, men, paid_present, late_exits : int
        Learners who left; who completed; men; present on the counting day in lump-sum schools; who left since that day.
    shares : mapping of str to str
        Printed shares, in percent.
    origins : mapping of str to (str, int)
        Printed share of each origin, and the count aimed at where the share allows several.
    age_odds_ratio : float
        Planted effect of one more year of age on leaving early.
    priors : Priors
    schools : tuple of SchoolSettings
    regional_grants : tuple of Grant
        Grants of which the campaign file gives the amount.
    delegate : float
        Yearly grant for the network's delegate, in euros.
    state_per_learner : float
        State money that goes through the federation, in euros a learner.
    """

    seed: int
    core_file: str
    leavers: int
    completers: int
    men: int
    paid_present: int
    late_exits: int
    shares: Mapping[str, str]
    origins: Mapping[str, tuple[str, int]]
    age_odds_ratio: float
    priors: Priors
    schools: tuple[SchoolSettings, ...]
    regional_grants: tuple[Grant, ...]
    delegate: float
    state_per_learner: float

    @property
    def enrolments(self) -> int:
        """Number of enrolments, all schools and intakes."""
        return sum(intake.size for school in self.schools for intake in school.intakes)


def read_settings(campaign: Campaign) -> SimulationSettings:
    """Read and check the ``[simulation]`` section of a campaign.

    Raises
    ------
    UserError
        No such section, or a key that is missing, ill-typed or outside the contract.

    Examples
    --------
    >>> from edp_analysis.campaign import load_campaign
    >>> read_settings(load_campaign("2024")).enrolments
    378
    """
    section = campaign.settings.get("simulation")
    if not section:
        raise UserError(
            f"La campagne {campaign.code} n'a pas de section [simulation] : rien ne dit quoi simuler.",
            f"L'écrire dans campaigns/{campaign.code}.toml, sur le modèle d'une autre campagne.",
        )
    try:
        settings = _build(section)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(
            f"campaigns/{campaign.code}.toml, section [simulation] : clé absente ou mal écrite ({error!r}).",
            "La corriger sur le modèle d'une autre campagne.",
        ) from error
    _check(settings, campaign)
    return settings


def _build(section: Mapping[str, Any]) -> SimulationSettings:
    counts, money = section["effectifs"], section["financements"]
    prior = section["a_priori"]
    return SimulationSettings(
        seed=int(section["graine"]),
        core_file=str(section.get("noyau", "")),
        leavers=int(counts["sortants"]),
        completers=int(counts["cursus_complet"]),
        men=int(counts["hommes"]),
        paid_present=int(counts["presents_forfait"]),
        late_exits=int(counts["sorties_apres_comptage"]),
        shares={name: str(section["parts"][name]) for name in SHARES},
        origins={name: (str(share), int(count)) for name, (share, count) in section["origines"].items()},
        age_odds_ratio=float(section["verites"]["rapport_cotes_age"]),
        priors=Priors(prior["resultats"], prior["devenir"]),
        schools=tuple(_school(item) for item in section["ecoles"]),
        regional_grants=tuple(Grant(*row) for row in money["attribues"]),
        delegate=float(money["delegue"]),
        state_per_learner=float(money["etat_par_apprenant"]),
    )


def _school(item: Mapping[str, Any]) -> SchoolSettings:
    return SchoolSettings(
        code=item["code"],
        domain=item["domaine"],
        department=item["departement"],
        opening=item["ouverture"],
        funding=item["financement"],
        diplomas=tuple((code, start) for code, start in item["diplomes"]),
        girls=float(item["part_filles"]),
        failures=float(item.get("part_echec", 0.2)),
        blank_origin=float(item.get("part_vide", 0.02)),
        intakes=tuple(Intake(day, int(size)) for day, size in item["promotions"]),
        layout=item["fichier"],
        without=tuple(item.get("sans", ())),
        duplicates=int(item.get("doublons", 0)),
    )


def _check(settings: SimulationSettings, campaign: Campaign) -> None:
    codes = {school.code for school in settings.schools}
    for grant in settings.regional_grants:
        if grant.school not in codes:
            raise UserError(f"[simulation.financements] « {grant.school} » n'est pas une école.", "Le corriger.")
    needed = {field.name for field in load_schema("apprenants-recu").fields if field.column_severity == "bloquant"}
    for school in settings.schools:
        if refused := sorted(needed & set(school.without)):
            raise UserError(
                f"[simulation] {school.code} : « sans » nomme « {refused[0]} », colonne obligatoire.", "La retirer."
            )
        coded = [("domaine", school.domain), ("departement", school.department), ("mode_financement", school.funding)]
        coded += [("diplome", code) for code, _ in school.diplomas]
        for name, code in coded:
            if code not in load_codes(name):
                raise UserError(
                    f"[simulation] {school.code} : « {code} » n'est pas dans la liste « {name} ».", "Le corriger."
                )
        for intake in school.intakes:
            if not campaign.start <= intake.day <= campaign.extraction_date or intake.day < school.opening:
                raise UserError(
                    f"[simulation] {school.code} : la promotion du {intake.day:%d/%m/%Y} est hors de la campagne "
                    "ou précède l'ouverture.",
                    "Corriger la date.",
                )
        if any(all(start > intake.day for _, start in school.diplomas) for intake in school.intakes):
            raise UserError(
                f"[simulation] {school.code} : aucun diplôme n'est préparé à l'entrée d'une promotion.",
                "Avancer la date du premier diplôme.",
            )
