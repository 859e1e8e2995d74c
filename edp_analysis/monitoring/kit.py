"""Writing the templates of a campaign's schools, without ever covering a file that a school may have filled in."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.annual import holds_learners
from edp_analysis.cleaning.reading import read_table
from edp_analysis.cleaning.reference import school_codes
from edp_analysis.contract import load_schema
from edp_analysis.monitoring.workbook import template_bytes
from edp_analysis.problems import UserError
from edp_analysis.wording import failure

__all__ = ["FOLDER", "Kit", "template_name", "write_templates"]

FOLDER = "modeles"
"""Sub-folder of the campaign's reports where the templates are written unless told otherwise."""


@dataclass(frozen=True)
class Kit:
    """What was written: the folder, the files, and those that were already there, the same."""

    folder: Path
    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]


def template_name(campaign: Campaign, school: str) -> str:
    """Return the name of a school's template: it says the school, which is how the file is known on its return."""
    return f"{school}_suivi_{campaign.code}.xlsx"


def write_templates(campaign: Campaign, folder: Path | None = None, schools: Sequence[str] = ()) -> Kit:
    """Write the templates of a campaign.

    Parameters
    ----------
    campaign : Campaign
    folder : pathlib.Path, optional
        Made if need be; ``<reports>/modeles`` by default.
    schools : sequence of str, optional
        Codes of those wanted; all the schools of the campaign by default.

    Raises
    ------
    UserError
        The campaign has no table of schools, or not that school; a file that is not an empty template has the name of
        one; the folder cannot be written to. Nothing is written unless everything can be.
    """
    wanted = _wanted(schools, school_codes(campaign), campaign)
    target = folder or campaign.reports / FOLDER
    contents = {target / template_name(campaign, school): template_bytes(campaign, school) for school in wanted}
    try:
        same = {path for path, content in contents.items() if path.exists() and path.read_bytes() == content}
        _refuse([path for path in contents if path.exists() and path not in same and not _unfilled(path)])
        target.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            if path not in same:
                path.write_bytes(content)
    except OSError as error:
        raise UserError(
            f"« {target} » ne peut pas être écrit ({failure(error)}).", "Choisir un autre dossier."
        ) from error
    return Kit(target, tuple(p for p in contents if p not in same), tuple(p for p in contents if p in same))


def _wanted(asked: Sequence[str], known: Sequence[str], campaign: Campaign) -> tuple[str, ...]:
    if not known:
        raise UserError(
            f"Campagne {campaign.code} : aucune école connue (table « ecoles.csv » du dossier brut).",
            "La déposer, une ligne par école, puis relancer.",
        )
    for code in asked:
        if code not in known:
            near = difflib.get_close_matches(code.upper(), known, n=1)
            hint = f" Peut-être : « {near[0]} » ?" if near else ""
            raise UserError(f"École « {code} » inconnue.{hint}", f"Écoles de la campagne : {', '.join(known)}.")
    return tuple(code for code in known if not asked or code in asked)


def _unfilled(path: Path) -> bool:
    """Say whether a file is a template of which nothing is filled in: one written before the contract changed."""
    youths = read_table(path, load_schema("apprenants-recu"), keep=holds_learners)
    years = read_table(path, load_schema("annuel-recu"), keep=lambda sheet: not holds_learners(sheet))
    declared = [item for item in years.records if {item.values["places"], item.values["presents"]} != {None}]
    bare = any(problem.rule == "table-sans-ligne" for problem in youths.problems)
    return bare and not (youths.records or youths.refused or declared or years.refused)


def _refuse(paths: Sequence[Path]) -> None:
    if paths:
        more = f" et {len(paths) - 1} autre(s)" if len(paths) > 1 else ""
        raise UserError(
            f"« {paths[0]} »{more} existe déjà, et une école l'a peut-être rempli.",
            "Choisir un autre dossier avec --dossier, ou ranger ce fichier ailleurs.",
        )
