"""Notebooks run by papermill: in parallel, from anywhere, and telling in French what failed."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from edp_analysis.publication import kernels
from edp_analysis.publication.kernels import Job, execute_notebooks

SHOW = """\
from IPython.display import display
element = {"id": "essai", "titre": campagne, "passage": {"audience": "interne"}}
display({"text/plain": campagne, "application/vnd.edp.exhibit+json": element}, raw=True)
"""


WHERE = """\
import os
place = f"{os.environ['EDP_PROJET']} {os.getcwd()}"
element = {"id": "ici", "titre": "ici", "passage": {"audience": "interne"}}
display({"text/plain": place, "application/vnd.edp.exhibit+json": element}, raw=True)
"""


def make(folder: Path, name: str, *sources: str) -> Job:
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# Titre"),
        new.new_code_cell('campagne = "2024"  # str, code', metadata={"tags": ["parameters"]}),
    ]
    for source in sources:
        cells.append(new.new_markdown_cell(source) if source.startswith("#") else new.new_code_cell(source))
    nbformat.write(new.new_notebook(cells=cells), folder / f"{name}.ipynb")
    return Job(folder / f"{name}.ipynb", folder / "sortie" / f"{name}.ipynb", folder / "journal" / f"{name}.log",
               {"campagne": "2028"})  # fmt: skip


@pytest.mark.lent
def test_a_failure_names_its_place_and_leaves_the_others_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    jobs = [
        make(tmp_path, "01_bon", SHOW),
        make(tmp_path, "02_casse", SHOW, "## La question", "{}['effectif']", "print('jamais')"),
        make(tmp_path, "03_dit", "from edp_analysis.problems import UserError\n"
             "raise UserError('Le fichier manque.', 'Le déposer.')"),
        make(tmp_path, "04_vide", "x = 1"),
        make(tmp_path, "05_brut", SHOW, "## Détail", "378"),
    ]  # fmt: skip
    seen: list[str] = []
    good, broken, told, empty, raw = execute_notebooks(
        jobs, tmp_path, workers=2, done=lambda o: seen.append(o.job.notebook.name)
    )

    assert good.failure is None and jobs[0].output.is_file()
    assert sorted(seen) == [job.notebook.name for job in jobs]

    failure = broken.failure
    assert failure is not None
    assert (failure.notebook, failure.cell, failure.heading) == ("02_casse.ipynb", 5, "La question")
    assert "KeyError" in failure.cause and "effectif" in failure.cause and failure.remedy
    assert "Traceback" in Path(failure.log).read_text(encoding="utf-8")
    assert "Traceback" not in str(failure) and failure.log in str(failure)
    assert not jobs[1].output.exists()

    assert told.failure is not None
    assert told.failure.cause == "Le fichier manque. Le déposer."
    assert told.failure.remedy == ""

    assert empty.failure is not None and "sans résultat" in empty.failure.cause
    assert not jobs[3].output.exists()
    assert raw.failure is not None and "cellule 5 (section « Détail »)" in raw.failure.cause
    out, err = capfd.readouterr()
    assert out == "" and err == "", "papermill et ipykernel doivent rester muets"


@pytest.mark.lent
def test_the_kernel_works_in_the_campaign_s_project_and_the_result_has_no_clock(tmp_path: Path) -> None:
    job = make(tmp_path, "01_ici", SHOW, WHERE)
    before = Path.cwd()
    (outcome,) = execute_notebooks([job], tmp_path)
    assert outcome.failure is None
    assert Path.cwd() == before
    text = job.output.read_text(encoding="utf-8")
    assert "papermill" not in text and "execution" not in json.loads(text)["cells"][1]["metadata"]
    project, folder = place(text)
    assert project == str(tmp_path)
    assert folder != str(before), "chaque carnet a son dossier"
    assert any("2028" in "".join(cell["source"]) for cell in json.loads(text)["cells"]), "paramètre injecté"
    first = text.replace(folder, "")
    execute_notebooks([job], tmp_path)
    second = job.output.read_text(encoding="utf-8")
    assert second.replace(place(second)[1], "") == first


def place(text: str) -> list[str]:
    shown = json.loads(text)["cells"][-1]["outputs"][0]["data"]["text/plain"]
    return "".join(shown).split()


@pytest.mark.lent
def test_a_dead_kernel_and_an_endless_cell_are_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    dead = make(tmp_path, "01_mort", SHOW, "import os\nos._exit(1)", "x = 1")
    endless = make(tmp_path, "02_long", SHOW, "x = 1", "import time\ntime.sleep(60)")
    first, second = execute_notebooks([dead, endless], tmp_path, cell_timeout=3)
    assert first.failure is not None and second.failure is not None
    assert "noyau" in first.failure.cause and first.failure.cell == 4
    assert "3 s" in second.failure.cause and second.failure.cell == 5
    assert capfd.readouterr() == ("", "")


def test_a_kernel_that_does_not_start_is_started_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make(tmp_path, "01_a", SHOW)
    calls: list[int] = []

    def flaky(*_: object) -> object:
        calls.append(1)
        raise RuntimeError("port pris")

    monkeypatch.setattr(kernels, "_run_kernel", flaky)
    (outcome,) = execute_notebooks([job], tmp_path)
    assert len(calls) == 2
    assert outcome.failure is not None and "n'a pas démarré" in outcome.failure.cause
    assert outcome.failure.cell is None


def test_no_job_is_no_work(tmp_path: Path) -> None:
    assert execute_notebooks([], tmp_path) == ()
