"""The example of the analysts' guide runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edp_analysis.exhibits import Exhibit, Page, open_page

ROOT = Path(__file__).parent.parent.parent


def test_the_example_to_explore_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDP_PROJET", str(ROOT))
    shown: list[Exhibit] = []
    monkeypatch.setattr(Page, "_show", lambda page, exhibit, show=Page._show: shown.append(show(page, exhibit)))
    (example,) = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs" / "guide-analyste.md").read_text(encoding="utf-8"), re.S | re.M
    )
    exec(example, {"page": open_page("essai", "2024")})  # our own guide
    assert [exhibit.id for exhibit in shown] == ["essai", "essai-2", "essai-3"]
    assert all(exhibit.stamp for exhibit in shown)
