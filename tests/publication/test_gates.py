"""A site with a fault does not replace the former one; each check of a site sees its planted fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edp_analysis.publication.exporter import export_page
from edp_analysis.publication.gates import SiteFaultError, check_site, site_faults
from edp_analysis.publication.portal import navigation
from edp_analysis.publication.shell import Link


@pytest.fixture
def site(tmp_path: Path, notebook: Any) -> Path:
    menu = (Link("profils.html", "Profils"),)
    html = export_page(notebook, navigation=menu, current="profils.html", csv_folder="donnees")
    (tmp_path / "profils.html").write_text(html, encoding="utf-8")
    other = html.replace("<title>54", "<title>Autre page : 54")
    names = ["methode", "glossaire", "donnees", "plan", "mentions", "accessibilite"]
    for name in names:
        (tmp_path / f"{name}.html").write_text(other.replace("<title>", f"<title>{name} "), encoding="utf-8")
    (tmp_path / "donnees").mkdir()
    for name in ("chiffres-cles", "ecoles", "comptes"):
        (tmp_path / "donnees" / f"profils-{name}.csv").write_bytes(b"")
    return tmp_path


def test_a_sound_site_passes(site: Path) -> None:
    assert site_faults(site) == []
    check_site(site)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            "donnees/profils-comptes.csv",
            "donnees/absent.csv",
            "le lien « donnees/absent.csv » mène à un fichier absent",
        ),
        ('href="plan.html"', 'href="plan.html#absent"', "le lien « plan.html#absent » mène à un endroit absent"),
        ("<title>54", "<title>plan Autre page : 54", "une autre page porte le même titre"),
        ('lang="fr"', 'lang="en"', "la langue de la page"),
    ],
)
def test_each_check_of_a_site_sees_its_fault(site: Path, before: str, after: str, words: str) -> None:
    page = site / "profils.html"
    html = page.read_text(encoding="utf-8")
    assert before in html, "the planted fault must land somewhere"
    page.write_text(html.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SiteFaultError, match=r"profils\.html : ") as caught:
        check_site(site)
    assert any(words in fault for _, fault in caught.value.faults)
    assert caught.value.exit_code == 1


def test_a_long_list_is_cut(site: Path) -> None:
    error = SiteFaultError([("a.html", f"défaut {rank}") for rank in range(12)])
    assert "12 défauts" in str(error) and "et 4 autres" in str(error)


def test_the_menu_names_what_every_site_has() -> None:
    assert [link.href for link in navigation([])] == ["index.html", "methode.html", "donnees.html"]
