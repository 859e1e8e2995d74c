"""A campaign is read whole, checked whole, and found from anywhere."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from edp_analysis.campaign import find_root, load_campaign
from edp_analysis.problems import UserError

SOURCE = Path(__file__).parent.parent / "campaigns" / "2024.toml"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "campaigns").mkdir()
    shutil.copy(SOURCE, tmp_path / "campaigns" / "2024.toml")
    return tmp_path


def rewrite(project, old, new):
    path = project / "campaigns" / "2024.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_project_is_found_from_a_folder_below_and_from_elsewhere(project, monkeypatch, tmp_path_factory):
    below = project / "notebooks" / "phase1"
    below.mkdir(parents=True)
    assert find_root(below) == project
    monkeypatch.chdir(tmp_path_factory.mktemp("ailleurs"))
    monkeypatch.setenv("EDP_PROJET", str(project))
    assert load_campaign("2024").root == project


def test_last_counting_date_is_the_one_before_the_extraction(project):
    """Extraction on 30 April 2024, counting day 31 December → 31 December 2023."""
    assert load_campaign("2024", project).last_counting_date == date(2023, 12, 31)
    rewrite(project, "2024-04-30", "2024-12-31")
    assert load_campaign("2024", project).last_counting_date == date(2024, 12, 31)


def test_unknown_campaign_is_refused_with_the_nearest(project):
    with pytest.raises(UserError, match=r"« 2042 » inconnue.*Peut-être : « 2024 »"):
        load_campaign("2042", project)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[seuils]", "[seuil]", "section « seuil » inconnue.*Peut-être : « seuils »"),
        ("pourcentage = 20", "", "« pourcentage » manque dans .seuils."),
        ("pourcentage = 20", 'pourcentage = "vingt"', "pourcentage vaut « vingt », d'un type inattendu"),
        ("pourcentage = 20", "pourcentage = true", "pourcentage vaut « True »"),
        ('jour_comptage = "12-31"', 'jour_comptage = "31/12"', "jour_comptage doit s'écrire MM-JJ"),
        ("debut = 2018-09-01", "debut = 2025-09-01", "« debut » doit précéder"),
        ("[campagne]", "[campagne", "ne se lit pas : faute d'écriture TOML, ligne 4"),
        ('code = "2024"', 'code = "2023"', "décrit la campagne « 2023 »"),
        ('jour_comptage = "12-31"', 'jour_comptage = "02-29"', "jour_comptage doit s'écrire MM-JJ"),
        ("debut = 2018-09-01", "debut = 2018-09-01T00:00:00", "debut vaut .* d'un type inattendu"),
        ("[2020, 2021, 2022, 2023]", '["2020"]', "doit être une liste d'années"),
        ("[2020, 2021, 2022, 2023]", "[]", "doit être une liste d'années"),
        ("secret = 5", "secret = 5\nsecrets = 5", "« secrets » inconnu dans .seuils."),
        (
            'sorties = "2024-1"',
            'sorties = "2024-9"',
            r"2024\.toml, .definitions. sorties : Version « 2024-9 » inconnue",
        ),
        (
            'decrocheur = "2024-1"',
            'decrocheur = "x"',
            r"decrocheur : Version « x » inconnue.*Versions définies : 2024-1",
        ),
        ("[campagne]", "seuils = 3\n[campagne]", "ne se lit pas|n'est pas une section"),
    ],
)
def test_a_fault_in_the_file_is_named(project, old, new, message):
    rewrite(project, old, new)
    with pytest.raises(UserError, match=message):
        load_campaign("2024", project)


@pytest.mark.parametrize(
    ("origin", "simulated"), [("simulated = true", True), ("simulated = false", False), (None, False)]
)
def test_simulated_comes_from_the_raw_folder_alone(project, origin, simulated):
    if origin:
        (project / "data" / "raw" / "2024").mkdir(parents=True)
        (project / "data" / "raw" / "2024" / "ORIGIN.toml").write_text(origin, encoding="utf-8")
    assert load_campaign("2024", project).simulated is simulated


def test_a_damaged_origin_file_is_named(project):
    (project / "data" / "raw" / "2024").mkdir(parents=True)
    (project / "data" / "raw" / "2024" / "ORIGIN.toml").write_text("simulated = oui", encoding="utf-8")
    with pytest.raises(UserError, match=r"ORIGIN\.toml de « 2024 » ne se lit pas"):
        load_campaign("2024", project)


def test_an_origin_file_that_cannot_be_opened_is_named(project, monkeypatch):
    origin = project / "data" / "raw" / "2024" / "ORIGIN.toml"
    origin.parent.mkdir(parents=True)
    origin.write_text("simulated = true", encoding="utf-8")
    whole = Path.read_bytes

    def read(self):
        if self == origin:
            raise OSError(5, "Input/output error")
        return whole(self)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(UserError, match=r"ORIGIN\.toml de « 2024 » ne s'ouvre pas"):
        load_campaign("2024", project)
