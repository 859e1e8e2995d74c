"""The InserJeunes reader on five invented rows, and on the real public extract where it is."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from edp_analysis.intake.inserjeunes import READING, read_inserjeunes, region_distribution

FIXTURE = Path(__file__).parent.parent / "fixtures" / "inserjeunes.csv"
HEADER = "Année;UAI;Libellé;Région;Taux emploi 6 mois\n"


def write(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "inserjeunes.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_five_invented_rows_by_hand() -> None:
    """Norman rates of 2023-2024: 60 and 70 at six months; the third CFA has none."""
    found = read_inserjeunes(FIXTURE)
    assert found.problems == ()
    assert len(found.establishments) == 5
    table = region_distribution(found, "Normandie", minimum=1).set_index(["cumul", "indicateur"])
    row = table.loc[("2023-2024", "emploi_6m")]
    assert row[["etablissements", "sans_taux", "quartile_1", "mediane", "quartile_3"]].tolist() == [
        2,
        1,
        62.5,
        65,
        67.5,
    ]
    assert row["base"] == "sortants_hors_poursuite"
    assert row["lecture"] == READING
    assert table.loc[("2018-2019", "emploi_24m"), "mediane"] == 75
    assert table.loc[("2018-2019", "interruption_contrats"), "mediane"] == 25
    assert ("2023-2024", "emploi_24m") not in table.index
    assert table.index.get_level_values("cumul").tolist() == sorted(table.index.get_level_values("cumul"))


def test_bases_are_those_of_the_comparators() -> None:
    """A figure of this file may be set beside another only on the same base: one name for one base."""
    with (FIXTURE.parent.parent.parent / "data/reference/comparateurs.csv").open(
        encoding="utf-8", newline=""
    ) as handle:
        bases = {row["indicateur"]: row["base"] for row in csv.DictReader(handle, delimiter=";")}
    table = region_distribution(read_inserjeunes(FIXTURE), "Normandie", minimum=1)
    shared = [(code, base) for code, base in zip(table["indicateur"], table["base"], strict=True) if code in bases]
    assert len(shared) >= 3
    assert all(bases[code] == base for code, base in shared)


def test_few_establishments_have_a_count_and_no_quartile() -> None:
    table = region_distribution(read_inserjeunes(FIXTURE), "BRETAGNE")
    assert table["etablissements"].tolist() == [1, 1, 1]
    assert table[["quartile_1", "mediane", "quartile_3"]].isna().all(axis=None)


def test_an_expected_rate_is_not_taken_for_a_rate() -> None:
    """« Taux emploi 6 mois attendu » comes before or after the true column: it is another heading."""
    found = read_inserjeunes(FIXTURE).rates
    assert found.loc[found["indicateur"] == "emploi_6m", "taux"].tolist() == [60, 70, 50, 66]


def test_what_is_wrong_is_said_with_its_cell(tmp_path: Path) -> None:
    text = HEADER + (
        "cumul 2023-2024;0990001A;A;NORMANDIE;170\n"
        "cumul 2023-2024;0990001A;A;NORMANDIE;60\n"
        "cumul 2023-2024;0990002B;B;NORMANDIE;soixante\n"
        "cumul 2023-2024;0990003C;C;;60\n"
        "cumul 2023-2024;0990004D;D;NORMANDIE;nd\n"
        "cumul 2023-2024;0990005E;E;NORMANDIE;67,5\n"
    )
    found = read_inserjeunes(write(tmp_path, text))
    assert [(p.rule, p.where.cell) for p in found.problems] == [
        ("taux-hors-bornes", "E2"),
        ("etablissement-en-double", "B3"),
        ("nombre-illisible", "E4"),
        ("ligne-incomplete", "A5"),
    ]
    assert found.rates["taux"].tolist() == [67.5]


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "Année;UAI;Région\ncumul 2023-2024;0990001A;NORMANDIE\n"])
def test_another_file_is_refused_without_raising(text: str, tmp_path: Path) -> None:
    found = read_inserjeunes(write(tmp_path, text, "utf-8"))
    assert found.rates.empty
    assert len(found.problems) == 1
    with pytest.raises(ValueError, match="absente du fichier InserJeunes ; régions lues : aucune"):
        region_distribution(found, "Normandie")


def test_accents_encoding_and_order_of_rows_do_not_matter(tmp_path: Path) -> None:
    lines = FIXTURE.read_text(encoding="utf-8").splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    found = read_inserjeunes(write(tmp_path, turned, "cp1252"))
    assert found.problems == ()
    mine, theirs = (region_distribution(one, "normandie", 1) for one in (found, read_inserjeunes(FIXTURE)))
    assert mine.equals(theirs)


@pytest.mark.fichiers_reels
def test_the_real_extract_gives_the_known_medians(tmp_path: Path) -> None:
    """Norman medians noted when the extract was received, double cohorts 2018-2019 to 2023-2024."""
    folder = os.environ.get("EDP_REAL_FILES")
    if not folder:
        pytest.skip("EDP_REAL_FILES n'est pas défini")
    packed = Path(folder) / "inserjeunes_cfa_normandie_bretagne.csv.gz"
    path = tmp_path / "inserjeunes.csv"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    found = read_inserjeunes(path)
    assert found.problems == ()
    assert len(found.establishments) == 1126
    table = region_distribution(found, "Normandie").set_index("indicateur")
    assert table.loc["emploi_6m", "mediane"].tolist() == [66, 66, 67.5, 72, 70, 67]
    assert table.loc["emploi_12m", "mediane"].tolist() == [70, 71, 74.5, 77, 77.5, 73]
    assert table.loc["poursuite_etudes", "mediane"].tolist() == [33.5, 35.5, 38, 37.5, 40, 40]
    # 18 and 24 months exist for the four older pairs only, interruptions for the first.
    assert len(table.loc["emploi_24m"]) == len(table.loc["emploi_18m"]) == 4
    assert table.loc["interruption_contrats", "etablissements"] == 50
