"""The data dictionary, written from the contract: it cannot disagree with what is checked.

``python -m edp_analysis.contract.dictionary`` writes it again after a change of the contract.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from edp_analysis.campaign import find_root
from edp_analysis.contract.codebook import load_codebook
from edp_analysis.contract.codes import CodeList, load_codes
from edp_analysis.contract.schema import Field, TableSchema, load_schema, table_names

__all__ = ["PATH", "build_dictionary", "describe_table", "write_dictionary"]

PATH = Path("docs") / "dictionnaire-des-donnees.md"
"""Where the dictionary is, from the project root."""

_TYPES = {"string": "texte", "integer": "entier", "number": "nombre", "boolean": "oui/non", "date": "date"}
_RECEIVED = "-recu"
_FORMS = {
    r"^20\d\d-20\d\d$": "une année scolaire, comme 2030-2031",
    r"^D\d{2,3}$": "« D » suivi de deux ou trois chiffres",
    r"^E\d{2,3}$": "« E » suivi de deux ou trois chiffres",
    r"^Q\d{2,3}$": "« Q » suivi de deux ou trois chiffres",
    r"^[0-9a-f]{16}$": "seize caractères, des chiffres ou des lettres de a à f",
    r"^[1-8]\d{1,9}$": "un numéro de deux à dix chiffres, dont le premier est de 1 à 8",
    r"^[A-Z]+-\d{2}$": "des capitales, un tiret et deux chiffres, comme ABC-01",
    r"^[A-Z]{3}-\d{2}$": "trois capitales, un tiret et deux chiffres, comme ABC-01",
    r"^[A-Z]{2}$": "deux capitales",
    r"^\d[\dAB]\d{3}$": "cinq caractères, comme le code INSEE d’une commune",
    r"^\d{5}$": "cinq chiffres",
}
"""The patterns of the contract in words; one that is not here is shown as it is written."""
_HEADINGS = ["Colonne", "Titre", "Type", "Obligatoire", "Contrainte", "Description"]
_INTRODUCTION = """# Dictionnaire des données

Ce document est produit à partir du contrat (`edp_analysis/contract/`) ; ne pas le modifier à la main. Pour le
réécrire : `python -m edp_analysis.contract.dictionary`.

- Les **tables nettes** sont celles que le projet garantit : chaque valeur est contrôlée avant tout calcul.
- Les **tables reçues** disent ce que le projet accepte : titres de colonnes reconnus (sans tenir compte des accents, de
  la casse ni des espaces), valeurs qui veulent dire « non renseigné », et ce que coûte l'absence d'une colonne.
- Les **listes de codes** donnent, pour chaque code, son libellé, les variantes reconnues et sa période de validité.
"""


def build_dictionary() -> str:
    """Return the data dictionary, in French, as Markdown.

    Examples
    --------
    >>> build_dictionary().splitlines()[0]
    '# Dictionnaire des données'
    """
    clean = [load_schema(name) for name in table_names() if not name.endswith(_RECEIVED)]
    received = [load_schema(name) for name in table_names() if name.endswith(_RECEIVED)]
    used = sorted({field.codes for schema in (*clean, *received) for field in schema.fields if field.codes})
    parts = [_INTRODUCTION, "## Tables nettes\n", *(_clean_table(schema) for schema in clean)]
    parts += ["## Tables reçues\n", *(_received_table(schema) for schema in received)]
    parts += ["## Listes de codes\n", *(_code_list(load_codes(name)) for name in used)]
    parts += ["## Livre de codes des entretiens\n", _codebook()]
    return "\n".join(parts).rstrip() + "\n"


def write_dictionary(root: Path | None = None) -> Path:
    """Write the dictionary under the project root and return its path."""
    path = find_root(root) / PATH
    path.write_text(build_dictionary(), encoding="utf-8", newline="\n")
    return path


def describe_table(schema: TableSchema) -> pd.DataFrame:
    """Describe a clean table, one row a column: name, title, type, whether required, constraint, description.

    Examples
    --------
    >>> describe_table(load_schema("ecoles")).columns.tolist()
    ['Colonne', 'Titre', 'Type', 'Obligatoire', 'Contrainte', 'Description']
    """
    rows = [[cell.replace("`", "") for cell in row] for row in _columns(schema)]
    return pd.DataFrame(rows, columns=_HEADINGS)


def _columns(schema: TableSchema) -> list[list[str]]:
    return [
        [
            f"`{field.name}`",
            field.title,
            _type(field),
            "oui" if field.required else "",
            _rules(field),
            field.description,
        ]
        for field in schema.fields
    ]


def _clean_table(schema: TableSchema) -> str:
    key = f"Clé : {', '.join(f'`{name}`' for name in schema.primary_key)}.\n" if schema.primary_key else ""
    table = _table(_HEADINGS, _columns(schema))
    return f"### {schema.title} (`{schema.name}`, version {schema.version})\n\n{schema.description}\n\n{key}\n{table}"


def _received_table(schema: TableSchema) -> str:
    rows = [
        [
            f"`{field.name}`" + (" (identifiant direct)" if field.direct_identifier else ""),
            ", ".join(field.synonyms),
            field.column_severity or "sans conséquence",
            _type(field),
            _rules(field),
        ]
        for field in schema.fields
    ]
    missing = ", ".join(f"« {value} »" if value else "cellule vide" for value in schema.missing_values)
    table = _table(["Champ", "Titres reconnus", "Colonne absente", "Type", "Contrainte"], rows)
    intro = f"{schema.description}\n\nValeurs qui veulent dire « non renseigné » : {missing}."
    return f"### {schema.title} (`{schema.name}`, version {schema.version})\n\n{intro}\n\n{table}"


def _code_list(codes: CodeList) -> str:
    rows = [
        [
            f"`{code.code}`",
            code.label,
            ", ".join(code.variants),
            f"{code.start:%d/%m/%Y}" if code.start else "",
            f"{code.end:%d/%m/%Y}" if code.end else "",
            code.source,
        ]
        for code in codes.codes
    ]
    return f"### Liste `{codes.name}`\n\n" + _table(["Code", "Libellé", "Variantes", "Du", "Au", "Source"], rows)


def _codebook() -> str:
    rows = [[t.theme, f"`{t.code}`", t.label, t.definition, t.example] for t in load_codebook()]
    return _table(["Thème", "Code", "Libellé", "Ce qu’il couvre", "Exemple inventé"], rows)


def _type(field: Field) -> str:
    return _TYPES[field.type] + (f" ({field.unit})" if field.unit else "")


def _number(value: float) -> str:
    return str(value).replace(".", ",")


def _rules(field: Field) -> str:
    rules = field.constraints
    parts = [f"liste `{field.codes}`"] if field.codes else []
    if "enum" in rules:
        parts.append("une valeur parmi " + ", ".join(str(value) for value in rules["enum"]))
    if "minimum" in rules:
        parts.append(f"au moins {_number(rules['minimum'])}")
    if "maximum" in rules:
        parts.append(f"au plus {_number(rules['maximum'])}")
    if "pattern" in rules:
        parts.append(_FORMS.get(rules["pattern"], f"de la forme `{rules['pattern']}`"))
    if rules.get("unique"):
        parts.append("unique")
    if field.pivot is not None:
        parts.append(f"année à deux chiffres : jusqu'à {field.pivot:02d}, années 2000 ; au-delà, années 1900")
    if field.blank_means:
        parts.append(f"cellule vide : {field.blank_means} ; illisible, la ligne est écartée")
    return " ; ".join(parts)


def _table(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    write_dictionary()
