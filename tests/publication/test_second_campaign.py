"""Another campaign is only another folder: other period, schools and counts, without a line of code changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.publication.notebook import find_notebooks, page_name
from edp_analysis.publication.run import run
from edp_analysis.simulation import simulate

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.lent
def test_campaign_2028_is_simulated_and_built(tmp_path: Path) -> None:
    for name in ("campaigns", "notebooks", "data/reference"):
        shutil.copytree(ROOT / name, tmp_path / name)
    simulate("2028", 7, tmp_path)
    campaign = load_campaign("2028", tmp_path)
    report = run(campaign)
    assert report.exit_code == 0, (report.failures, [str(problem) for problem in report.problems])
    assert len(report.tables.ecoles) == 12
    assert report.register == (), "rien n'a encore été publié pour cette campagne"
    pages = {page_name(path) for path in find_notebooks(tmp_path)}
    assert {f"{page}.html" for page in pages} | {"index.html"} <= {path.name for path in report.site.glob("*.html")}
    schools = report.tables.ecoles["ecole"]
    assert sorted(path.stem for path in (report.site / "ecoles").glob("*.html")) == sorted(schools)
    for page in report.site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "Données simulées" in text
        assert "Évaluation 2028" in text
        assert "Évaluation 2024" not in text
