"""Writing a campaign: reproducible bytes, never over real data, nothing stale left; cleaning gives the truth back."""

import hashlib
import tomllib
from io import BytesIO
from zipfile import ZipFile

import pandas as pd
import pytest

from edp_analysis.campaign import find_root, load_campaign
from edp_analysis.cleaning.learners import clean_learners
from edp_analysis.cleaning.reference import clean_grants, clean_schools
from edp_analysis.problems import Severity, UserError
from edp_analysis.simulation import simulate
from edp_analysis.simulation.truth import read_truth, truth_folder


def _unpacked(files):
    """Content of each file, archives unpacked: another zlib may compress the same content to other bytes."""
    found = {}
    for name, data in files.items():
        if name.endswith((".xlsx", ".ods")):
            with ZipFile(BytesIO(data)) as archive:
                found |= {f"{name}!{member}": archive.read(member) for member in archive.namelist()}
        elif name != "ORIGIN.toml":  # its digests are those of the compressed files
            found[name] = data
    return found


def test_committed_campaign_is_what_the_default_seed_writes(project, read_folder):
    """The committed raw folder and truth are those of campaign 2024's own seed."""
    report = simulate("2024", root=project)
    root = find_root()
    assert _unpacked(read_folder(report.raw)) == _unpacked(read_folder(root / "data" / "raw" / "2024"))
    assert read_folder(report.truth) == read_folder(truth_folder(root, "2024"))


def test_another_seed_writes_other_bytes_and_removes_the_former(project, simulated_2028, read_folder):
    first = simulate("2028", 1, project)
    before = read_folder(first.raw)
    stale = _add_to_former(first.raw, "ecoles/reste.csv")
    second = simulate("2028", 7, project)
    after = read_folder(second.raw)
    assert not stale.exists()
    assert set(after) == set(before) == set(second.files)
    assert {name for name in before if name.startswith("ecoles/") and before[name] == after[name]} == set()
    assert after == read_folder(simulated_2028.raw)  # the same seed, in another project: the same bytes


def _add_to_former(raw, name):
    """Make a file look like one that the former simulation wrote and this one does not."""
    (raw / name).write_bytes(b"reste")
    with (raw / "ORIGIN.toml").open("a", encoding="utf-8") as origin:
        origin.write(f'"{name}" = "{hashlib.sha256(b"reste").hexdigest()}"\n')
    return raw / name


@pytest.mark.parametrize(("name", "added"), [("ecoles/EDP-03.ods", False), ("ecoles/vrai.xlsx", True)])
def test_a_file_put_among_the_simulated_ones_is_never_lost(project, name, added):
    """A real file beside the simulated ones, or over one of them: refused, named, left as it is."""
    report = simulate("2028", 1, project)
    path = report.raw / name
    assert path.exists() is not added
    path.write_bytes(b"reel")
    with pytest.raises(UserError, match=name):
        simulate("2028", 1, project)
    assert path.read_bytes() == b"reel"


def test_origin_says_simulated_and_gives_the_hashes(simulated_2028):
    origin = tomllib.loads((simulated_2028.raw / "ORIGIN.toml").read_text(encoding="utf-8"))
    assert origin["simulated"] is True
    assert origin["graine"] == 7
    assert set(origin["sha256"]) | {"ORIGIN.toml"} == set(simulated_2028.files)
    for name, digest in origin["sha256"].items():
        assert hashlib.sha256((simulated_2028.raw / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("origin", [None, 'qui = "une école"\n', "simulated = false\n", 'simulated = "oui"\n'])
def test_real_data_are_never_overwritten(project, origin):
    raw = load_campaign("2028", project).raw
    (raw / "ecoles").mkdir(parents=True)
    (raw / "ecoles" / "vrai.csv").write_text("a;b\n", encoding="utf-8")
    if origin is not None:
        (raw / "ORIGIN.toml").write_text(origin, encoding="utf-8")
    before = sorted(path.name for path in raw.rglob("*"))
    with pytest.raises(UserError, match="ne sont pas dites simulées"):
        simulate("2028", 1, project)
    assert sorted(path.name for path in raw.rglob("*")) == before
    assert not truth_folder(project, "2028").exists()


def test_nothing_is_written_when_the_settings_contradict_one_another(project):
    path = project / "campaigns" / "2028.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("presents_forfait = 201", "presents_forfait = 400"), encoding="utf-8")
    with pytest.raises(UserError, match="impossibles à placer"):
        simulate("2028", 1, project)
    assert not load_campaign("2028", project).raw.exists()


def test_campaign_without_settings_is_refused(project):
    path = project / "campaigns" / "2028.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[simulation]")], encoding="utf-8")
    with pytest.raises(UserError, match=r"\[simulation\]"):
        simulate("2028", 1, project)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('domaine = "BOIS"', 'domaine = "VERRE"', "VERRE"),
        ('fichier = "codes"', 'fichier = "inconnue"', "mise en page"),
        ("sortants = 453\n", "", "sortants"),
        ("[2022-11-07, 9]", "[2021-11-07, 9]", "précède l'ouverture"),
        ('sans = ["rqth"]', 'sans = ["statut"]', "colonne obligatoire"),
        ('[["50024240", 2023-11-01]]', '[["50024240", 2024-11-01]]', "aucun diplôme"),
        ('["EDP-11", "Région', '["EDP-99", "Région', "EDP-99"),
    ],
)
def test_faulty_settings_are_named(project, old, new, message):
    path = project / "campaigns" / "2028.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=message):
        simulate("2028", 1, project)


@pytest.mark.parametrize("code", ["2024", "2028"])
def test_cleaning_gives_the_truth_back(code, simulated_2028, monkeypatch):
    """Cell by cell; nothing blocking; each file's enrolments written twice are merged, as many as planted."""
    root = find_root() if code == "2024" else simulated_2028.raw.parents[2]
    campaign = load_campaign(code, root)
    monkeypatch.delenv(campaign.key_variable, raising=False)
    truth = truth_folder(root, code)
    cleaned = clean_learners(campaign)
    key = ["ecole", "date_entree", "id_inscription"]
    want = read_truth(truth, "apprenants")
    pd.testing.assert_frame_equal(
        cleaned.frame.sort_values(key, ignore_index=True), want.sort_values(key, ignore_index=True)
    )
    assert [str(p) for p in cleaned.problems if p.severity is Severity.BLOCKING] == []
    assert "doublon-contradictoire" not in {problem.rule for problem in cleaned.problems}
    planted = tomllib.loads((truth / "verite.toml").read_text(encoding="utf-8"))["doublons"]
    merged = pd.Series([line.file for line in cleaned.lines if line.fate == "fusionnée"]).value_counts()
    assert merged.to_dict() == {file: count for file, count in planted.items() if count}
    pd.testing.assert_frame_equal(clean_schools(campaign).frame, read_truth(truth, "ecoles"))
    pd.testing.assert_frame_equal(clean_grants(campaign).frame, read_truth(truth, "financements"))


def test_no_name_in_the_truth(simulated_2028):
    """Names and birth dates are in the schools' files only."""
    columns = set(read_truth(simulated_2028.truth, "apprenants").columns)
    assert columns.isdisjoint({"nom", "prenom", "date_naissance"})
