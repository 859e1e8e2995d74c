"""The questionnaire as a page to read, written from its file: it cannot disagree with what is asked and read.

``python -m edp_analysis.contract.questionnaire_page`` writes it again after a change of the questionnaire.
"""

from __future__ import annotations

from pathlib import Path

from edp_analysis.campaign import find_root
from edp_analysis.contract.questionnaire import Question, Questionnaire, load_questionnaire

__all__ = ["PATH", "build_page", "write_page"]

PATH = Path("docs") / "questionnaire.md"
"""Where the page is, from the project root."""

_TYPES = {
    "multiple": "Cases à cocher, plusieurs réponses possibles",
    "echelle": "Une seule réponse",
    "texte": "Texte court",
    "annee": "Année de la rentrée, sur quatre chiffres (2022 pour 2022-2023)",
}
_INTRODUCTION = """Ce document est produit à partir de `edp_analysis/contract/questionnaire.toml` ; ne pas le modifier à
la main. Pour le réécrire : `python -m edp_analysis.contract.questionnaire_page`.
"""
_READING = """## Comment l'export est lu

- Export attendu : CSV de LimeSurvey, titres « code de la question », réponses « codes ». Les titres « code. texte » et
  les titres longs sont aussi reconnus, ainsi que les réponses en toutes lettres (libellé, Oui/Non, N/A).
- Une réponse sans date d'envoi (`submitdate`) est partielle : écartée, avec la dernière page atteinte.
- `""` veut dire « montré, sans réponse », une case vide « non montré ». Ne pas réenregistrer l'export dans un tableur :
  les guillemets s'y perdent. Dans ce cas, une case vide est lue comme montrée et non cochée, sauf si sa condition dit
  le contraire, et le fichier est signalé.
- Adresse IP, jeton, nom et courriel ne sont jamais lus ; leur présence est signalée. Le texte libre de « Autre » n'est
  pas gardé : seul le fait qu'il y en ait un l'est.
- Une part de « d'accord » ou d'« utile » se rapporte à ceux qui ont répondu à la question, « sans opinion » et « ne
  sait pas » compris. La part d'une case à cocher se rapporte à ceux à qui elle a été montrée.
"""


def build_page(questionnaire: Questionnaire | None = None) -> str:
    """Return the questionnaire, in French, as Markdown.

    Examples
    --------
    >>> build_page().splitlines()[0]
    '# Enquête auprès des jeunes des écoles de production'
    """
    asked = questionnaire or load_questionnaire()
    parts = [
        f"# {asked.title}\n",
        _INTRODUCTION,
        f"Version {asked.version}. {asked.origin}\n",
        f"> {asked.introduction}\n",
    ]
    for page in range(1, asked.pages + 1):
        parts.append(f"## Page {page}\n")
        parts += [_question(question) for question in asked.questions if question.page == page]
    return "\n".join([*parts, _READING]).rstrip() + "\n"


def write_page(root: Path | None = None) -> Path:
    """Write the page under the project root and return its path."""
    path = find_root(root) / PATH
    path.write_text(build_page(), encoding="utf-8", newline="\n")
    return path


def _question(question: Question) -> str:
    lines = [f"### {question.code}. {question.wording}\n"]
    if question.help:
        lines.append(f"*{question.help}*\n")
    column = f"colonne `{question.column}`" if not question.items else f"colonnes `{question.column}_…`"
    lines.append(f"{_TYPES[question.type]} ; {column}.\n")
    if question.items:
        lines += ["| Code | Option | Colonne | Montrée à |", "| --- | --- | --- | --- |"]
        for key, item in zip(question.keys, question.items, strict=True):
            shown = f"ceux qui ont coché `{item.condition}`" if item.condition else "tous"
            label = f"{item.label} (préciser)" if item.code == "other" else item.label
            lines.append(f"| `{key}` | {label} | `{item.column}` | {shown} |")
    elif question.scale is not None:
        lines += ["| Code | Réponse | Valeur | Comptée favorable |", "| --- | --- | --- | --- |"]
        for code, value in question.scale.answers.items():
            good = "oui" if value in question.scale.favourable else ""
            lines.append(f"| `{code}` | {question.scale.codes.labels[value]} | `{value}` | {good} |")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    write_page()
