"""The questionnaire of the survey, read from ``questionnaire.toml``: the single source of its wordings and codes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from edp_analysis.contract.codes import CodeList, load_codes

__all__ = ["Item", "Question", "Questionnaire", "Scale", "load_questionnaire", "read_questionnaire"]

_FILE = Path(__file__).parent / "questionnaire.toml"
_TYPES = ("multiple", "echelle", "texte", "annee")
_ANSWER_CODE = re.compile(r"^[A-Za-z0-9]{1,5}$")  # what LimeSurvey accepts
_QUESTION_CODE = re.compile(r"^[A-Za-z][A-Za-z0-9]{0,19}$")


@dataclass(frozen=True)
class Scale:
    """The answers of a single-choice question.

    Attributes
    ----------
    name : str
        Also the name of the contract's code list.
    answers : mapping of str to str
        Answer code of the survey tool → code of the contract, in the order shown.
    favourable, no_opinion : tuple of str
        Codes of the contract that count as favourable, and those that express no opinion.
    """

    name: str
    answers: Mapping[str, str]
    favourable: tuple[str, ...]
    no_opinion: tuple[str, ...]

    @property
    def codes(self) -> CodeList:
        """The contract's code list, which holds the wordings."""
        return load_codes(self.name)


@dataclass(frozen=True)
class Item:
    """One tick box of a multiple-choice question.

    Attributes
    ----------
    code : str
        Sub-question code (``"SQ001"``), or ``"other"``.
    column : str
        Column of the clean table (``"choix_pratique"``).
    label : str
    condition : str
        Key of the box that must be ticked for this one to be shown (``"Q1[SQ006]"``); empty: shown to all.
    """

    code: str
    column: str
    label: str
    condition: str = ""


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    code, column, type, wording, help : str
        ``type`` is ``multiple``, ``echelle``, ``texte`` or ``annee``; ``column`` is the clean column, or the prefix
        of the clean columns of a multiple-choice question.
    page : int
    profile : bool
        Describes the respondent; its absence from an export is not fatal.
    scale : Scale or None
    pattern : str
        Regular expression that a text or year answer must match.
    items : tuple of Item
        Tick boxes, « Autre » last.
    """

    code: str
    column: str
    type: str
    wording: str
    help: str
    page: int
    profile: bool
    scale: Scale | None
    pattern: str
    items: tuple[Item, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the clean table that the question feeds."""
        return tuple(item.column for item in self.items) or (self.column,)

    @property
    def keys(self) -> tuple[str, ...]:
        """Headings of an export with code headings, such as ``Q4`` or ``Q1[SQ001]``."""
        return tuple(f"{self.code}[{item.code}]" for item in self.items) or (self.code,)


