"""Comparators from the public file: the fixture's five establishments, and what comes out is a comparators file."""

from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.indicators.comparators import COLUMNS, load_comparators
from edp_analysis.indicators.inserjeunes import comparator_lines, main
from edp_analysis.problems import UserError

CONTENT = "Année;UAI;Libellé;Région;Taux emploi 6 mois;Taux poursuite études\n" + "".join(
    f"cumul 2023-2024;099000{rank}A;CFA d'essai {rank};NORMANDIE;{rate};\n"
    for rank, rate in enumerate((50, 60, 67, 70, 81))
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "inserjeunes.csv"
    path.write_text(CONTENT, encoding="utf-8")
    return path


def test_the_median_is_a_comparator_with_its_base_and_says_what_it_is(file):
    """Median of 50, 60, 67, 70, 81: 67. Nobody gives the rate of further study: no line."""
    lines = comparator_lines(file, "Normandie")
    assert tuple(lines.columns) == COLUMNS and len(lines) == 1
    line = lines.iloc[0]
    assert (line["indicateur"], line["valeur"], line["base"]) == ("emploi_6m", 67, "sortants_hors_poursuite")
    assert line["annee"] == "2023-2024" and "non taux régional ; 5 établissements" in line["note"]


def test_what_is_written_can_be_read_as_the_comparators(file, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["x", str(file), "Normandie"])
    main()
    target = tmp_path / "data" / "reference" / "comparateurs.csv"
    target.parent.mkdir(parents=True)
    target.write_text(capsys.readouterr().out, encoding="utf-8")
    assert load_comparators(tmp_path)["valeur"].tolist() == [67.0]


def test_bases_are_those_of_the_file_of_comparators(file):
    known = load_comparators(Path(__file__).parent.parent.parent)
    lines = comparator_lines(file, "Normandie")
    merged = pd.merge(lines, known, on=["indicateur", "base", "libelle"])
    assert set(merged["indicateur"]) == {"emploi_6m"}


@pytest.mark.parametrize(("text", "region"), [("a;b\n1;2\n", "Normandie"), (CONTENT, "Corse")])
def test_what_cannot_be_read_is_said(tmp_path, text, region):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError):
        comparator_lines(path, region)
