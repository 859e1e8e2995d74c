"""Tables as readers see them: several indicators side by side, under French headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.contract import load_schema
from edp_analysis.contract.codes import load_codes
from edp_analysis.indicators.bounds import Bounded
from edp_analysis.indicators.result import Indicator

__all__ = [
    "HEADINGS",
    "bilan",
    "bornes",
    "comparateurs",
    "deux_colonnes",
    "ensemble",
    "largest",
    "notion",
    "notions",
    "par_ecole",
    "raisons",
    "smallest",
    "titre",
    "titres",
    "unites",
]

_ROW_NAMED = re.compile(r"que celle du fichier .*")
"""In the reason of a merged row, which row: one reason, not one for each row."""
HEADINGS = {
    "annee_entree": "Année d'entrée",
    "age": "Âge",
    "annee": "Année",
    "bas": "Borne basse",
    "base": "Base",
    "corrigées": "Normalisées (reprises ou fusionnées)",
    "date_fin": "Clôture",
    "cursus_complets": "Cursus complets",
    "cursus_termines": "Cursus terminés",
    "certifies": "Certifiés",
    "denominateur": "Dénominateur",
    "departement": "Département",
    "domaine": "Domaine",
    "duree": "Durée",
    "ecart": "Écart",
    "ecole": "École",
    "effectif": "Effectif",
    "ensemble": "Ensemble",
    "enonce": "Énoncé",
    "entrants": "Entrants",
    "exercice": "Exercice",
    "fichier": "Fichier",
    "haut": "Borne haute",
    "indicateur": "Indicateur",
    "inscriptions": "Inscriptions",
    "lecture": "Lecture",
    "libelle": "Libellé",
    "lignes": "Lignes",
    "lues": "Lues",
    "modalite": "Réponse",
    "montree": "Montrée à",
    "motif": "Motif",
    "nombre": "Nombre",
    "nomenclature": "Classement",
    "numerateur": "Numérateur",
    "p": "Valeur p",
    "p ajustée": "Valeur p ajustée",
    "part": "Part",
    "part_sorties_anticipees": "Part de sorties anticipées",
    "polarite": "Jugement",
    "presentes": "Présentés",
    "presents": "Présents",
    "repondants": "Répondants",
    "reprise": "Reprises",
    "fusionnée": "Fusionnées",
    "écartée": "Écartées",
    "sans_reponse": "Sans réponse",
    "sortants": "Sortants",
    "sorties_anticipees": "Sorties anticipées",
    "table": "Table",
    "unite": "Unité",
    "valeur": "Valeur",
}
"""French heading of each column name that the indicators use."""


def titre(name: str) -> str:
    """Return the French heading of a column; an unknown name only gains a capital and loses its underscores.

    Examples
    --------
    >>> titre("ecole"), titre("taux_brut"), titre("Coût publié")
    ('École', 'Taux brut', 'Coût publié')
    """
    return HEADINGS.get(name, name[:1].upper() + name[1:].replace("_", " "))


def titres(frame: pd.DataFrame) -> pd.DataFrame:
    """Replace column names by their French headings (:func:`titre`).

    Examples
    --------
    >>> list(titres(pd.DataFrame(columns=["ecole", "taux_brut"])).columns)
    ['École', 'Taux brut']
    """
    return frame.rename(columns=lambda name: titre(str(name)))


def largest(indicators: Iterable[Indicator]) -> Indicator:
    """Return the indicator with the highest value, the first of equals; what a title may name without going stale.

    Raises
    ------
    ValueError
        There is none to choose from.
    """
    return max(_some(indicators), key=lambda item: -1.0 if item.value is None else item.value)


def smallest(indicators: Iterable[Indicator]) -> Indicator:
    """Return the indicator with the lowest value, the first of equals; see :func:`largest`.

    Raises
    ------
    ValueError
        There is none to choose from.
    """
    return min(_some(indicators), key=lambda item: float("inf") if item.value is None else item.value)


def _some(indicators: Iterable[Indicator]) -> list[Indicator]:
    items = list(indicators)
    if not items:
        raise ValueError("aucun indicateur à comparer")
    return items


def ensemble(indicator: Indicator) -> Indicator:
    """Name the overall figure « Ensemble », as the line among the groups that it is the whole of."""
    return replace(indicator, label="Ensemble")


def deux_colonnes(indicators: Mapping[str, Indicator], names: str, values: str) -> pd.DataFrame:
    """Lay named indicators out under two headings that say what they are, where « Libellé » would not."""
    return pd.DataFrame({names: list(indicators), values: list(indicators.values())})


def bilan(ledger: Ledger) -> pd.DataFrame:
    """Rows read and their fates, per file, under the French title of the table they feed."""
    return titres(_named(ledger.balance()))


def raisons(ledger: Ledger) -> pd.DataFrame:
    """Count the rows merged or set aside, per table and reason, in how many files.

    Returns
    -------
    pandas.DataFrame
        ``Table``, ``Sort``, ``Raison``, ``Lignes``, ``Fichiers``; the most frequent first within a table.
    """
    frame = ledger.to_frame()
    frame["raison"] = frame["raison"].str.replace(_ROW_NAMED, "qu’une autre ligne", regex=True)
    other = frame[frame["sort"] != str(Fate.KEPT)]
    counts = (
        other.groupby(["table", "sort", "raison"], sort=True)
        .agg(lignes=("ligne", "size"), fichiers=("fichier", "nunique"))
        .reset_index()
        .sort_values(["table", "lignes", "raison"], ascending=[True, False, True])
    )
    return titres(_named(counts))


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Name each table as the contract does: « enquete » is « Enquête auprès des jeunes »."""
    return frame.assign(table=[load_schema(str(name)).title for name in frame["table"]])