@dataclass(frozen=True)
class Questionnaire:
    """The whole questionnaire.

    Attributes
    ----------
    version, title, introduction, origin : str
    questions : tuple of Question
    meta : mapping of str to tuple of str
        Technical column → its accepted headings.
    file_pattern : str
        Regular expression whose group is the number of the survey in the name of an export.
    anonymous_date : datetime.date
        What the survey tool writes in place of an anonymised date.
    timings : tuple of str
        Regular expressions of the headings of answering times, which nothing uses.
    personal, personal_patterns : tuple of str
        Headings of columns that designate a person and are never read.
    ticked, unticked, not_shown : tuple of str
        Writings of a tick box.
    other_headings : tuple of str
    other_answer : str
    """

    version: str
    title: str
    introduction: str
    origin: str
    questions: tuple[Question, ...]
    meta: Mapping[str, tuple[str, ...]]
    file_pattern: str
    anonymous_date: date
    timings: tuple[str, ...]
    personal: tuple[str, ...]
    personal_patterns: tuple[str, ...]
    ticked: tuple[str, ...]
    unticked: tuple[str, ...]
    not_shown: tuple[str, ...]
    other_headings: tuple[str, ...]
    other_answer: str

    def __getitem__(self, code: str) -> Question:
        """Return a question by its code (``"Q7"``) or its column (``"satisfait"``)."""
        for question in self.questions:
            if code in (question.code, question.column):
                return question
        known = ", ".join(f"{q.code} ({q.column})" for q in self.questions)
        raise KeyError(f"question « {code} » inconnue ; questions : {known}")

    @property
    def pages(self) -> int:
        """Number of pages."""
        return max(question.page for question in self.questions)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the clean table, in the order of the questions."""
        return tuple(column for question in self.questions for column in question.columns)

    def boxes(self) -> Iterator[tuple[str, Question, Item]]:
        """Yield every tick box with its key (``"Q1[SQ001]"``) and its question."""
        for question in self.questions:
            for item in question.items:
                yield f"{question.code}[{item.code}]", question, item


@cache
def load_questionnaire() -> Questionnaire:
    """Read the project's questionnaire.

    Examples
    --------
    >>> questionnaire = load_questionnaire()
    >>> questionnaire["Q7"].column, questionnaire["satisfait"].scale.favourable
    ('satisfait', ('TOUT_A_FAIT', 'PLUTOT'))
    >>> questionnaire["Q1"].keys[0], questionnaire["Q1"].columns[-1]
    ('Q1[SQ001]', 'choix_autre')
    """
    return read_questionnaire(_FILE.read_text(encoding="utf-8"))


def read_questionnaire(text: str) -> Questionnaire:
    """Build a questionnaire from the text of a TOML file, and check that it holds together.

    Raises
    ------
    ValueError
        A code that the survey tool would refuse, a code or column used twice, an unknown type, scale or condition,
        or an answer that is not in the contract's code list.
    """
    raw = tomllib.loads(text)
    scales = {name: _scale(name, item) for name, item in raw["echelles"].items()}
    questions = tuple(_question(item, scales) for item in raw["questions"])
    head, export = raw["questionnaire"], raw["export"]
    questionnaire = Questionnaire(
        version=head["version"],
        title=head["titre"],
        introduction=head["introduction"],
        origin=head["origine"],
        questions=questions,
        meta={name: tuple(headings) for name, headings in export["techniques"].items()},
        file_pattern=export["fichier"],
        anonymous_date=export["date_anonyme"],
        timings=tuple(export["durees"]),
        personal=tuple(export["personnelles"]["titres"]),
        personal_patterns=tuple(export["personnelles"]["motifs"]),
        ticked=tuple(export["cases"]["coche"]),
        unticked=tuple(export["cases"]["pas_coche"]),
        not_shown=tuple(export["cases"]["pas_montre"]),
        other_headings=tuple(export["autre"]["titres"]),
        other_answer=export["autre"]["reponse"],
    )
    _check(questionnaire)
    return questionnaire


def _scale(name: str, item: Mapping[str, Any]) -> Scale:
    scale = Scale(name, dict(item["reponses"]), tuple(item["favorables"]), tuple(item["sans_avis"]))
    for code in scale.answers:
        if not _ANSWER_CODE.match(code):
            raise ValueError(f"échelle {name} : code de réponse « {code} » (5 lettres ou chiffres au plus)")
    for value in (*scale.answers.values(), *scale.favourable, *scale.no_opinion):
        if value not in scale.codes:
            raise ValueError(f"échelle {name} : « {value} » n'est pas dans la liste de codes {name}")
    return scale


def _question(item: Mapping[str, Any], scales: Mapping[str, Scale]) -> Question:
    code, kind = item["code"], item["type"]
    if kind not in _TYPES:
        raise ValueError(f"{code} : type « {kind} » inconnu ; types : {', '.join(_TYPES)}")
    if kind == "echelle" and item.get("echelle") not in scales:
        raise ValueError(f"{code} : échelle « {item.get('echelle')} » inconnue ; échelles : {', '.join(scales)}")
    if kind == "multiple" and not item.get("options"):
        raise ValueError(f"{code} : une question à choix multiple demande des options")
    # A single answer that is missing must always mean « not answered »: no column would tell it from « not shown ».
    if kind != "multiple" and "si" in item:
        raise ValueError(f"{code} : seules les options d'une question à choix multiple peuvent avoir une condition")
    prefix = item["colonne"]
    items = [
        Item(o["code"], f"{prefix}_{o['colonne']}", o["libelle"], o.get("si", "")) for o in item.get("options", ())
    ]
    if item.get("autre"):
        items.append(Item("other", f"{prefix}_autre", "Autre"))
    return Question(
        code=code,
        column=prefix,
        type=kind,
        wording=item["enonce"],
        help=item.get("aide", ""),
        page=item["page"],
        profile=item.get("profil", False),
        scale=scales[item["echelle"]] if kind == "echelle" else None,
        pattern=item.get("motif", ""),
        items=tuple(items),
    )


def _check(questionnaire: Questionnaire) -> None:
    keys = [key for question in questionnaire.questions for key in question.keys]
    codes = [question.code for question in questionnaire.questions]
    for label, values in (("code", codes), ("option", keys), ("colonne", list(questionnaire.columns))):
        doubles = sorted({value for value in values if values.count(value) > 1})
        if doubles:
            raise ValueError(f"questionnaire : {label} « {doubles[0]} » écrit deux fois")
    for code in codes:
        if not _QUESTION_CODE.match(code):
            raise ValueError(f"questionnaire : code de question « {code} » (une lettre, puis lettres et chiffres)")
    for key, _, item in questionnaire.boxes():
        if not _ANSWER_CODE.match(item.code):
            raise ValueError(f"{key} : code d'option de 5 lettres ou chiffres au plus")
        if item.condition and item.condition not in keys:
            raise ValueError(f"{key} : la condition « {item.condition} » ne désigne aucune option")
