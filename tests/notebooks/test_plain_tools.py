"""No lock-in: a notebook runs with plain papermill and plain nbconvert, from any working directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edp_analysis.publication.notebook import EXHIBIT_MIME, find_notebooks

ROOT = Path(__file__).parent.parent.parent
(NOTEBOOK,) = find_notebooks(ROOT, ["satisfaction"])


def call(folder: Path, *command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "EDP_PROJET"}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def shown(path: Path) -> list[str]:
    """Return the text of each exhibit."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ()) if EXHIBIT_MIME in output["data"]]
    return ["".join(output["data"]["text/plain"]) for output in outputs]


@pytest.mark.lent
def test_papermill_gives_the_stored_figures(tmp_path: Path) -> None:
    executed = tmp_path / "execute.ipynb"
    call(tmp_path, "papermill", str(NOTEBOOK), str(executed), "-p", "campagne", "2024", "--no-progress-bar")
    assert shown(executed) == shown(NOTEBOOK) != []


@pytest.mark.lent
def test_nbconvert_gives_the_stored_figures(tmp_path: Path) -> None:
    call(tmp_path, "nbconvert", "--execute", "--to", "notebook", str(NOTEBOOK), "--output-dir", str(tmp_path))
    assert shown(tmp_path / NOTEBOOK.name) == shown(NOTEBOOK) != []
