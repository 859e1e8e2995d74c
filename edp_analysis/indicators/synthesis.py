"""Synthesis: judgements tied to evidence, computed from measures and proposed targets; recommendations followed up.

Files of ``data/reference`` say what is judged and on what (``matrice-``, ``swot-``, ``recommandations-`` and
``transmission-<campaign>.csv``); the words of judgement are computed, so that they cannot go stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.schema import load_schema
from edp_analysis.indicators.concordance import NO_SYNTHESIS, concordance, load_statements, references
from edp_analysis.indicators.judgement import GROUNDS, judgement, narrowly, scope, strength
from edp_analysis.indicators.quality import completude
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.problems import UserError

__all__ = [
    "a_transmettre",
    "actions",
    "cibles",
    "critere",
    "familles",
    "matrice",
    "nombre_de",
    "premiere_ligne",
    "preuves",
    "read_criteria",
    "sans_cible",
    "suivi",
]

_MATRIX = (
    "id", "question", "registre", "critere", "mesure", "cible", "sens", "precision", "origine", "fondement", "preuve",
    "limite",
)  # fmt: skip
_MATRIX_SHOWN = (
    "Question", "Registre", "Critère", "Limite", "Indicateur", "Champ", "Mesure", "Cible proposée", "Preuve",
    "Jugement", "Force", "Portée",
)  # fmt: skip
_SWOT = ("id", "famille", "enonce", "synthese", "mesure", "preuve", "reserve")
_ACTIONS = (
    "id", "synthese", "recommandation", "qui", "quoi", "indicateur", "mesure", "cible", "origine", "echeance", "statut",
    "preuve",
)  # fmt: skip
_WRITTEN_ACTIONS = tuple(column for column in _ACTIONS if column not in ("mesure", "preuve"))
_SENT = ("champ", "quand", "pourquoi")
_SENSES = ("", "au moins", "au plus")
_FAMILIES = ("force", "faiblesse", "opportunité", "menace")
_NOTHING = Indicator("criteres", "Critères", None, "", "", reason=NO_SYNTHESIS)
_STATES = ("proposé", "voté", "engagé", "fait", "abandonné")


def matrice(campaign: Campaign, known: Mapping[str, Indicator]) -> pd.DataFrame:
    """Judge each criterion: question, criterion, indicator, evidence, judgement, strength.

    Parameters
    ----------
    campaign : Campaign
    known : mapping of str to Indicator
        Measures by name: those of :func:`~edp_analysis.indicators.measures.measures` and of the register.

    Returns
    -------
    pandas.DataFrame
        Question by question: ``Question`` (code and wording), ``Registre``, ``Critère``, ``Limite``, ``Indicateur``
        (what is measured), ``Champ``, ``Mesure`` (an indicator), ``Cible proposée``, ``Preuve``, ``Jugement``,
        ``Force``, ``Portée``: see :mod:`edp_analysis.indicators.judgement`. No row when the campaign has no such file.

    Raises
    ------
    UserError
        A judgement without evidence, a measure that nothing computes, a target without a sense or without an origin.
    """
    rows = read_criteria(campaign)
    wordings = {question.code: f"{question.code}. {question.wording}" for question in campaign.questions}
    lines = []
    for row in sorted(rows.to_dict("records"), key=lambda row: list(wordings).index(row["question"])):
        measure = _measure(row, known)
        lines.append(
            (
                wordings[row["question"]], row["registre"], row["critere"], row["limite"],
                measure.label if measure else "–", measure.population if measure else "–", measure or "–",
                _target(row, measure), row["preuve"],
                judgement(measure, row["sens"], row["cible"]) + narrowly(measure, row["sens"], row["cible"]),
                strength(measure, row["precision"], row["fondement"]),
                scope(row["fondement"], campaign.simulated) or "–",
            )
        )  # fmt: skip
    return pd.DataFrame(lines, columns=list(_MATRIX_SHOWN))


def read_criteria(campaign: Campaign) -> pd.DataFrame:
    """Read the criteria of the campaign's matrix as they are written; the errors are those of :func:`matrice`."""
    filled = ("id", "question", "registre", "critere", "fondement", "limite")
    rows = _read("matrice", _MATRIX, filled, campaign, ("cible", "precision"))
    _among(rows, "sens", _SENSES, "matrice")
    _among(rows, "question", tuple(question.code for question in campaign.questions), "matrice")
    _among(rows, "fondement", GROUNDS, "matrice")
    for row in rows.to_dict("records"):
        aimed = bool(row["sens"])
        if aimed != (row["cible"] == row["cible"]):
            raise UserError(f"Matrice, {row['id']} : une cible va avec un sens, et l’inverse.", "Compléter la ligne.")
        if aimed != bool(row["origine"]):
            raise UserError(f"Matrice, {row['id']} : une cible va avec son origine.", "Dire d’où vient la valeur.")
    return rows


