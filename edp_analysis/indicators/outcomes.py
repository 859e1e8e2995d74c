"""What became of the youths: perseverance, certification on its three bases, and their exits.

Vocabulary. A youth who is no longer enrolled anywhere is a leaver (« sortant »), described by the last enrolment.
Leavers either went to the end of their course (« cursus complet ») or left before (« sortie anticipée »). The exits
proper — studies, jobs, nothing — are in :mod:`edp_analysis.indicators.exits`.
"""

from __future__ import annotations

import pandas as pd

from edp_analysis.contract.codes import load_codes
from edp_analysis.indicators.breakdown import breakdown
from edp_analysis.indicators.derived import par_cle, periode
from edp_analysis.indicators.exits import sortants
from edp_analysis.indicators.result import Indicator, share

__all__ = [
    "certification_cursus_complet",
    "certification_par_ecole",
    "certification_presentes",
    "certification_sortants",
    "motifs_anticipes",
    "motifs_sortie",
    "perseverance",
    "resultats_par_ecole",
    "sortie_anticipee",
    "sortie_anticipee_entrants",
    "sortie_anticipee_par_cohorte",
]

_CERTIFIED = "Certifié : résultat « Admis » au titre préparé ; une réussite partielle ne compte pas"
_EARLY = "SORTIE_ANTICIPEE"
_NOT_GIVEN = "Non renseigné"


def sortie_anticipee(apprenants: pd.DataFrame) -> Indicator:
    """Share of the leavers who left before the end of their course.

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a", "b", "c"], "id_jeune": ["a", "b", "c"],
    ...     "date_entree": pd.to_datetime(["2019-09-01"] * 3), "annee_scolaire_entree": ["2019-2020"] * 3,
    ...     "statut": ["SORTIE_ANTICIPEE", "FIN_DE_FORMATION", "INSCRIT"]})
    >>> sortie_anticipee(learners).value
    0.5
    """
    leavers = sortants(apprenants)
    early = par_cle(leavers, leavers["statut"] == _EARLY)
    words = f"jeunes sortis, {periode(apprenants)}"
    return share("sortie_anticipee", "Sorties anticipées", early, words, "Sorties avant le terme / sortants")


def sortie_anticipee_entrants(apprenants: pd.DataFrame) -> Indicator:
    """Share of all the enrolments begun that ended before the end of the course, those in progress included."""
    early = par_cle(apprenants, apprenants["statut"] == _EARLY)
    method = "Sorties avant le terme / inscriptions commencées ; les cohortes récentes n’ont pas fini de sortir"
    words = f"inscriptions, jeunes {periode(apprenants)}"
    return share("sortie_anticipee_entrants", "Sorties anticipées des entrants", early, words, method)


