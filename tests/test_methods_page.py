"""The page of methods names code that exists, and each survey module it should."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "methodes.md").read_text(encoding="utf-8")


def test_every_file_named_exists():
    named = set(re.findall(r"`((?:edp_analysis|tests|data)/[\w./-]+\.\w+)`", PAGE))
    assert len(named) > 30
    assert sorted(path for path in named if not (ROOT / path).is_file()) == []


def test_every_module_of_the_survey_is_explained():
    modules = {path.name for path in (ROOT / "edp_analysis" / "indicators").glob("survey_*.py")}
    assert modules and all(f"indicators/{name}`" in PAGE for name in modules)


def test_the_links_lead_somewhere():
    assert all((ROOT / "docs" / link).is_file() for link in re.findall(r"\]\(([\w.-]+\.md)\)", PAGE))
