"""Ten ways in which a school keeps its learners' file: format, sheets, headings, ways of writing each value.

They are the ways met in the field: titles above the table, headings on two lines, a sheet a year, totals inside the
data, dates as text, as dates or as serial numbers, codes that lost their zero. The campaign file says which school
keeps which; nothing here knows a school.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["BLOCKS", "LAYOUTS", "Layout"]

BLOCKS: dict[str, tuple[str, ...]] = {
    "identite": ("nom", "prenom", "sexe", "date_naissance"),
    "residence": ("code_postal", "commune_residence_insee", "qpv", "hebergement", "permis"),
    "origine": (
        "derniere_classe", "dispositif_specialise", "pays_dernier_etablissement", "mois_hors_scolarite",
        "signale_psad", "diplome_obtenu", "rqth", "orienteur",
    ),
    "formation": ("diplome_prepare", "date_entree", "statut"),
    "sortie": (
        "date_sortie", "resultat_examen", "motif_sortie", "situation_sortie", "situation_6m", "situation_12m",
    ),
}  # fmt: skip
"""Received columns that schools keep side by side."""


@dataclass(frozen=True)
class Layout:
    """One way of keeping the file.

    Attributes
    ----------
    container : str
        ``"xlsx"``, ``"ods"`` or ``"csv"``.
    file_name : str
        With ``{ecole}`` for the school's code.
    sheet_name : str
        With ``{annee}`` for the school year of entry where there is a sheet a year; empty for a text file.
    by_year : bool
        One sheet a school year of entry.
    encoding : str
        Of a text file.
    blocks : tuple of str
        Order of the blocks of columns.
    heading : int
        Which of the accepted headings is used; -1 for the technical names of the State's import model.
    two_lines : bool
        Headings on two lines, merged.
    at : tuple of int
        Rows and columns left empty before the titles.
    titles, notes : tuple of str
        Lines above and below the table, with ``{ecole}`` and ``{extraction}``.
    separators, totals : bool
        A line before, and a total after, each intake inside the data.
    sexes : tuple of str or int
        Boys, girls.
    dates : tuple of str
        Ways of writing dates: ``texte`` (JJ/MM/AAAA), ``court`` (JJ/MM/AA, never a birth date), ``lettres``
        (« 12 sept. 2021 »), ``iso``, ``vraie``, ``serie`` (number of days in a cell of no format).
    results : mapping of str to (str or int)
        Words for examination results; empty to draw among the accepted ones.
    booleans : tuple of (str or int)
        Yes, no.
    coded : tuple of str
        Fields written as codes and not in words.
    as_numbers : bool
        Codes of figures are numbers, and lose their leading zeros.
    blanks : tuple of (str or None)
        What stands for « unknown ».
    extras : tuple of str
        Columns that the contract does not know.
    noise : tuple of str
        ``nbsp``, ``espaces``, ``nfd``, ``casse``, ``mojibake`` (« Ã© » for « é »).
    year_column, school_column : bool
        The file repeats the school year of entry, the school's code.
    """

    container: str = "xlsx"
    file_name: str = "{ecole}.xlsx"
    sheet_name: str = "Suivi"
    by_year: bool = False
    encoding: str = ""
    blocks: tuple[str, ...] = ("identite", "formation", "residence", "origine", "sortie")
    heading: int = 0
    two_lines: bool = False
    at: tuple[int, int] = (0, 0)
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    separators: bool = False
    totals: bool = False
    sexes: tuple[str | int, str | int] = ("H", "F")
    dates: tuple[str, ...] = ("texte",)
    results: Mapping[str, str | int] = field(default_factory=dict)
    booleans: tuple[str | int, str | int] = ("oui", "non")
    coded: tuple[str, ...] = ()
    as_numbers: bool = False
    blanks: tuple[str | None, ...] = (None,)
    extras: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    year_column: bool = False
    school_column: bool = False


_CODED = ("derniere_classe", "diplome_obtenu", "diplome_prepare")

LAYOUTS: dict[str, Layout] = {
    "classique": Layout(
        titles=(
            "École de production {ecole} – suivi des apprenants",
            "À renvoyer complété avant le {extraction}. Une ligne par jeune.",
            "",
        ),
        notes=(
            "",
            "* RQTH : reconnaissance de la qualité de travailleur handicapé",
            "Document tenu par la vie scolaire",
        ),
        separators=True,
        totals=True,
        heading=1,
        results={"ADMIS": "oui", "AJOURNE": "non", "PARTIEL": "partiel", "ABSENT": "ABS"},
        blanks=(None, None, "NC", "?"),
        noise=("espaces",),
        extras=("Observations",),
    ),
    "promotions": Layout(
        file_name="Suivi {ecole}.xlsx",
        sheet_name="Promo {annee}",
        by_year=True,
        blocks=("identite", "residence", "formation", "sortie", "origine"),
        heading=2,
        sexes=("M", "F"),
        dates=("vraie",),
        titles=("Promotion suivie par {ecole}",),
        totals=True,
        results={"ADMIS": "Admis", "AJOURNE": "Ajourné", "PARTIEL": "Réussite partielle (blocs)", "ABSENT": "Absent"},
        booleans=("O", "N"),
        blanks=(None, "-", "NR"),
    ),
    "tableur-libre": Layout(
        container="ods",
        file_name="{ecole}.ods",
        sheet_name="Élèves",
        blocks=("identite", "origine", "formation", "sortie", "residence"),
        heading=3,
        sexes=("garçon", "fille"),
        dates=("lettres", "texte", "lettres", "serie"),
        titles=("Tableau des élèves",),
        notes=("", "Mise à jour : au fil de l’eau"),
        results={"ADMIS": "reçu", "AJOURNE": "échec", "PARTIEL": "partielle", "ABSENT": "non présenté"},
        blanks=(None, "inconnu", "(vide)"),
        noise=("nfd", "casse"),
    ),
    "ancien-export": Layout(
        container="csv",
        file_name="{ecole}.csv",
        sheet_name="",
        encoding="cp1252",
        blocks=("formation", "identite", "sortie", "origine", "residence"),
        heading=4,
        sexes=("Masculin", "Féminin"),
        dates=("texte", "court"),
        totals=True,
        results={"ADMIS": "certifié", "AJOURNE": "recalé", "PARTIEL": "blocs", "ABSENT": "absente"},
        booleans=("vrai", "faux"),
        blanks=(None, "", "NC"),
        year_column=True,
    ),
    "entete-double": Layout(
        file_name="EDP_suivi_{ecole}.xlsx",
        sheet_name="Tableau de bord ",
        at=(1, 1),
        two_lines=True,
        heading=5,
        sexes=(1, 2),
        dates=("serie", "serie", "vraie"),
        titles=("TABLEAU DE BORD – {ecole}", ""),
        notes=("", "Légende : situation = dernière situation connue"),
        results={"ADMIS": "obtenu", "AJOURNE": "non obtenu", "PARTIEL": "validation partielle", "ABSENT": "NP"},
        booleans=("X", "non"),
        blanks=(None, "?", "/"),
    ),
    "codes": Layout(
        sheet_name="Données",
        blocks=("identite", "formation", "origine", "residence", "sortie"),
        heading=0,
        sexes=(1, 2),
        dates=("vraie", "serie"),
        results={"ADMIS": 1, "AJOURNE": 0, "PARTIEL": "partiel", "ABSENT": "ABS"},
        booleans=(1, 0),
        coded=_CODED,
        as_numbers=True,
        blanks=(None,),
        school_column=True,
    ),
    "import-etat": Layout(
        container="csv",
        file_name="import_{ecole}.csv",
        sheet_name="",
        encoding="utf-8-sig",
        heading=-1,
        sexes=("M", "F"),
        dates=("iso", "texte"),
        results={"ADMIS": "oui", "AJOURNE": "non", "PARTIEL": "partiel", "ABSENT": "ABSENT"},
        booleans=("1", "0"),
        coded=("diplome_prepare", "diplome_obtenu"),
        blanks=(None,),
        noise=("mojibake",),
        extras=("tel_apprenant",),
        year_column=True,
    ),
    "petite": Layout(
        sheet_name="Feuil1",
        heading=6,
        sexes=("Garçon", "Fille"),
        dates=("vraie", "texte"),
        results={"ADMIS": "CAP obtenu", "AJOURNE": "non admis", "PARTIEL": "blocs", "ABSENT": "ABS"},
        blanks=(None, "non renseigné"),
    ),
    "decale": Layout(
        sheet_name="Suivi 📊",
        blocks=("residence", "identite", "origine", "formation", "sortie"),
        at=(3, 2),
        heading=7,
        sexes=("H", "F"),
        dates=("lettres", "texte", "vraie"),
        titles=("Suivi des jeunes", "Ne pas modifier les titres de colonnes"),
        notes=("", "Vu le responsable pédagogique"),
        totals=True,
        blanks=(None, "NC", "-"),
        noise=("nbsp", "espaces", "casse"),
    ),
    "annuelle": Layout(
        file_name="{ecole} effectifs.xlsx",
        sheet_name="{annee}",
        by_year=True,
        blocks=("formation", "identite", "residence", "origine", "sortie"),
        heading=2,
        sexes=("Homme", "Femme"),
        dates=("texte", "serie"),
        titles=("Effectifs de l’année scolaire",),
        totals=True,
        booleans=("oui", "non"),
        blanks=(None, "n.c."),
        school_column=True,
    ),
}
"""The layouts, by the name that the campaign file gives them."""
