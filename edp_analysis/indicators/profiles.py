"""Who the youths are: number, sex, age, school origin, and how many are « décrocheurs » under each reading.

A profile is taken at entry, and each youth counts once: a youth who enrolled twice is described by the first
enrolment. The schools themselves are counted here too.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.codes import load_codes, male_trades
from edp_analysis.contract.mappings import load_dropout_readings, load_origins
from edp_analysis.indicators.bounds import Bounded, bounded
from edp_analysis.indicators.breakdown import breakdown
from edp_analysis.indicators.derived import decrocheur, origine_scolaire, par_cle, periode, premieres_inscriptions
from edp_analysis.indicators.result import Indicator, count, share

__all__ = [
    "ages",
    "decrocheur",
    "ecoles",
    "ecoles_recentes",
    "effectif_jeunes",
    "femmes_metiers_masculins",
    "femmes_par_annee",
    "femmes_par_domaine",
    "femmes_par_ecole",
    "origine",
    "origine_bornes",
    "origine_completude",
    "origine_scolaire",
    "part_ages",
    "part_decrocheurs",
    "part_femmes",
    "part_hommes",
]

_ONCE = "chaque jeune compte une fois, à sa première inscription"


def effectif_jeunes(apprenants: pd.DataFrame) -> Indicator:
    """Count the youths: distinct pseudonyms, however many enrolments each has.

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a1", "a2", "b1"], "id_jeune": ["a", "a", "b"],
    ...     "date_entree": pd.to_datetime(["2019-09-01", "2021-09-01", "2019-09-01"]),
    ...     "annee_scolaire_entree": ["2019-2020", "2021-2022", "2019-2020"]})
    >>> effectif_jeunes(learners).value
    2.0
    """
    youths = premieres_inscriptions(apprenants)
    rows = pd.Index(youths["id_inscription"])
    return count("effectif_jeunes", "Jeunes suivis", rows, "jeunes", _population(apprenants), _ONCE)


def part_hommes(apprenants: pd.DataFrame) -> Indicator:
    """Share of young men among the youths."""
    return _sex(apprenants, "H", "part_hommes", "Garçons")


def part_femmes(apprenants: pd.DataFrame) -> Indicator:
    """Share of young women among the youths."""
    return _sex(apprenants, "F", "part_femmes", "Filles")


def femmes_par_domaine(apprenants: pd.DataFrame, ecoles: pd.DataFrame) -> dict[str, Indicator]:
    """Share of young women in each domain of training (the school's), in alphabetical order."""
    domains = ecoles.set_index("ecole")["domaine"].map(load_codes("domaine").labels)
    return breakdown(apprenants.assign(domaine=apprenants["ecole"].map(domains)), "domaine", part_femmes, "domaine")


def femmes_metiers_masculins(apprenants: pd.DataFrame, ecoles: pd.DataFrame) -> Indicator:
    """Share of young women among the youths of the schools that teach a trade traditionally held by men.

    The trades are declared in the code list of the domains (``traditionnellement_masculin``): mechanics, metal, wood,
    cars. The question of evaluation bears on them; the share over all schools also counts catering and clothing.

    Parameters
    ----------
    apprenants, ecoles : pandas.DataFrame
        Clean tables.
    """
    trades = male_trades()
    own = apprenants[apprenants["ecole"].isin(ecoles.loc[ecoles["domaine"].isin(trades), "ecole"])]
    found = _sex(own, "F", "femmes_metiers_masculins", "Filles dans les métiers traditionnellement masculins")
    labels = load_codes("domaine").labels
    taught = " ; ".join(labels[code].lower() for code in labels if code in trades)
    return replace(found, population=f"{found.population}, écoles des domaines : {taught}")


def femmes_par_ecole(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of young women in each school, in alphabetical order."""
    return breakdown(apprenants, "ecole", part_femmes, "école")


def femmes_par_annee(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of young women in each school year of entry, in order."""
    return breakdown(premieres_inscriptions(apprenants), "annee_scolaire_entree", part_femmes, "année d’entrée")


def ages(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Distribution of the age at entry.

    Returns
    -------
    pandas.DataFrame
        One row for each age from the lowest to the highest, none skipped: ``age`` (completed years), ``effectif``
        (youths), ``part`` (of all, in [0, 1]).

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a", "b"], "id_jeune": ["a", "b"], "age_entree": [15, 17],
    ...                          "date_entree": pd.to_datetime(["2019-09-01"] * 2)})
    >>> list(ages(learners)["effectif"])
    [1, 0, 1]
    """
    found = premieres_inscriptions(apprenants)["age_entree"].dropna().astype("int64")
    counts = found.value_counts()
    span = range(int(found.min()), int(found.max()) + 1) if len(found) else range(0)
    table = pd.DataFrame({"age": list(span), "effectif": [int(counts.get(age, 0)) for age in span]})
    return table.assign(part=table["effectif"] / len(found))


def part_ages(apprenants: pd.DataFrame, youngest: int, oldest: int) -> Indicator:
    """Share of youths of known age whose age at entry lies in a range, both ends in (completed years)."""
    youths = premieres_inscriptions(apprenants)
    youths = youths[youths["age_entree"].notna()]
    chosen = par_cle(youths, youths["age_entree"].between(youngest, oldest))
    label = f"Âgés de {youngest} à {oldest} ans à l’entrée"
    return share(f"part_{youngest}_{oldest}_ans", label, chosen, _population(apprenants), _ONCE)


def origine(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of each school origin, unknown (« vide ») included, on the base of all the youths.

    Returns
    -------
    dict of str to Indicator
        By category code, in the order of the published chart; the identifiers are those of the register.
    """
    youths = premieres_inscriptions(apprenants)
    origins = par_cle(youths, origine_scolaire(youths))
    return {
        category.code: share(
            category.published_id, category.label, origins == category.code, _population(apprenants), category.rule
        )
        for category in load_origins()
    }


def origine_completude(apprenants: pd.DataFrame) -> Indicator:
    """Share of youths whose school origin is known."""
    youths = premieres_inscriptions(apprenants)
    known = par_cle(youths, origine_scolaire(youths)) != "vide"
    return share("origine_completude", "Origine scolaire connue", known, _population(apprenants), _ONCE)


def origine_bornes(apprenants: pd.DataFrame) -> dict[str, Bounded]:
    """Share of each school origin among the known, with what the unknown could make of it.

    Returns
    -------
    dict of str to Bounded
        By category code, « vide » left out, in the order of the published chart.
    """
    youths = premieres_inscriptions(apprenants)
    origins = par_cle(youths, origine_scolaire(youths))
    known = origins.where(origins != "vide")
    return {
        category.code: bounded(
            category.published_id,
            category.label,
            known.eq(category.code).astype("boolean").mask(known.isna()),
            _population(apprenants),
            category.rule,
        )
        for category in load_origins()
        if category.code != "vide"
    }


def part_decrocheurs(apprenants: pd.DataFrame, version: str) -> dict[str, Bounded]:
    """Share of « décrocheurs » under each reading of the word, with bounds for the unknown.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    version : str
        Version of the definitions (``campaign.definitions["decrocheur"]``).

    Returns
    -------
    dict of str to Bounded
        By letter of the reading.
    """
    youths = premieres_inscriptions(apprenants)
    return {
        letter: bounded(
            f"decrocheurs_{letter}",
            f"Décrocheurs, lecture {letter} : {reading.label[:1].lower()}{reading.label[1:]}",
            par_cle(youths, decrocheur(youths, letter, version)),
            _population(apprenants),
            f"{reading.rule} {reading.unknown}",
        )
        for letter, reading in load_dropout_readings(version).items()
    }


def ecoles(ecoles: pd.DataFrame) -> Indicator:
    """Count the schools of the campaign."""
    return _schools("ecoles", "Écoles de production", ecoles, "écoles de production de la campagne")


def ecoles_recentes(ecoles: pd.DataFrame, campaign: Campaign) -> Indicator:
    """Count the schools that opened in the year of the last head-count."""
    year = campaign.last_counting_date.year
    opened = ecoles[pd.to_datetime(ecoles["date_ouverture"]).dt.year == year]
    return _schools("ecoles_recentes", "Écoles récentes", opened, f"écoles ouvertes en {year}")


def _schools(id: str, label: str, schools: pd.DataFrame, population: str) -> Indicator:
    return count(id, label, pd.Index(schools["ecole"].sort_values()), "écoles", population)


def _sex(apprenants: pd.DataFrame, code: str, id: str, label: str) -> Indicator:
    youths = premieres_inscriptions(apprenants)
    return share(id, label, par_cle(youths, youths["sexe"] == code), _population(apprenants), _ONCE)


def _population(apprenants: pd.DataFrame) -> str:
    return f"jeunes {periode(apprenants)}"
