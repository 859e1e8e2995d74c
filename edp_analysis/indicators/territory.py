"""Schools, domains and learners by département, beside what published sources say of needs there.

A need is shown with its source and year, or said not to have been found: no figure of a région is shared out between
its départements, and no trade is called « in demand » without a text that says so.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.presence import present_on
from edp_analysis.contract.codes import load_codes
from edp_analysis.indicators.comparators import comparators_of_notion
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator, count

__all__ = [
    "NOT_FOUND",
    "besoins_regionaux",
    "chomage",
    "departements_couverts",
    "departements_region",
    "domaines_par_departement",
    "domaines_sans_source",
    "entrants_pour_mille_sorties",
    "load_territory",
    "metiers_par_domaine",
    "par_departement",
    "presents",
]

NOT_FOUND = "non trouvé"
"""Written where a source was looked for and none was found."""
_COLUMNS = (
    "indicateur", "libelle", "code", "territoire", "valeur", "unite", "base", "annee", "source", "statut", "note",
)  # fmt: skip
_TRADES = ("domaine", "constat", "territoire", "annee", "source", "note")


def load_territory(root: Path | None = None) -> pd.DataFrame:
    """Read the published figures on needs: unemployment (kept with the comparators) and those of ``territoire.csv``.

    Returns
    -------
    pandas.DataFrame
        ``indicateur``, ``libelle``, ``code`` (of the département; another code for a wider territory), ``territoire``,
        ``valeur`` (a percentage is in points), ``unite``, ``base``, ``annee`` (text), ``source``, ``statut``, ``note``.

    Raises
    ------
    UserError
        A file is absent or a figure has no source, year or base.
    """
    filled = ("indicateur", "libelle", "code", "territoire", "valeur", "unite", "base", "annee", "source", "statut")
    own = read_declared("territoire.csv", _COLUMNS, filled, ("valeur",), root)
    jobless = comparators_of_notion("chomage", root).rename(columns={"population": "territoire"})
    by_name = {label: code for code, label in load_codes("departement").labels.items()}
    codes = [by_name.get(str(name), str(name)) for name in jobless["territoire"]]
    return pd.concat([own, jobless.assign(code=codes)[list(_COLUMNS)]], ignore_index=True)


def par_departement(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, campaign: Campaign, root: Path | None = None
) -> pd.DataFrame:
    """Set schools and learners of each département of the code list beside its published needs.

    For each need, the last year published on or before the last counting day; the year is in the heading.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``Département``, ``Écoles``, ``Domaines``, ``Apprenants présents``, then one column a need (in
        percentage points as published, missing where no figure is known), and ``Décrocheurs`` (« non trouvé » where
        no source was found).
    """
    names, domains = load_codes("departement").labels, load_codes("domaine").labels
    where = ecoles.set_index("ecole")["departement"].astype("str")
    present = present_on(apprenants, campaign.last_counting_date)["ecole"].map(where).value_counts()
    figures = load_territory(root or campaign.root)
    own = [ecoles[ecoles["departement"] == code] for code in names]
    taught = [sorted({domains[code] for code in part["domaine"]}) for part in own]
    table = pd.DataFrame(
        {
            "code": list(names),
            "Département": list(names.values()),
            "Écoles": [len(part) for part in own],
            "Domaines": [" ; ".join(labels) if labels else "aucun" for labels in taught],
            "Apprenants présents": [int(present.get(code, 0)) for code in names],
        }
    )
    needs = {"chomage": "Chômage", "etablissements_recruteurs": "Établissements qui prévoient de recruter"}
    for notion, heading in needs.items():
        year, values = _latest(figures[figures["indicateur"] == notion], list(names), campaign)
        table[f"{heading} ({year})" if year else heading] = [values.get(code) for code in names]
    dropouts = figures[figures["indicateur"] == "decrocheurs"].set_index("code")["valeur"]
    table["Décrocheurs"] = [f"{dropouts[code]:g}" if code in dropouts.index else NOT_FOUND for code in names]
    return table


def _latest(figures: pd.DataFrame, codes: list[str], campaign: Campaign) -> tuple[str, dict[str, float]]:
    known = figures[figures["code"].isin(codes)].assign(an=pd.to_numeric(figures["annee"], errors="coerce"))
    known = known[known["an"] <= campaign.last_counting_date.year]
    if known.empty:
        return "", {}
    last = known[known["an"] == known["an"].max()]
    values = {str(code): float(value) for code, value in zip(last["code"], last["valeur"], strict=True)}
    return str(int(known["an"].max())), values


def presents(apprenants: pd.DataFrame, campaign: Campaign) -> Indicator:
    """Count the learners present in all the schools on the last counting day."""
    day = campaign.last_counting_date
    here = present_on(apprenants, day)["id_inscription"]
    return count(
        "presents", "Apprenants présents", pd.Index(here), "apprenants", f"apprenants présents le {day:%d/%m/%Y}"
    )


def departements_region() -> Indicator:
    """Count the départements of the region (the code list).

    Examples
    --------
    >>> departements_region().value
    5.0
    """
    codes = pd.Index(list(load_codes("departement").labels))
    return count(
        "departements_region", "Départements de la région", codes, "départements", "code officiel géographique"
    )


def departements_couverts(ecoles: pd.DataFrame) -> Indicator:
    """Count the départements of the région that have a school at least."""
    codes = list(load_codes("departement").labels)
    covered = [code for code in codes if (ecoles["departement"] == code).any()]
    return Indicator(
        "departements_couverts", "Départements ayant une école", None if ecoles.empty else float(len(covered)),
        "départements", "départements de la région", len(covered), len(codes),
        reason="aucune école connue" if ecoles.empty else "", rows=tuple(covered),
    )  # fmt: skip


def domaines_par_departement(ecoles: pd.DataFrame) -> pd.DataFrame:
    """Count the schools of each domain (rows, in the order of the code list) in each département (columns)."""
    domains, names = load_codes("domaine").labels, load_codes("departement").labels
    taught = [code for code in domains if (ecoles["domaine"] == code).any()]
    table = pd.DataFrame({"Domaine": [domains[code] for code in taught]})
    for code, name in names.items():
        own = ecoles.loc[ecoles["departement"] == code, "domaine"]
        table[name] = [int((own == domain).sum()) for domain in taught]
    return table


def chomage(campaign: Campaign, root: Path | None = None) -> pd.DataFrame:
    """Unemployment rate of each département and year up to the last counting day.

    Returns
    -------
    pandas.DataFrame
        ``departement`` (name), ``annee`` (int), ``taux`` (in percentage points, as published), in order.
    """
    names = load_codes("departement").labels
    figures = load_territory(root or campaign.root)
    rows = figures[(figures["indicateur"] == "chomage") & figures["code"].isin(list(names))]
    table = pd.DataFrame(
        {
            "departement": rows["code"].map(names),
            "annee": pd.to_numeric(rows["annee"]).astype("int64"),
            "taux": rows["valeur"],
        }
    )
    kept = table[table["annee"] <= campaign.last_counting_date.year]
    return kept.sort_values(["departement", "annee"]).reset_index(drop=True)


def besoins_regionaux(root: Path | None = None) -> pd.DataFrame:
    """Lay out the figures on drop-out: none by département, each of another territory, year and measure."""
    rows = load_territory(root)
    rows = rows[rows["indicateur"] == "decrocheurs"]
    return pd.DataFrame(
        {
            "Territoire": rows["territoire"],
            "Mesure": rows["libelle"],
            "Année": rows["annee"],
            "Jeunes": rows["valeur"],
            "Source": rows["source"],
            "Remarque": rows["note"],
        }
    ).reset_index(drop=True)


def entrants_pour_mille_sorties(apprenants: pd.DataFrame, root: Path | None = None) -> Indicator:
    """Return the youths who entered in the last school year, for a thousand who leave school without a diploma.

    An order of magnitude, not a share: those who enter are not all among those who leave without a diploma, and the
    two figures are not of the same year.
    """
    rows = load_territory(root)
    rows = rows[(rows["indicateur"] == "decrocheurs") & (rows["base"] == "sortants_sans_diplome")]
    region = rows.loc[rows["territoire"] == "Normandie", "valeur"]
    years = apprenants["annee_scolaire_entree"].dropna().astype("str")
    reason = "aucun apprenant connu" if years.empty else "" if len(region) else "aucune source sur les sorties"
    entered = apprenants[apprenants["annee_scolaire_entree"] == years.max()] if len(years) else apprenants
    value = None if reason else 1000 * entered["id_jeune"].nunique() / float(region.iloc[0])
    return Indicator(
        "entrants_pour_mille_sorties", "Entrants pour mille sorties sans diplôme", value, "jeunes",
        f"entrés en {years.max()}" if len(years) else "aucun entrant", entered["id_jeune"].nunique(),
        None if reason else float(region.iloc[0]), method="entrants de la dernière année / sorties sans diplôme × 1000",
        reason=reason,
    )  # fmt: skip


def metiers_par_domaine(ecoles: pd.DataFrame, root: Path | None = None) -> pd.DataFrame:
    """Say, for each domain that a school teaches, what a source says of its trades, or that none was found."""
    labels = load_codes("domaine").labels
    facts = read_declared("metiers.csv", _TRADES, ("domaine", "constat", "territoire", "annee", "source"), root=root)
    rows = []
    for code, label in labels.items():
        schools = int((ecoles["domaine"] == code).sum())
        found = facts[facts["domaine"] == code]
        for fact in found.itertuples(index=False) if schools else ():
            rows.append((label, schools, fact.constat, fact.territoire, fact.annee, fact.source, fact.note))
        if schools and found.empty:
            rows.append((label, schools, "non établi", "", "", NOT_FOUND, ""))
    columns = ["Domaine", "Écoles", "Besoin en main-d’œuvre", "Territoire", "Année", "Source", "Remarque"]
    return pd.DataFrame(rows, columns=columns)


def domaines_sans_source(ecoles: pd.DataFrame, root: Path | None = None) -> Indicator:
    """Count the domains taught for which no source on the need for labour was found."""
    table = metiers_par_domaine(ecoles, root)
    blank = table.loc[table["Source"] == NOT_FOUND, "Domaine"]
    return Indicator(
        "domaines_sans_source", "Domaines sans source sur les besoins", None if table.empty else float(len(blank)),
        "domaines", "domaines enseignés", len(blank), table["Domaine"].nunique(),
        reason="aucune école connue" if table.empty else "", rows=tuple(blank),
    )  # fmt: skip
