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
from edp_analysis.indicators.result import Indicator, amount, count

__all__ = [
    "NOT_FOUND",
    "besoins_regionaux",
    "chomage",
    "chomage_extremes",
    "couverture",
    "departements_couverts",
    "departements_region",
    "domaines_enseignes",
    "domaines_par_departement",
    "domaines_sans_source",
    "domaines_un_departement",
    "entrants_derniere_annee",
    "entrants_pour_mille_sorties",
    "load_territory",
    "metiers_par_domaine",
    "par_departement",
    "presents",
    "presents_par_departement",
    "sorties_sans_diplome",
]

NOT_FOUND = "non trouvé"
"""Written where a source was looked for and none was found."""
_COLUMNS = (
    "indicateur", "libelle", "code", "territoire", "valeur", "unite", "base", "annee", "source", "statut", "note",
)  # fmt: skip
_NO_SCHOOL, _NO_LEARNER = "aucune école connue", "aucun apprenant connu"
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
        table[f"{heading} {year}" if year else heading] = [values.get(code) for code in names]
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


def presents_par_departement(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, campaign: Campaign
) -> dict[str, Indicator]:
    """Count the learners present on the last counting day, by name of the département of their school."""
    day = campaign.last_counting_date
    here = present_on(apprenants, day)
    where = here["ecole"].map(ecoles.set_index("ecole")["departement"].astype("str"))
    return {
        name: count(
            f"presents_{code}", name, pd.Index(here.loc[where == code, "id_inscription"]), "apprenants",
            f"apprenants présents le {day:%d/%m/%Y}",
        )
        for code, name in load_codes("departement").labels.items()
    }  # fmt: skip


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
        reason=_NO_SCHOOL if ecoles.empty else "", rows=tuple(covered),
    )  # fmt: skip


def couverture(couverts: Indicator) -> str:
    """Return the words of a sentence on :func:`departements_couverts`: all of them is said as a whole.

    The sentence takes ``departements`` (that indicator) and ``region`` (:func:`departements_region`).

    Examples
    --------
    >>> couverture(Indicator("d", "Couverts", 5.0, "départements", "", 5, 5))
    'les {region:nombre} départements de la région ont une école'
    """
    if couverts.value is not None and couverts.numerator == couverts.denominator:
        return "les {region:nombre} départements de la région ont une école"
    return "{departements:nombre} des {region:nombre} départements ont une école"


def domaines_par_departement(ecoles: pd.DataFrame) -> pd.DataFrame:
    """Count the schools of each domain (rows, in the order of the code list) in each département (columns)."""
    domains, names = load_codes("domaine").labels, load_codes("departement").labels
    taught = [code for code in domains if (ecoles["domaine"] == code).any()]
    table = pd.DataFrame({"Domaine": [domains[code] for code in taught]})
    for code, name in names.items():
        own = ecoles.loc[ecoles["departement"] == code, "domaine"]
        table[name] = [int((own == domain).sum()) for domain in taught]
    return table


def domaines_enseignes(ecoles: pd.DataFrame) -> Indicator:
    """Count the domains that a school at least teaches.

    Examples
    --------
    >>> domaines_enseignes(pd.DataFrame({"domaine": ["BOIS", "BOIS"]})).value
    1.0
    """
    taught = pd.Index(sorted(ecoles["domaine"].dropna().astype("str").unique()))
    return count("domaines_enseignes", "Domaines enseignés", taught, "domaines", "écoles de la campagne")


def domaines_un_departement(ecoles: pd.DataFrame) -> Indicator:
    """Count the domains that are taught in one département only, of those taught."""
    places = ecoles.groupby("domaine", observed=True)["departement"].nunique()
    alone = [code for code in load_codes("domaine").labels if places.get(code, 0) == 1]
    return Indicator(
        "domaines_un_departement", "Domaines enseignés dans un seul département",
        None if ecoles.empty else float(len(alone)), "domaines", "domaines enseignés", len(alone), len(places),
        reason=_NO_SCHOOL if ecoles.empty else "", rows=tuple(alone),
    )  # fmt: skip


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


def chomage_extremes(campaign: Campaign, root: Path | None = None) -> tuple[Indicator, Indicator]:
    """Return the highest and the lowest rate of the last year of :func:`chomage`, labelled by their département.

    Published rates: they have neither counts nor interval.
    """
    table = chomage(campaign, root)
    last = table[table["annee"] == table["annee"].max()].sort_values("taux", kind="stable")
    found = []
    for place in (-1, 0):
        row = last.iloc[place] if len(last) else None
        name = "aucun département" if row is None else str(row["departement"])
        value = None if row is None else round(float(row["taux"]) / 100, 6)
        year = "" if row is None else f", {row['annee']}"
        reason = "aucun taux publié" if row is None else ""
        found.append(amount("chomage", name, value, "%", f"population active{year}", "taux localisé, INSEE", reason))
    return found[0], found[1]


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


def entrants_derniere_annee(apprenants: pd.DataFrame) -> Indicator:
    """Count the youths who entered in the last school year."""
    years = apprenants["annee_scolaire_entree"].dropna().astype("str")
    if years.empty:
        return amount("entrants_derniere_annee", "Jeunes entrés", None, "jeunes", "jeunes entrés", reason=_NO_LEARNER)
    entered = apprenants.loc[apprenants["annee_scolaire_entree"] == years.max(), "id_jeune"].unique()
    return count(
        "entrants_derniere_annee", "Jeunes entrés la dernière année", pd.Index(entered), "jeunes",
        f"jeunes entrés en {years.max()}",
    )  # fmt: skip


def sorties_sans_diplome(root: Path | None = None) -> Indicator:
    """Return the published number of youths who leave school without a diploma in the région, in a year."""
    rows = load_territory(root)
    rows = rows[(rows["base"] == "sortants_sans_diplome") & (rows["territoire"] == "Normandie")]
    words, value = "Normandie", None
    if len(rows):
        words, value = f"Normandie, {rows['annee'].iloc[0]}", float(rows["valeur"].iloc[0])
    reason = "" if len(rows) else "aucune source sur les sorties"
    return amount("sorties_sans_diplome", "Sorties sans diplôme", value, "jeunes", words, reason=reason)


def entrants_pour_mille_sorties(apprenants: pd.DataFrame, root: Path | None = None) -> Indicator:
    """Return the youths who entered in the last school year, for a thousand who leave school without a diploma.

    An order of magnitude, not a share: those who enter are not all among those who leave without a diploma, the
    published number is rounded, and the two are not of the same year. It is written without decimals.
    """
    entered, gone = entrants_derniere_annee(apprenants), sorties_sans_diplome(root)
    value = None if entered.value is None or not gone.value else 1000 * entered.value / gone.value
    return Indicator(
        "entrants_pour_mille_sorties", "Entrants pour mille sorties sans diplôme", value, "pour mille",
        f"{entered.population} ; sorties sans diplôme, {gone.population}", entered.value, gone.value,
        method="entrants de la dernière année / sorties sans diplôme × 1000", reason=entered.reason or gone.reason,
        rows=entered.rows,
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
        reason=_NO_SCHOOL if table.empty else "", rows=tuple(blank),
    )  # fmt: skip
