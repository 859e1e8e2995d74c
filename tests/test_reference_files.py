"""Whoever opens data/reference finds each of its files in the README, with its role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "data" / "reference"


def gaps(readme: str, files: Iterable[str]) -> list[str]:
    """Return the files that the README does not list, and those that it lists and that are not there."""
    listed = set(re.findall(r"^\| `([\w./-]+)` \|", readme, re.MULTILINE))
    return sorted(listed ^ set(files))


def files() -> list[str]:
    return [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.csv") if "inserjeunes" not in path.parts]


def test_each_reference_file_is_listed() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(files()) > 15
    assert gaps(readme, files()) == []


def test_a_file_left_out_or_gone_is_seen() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert gaps(readme, [*files(), "nouveau.csv"]) == ["nouveau.csv"]
    assert gaps(readme.replace("`metiers.csv`", "`metier.csv`"), files()) == ["metier.csv", "metiers.csv"]
