"""Time from entry to exit: who leaves, how, and after how many months.

« 54 % of leavers » counts among its leavers the recent entrants who left early, and not their comrades still in
training. Here each entrant is followed from entry, those still in training as such: the share certified within so
many months of entry is that of entrants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.mappings import load_exits
from edp_analysis.indicators.derived import par_cle, periode, premieres_inscriptions
from edp_analysis.indicators.exits import sortants
from edp_analysis.indicators.gaps import attempt
from edp_analysis.indicators.result import Indicator, count, share
from edp_analysis.statistics.log_rank import log_rank
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.survival import cumulative_incidence

__all__ = [
    "EARLY",
    "EXITS",
    "GROUPS",
    "MONTHS",
    "certifies_dans_les",
    "entres_depuis",
    "incidences",
    "parcours",
    "part_sortie",
    "rythme_par_sexe",
    "sortants_recents",
    "tableau_incidences",
]

MONTHS = (3, 6, 12, 18, 24, 30, 36)
"""Months since entry at which the curves are read."""
_FOLLOWED = "EN_COURS"
EXITS: Mapping[str, str] = {
    "CERTIFIE": "Certifié",
    "COMPLET_SANS_TITRE": "Cursus complet sans certification",
    "ANTICIPEE_ETUDES": "Sortie anticipée vers des études ou une formation",
    "ANTICIPEE_EMPLOI": "Sortie anticipée vers un emploi",
    "ANTICIPEE_NEGATIVE": "Sortie anticipée négative",
    "ANTICIPEE_AUTRE": "Sortie anticipée, situation autre ou inconnue",
}
"""The ways out, which exclude each other; the unknown are kept apart from the negative."""
EARLY = tuple(code for code in EXITS if code.startswith("ANTICIPEE"))
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Sortie anticipée : études, emploi": ("ANTICIPEE_ETUDES", "ANTICIPEE_EMPLOI"),
    "Sortie anticipée négative": ("ANTICIPEE_NEGATIVE",),
    "Sortie anticipée : autre, inconnue": ("ANTICIPEE_AUTRE",),
    "Non certifié": ("COMPLET_SANS_TITRE",),
    "Certifié": ("CERTIFIE",),
}
"""The same, in as many groups as a picture can tell apart: stacked, the early exits lie on the axis and can be read."""
_SENSES = {"etudes": "ANTICIPEE_ETUDES", "emploi": "ANTICIPEE_EMPLOI", "negative": "ANTICIPEE_NEGATIVE"}
_DAYS = 365.25 / 12


def parcours(apprenants: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Follow each youth from the first entry to the last exit, or to the extraction for those still enrolled.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    campaign : Campaign
        Gives the date of extraction and the version of the mapping of exits.

    Returns
    -------
    pandas.DataFrame
        One row a youth, sorted by key: ``id_inscription`` (the first), ``ecole``, ``sexe``, ``annee_scolaire_entree``
        (at entry), ``duree`` (months followed), ``issue`` (a key of :data:`EXITS`, or « EN_COURS »), ``recul`` (months
        from entry to extraction: how long the youth could have been followed). Leavers without a date of exit are left
        out.
    """
    first = premieres_inscriptions(apprenants)
    last = sortants(apprenants)
    entry = pd.to_datetime(first["date_entree"])
    extraction = pd.Timestamp(campaign.extraction_date)
    exits = pd.to_datetime(first["id_jeune"].map(dict(zip(last["id_jeune"], last["date_sortie"], strict=True))))
    outcome = first["id_jeune"].map(_outcomes(last, campaign.definitions["sorties"])).astype("str").fillna(_FOLLOWED)
    end = exits.where(outcome != _FOLLOWED, extraction)
    table = pd.DataFrame(
        {
            "id_inscription": first["id_inscription"].astype("str"),
            "ecole": first["ecole"],
            "sexe": first["sexe"],
            "annee_scolaire_entree": first["annee_scolaire_entree"],
            "duree": (end - entry).dt.days / _DAYS,
            "issue": outcome.astype("str"),
            "recul": (extraction - entry).dt.days / _DAYS,
        }
    )
    return table[table["duree"].notna() & (table["duree"] >= 0)].reset_index(drop=True)


