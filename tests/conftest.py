"""A project of two small notebooks, for what runs a whole campaign."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings

# A machine that does other work must not turn a test red: what a test may cost is bounded by pytest-timeout.
settings.register_profile("projet", deadline=None)
settings.load_profile("projet")

ROOT = Path(__file__).parent.parent

CAMPAIGN = """\
[campagne]
code = "essai"
libelle = "Campagne d'essai"
debut = 2020-09-01
date_extraction = 2022-04-30
exercices_comptables = [2021]

[dossiers]
brut = "data/raw/essai"
traite = "data/processed/essai"
rapports = "reports/essai"

[definitions]
sorties = "2024-1"
decrocheur = "2024-1"

[seuils]
pourcentage = 20
secret = 5

[financement]
forfait = 5000
jour_comptage = "12-31"

[confidentialite]
variable_cle = "EDP_CLE_ESSAI"
cle_simulation = "cle-d-essai-des-donnees-simulees"

[[questions]]
code = "Q1"
enonce = "Cela marche-t-il ?"
registre = "efficacité"
carnets = ["premier"]
"""

PARAMETERS = """\
campagne = "essai"  # texte, code de la campagne
audience = "interne"  # texte, interne ou public
"""

OPEN = """\
from edp_analysis.exhibits import open_page

page = open_page("{page}", campagne=campagne, audience=audience)
page.header()
"""


class SmallProject:
    """A project in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "campaigns").mkdir(parents=True)
        (root / "campaigns" / "essai.toml").write_text(CAMPAIGN, encoding="utf-8")
        raw = root / "data" / "raw" / "essai"
        raw.mkdir(parents=True)
        (raw / "ORIGIN.toml").write_text("simulated = true\n", encoding="utf-8")
        self.notebook("01_premier", 'page.finding("Premier constat")')
        self.notebook("02_second", 'page.finding("Second constat")')

    @property
    def site(self) -> Path:
        return self.root / "reports" / "essai" / "interne"

    def notebook(self, name: str, *sources: str, parameters: str = PARAMETERS) -> Path:
        """Write (again) a numbered notebook: title, parameters, opening of the page, then `sources`."""
        new = nbformat.v4
        cells = [new.new_markdown_cell(f"# Carnet {name}"), new.new_code_cell(parameters)]
        cells[1].metadata["tags"] = ["parameters"]
        page = name.split("_", 1)[1]
        for source in (OPEN.format(page=page), *sources):
            cells.append(new.new_markdown_cell(source) if source.startswith("#") else new.new_code_cell(source))
        for place, cell in enumerate(cells):
            cell["id"] = f"cellule-{place}"
        path = self.root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(new.new_notebook(cells=cells), path)
        return path


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallProject:
    """A small simulated project, which is the current one whatever the working directory."""
    project = SmallProject(tmp_path / "projet")
    monkeypatch.setenv("EDP_PROJET", str(project.root))
    return project


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], SmallProject]:
    """Make small projects by name, for what compares two of them."""
    return lambda name: SmallProject(tmp_path / name)
