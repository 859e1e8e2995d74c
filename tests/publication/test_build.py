"""A page with a fault: the command says which and why, leaves the former site, and exits with 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cli import main
from edp_analysis.publication.gates import SiteFaultError
from edp_analysis.publication.run import run


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.lent
def test_a_fault_keeps_the_former_site(small_project: Any, capsys: pytest.CaptureFixture[str]) -> None:
    campaign = load_campaign("essai")
    run(campaign)
    before = tree(small_project.site)
    small_project.notebook("02_second", 'page.finding("Constat récrit")', "## Un nombre mal écrit : 54.5 %")
    with pytest.raises(SiteFaultError, match=r"second\.html : un nombre est écrit à l'anglaise : « 4\.5 »"):
        run(campaign)
    assert tree(small_project.site) == before
    assert [path.name for path in small_project.site.parent.iterdir()] == ["interne"]
    with pytest.raises(SystemExit) as left:
        main(["run", "essai"])
    assert left.value.code == 1
    told = capsys.readouterr().err
    assert "Le site n'est pas remplacé : 1 défaut dans" in told and "second.html" in told and "Traceback" not in told


@pytest.mark.lent
def test_a_site_has_its_pages_even_without_schools(small_project: Any) -> None:
    run(load_campaign("essai"))
    built = {path.relative_to(small_project.site).as_posix() for path in small_project.site.rglob("*")}
    assert {
        "methode.html",
        "glossaire.html",
        "donnees.html",
        "plan.html",
        "accessibilite.html",
        "mentions.html",
    } <= built
    assert "donnees/dictionnaire.csv" in built and "ecoles" not in built
    assert "Les écoles" not in (small_project.site / "index.html").read_text(encoding="utf-8")
