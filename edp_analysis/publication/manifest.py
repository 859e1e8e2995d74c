"""What a site was made of: inputs, versions, notebooks, exhibits.

No clock and no machine path, so that two builds of the same thing give the same bytes.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import edp_analysis
from edp_analysis.cleaning.result import Tables
from edp_analysis.exhibits.provenance import source_digest
from edp_analysis.problems import Severity
from edp_analysis.publication.cache import file_digest, installed_versions

__all__ = ["FILE_NAME", "build_manifest", "describe_exhibit", "repository_state", "write_manifest"]

FILE_NAME = "manifest.json"


def build_manifest(
    tables: Tables,
    audience: str,
    notebooks: Sequence[Mapping[str, Any]],
    exhibits: Sequence[Mapping[str, Any]],
    verdicts: Sequence[str],
    site: Path,
) -> dict[str, Any]:
    """Describe a built site.

    Parameters
    ----------
    tables : Tables
        Clean tables of the campaign, with their inputs and problems.
    audience : str
    notebooks : sequence of mapping
        One a notebook: path, page, parameters, key, and why it last ran.
    exhibits : sequence of mapping
        Each exhibit as :func:`describe_exhibit` returns it, in reading order.
    verdicts : sequence of str
        Verdict of each entry of the register.
    site : pathlib.Path
        Folder of the built pages, whose files are listed with their SHA-256.
    """
    campaign = tables.campaign
    inputs = sorted(tables.inputs, key=lambda file: (file.path, file.table))
    severities = Counter(str(problem.severity) for problem in tables.problems)
    return {
        "campagne": campaign.code,
        "public_vise": audience,
        "donnees_simulees": campaign.simulated,
        "edp_analysis": edp_analysis.__version__,
        "sources": source_digest(),
        "depot": repository_state(campaign.root),
        "python": platform.python_version(),
        "bibliotheques": installed_versions(),
        "verrou_sha256": file_digest(campaign.root / "requirements.lock"),
        "description_sha256": file_digest(campaign.root / "campaigns" / f"{campaign.code}.toml"),
        "entrees": [{"chemin": f.path, "sha256": f.sha256, "table": f.table} for f in inputs],
        "tables_manquantes": sorted(tables.missing),
        "problemes": {str(severity): severities[str(severity)] for severity in Severity},
        "carnets": [dict(notebook) for notebook in notebooks],
        "elements": [dict(exhibit) for exhibit in exhibits],
        "registre": dict(sorted(Counter(verdicts).items())),
        "fichiers": {
            path.relative_to(site).as_posix(): file_digest(path)
            for path in sorted(site.rglob("*"))
            if path.is_file() and path.name != FILE_NAME
        },
    }


def describe_exhibit(exhibit: Mapping[str, Any], page: str) -> dict[str, Any]:
    """Return what the manifest says of an exhibit: what and where it is, and what it was made of.

    Its received files are named only: the manifest gives the SHA-256 of each once, under ``entrees``.

    Parameters
    ----------
    exhibit : mapping
        As it travels in the notebook (see :meth:`edp_analysis.exhibits.Exhibit.as_dict`).
    page : str
        Address of its page.
    """
    found = {"id": exhibit["id"], "genre": exhibit["genre"], "titre": exhibit["titre"], "page": page}
    provenance = exhibit.get("provenance")
    if provenance:
        found |= {key: provenance[key] for key in ("fonction", "parametres", "definitions", "version", "lignes")}
        found["fichiers"] = list(provenance["fichiers"])
        found["indicateurs"] = [
            {key: item[key] for key in ("id", "lignes", "methode")} for item in exhibit.get("indicateurs", ())
        ]
    return found


def repository_state(root: Path) -> dict[str, Any] | None:
    """Return the commit of the project and whether files differ from it; ``None`` outside a repository."""
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    return {"commit": commit, "modifié": bool(_git(root, "status", "--porcelain"))}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except OSError:  # git is not installed
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def write_manifest(manifest: Mapping[str, Any], site: Path) -> Path:
    """Write ``manifest.json`` into a site and return its path."""
    path = site / FILE_NAME
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
