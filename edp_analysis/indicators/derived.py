"""Fields derived from the clean learners' table: one function each, with its rule written down."""

from __future__ import annotations

import pandas as pd

from edp_analysis.contract.mappings import load_dropout_readings, load_origins
from edp_analysis.problems import UserError

__all__ = ["decrocheur", "origine_scolaire", "par_cle", "periode", "premieres_inscriptions"]

_NO_DEVICE = "AUCUN"
_HOME_COUNTRY = "FR"


def origine_scolaire(apprenants: pd.DataFrame) -> pd.Series:
    """Class each enrolment into the categories of the published chart of school origins.

    The published categories overlap (a pupil of a SEGPA is in a collège, « venant de l'étranger » is not a class),
    so the order decides; the first rule that applies wins:

    1. last class, country and specialised device all missing (device « AUCUN » is missing): ``vide``;
    2. a country other than France, or class « scolarité à l'étranger »: ``etranger``;
    3. any specialised device (ULIS, SEGPA, ITEP, IME, EREA), or class « IME »: ``ulis_segpa_itep``;
    4. the category of the last class (``contract/mappings/origine.csv``); a missing class: ``vide``.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.

    Returns
    -------
    pandas.Series of str
        Category code, same index, named ``origine_scolaire``; never missing.

    Raises
    ------
    UserError
        A class has no category: the definition is behind the code list.

    Examples
    --------
    A pupil of 3e in a SEGPA counts with the specialised devices, not with the collège.

    >>> learners = pd.DataFrame({"derniere_classe": ["1023", "1021", None],
    ...                          "pays_dernier_etablissement": [None, "FR", None],
    ...                          "dispositif_specialise": ["SEGPA", None, "AUCUN"]})
    >>> list(origine_scolaire(learners))
    ['ulis_segpa_itep', 'college', 'vide']
    """
    by_class = {klass: category.code for category in load_origins() for klass in category.classes}
    classes = apprenants["derniere_classe"].astype("str")
    country = apprenants["pays_dernier_etablissement"].astype("str")
    device = apprenants["dispositif_specialise"].astype("str")
    device = device.where(device != _NO_DEVICE)
    from_class = classes.map(by_class).astype("str")
    orphans = sorted(classes[classes.notna() & from_class.isna()].unique())
    if orphans:
        raise UserError(
            f"Dernière classe « {orphans[0]} » : aucune catégorie d’origine ne la reçoit.",
            "L’ajouter à la colonne « classes » de contract/mappings/origine.csv.",
        )
    origin = from_class.fillna("vide")
    origin = origin.mask(device.notna(), "ulis_segpa_itep")
    abroad = (country.notna() & (country != _HOME_COUNTRY)) | from_class.eq("etranger")
    return origin.mask(abroad, "etranger").rename("origine_scolaire")


def decrocheur(apprenants: pd.DataFrame, lecture: str, version: str) -> pd.Series:
    """Say who is a « décrocheur » under one reading of the word.

    The word has no single meaning: readings A to D rest on the school origin, E on the diploma held at entry
    (``contract/mappings/decrocheur.csv``). Unknown is neither yes nor no: an empty origin (A–D) or a diploma that is
    not recorded (E) gives a missing value, and the indicators show bounds. A youth from abroad or of origin « autre »
    is *not* a « décrocheur » under A–D: the origin is known, and is none of those counted.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    lecture : str
        Letter of the reading, ``"A"`` to ``"E"``.
    version : str
        Version of the definitions (``campaign.definitions["decrocheur"]``).

    Returns
    -------
    pandas.Series of boolean
        Same index, missing where unknown.

    Raises
    ------
    UserError
        Unknown version or reading.

    Examples
    --------
    >>> learners = pd.DataFrame({"diplome_obtenu": ["01", "04", None]})
    >>> decrocheur(learners, "E", "2024-1").tolist()
    [True, False, <NA>]
    """
    readings = load_dropout_readings(version)
    if lecture not in readings:
        raise UserError(
            f"Lecture « {lecture} » du mot « décrocheur » inconnue dans la version « {version} ».",
            f"Lectures définies : {', '.join(readings)}.",
        )
    reading = readings[lecture]
    if reading.variable == "origine_scolaire":
        origin = origine_scolaire(apprenants)
        values = origin.where(origin != "vide")
    else:
        values = apprenants[reading.variable].astype("str")
    chosen = values.isin(sorted(reading.values)).astype("boolean")
    return chosen.mask(values.isna()).rename(f"decrocheur_{lecture}")


def premieres_inscriptions(apprenants: pd.DataFrame) -> pd.DataFrame:
    """Keep the first enrolment of each youth: who they were when they came, each counted once.

    The earliest entry, then the smallest identifier.

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a2", "a1"], "id_jeune": ["a", "a"],
    ...                          "date_entree": pd.to_datetime(["2021-09-01", "2019-09-01"])})
    >>> list(premieres_inscriptions(learners)["id_inscription"])
    ['a1']
    """
    ordered = apprenants.sort_values(["date_entree", "id_inscription"])
    return ordered.drop_duplicates("id_jeune", keep="first").sort_values("id_inscription")


def par_cle(apprenants: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Index values of the learners' table by ``id_inscription``, so that an indicator can name its rows."""
    return values.set_axis(apprenants["id_inscription"].astype("str"))


def periode(apprenants: pd.DataFrame) -> str:
    """Return the entry years of the records in words, for a *Champ*.

    Examples
    --------
    >>> periode(pd.DataFrame({"annee_scolaire_entree": ["2021-2022", "2019-2020"]}))
    'entrés de 2019-2020 à 2021-2022'
    """
    years = sorted(apprenants["annee_scolaire_entree"].dropna().astype("str").unique())
    if not years:
        return "entrés dans la période"
    return f"entrés en {years[0]}" if len(years) == 1 else f"entrés de {years[0]} à {years[-1]}"
