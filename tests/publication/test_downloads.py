from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edp_analysis.publication.downloads import csv_bytes, write_csvs


def exhibit(rows: list[dict[str, Any]], units: dict[str, str]) -> dict[str, Any]:
    return {"page": "p", "id": "i", "colonnes": list(rows[0]), "unites": units, "lignes": rows}


def test_a_french_excel_opens_it() -> None:
    """Typed by hand: BOM, semicolons, decimal commas, CRLF; 134/246 is 54.47 %."""
    rows = [
        {"école": "EDP-01", "part": 134 / 246, "résultat": -12345.5, "exercice": 2023, "ok": True},
        {"école": "a;b", "part": None, "résultat": 1000000, "exercice": 2024, "ok": False},
    ]
    assert csv_bytes(exhibit(rows, {"part": "%", "résultat": "€", "exercice": "texte"})).decode("utf-8") == (
        '\ufeffécole;part (%);résultat (€);exercice;ok\r\nEDP-01;54,47;-12345,5;2023;oui\r\n"a;b";;1000000;2024;non\r\n'
    )


@pytest.mark.parametrize("text", ["=1+1", "+33", "-a", "@x", "\tx", "\rx"])
def test_a_text_is_never_a_formula(text: str) -> None:
    line = csv_bytes(exhibit([{"a": text}], {})).decode("utf-8").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    assert b"\r\n-3\r\n" in csv_bytes(exhibit([{"a": -3}], {}))


def test_one_file_for_each_table(notebook: Any, tmp_path: Path) -> None:
    written = write_csvs(notebook, tmp_path / "donnees")
    assert [path.name for path in written] == ["profils-chiffres-cles.csv", "profils-ecoles.csv", "profils-comptes.csv"]
    assert written[2].read_text(encoding="utf-8-sig").splitlines()[-1] == "'=2+3;"
    before = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in write_csvs(notebook, tmp_path / "donnees")] == before
