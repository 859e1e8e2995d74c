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
from edp_analysis.indicators.quality import completude
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.problems import UserError
from edp_analysis.statistics.power import target_status
from edp_analysis.statistics.proportions import Interval

__all__ = ["a_transmettre", "actions", "cibles", "critere", "familles", "matrice", "nombre_de", "preuves", "suivi"]

_MATRIX = ("id", "question", "registre", "critere", "mesure", "cible", "sens", "precision", "preuve", "limite")
_SWOT = ("id", "famille", "enonce", "synthese", "mesure", "preuve")
_ACTIONS = (
    "id", "synthese", "recommandation", "qui", "quoi", "indicateur", "cible", "echeance", "statut", "preuve",
)  # fmt: skip
_SENT = ("champ", "quand", "pourquoi")
_SENSES = ("", "au moins", "au plus")
_FAMILIES = ("force", "faiblesse", "opportunité", "menace")
_STATES = ("proposé", "voté", "engagé", "fait", "abandonné")
_NOT_JUDGED = "non jugé"
_NO_TARGET = "mesuré, sans cible"


def matrice(campaign: Campaign, known: Mapping[str, Indicator]) -> pd.DataFrame:
    """Judge each criterion: question, register, criterion, measure, target, judgement, strength, evidence.

    Parameters
    ----------
    campaign : Campaign
    known : mapping of str to Indicator
        Measures by name: those of :func:`~edp_analysis.indicators.measures.measures` and of the register.

    Returns
    -------
    pandas.DataFrame
        ``Question``, ``Registre``, ``Critère``, ``Mesure`` (indicator), ``Cible proposée``, ``Jugement`` (« atteint »,
        « non atteint », « indéterminé », « mesuré, sans cible », « non jugé », « non calculable »), ``Force``,
        ``Limite``, ``Preuve``; no row when the campaign has no such file.

    Raises
    ------
    UserError
        A judgement without evidence, a measure that nothing computes, a target without a sense.
    """
    rows = _read(
        "matrice", _MATRIX, ("id", "question", "registre", "critere", "limite"), campaign, ("cible", "precision")
    )
    _among(rows, "sens", _SENSES, "matrice")
    _among(rows, "question", tuple(question.code for question in campaign.questions), "matrice")
    return pd.DataFrame(
        [_judged(row, known) for row in rows.to_dict("records")],
        columns=[
            "Question", "Registre", "Critère", "Mesure", "Cible proposée", "Jugement", "Force", "Limite", "Preuve",
        ],
    )  # fmt: skip


def _judged(row: Mapping[Any, Any], known: Mapping[str, Indicator]) -> tuple[object, ...]:
    measure = _measure(row, known)
    aimed = bool(row["sens"])
    if aimed != (row["cible"] == row["cible"]):
        raise UserError(f"Matrice, {row['id']} : une cible va avec un sens, et l’inverse.", "Compléter la ligne.")
    target = f"{row['sens']} {_target(row['cible'], measure)}" if aimed and measure else "–"
    return (
        row["question"], row["registre"], row["critere"], measure or "–", target, _word(row, measure),
        _strength(row, measure), row["limite"], row["preuve"],
    )  # fmt: skip


def _word(row: Mapping[Any, Any], measure: Indicator | None) -> str:
    if measure is None:
        return _NOT_JUDGED
    if measure.value is None:
        return "non calculable"
    if not row["sens"]:
        return _NO_TARGET
    scale = 100 if measure.unit == "%" else 1
    span = measure.interval or Interval(measure.value, measure.value, 1.0, "valeur exacte")
    return str(target_status(span, row["cible"] / scale, at_least=row["sens"] == "au moins"))


def _strength(row: Mapping[Any, Any], measure: Indicator | None) -> str:
    """Say how much the measure bears: the half-width of its interval against the precision the row asks for."""
    if measure is None or measure.value is None:
        return "aucune"
    if measure.interval is None:
        return "dénombrement complet"
    half = 50 * (measure.interval.high - measure.interval.low)
    wanted = row["precision"]
    return "forte" if half <= wanted else "moyenne" if half <= 2 * wanted else "faible"