def _target(row: Mapping[Any, Any], measure: Indicator | None) -> str:
    if not row["sens"] or measure is None:
        return "–"
    written = f"{row['cible']:g}".replace(".", ",")
    # « au plus 0 école »: French counts nought in the singular.
    unit = measure.unit.removesuffix("s") if row["cible"] < 2 and measure.unit != "points" else measure.unit
    return f"{row['sens']} {written} {unit}".strip()


def cibles(campaign: Campaign, known: Mapping[str, Indicator]) -> pd.DataFrame:
    """Keep of the matrix the targets to vote, where each comes from, and what it would say today if it were voted."""
    table = matrice(campaign, known)
    aimed = table[_aimed(table)]
    rows = read_criteria(campaign)
    origins = rows.set_index("critere")["origine"]
    return pd.DataFrame(
        {
            "Question": aimed["Question"],
            "Critère": aimed["Critère"],
            "Cible proposée": aimed["Cible proposée"],
            "Origine": aimed["Critère"].map(origins),
            "Mesure": aimed["Mesure"],
            "Si elle était votée": aimed["Jugement"],
            "Portée": aimed["Portée"],
            "Statut": "proposée, à voter",
        }
    ).reset_index(drop=True)


def familles(campaign: Campaign, known: Mapping[str, Indicator], verdicts: Mapping[str, str]) -> pd.DataFrame:
    """List strengths, weaknesses, opportunities and threats, each with its measure, its word and its evidence.

    The word is that of the statement in the concordance; the reserve says what the evidence does not cover.

    Parameters
    ----------
    campaign, known
        As :func:`matrice`.
    verdicts : mapping of str to str
        As :func:`~edp_analysis.indicators.concordance.concordance`.

    Raises
    ------
    UserError
        A line without evidence, of an unknown family, or tied to no statement.
    """
    rows = _read("swot", _SWOT, ("id", "famille", "enonce", "synthese", "reserve"), campaign)
    _among(rows, "famille", _FAMILIES, "swot")
    words = concordance(campaign, verdicts).set_index("N°")["Mot"]
    _among(rows, "synthese", tuple(words.index), "swot")
    lines = []
    for row in rows.to_dict("records"):
        measure = _measure(row, known)
        lines.append(
            (
                row["famille"], row["enonce"], row["reserve"], measure.label if measure else "–",
                measure or "–", words[row["synthese"]], row["preuve"],
            )
        )  # fmt: skip
    columns = ["Famille", "Énoncé", "Réserve", "Indicateur", "Mesure", "Concordance", "Preuve"]
    table = pd.DataFrame(lines, columns=columns)
    return table.sort_values("Famille", key=lambda names: names.map(_FAMILIES.index), kind="stable", ignore_index=True)


def actions(campaign: Campaign) -> pd.DataFrame:
    """Read the recommendations: who, what, indicator, target, date and state.

    Raises
    ------
    UserError
        A recommendation without evidence, of an unknown state, or whose date is not one.
    """
    rows = _read("recommandations", _ACTIONS, _WRITTEN_ACTIONS, campaign)
    _among(rows, "statut", _STATES, "recommandations")
    for row in rows.to_dict("records"):
        try:
            date.fromisoformat(row["echeance"])
        except ValueError as error:
            what = f"Recommandations, {row['id']} : échéance « {row['echeance']} »."
            raise UserError(what, "Écrire AAAA-MM-JJ.") from error
    return rows


def suivi(campaign: Campaign, known: Mapping[str, Indicator]) -> pd.DataFrame:
    """Lay out the recommendations for readers, in the order of their dates.

    Parameters
    ----------
    campaign : Campaign
    known : mapping of str to Indicator
        As :func:`matrice`; where the indicator of a recommendation is measured, its value today stands beside its
        target (``Aujourd’hui``), « – » elsewhere.

    Raises
    ------
    UserError
        As :func:`actions`, or a measure that nothing computes.
    """
    rows = actions(campaign)
    table = pd.DataFrame(
        {
            "Recommandation": rows["recommandation"],
            "Qui": rows["qui"],
            "Quoi": rows["quoi"],
            "Indicateur": rows["indicateur"],
            "Aujourd’hui": [_measure(row, known) or "–" for row in rows.to_dict("records")],
            "Cible proposée": rows["cible"],
            "Origine de la cible": rows["origine"],
            "Échéance proposée": [date.fromisoformat(day) for day in rows["echeance"]],
            "Statut": rows["statut"],
            "Preuve": rows["preuve"],
        }
    )
    return table.sort_values("Échéance proposée", kind="stable", ignore_index=True)


