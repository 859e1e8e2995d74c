"""What a notebook may show in a published page: exhibits that passed the gate, and nothing else."""

from __future__ import annotations

from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.publication.notebook import EXHIBIT_MIME, TOOL_TAG, heading_above, is_tool

__all__ = ["check_outputs"]


def check_outputs(notebook: Any) -> None:
    """Check that every output of a notebook is a stamped exhibit, each with its own id.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Executed notebook.

    Raises
    ------
    UserError
        An output is a raw table, a printed text, a warning, an error, or an exhibit without stamp; its cell is named.
        Two exhibits share an id.
    """
    seen: dict[str, str] = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or is_tool(cell):
            continue
        where = _where(notebook, index)
        for output in cell.get("outputs", ()):
            found = _exhibit(output, where)
            if found["id"] in seen:
                raise UserError(
                    f"{where} : l'identifiant « {found['id']} » est déjà celui de {seen[found['id']]}.", "En changer."
                )
            seen[found["id"]] = where


def _where(notebook: Any, index: int) -> str:
    heading = heading_above(notebook, index)
    return f"cellule {index + 1}" + (f" (section « {heading} »)" if heading else "")


def _exhibit(output: Any, where: str) -> dict[str, Any]:
    kind = output.get("output_type")
    if kind == "error":
        raise UserError(
            f"{where} : la cellule a échoué ({output.get('ename')} : {output.get('evalue')}).",
            "La corriger, puis exécuter de nouveau le carnet.",
        )
    if kind == "stream":
        text = " ".join(str(output.get("text", "")).split())[:80]
        raise UserError(
            f"{where} : texte écrit en dehors des éléments de la page ({output.get('name')} : « {text} »).",
            "Retirer le print ou la cause de l'avertissement, ou écrire la phrase par page.sentence.",
        )
    found = output.get("data", {}).get(EXHIBIT_MIME)
    if found is None:
        what = "un tableau ou un objet brut" if "text/html" in output.get("data", {}) else "une valeur brute"
        raise UserError(
            f"{where} : {what} en sortie ; une page ne montre que des éléments passés par la porte de diffusion.",
            f"Utiliser page.table, page.bars…, ou donner à la cellule l'étiquette « {TOOL_TAG} ».",
        )
    if not found.get("passage"):
        raise UserError(
            f"{where} : l'élément « {found.get('id')} » n'est pas passé par la porte de diffusion.",
            "Le produire par une méthode de la page.",
        )
    return dict(found)