def _target(value: float, measure: Indicator) -> str:
    written = f"{value:g}".replace(".", ",")
    return f"{written} {measure.unit}".strip()


def cibles(table: pd.DataFrame) -> pd.DataFrame:
    """Keep of the matrix the targets to vote, with what each would say today if it were voted."""
    aimed = table[table["Cible proposée"] != "–"]
    kept = aimed[["Question", "Critère", "Cible proposée", "Mesure"]].reset_index(drop=True)
    return kept.assign(**{"Si elle était votée": aimed["Jugement"].to_list(), "Statut": "proposée, à voter"})


def familles(campaign: Campaign, known: Mapping[str, Indicator], verdicts: Mapping[str, str]) -> pd.DataFrame:
    """List strengths, weaknesses, opportunities and threats, each with its measure, its word and its evidence.

    The word is that of the statement in the concordance.

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
    rows = _read("swot", _SWOT, ("id", "famille", "enonce", "synthese"), campaign)
    _among(rows, "famille", _FAMILIES, "swot")
    words = concordance(campaign, verdicts).set_index("N°")["Mot"]
    _among(rows, "synthese", tuple(words.index), "swot")
    lines = [
        (row["famille"], row["enonce"], _measure(row, known) or "–", words[row["synthese"]], row["preuve"])
        for row in rows.to_dict("records")
    ]
    table = pd.DataFrame(lines, columns=["Famille", "Énoncé", "Mesure", "Concordance", "Preuve"])
    return table.sort_values("Famille", key=lambda names: names.map(_FAMILIES.index), kind="stable", ignore_index=True)


def actions(campaign: Campaign) -> pd.DataFrame:
    """Read the recommendations: who, what, indicator, target, date and state.

    Raises
    ------
    UserError
        A recommendation without evidence, of an unknown state, or whose date is not one.
    """
    rows = _read("recommandations", _ACTIONS, _ACTIONS[:-1], campaign)
    _among(rows, "statut", _STATES, "recommandations")
    for row in rows.to_dict("records"):
        try:
            date.fromisoformat(row["echeance"])
        except ValueError as error:
            what = f"Recommandations, {row['id']} : échéance « {row['echeance']} »."
            raise UserError(what, "Écrire AAAA-MM-JJ.") from error
    return rows


def suivi(campaign: Campaign) -> pd.DataFrame:
    """Lay out the recommendations for readers, in the order of their dates."""
    rows = actions(campaign)
    table = pd.DataFrame(
        {
            "Recommandation": rows["recommandation"],
            "Qui": rows["qui"],
            "Quoi": rows["quoi"],
            "Indicateur": rows["indicateur"],
            "Cible proposée": rows["cible"],
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
    filled = {item.id.removeprefix("completude_"): item for item in completude(apprenants, "apprenants")}
    return pd.DataFrame(
        {
            "Donnée": rows["champ"].map(titles),
            "Quand": rows["quand"],
            "Pourquoi": rows["pourquoi"],
            "Renseigné dans les fichiers reçus": [filled.get(name, "toujours") for name in rows["champ"]],
        }
    )


def critere(table: pd.DataFrame, word: str) -> Indicator:
    """Count the criteria of the matrix judged `word`, over those that have a target."""
    aimed = table[table["Cible proposée"] != "–"]
    met = int((aimed["Jugement"] == word).sum())
    return Indicator(
        f"criteres_{word.replace(' ', '_').replace('é', 'e')}", f"Critères : {word}",
        float(met) if len(aimed) else None, "critères", "critères qui ont une cible proposée", met, len(aimed),
        method="intervalle entier du bon côté de la cible", reason="" if len(aimed) else NO_SYNTHESIS,
    )  # fmt: skip


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
