"""A campaign's clean tables: built from the raw folder when something changed, read back otherwise.

``data/processed/<campaign>/`` holds one parquet file a table, ``lignes.parquet`` (the ledger), ``problemes.json``,
``qualite.json`` and ``empreinte.json``. Two builds from the same files give the same bytes. No name and no birth date
is in any of them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.corrections import load_corrections, not_applied
from edp_analysis.cleaning.fingerprint import fed_tables, fingerprint, received_files, unread_files
from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine, split_corrections
from edp_analysis.cleaning.locking import exclusive
from edp_analysis.cleaning.result import Cleaned, InputFile, Tables
from edp_analysis.contract.checks import check_clean, typed
from edp_analysis.problems import Place, Problem, Severity, worst

__all__ = ["TABLES", "prepare"]

TABLES = (
    "apprenants",
    "enquete",
    "comptes",
    "ecoles",
    "financements",
    "entretiens",
    "codages",
    "citations",
    "visites",
    "documents",
    "annuel",
)
"""The clean tables of a campaign, in the order of :class:`~edp_analysis.cleaning.result.Tables`."""

_OPTIONAL = frozenset({"annuel"})
"""Tables whose absence takes nothing away from what is published: it is neither a problem nor said."""
_DOCUMENTS = ("problemes", "qualite", "empreinte")
_WANTED = {
    "apprenants": "ecoles/ (un fichier par école)",
    "enquete": "enquete/ (export de l'enquête)",
    "comptes": "comptes/ (balances ou FEC)",
    "ecoles": "ecoles.csv",
    "financements": "financements.csv",
    "entretiens": "entretiens/ (grille, feuille Entretiens)",
    "codages": "entretiens/ (grille, feuille Codages)",
    "citations": "entretiens/ (grille, feuille Citations)",
    "visites": "visites/ (grille d'observation)",
    "documents": "documents.csv",
}


def prepare(campaign: Campaign) -> Tables:
    """Return the clean tables of a campaign, rebuilding them if anything that they depend on changed.

    Safe to call from several processes at once: one builds, the others wait and read.

    Raises
    ------
    UserError
        The pseudonym key is missing, or a file written by a person (corrections) does not read.
    ContractError, LedgerError
        A defect of the programme: a clean table breaks its contract, or the ledger does not close.
    """
    with exclusive(campaign.processed.parent / f".{campaign.processed.name}.verrou"):
        wanted = fingerprint(campaign)
        if _stored_fingerprint(campaign.processed) != wanted:
            _build(campaign, wanted)
        return _load(campaign)


def _stored_fingerprint(folder: Path) -> str:
    """Return the fingerprint of what is stored; empty when a file is missing or was damaged, so that it is rebuilt."""
    names = [f"{name}.parquet" for name in (*TABLES, "lignes")] + [f"{name}.json" for name in _DOCUMENTS]
    if not all((folder / name).is_file() for name in names):
        return ""
    try:
        return str(_read_json(folder / "empreinte.json")["empreinte"])
    except (ValueError, KeyError, TypeError):
        return ""


def _build(campaign: Campaign, wanted: str) -> None:
    inputs = received_files(campaign)
    received = {table for item in inputs for table in fed_tables(item.table)}
    absent = [table for table in TABLES if table not in received and table not in _OPTIONAL]
    cleaned = _clean(campaign)
    missing = tuple(name for name, result in cleaned.items() if name in absent or _unusable(result))
    problems = [*unread_files(campaign), *(_missing_problem(table) for table in absent), *_without_learners(cleaned)]
    for name, result in cleaned.items():
        check_clean(result.frame, name)
        own = Ledger(sorted(result.lines, key=lambda line: (line.file, line.sheet, line.row)))
        own.check_closes(result.non_empty)
        problems += result.problems
    problems += not_applied(load_corrections(campaign.raw), (Path(item.path).name for item in inputs))
    ledger = Ledger([line for result in cleaned.values() for line in _in_order(result)])
    frames = {name: result.frame for name, result in cleaned.items()}
    frames["lignes"] = ledger.to_frame()
    documents = {
        "problemes": [problem.as_dict() for problem in problems],
        "qualite": _quality(frames, ledger, problems, missing),
        "empreinte": {"empreinte": wanted, "fichiers": [vars(item) for item in inputs], "manquants": list(missing)},
    }
    _write(campaign.processed, frames, documents)


def _clean(campaign: Campaign) -> dict[str, Cleaned]:
    from edp_analysis.cleaning.accounts import clean_accounts
    from edp_analysis.cleaning.annual import clean_annual
    from edp_analysis.cleaning.documents import clean_documents
    from edp_analysis.cleaning.interviews import clean_interviews
    from edp_analysis.cleaning.learners import clean_learners
    from edp_analysis.cleaning.reference import clean_grants, clean_schools
    from edp_analysis.cleaning.survey import clean_survey
    from edp_analysis.cleaning.visits import clean_visits

    results = {
        "apprenants": clean_learners(campaign),
        "enquete": clean_survey(campaign),
        "comptes": clean_accounts(campaign),
        "ecoles": clean_schools(campaign),
        "financements": clean_grants(campaign),
        **clean_interviews(campaign),
        "visites": clean_visits(campaign),
        "documents": clean_documents(campaign),
    }
    results["annuel"] = clean_annual(campaign, results["apprenants"].frame)
    return {name: replace(results[name], frame=typed(results[name].frame, name)) for name in TABLES}


def _unusable(result: Cleaned) -> bool:
    """Say whether what was received gave nothing because of a fault: that is no data, not a count of zero."""
    bare = any(problem.rule == "table-sans-ligne" for problem in result.problems)
    return result.frame.empty and (bare or worst(result.problems) is Severity.BLOCKING)


def _in_order(result: Cleaned) -> list[LedgerLine]:
    return sorted(result.lines, key=lambda line: (line.file, line.sheet, line.row))


def _without_learners(cleaned: Mapping[str, Cleaned]) -> list[Problem]:
    """Name the schools of the campaign of which no learner is in the table: every total is short of them."""
    known = set(cleaned["apprenants"].frame["ecole"])
    what = "aucun apprenant de cette école n'est dans la table : tous les totaux en sont amputés"
    remedy = "Demander ou corriger son fichier ; rien à faire si elle n'a encore accueilli personne."
    return [
        Problem("ecole-sans-apprenant", what, Place(_WANTED["apprenants"]), str(school), "", remedy)
        for school in cleaned["ecoles"].frame["ecole"]
        if known and school not in known
    ]


def _missing_problem(table: str) -> Problem:
    return Problem(
        "entree-absente",
        f"cette entrée n'a pas été reçue : la table « {table} » est vide et ce qui en dépend n'est pas calculable",
        Place(_WANTED[table]),
        remedy="La déposer dans le dossier brut de la campagne, puis relancer.",
    )


def _quality(
    frames: Mapping[str, pd.DataFrame], ledger: Ledger, problems: Iterable[Problem], missing: tuple[str, ...]
) -> dict[str, Any]:
    """Return the quality report: rows and blanks by table, the balance of the ledger, problems by rule."""
    listed = list(problems)
    rules = sorted({(problem.rule, problem.severity) for problem in listed})
    return {
        "manquants": list(missing),
        "tables": {
            name: {"lignes": len(frames[name]), "vides": {k: int(v) for k, v in frames[name].isna().sum().items()}}
            for name in TABLES
        },
        "lignes": [
            {key: value if isinstance(value, str) else int(value) for key, value in row.items()}
            for row in (ledger.balance().to_dict("records") if ledger.lines else [])
        ],
        "normalisations": ledger.normalisations().to_dict("records"),
        "gravites": {str(level): sum(p.severity is level for p in listed) for level in Severity},
        "problemes": [
            {"regle": rule, "gravite": str(level), "nombre": sum((p.rule, p.severity) == (rule, level) for p in listed)}
            for rule, level in rules
        ],
    }


def _write(folder: Path, frames: Mapping[str, pd.DataFrame], documents: Mapping[str, object]) -> None:
    """Write everything beside the folder, then put it in its place, so that a failure leaves the former one."""
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.nouveau")
    former = folder.with_name(f".{folder.name}.{os.getpid()}.ancien")
    for path in (fresh, former):
        shutil.rmtree(path, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        for name, frame in frames.items():
            frame.to_parquet(fresh / f"{name}.parquet", index=False, engine="pyarrow", compression="zstd")
        for name, document in documents.items():
            text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
            (fresh / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rename(former)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _load(campaign: Campaign) -> Tables:
    folder = campaign.processed
    frames = {name: typed(pd.read_parquet(folder / f"{name}.parquet"), name) for name in TABLES}
    lines = pd.read_parquet(folder / "lignes.parquet")
    stored = _read_json(folder / "empreinte.json")
    return Tables(
        campaign=campaign,
        **frames,
        ledger=Ledger([_line(row) for row in lines.to_dict("records")]),
        problems=tuple(_problem(item) for item in _read_json(folder / "problemes.json")),
        inputs=tuple(InputFile(**item) for item in stored["fichiers"]),
        missing=tuple(stored["manquants"]),
    )


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _line(row: Mapping[Any, Any]) -> LedgerLine:
    return LedgerLine(
        file=row["fichier"],
        sheet=row["feuille"],
        row=int(row["ligne"]),
        table=row["table"],
        fate=Fate(row["sort"]),
        target=row["enregistrement"],
        reason=row["raison"],
        corrections=split_corrections(row["corrections"]),
    )


def _problem(item: Mapping[str, str]) -> Problem:
    where = Place(item["file"], item["sheet"], item["cell"], item["column"])
    severity = Severity(item["severity"])
    return Problem(item["rule"], item["what"], where, item["value"], item["expected"], item["remedy"], severity)