def sortie_anticipee_par_cohorte(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of early exits among the entrants of each school year, in order."""
    return breakdown(apprenants, "annee_scolaire_entree", sortie_anticipee_entrants, "année d’entrée")


def perseverance(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Count what became of each cohort of entrants.

    Returns
    -------
    pandas.DataFrame
        One row a school year of entry, in order: ``annee_entree``, ``entrants`` = ``cursus_termines`` +
        ``sorties_anticipees`` + ``presents`` (enrolments), ``part_sorties_anticipees`` (of the entrants, in [0, 1]).
    """
    counts = _counts(apprenants, "annee_scolaire_entree", "statut", load_codes("statut").labels)
    table = pd.DataFrame(
        {
            "annee_entree": counts.index.astype("str"),
            "entrants": counts.sum(axis=1),
            "cursus_termines": counts["FIN_DE_FORMATION"],
            "sorties_anticipees": counts[_EARLY],
            "presents": counts["INSCRIT"],
        }
    ).reset_index(drop=True)
    return table.assign(part_sorties_anticipees=table["sorties_anticipees"] / table["entrants"])


def certification_sortants(apprenants: pd.DataFrame) -> Indicator:
    """Share of the leavers who were certified: the severest base, early exits included."""
    words = f"jeunes sortis, {periode(apprenants)}"
    return _certified(sortants(apprenants), "certification_sortants", "Sortants certifiés", words)


def certification_cursus_complet(apprenants: pd.DataFrame) -> Indicator:
    """Share certified of the leavers who went to the end of their course.

    It conditions on having stayed: beside :func:`certification_sortants`, not instead of it.
    """
    leavers = sortants(apprenants)
    complete = leavers[leavers["cursus_complet"].astype("boolean").fillna(False).astype(bool)]
    words = f"jeunes sortis après un cursus complet, {periode(apprenants)}"
    return _certified(complete, "certification_cursus_complet", "Certifiés après un cursus complet", words)


def certification_presentes(apprenants: pd.DataFrame) -> Indicator:
    """Share certified of the candidates who sat the examination: the base of published success rates."""
    candidates = apprenants[apprenants["presente_examen"].astype("boolean").fillna(False).astype(bool)]
    words = f"candidats présentés à l’examen, {periode(apprenants)}"
    return _certified(candidates, "certification_presentes", "Certifiés parmi les présentés", words)


def certification_par_ecole(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of certified leavers in each school, in alphabetical order.

    A youth who changed schools is a leaver of both: the schools' leavers may add up to more than the whole.
    """
    return breakdown(apprenants, "ecole", certification_sortants, "école")


def resultats_par_ecole(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Count, school by school, the steps from entry to certificate.

    Returns
    -------
    pandas.DataFrame
        One row a school, in alphabetical order: ``ecole``, ``inscriptions``, ``sortants``, ``sorties_anticipees``,
        ``cursus_complets``, ``presentes``, ``certifies`` (of the leavers).
    """
    columns = ["inscriptions", "sortants", "sorties_anticipees", "cursus_complets", "presentes", "certifies"]
    rows = []
    for school in sorted(apprenants["ecole"].astype("str").unique()):
        part = apprenants[apprenants["ecole"] == school]
        leavers, complete = certification_sortants(part), certification_cursus_complet(part)
        early, sat = sortie_anticipee(part), certification_presentes(part)
        found = (len(part), leavers.denominator, early.numerator, complete.denominator, sat.denominator)
        rows.append([school, *(int(number or 0) for number in (*found, leavers.numerator))])
    return pd.DataFrame(rows, columns=["ecole", *columns])


def motifs_sortie(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Count the reasons for leaving that the schools declare.

    Returns
    -------
    pandas.DataFrame
        One row a reason of the code list, in its order, then « Non renseigné »: ``motif``, ``libelle``,
        ``sorties_anticipees``, ``cursus_termines``, ``ensemble`` (leavers).
    """
    labels = {**load_codes("motif_sortie").labels, "": _NOT_GIVEN}
    leavers = sortants(apprenants)
    reasons = leavers["motif_sortie"].astype("str").fillna("")
    counts = _counts(leavers.assign(motif=reasons), "motif", "statut", load_codes("statut").labels)
    counts = counts.reindex(list(labels), fill_value=0)
    return pd.DataFrame(
        {
            "motif": list(labels),
            "libelle": list(labels.values()),
            "sorties_anticipees": counts[_EARLY].to_list(),
            "cursus_termines": counts["FIN_DE_FORMATION"].to_list(),
            "ensemble": counts.sum(axis=1).to_list(),
        }
    )


def motifs_anticipes(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Count the reasons declared for early exits, the most frequent first; those that nobody gave are left out.

    A course gone through to its end has one reason only, and tells nothing.

    Returns
    -------
    pandas.DataFrame
        ``Motif déclaré par l’école``, ``Jeunes partis avant le terme``.
    """
    early = motifs_sortie(apprenants)[["libelle", "sorties_anticipees"]].query("sorties_anticipees > 0")
    ranked = early.sort_values("sorties_anticipees", ascending=False, kind="stable", ignore_index=True)
    return ranked.set_axis(["Motif déclaré par l’école", "Jeunes partis avant le terme"], axis=1)


def _certified(records: pd.DataFrame, id: str, label: str, population: str) -> Indicator:
    return share(id, label, par_cle(records, records["resultat_examen"] == "ADMIS"), population, _CERTIFIED)


def _counts(frame: pd.DataFrame, rows: str, columns: str, wanted: dict[str, str]) -> pd.DataFrame:
    if frame.empty:  # pandas.crosstab of nothing loses the columns
        return pd.DataFrame(columns=list(wanted), dtype="int64")
    return pd.crosstab(frame[rows], frame[columns]).reindex(columns=list(wanted), fill_value=0)