def _outcomes(leavers: pd.DataFrame, version: str) -> dict[str, str]:
    """Class each leaver, by ``id_jeune``."""
    senses = {code: item.sense for code, item in load_exits(version, "synthese").by_situation.items()}
    early = leavers["situation_sortie"].map(senses).map(_SENSES).fillna("ANTICIPEE_AUTRE").to_numpy(dtype=object)
    complete = leavers["statut"].eq("FIN_DE_FORMATION").to_numpy()
    certified = leavers["resultat_examen"].eq("ADMIS").to_numpy(dtype=bool, na_value=False)
    outcome = np.where(certified, "CERTIFIE", np.where(complete, "COMPLET_SANS_TITRE", early))
    return dict(zip(leavers["id_jeune"], map(str, outcome), strict=True))


def incidences(
    paths: pd.DataFrame,
    minimum: int,
    months: Sequence[float] = MONTHS,
    exits: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Share of entrants gone each way within so many months: cumulative incidence of competing exits.

    A time is shown when at least `minimum` youths entered that long before the extraction, so that their path is known
    up to it, gone or not. (Counting only those still present would hide the end of a course, when all leave at once.)

    Parameters
    ----------
    paths : pandas.DataFrame
        From :func:`parcours`.
    minimum : int
        Fewest youths followed that long, persons.
    months : sequence of float
        Increasing.
    exits : mapping of str to sequence of str, optional
        Groups of :data:`EXITS` to read together, by name; the other exits compete. By default each one alone.

    Returns
    -------
    pandas.DataFrame
        One row an exit and time: ``issue`` (its name), ``mois``, ``suivis`` (youths who entered that long ago),
        ``presents`` (not gone before), ``incidence``, ``bas``, ``haut`` (shares of entrants, log-log limits).
    """
    groups = exits or {label: [code] for code, label in EXITS.items()}
    columns = ["issue", "mois", "suivis", "presents", "incidence", "bas", "haut"]
    kept = [month for month in months if (paths["recul"] >= month).sum() >= max(1, minimum)]
    if not kept:
        return pd.DataFrame(columns=columns)
    name_of = {code: name for name, codes in groups.items() for code in codes}
    causes = [*groups, *(code for code in EXITS if code not in name_of)]
    status = paths["issue"].map(lambda code: code if code == _FOLLOWED else name_of.get(code, code))
    # Nobody is followed beyond the longest duration: when all have left by then, the share no longer moves.
    longest = float(paths["duree"].max())
    rows = []
    for month in kept:
        read = cumulative_incidence(
            paths["duree"], status, causes, _FOLLOWED, [min(month, longest)], minimum_at_risk=1
        ).set_index("cause")
        followed, present = int((paths["recul"] >= month).sum()), int((paths["duree"] >= month).sum())
        for name in groups:
            part = read.loc[name]
            rows.append((name, month, followed, present, part["incidence"], part["bas"], part["haut"]))
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("issue", key=lambda names: names.map(list(groups).index), kind="stable", ignore_index=True)


def part_sortie(paths: pd.DataFrame, codes: Sequence[str], months: float, minimum: int, label: str) -> Indicator:
    """Share of entrants gone one of these ways within `months`, from the cumulative incidence.

    Parameters
    ----------
    paths, minimum
        As :func:`incidences`.
    codes : sequence of str
        Keys of :data:`EXITS`.
    months : float
    label : str
        What is measured, in French.
    """
    id, words = f"incidence_{'_'.join(codes).lower()}_{months:g}", f"jeunes {periode(paths)}, suivis depuis leur entrée"
    method = "Incidence cumulée (Aalen-Johansen), limites log-log"

    def read() -> Indicator:
        found = incidences(paths, minimum, [months], {label: codes})
        if found.empty:
            raise ValueError(f"moins de {minimum} jeunes entrés depuis {months:g} mois")
        row = found.iloc[0]
        limits = Interval(float(row["bas"]), float(row["haut"]), 0.95, "log-log")
        rows = tuple(paths["id_inscription"])
        whole = bool((paths["recul"] >= months).all())
        # All followed that long: the incidence is a plain share, which has its counts.
        gone = int((paths["issue"].isin(codes) & (paths["duree"] <= months)).sum()) if whole else None
        return Indicator(
            id,
            label,
            float(row["incidence"]),
            "%",
            words,
            gone,
            len(paths) if whole else None,
            limits,
            method,
            rows=rows,
        )

    return attempt(id, label, "%", words, read)


def tableau_incidences(table: pd.DataFrame) -> pd.DataFrame:
    """Lay :func:`incidences` out as readers see it: one row an exit, one column a time, shares with their interval."""
    cells = {
        f"{month:g} mois": [
            Indicator("incidence", name, part, "%", "jeunes entrés", interval=Interval(low, high, 0.95, "log-log"))
            for name, part, low, high in zip(at["issue"], at["incidence"], at["bas"], at["haut"], strict=True)
        ]
        for month, at in table.groupby("mois", sort=True)
    }
    return pd.DataFrame({"Issue": table["issue"].drop_duplicates().to_list(), **cells})


def certifies_dans_les(paths: pd.DataFrame, months: int) -> Indicator:
    """Share certified within `months` of their entry, among those who entered at least that long ago.

    A plain share: no one of them is still to come.

    Examples
    --------
    >>> paths = pd.DataFrame({"id_inscription": list("abc"), "issue": ["CERTIFIE", "EN_COURS", "ANTICIPEE_AUTRE"],
    ...     "duree": [22.0, 8.0, 5.0], "recul": [40.0, 8.0, 30.0], "annee_scolaire_entree": ["2021-2022"] * 3})
    >>> certifies_dans_les(paths, 24).value
    0.5
    """
    old = paths[paths["recul"] >= months]
    certified = par_cle(old, (old["issue"] == "CERTIFIE") & (old["duree"] <= months))
    words = f"jeunes entrés depuis {months} mois au moins, {periode(old)}"
    label = f"Certifiés dans les {months} mois suivant l’entrée"
    return share(f"certifies_{months}_mois", label, certified, words, "Certifiés / entrants suivis assez longtemps")


def sortants_recents(paths: pd.DataFrame, months: int) -> Indicator:
    """Count the leavers who entered less than `months` ago: they can only be so by leaving early."""
    recent = paths[(paths["recul"] < months) & (paths["issue"] != _FOLLOWED)]
    words = f"jeunes sortis, entrés depuis moins de {months} mois"
    return count(
        f"sortants_recents_{months}", "Sortants entrés récemment", pd.Index(recent["id_inscription"]), "jeunes", words
    )


def entres_depuis(paths: pd.DataFrame, months: int, before: int) -> Indicator:
    """Count the youths who entered at least `months` and less than `before` months before the extraction.

    Examples
    --------
    >>> paths = pd.DataFrame({"id_inscription": list("abc"), "recul": [8.0, 12.0, 30.0]})
    >>> entres_depuis(paths, 12, 24).value
    1.0
    """
    some = paths[(paths["recul"] >= months) & (paths["recul"] < before)]
    words = f"jeunes entrés depuis {months} à {before} mois"
    return count(
        f"entres_depuis_{months}_{before}", words.capitalize(), pd.Index(some["id_inscription"]), "jeunes", words
    )


def rythme_par_sexe(paths: pd.DataFrame, codes: Sequence[str] = EARLY) -> Indicator:
    """p-value of the log-rank test that young women and men leave these ways at the same pace, within schools.

    Cause-specific (the other exits are censored), stratified by school.
    """
    known = paths[paths["sexe"].notna()]
    id, label = "rythme_sexe", "Rythme des sorties anticipées, filles et garçons"
    words = f"jeunes {periode(paths)}"

    def read() -> Indicator:
        if known.empty:
            raise ValueError("aucun jeune dans le champ")
        test = log_rank(known["duree"], known["issue"].isin(codes), known["sexe"], known["ecole"])
        return Indicator(id, label, test.pvalue, "", words, method=f"Test du {test.method}, stratifié par école")

    return attempt(id, label, "", words, read)
