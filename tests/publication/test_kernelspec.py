"""Notebooks run on this Python, even where the user has another ``python3`` that Jupyter would take first."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from edp_analysis.publication.kernels import Job, execute_notebooks
from edp_analysis.publication.kernelspec import own_kernel
from edp_analysis.publication.notebook import read_notebook


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``python3`` in the user's folder that leads nowhere, where the user's folder comes first."""
    folder = tmp_path / "utilisateur"
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/nulle/part/python3", "-f", "{connection_file}"], "display_name": "Autre", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    assert KernelSpecManager().get_kernel_spec("python3").display_name == "Autre", "le noyau planté n'agit pas"
    return folder


def test_python3_is_this_python(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = own_kernel(tmp_path / "noyau")
    assert variables == {"JUPYTER_PATH": str(tmp_path / "noyau")}
    monkeypatch.setenv("JUPYTER_PATH", variables["JUPYTER_PATH"])
    spec = KernelSpecManager().get_kernel_spec("python3")
    assert spec.argv[0] == sys.executable
    assert spec.display_name == "Python 3 (ipykernel)", "le nom que portent les carnets enregistrés"


def test_what_the_user_adds_to_the_path_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", "ailleurs")
    assert own_kernel(tmp_path)["JUPYTER_PATH"].split(os.pathsep) == [str(tmp_path), "ailleurs"]


@pytest.mark.lent
def test_a_notebook_of_the_site_runs_on_this_python(planted: Path, small_project: Any, tmp_path: Path) -> None:
    source = small_project.notebook("03_troisieme", "import sys", 'page.finding("Le noyau : " + sys.executable)')
    job = Job(source, tmp_path / "rejoue.ipynb", tmp_path / "journal.log")
    (outcome,) = execute_notebooks([job], small_project.root)
    assert outcome.failure is None
    assert sys.executable in str(read_notebook(job.output).cells[-1].outputs)
    assert "JUPYTER_PATH" not in os.environ, "l'environnement est rendu comme il était"