def bornes(readings: Mapping[str, Bounded], heading: str) -> pd.DataFrame:
    """Lay bounded shares out: among the known, the two bounds, and the unknown.

    Parameters
    ----------
    readings : mapping of str to Bounded
        By whatever key; the label of each is what is shown.
    heading : str
        Heading of the first column.

    Returns
    -------
    pandas.DataFrame
        ``heading``, ``Parmi les connus``, ``Borne basse``, ``Borne haute``, ``Situation inconnue``: indicators,
        written with their counts.
    """
    return pd.DataFrame(
        {
            heading: [item.known.label for item in readings.values()],
            "Parmi les connus": [item.known for item in readings.values()],
            "Borne basse": [item.low.value for item in readings.values()],
            "Borne haute": [item.high.value for item in readings.values()],
            "Situation inconnue": [item.unknown.value for item in readings.values()],
        }
    )


def comparateurs(ours: Indicator, found: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Lay published comparators out under our own figure: population, year, value, source, remarks where there are any.

    Parameters
    ----------
    ours : Indicator
        A share of the same base.
    found : pandas.DataFrame
        From :func:`~edp_analysis.indicators.comparators.comparators`.
    campaign : Campaign
        Says whether our data are simulated.
    """
    mine = f"Ici : écoles de production{', données simulées' if campaign.simulated else ''}"
    table = pd.DataFrame(
        {
            "Population": [mine, *found["population"]],
            "Année": [f"campagne {campaign.code}", *found["annee"].astype("str")],
            "Valeur": [ours, *(found["valeur"] / 100)],
            "Source": ["cette page", *found["source"]],
            "Remarque": ["", *found["note"].fillna("")],
        }
    )
    return table if (table["Remarque"] != "").any() else table.drop(columns="Remarque")


def par_ecole(apprenants: pd.DataFrame, ecoles: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Describe each school by counts: domain, opening, entrants, girls, present on the last head-count day."""
    domains = load_codes("domaine").labels
    schools = ecoles.sort_values("ecole").reset_index(drop=True)
    parts = [apprenants[apprenants["ecole"] == school] for school in schools["ecole"]]
    return pd.DataFrame(
        {
            "École": schools["ecole"],
            "Domaine": schools["domaine"].map(domains),
            "Ouverture": pd.to_datetime(schools["date_ouverture"]).dt.date,
            "Inscriptions": [len(part) for part in parts],
            "Dont filles": [int((part["sexe"] == "F").sum()) for part in parts],
            f"Présents au {campaign.last_counting_date:%d/%m/%Y}": [
                int(part["presence_jour_comptage"].sum()) for part in parts
            ],
        }
    )


def notion(frame: pd.DataFrame, *ids: str) -> pd.DataFrame:
    """Keep the rows of one or several financial notions, in the order asked for within each exercise."""
    ranks = {id: rank for rank, id in enumerate(ids)}
    chosen = frame[frame["indicateur"].isin(ids)]
    order = chosen.assign(rang=chosen["indicateur"].map(ranks)).sort_values(["ecole", "date_fin", "rang"])
    return order.drop(columns="rang").reset_index(drop=True)


def notions(frame: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Lay financial notions out: one row a school and exercise, one column a notion.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`edp_analysis.indicators.finance.finance_table` gives it.
    headings : mapping of str to str
        Heading of each notion, by its id, in the order of the columns.
    """
    chosen = notion(frame, *headings)
    wide = chosen.pivot(index=["ecole", "exercice"], columns="indicateur", values="valeur")
    columns = {"ecole": HEADINGS["ecole"], "exercice": HEADINGS["exercice"], **headings}
    return wide.reindex(columns=list(headings)).rename_axis(columns=None).reset_index().rename(columns=columns)


def unites(frame: pd.DataFrame, headings: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of each of these notions, by the heading that :func:`notions` gives it; rows go by school.

    A heading that says « par apprenant » spares its cells the « /apprenant » of the unit.
    """
    units = frame.drop_duplicates("indicateur").set_index("indicateur")["unite"]
    found = {heading: str(units[id]) for id, heading in headings.items() if id in units.index}
    said = {heading: unit.split("/")[0] if " par " in heading else unit for heading, unit in found.items()}
    return {"École": "groupe"} | said