def a_transmettre(campaign: Campaign, apprenants: pd.DataFrame) -> pd.DataFrame:
    """List what each school must report, when and why, and how far it is filled today.

    Raises
    ------
    UserError
        A field that the contract does not have.
    """
    rows = _read("transmission", _SENT, _SENT, campaign, evidence=False)
    titles = {field.name: field.title for field in load_schema("apprenants").fields}
    _among(rows, "champ", tuple(titles), "transmission")
    filled = {
        item.id.removeprefix("completude_"): item
        for item in completude(apprenants, "apprenants", campaign.extraction_date)
    }
    return pd.DataFrame(
        {
            "Donnée": rows["champ"].map(titles),
            "Quand": rows["quand"],
            "Pourquoi": rows["pourquoi"],
            "Renseigné dans les fichiers reçus": [
                filled.get(name, "obligatoire : sans elle, la ligne est écartée") for name in rows["champ"]
            ],
        }
    )


def critere(table: pd.DataFrame, word: str) -> Indicator:
    """Count the criteria of the matrix judged `word`, over those that have a target."""
    aimed = table[_aimed(table)]
    would = {"atteint": "qui seraient atteintes", "non atteint": "qui ne le seraient pas"}
    met = sum(str(judged).partition(",")[0] == word for judged in aimed["Jugement"])  # « non atteint, de peu (…) »
    return Indicator(
        f"criteres_{word.replace(' ', '_').replace('é', 'e')}", f"Cibles proposées {would.get(word, f'{word}es')}",
        float(met) if len(aimed) else None, "critères", "critères qui ont une cible proposée", met, len(aimed),
        method="intervalle entier du bon côté de la cible", reason="" if len(aimed) else NO_SYNTHESIS,
    )  # fmt: skip


def sans_cible(table: pd.DataFrame) -> Indicator:
    """Count the criteria of the matrix that are measured and have no target."""
    return nombre_de(table[~_aimed(table)], "criteres_sans_cible", "Critères sans cible", "")


def premiere_ligne(table: pd.DataFrame) -> dict[str, Any]:
    """Return the first row of the matrix that has a target, to be read aloud under the table; dashes without one.

    Returns
    -------
    dict
        ``critere``, ``mesure`` (an indicator, or « – »), ``cible``, ``jugement``.
    """
    aimed = table[_aimed(table)]
    columns = {"critere": "Critère", "mesure": "Mesure", "cible": "Cible proposée", "jugement": "Jugement"}
    if aimed.empty:
        return {key: _NOTHING if key == "mesure" else "–" for key in columns}
    return {key: aimed.iloc[0][column] for key, column in columns.items()}


def nombre_de(table: pd.DataFrame, id: str, label: str, unit: str) -> Indicator:
    """Count the rows of a table of the synthesis."""
    reason = "" if len(table) else NO_SYNTHESIS
    return amount(id, label, float(len(table)) if len(table) else None, unit, "synthèse de la campagne", reason=reason)


def preuves(campaign: Campaign) -> tuple[tuple[str, str, str, str], ...]:
    """List all the evidence that the campaign's files cite: file, row, page (or « registre »), element."""
    kinds = {
        "synthese": load_statements(campaign),
        "matrice": _read("matrice", _MATRIX, (), campaign, ("cible", "precision")),
        "swot": _read("swot", _SWOT, (), campaign),
        "recommandations": _read("recommandations", _ACTIONS, (), campaign),
    }
    return tuple(
        (f"{kind}-{campaign.code}.csv", str(row["id"]), page, element)
        for kind, rows in kinds.items()
        for row in rows.to_dict("records")
        for page, element in references(row["preuve"])
    )


def _read(
    kind: str,
    columns: tuple[str, ...],
    filled: tuple[str, ...],
    campaign: Campaign,
    numbers: tuple[str, ...] = (),
    evidence: bool = True,
) -> pd.DataFrame:
    name = f"{kind}-{campaign.code}.csv"
    if not (campaign.root / "data" / "reference" / name).is_file():
        return pd.DataFrame(columns=list(columns), dtype="str")
    rows = read_declared(name, columns, filled, numbers, campaign.root)
    if evidence:
        for row in rows.to_dict("records"):
            if not references(row["preuve"]):
                raise UserError(f"data/reference/{name}, {row['id']} : aucune preuve.", "Citer un élément de page.")
    return rows


def _measure(row: Mapping[Any, Any], known: Mapping[str, Indicator]) -> Indicator | None:
    if not row["mesure"]:
        return None
    if row["mesure"] not in known:
        raise UserError(f"{row['id']} : rien ne calcule « {row['mesure']} ».", f"Mesures : {', '.join(sorted(known))}.")
    return known[row["mesure"]]


def _among(rows: pd.DataFrame, column: str, allowed: tuple[str, ...], kind: str) -> None:
    wrong = sorted(set(rows[column]) - set(allowed))
    if wrong:
        what = f"data/reference/{kind} : {column} « {wrong[0]} » inconnu."
        raise UserError(what, f"Valeurs permises : {', '.join(filter(None, allowed))}.")


def _aimed(matrix: pd.DataFrame) -> pd.Series:
    """Say of each criterion of the matrix whether it has a target."""
    return matrix["Cible proposée"] != "–"
