"""nbval turns red when one learner's record changes: the comparison of notebooks sees figures, not only text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.publication.notebook import find_notebooks
from edp_analysis.publication.register import Verdict, recompute, worst_verdict

ROOT = Path(__file__).parent.parent.parent
CONFIG = Path(__file__).parent / "nbval.cfg"


def copy_project(folder: Path) -> Path:
    """Copy what the notebooks read, without what is built."""
    for name in ("campaigns", "notebooks", "data/raw", "data/reference"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def nbval(project: Path, notebook: Path) -> subprocess.CompletedProcess[str]:
    """Replay one notebook of a project and compare its outputs with the stored ones."""
    options = ["--nbval", f"--nbval-sanitize-with={CONFIG}", "--nbval-cell-timeout=60", "--nbval-kernel-name=python3"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull,
         *options, str(notebook)],
        cwd=project,
        env={**os.environ, "EDP_PROJET": str(project)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip


def remove_a_certificate(project: Path) -> None:
    """Change one cell of one school's file, as it might come when the school sends it again."""
    for path in sorted((project / "data" / "raw" / "2024" / "ecoles").glob("*.csv")):
        content = path.read_bytes()
        for encoding in ("utf-8", "cp1252"):
            if (granted := ";certifié;".encode(encoding)) in content:
                path.write_bytes(content.replace(granted, ";recalé;".encode(encoding), 1))
                return
    raise LookupError("aucun certificat dans les fichiers d'école en texte")


@pytest.mark.lent
def test_nbval_is_green_on_a_copy_and_red_when_one_record_changes(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    (notebook,) = find_notebooks(project, ["parcours_et_resultats"])
    green = nbval(project, notebook)
    assert green.returncode == 0, green.stdout[-3000:]
    remove_a_certificate(project)
    red = nbval(project, notebook)
    assert red.returncode == 1, red.stdout[-3000:]
    assert "Cell outputs differ" in red.stdout


def test_the_register_sees_one_certificate_less(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    campaign = load_campaign("2024", project)
    assert worst_verdict(recompute(prepare(campaign))) is Verdict.NOT_RECOMPUTABLE
    remove_a_certificate(project)
    assert worst_verdict(recompute(prepare(campaign))) is Verdict.DIFFERENT
