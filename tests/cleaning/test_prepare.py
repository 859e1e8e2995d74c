"""The clean tables of a campaign on disk: same bytes twice, rebuilt when needed, and no identity in them."""

import json
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning import prepare as module
from edp_analysis.cleaning.fingerprint import fingerprint
from edp_analysis.cleaning.ledger import LedgerError
from edp_analysis.cleaning.prepare import TABLES, prepare
from edp_analysis.problems import Severity

PHASE_2 = ("entretiens", "codages", "citations", "visites", "documents")
PLACES = "ecoles.csv, financements.csv, documents.csv, ecoles/, enquete/, comptes/, entretiens/, visites/"
FILES = (*(f"{name}.parquet" for name in (*TABLES, "lignes")), "empreinte.json", "problemes.json", "qualite.json")


def stored(campaign):
    return {path.name: path.read_bytes() for path in campaign.processed.iterdir()}


def build(root):
    """Prepare in another process and return what it made of the learners (module level, so that it can be sent)."""
    return len(prepare(load_campaign("essai", root)).apprenants)


@pytest.fixture
def filled(received):
    received.learners("EDP-01.csv", {}, {"Nom": "Morvan", "Date de naissance": "31/02/2005"})
    received.learners("EDP-02.csv", {"Nom": "Kerjean", "Prénom": "Ronan", "Sexe": "H", "Date d'entrée": "06/09/21"})
    return received


def test_tables_ledger_problems_and_what_is_missing(filled):
    tables = prepare(filled.campaign)
    assert len(tables.apprenants) == 2
    assert len(tables.ecoles) == 2
    assert tables.missing == ("enquete", "comptes", "financements", *PHASE_2)
    assert [len(getattr(tables, name)) for name in tables.missing] == [0] * 8
    missing = [problem for problem in tables.problems if problem.rule == "entree-absente"]
    assert [problem.where.file for problem in missing] == [
        "enquete/ (export de l'enquête)",
        "comptes/ (balances ou FEC)",
        "financements.csv",
        "entretiens/ (grille, feuille Entretiens)",
        "entretiens/ (grille, feuille Codages)",
        "entretiens/ (grille, feuille Citations)",
        "visites/ (grille d'observation)",
        "documents.csv",
    ]
    assert {problem.severity for problem in missing} == {Severity.CHECK}
    assert [(item.path, item.table) for item in tables.inputs] == [
        ("ecoles.csv", "ecoles"),
        ("ecoles/EDP-01.csv", "apprenants"),
        ("ecoles/EDP-02.csv", "apprenants"),
    ]
    assert sorted(stored(filled.campaign)) == sorted(FILES)


def test_what_is_read_back_is_what_was_built(filled):
    """The second call reads the files of the first, and says the same, problems and ledger included."""
    one, two = prepare(filled.campaign), prepare(filled.campaign)
    pd.testing.assert_frame_equal(one.apprenants, two.apprenants)
    assert one.problems == two.problems
    assert one.ledger.lines == two.ledger.lines
    assert str(one.apprenants["date_entree"].dtype) == "datetime64[s]"


def test_two_builds_give_the_same_bytes(filled):
    prepare(filled.campaign)
    before = stored(filled.campaign)
    (filled.campaign.processed / "empreinte.json").unlink()
    prepare(filled.campaign)
    assert stored(filled.campaign) == before


@pytest.mark.parametrize("change", ["raw", "campaign", "key", "corrections"])
def test_whatever_the_tables_depend_on_rebuilds_them(filled, change, monkeypatch):
    before = fingerprint(filled.campaign)
    assert fingerprint(filled.campaign) == before
    if change == "raw":
        filled.learners("EDP-01.csv", {"Sexe": "H"})
    elif change == "campaign":
        path = filled.root / "campaigns" / "essai.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("2019-09-01", "2018-09-01"), encoding="utf-8")
    elif change == "key":
        monkeypatch.setenv("EDP_CLE_DE_CET_ESSAI", "une autre clé, de plus de trente-deux lettres")
    else:
        filled.write("corrections.toml", "")
    assert fingerprint(filled.campaign) != before


@pytest.mark.parametrize("name", FILES)
def test_a_stored_file_that_is_lost_is_built_again(filled, name):
    prepare(filled.campaign)
    before = stored(filled.campaign)
    (filled.campaign.processed / name).unlink()
    prepare(filled.campaign)
    assert stored(filled.campaign) == before


def test_a_damaged_fingerprint_is_built_again(filled):
    prepare(filled.campaign)
    (filled.campaign.processed / "empreinte.json").write_text("{", encoding="utf-8")
    assert len(prepare(filled.campaign).apprenants) == 2


def test_a_changed_file_changes_the_tables(filled):
    assert prepare(filled.campaign).apprenants["sexe"].tolist() == ["F", "H"]
    filled.learners("EDP-01.csv", {"Sexe": "garçon"})
    assert prepare(filled.campaign).apprenants["sexe"].tolist() == ["H", "H"]


def test_no_name_and_no_birth_date_is_written(filled):
    """Every way a value could leak is tried: kept row, refused row, two-digit year, damaged accents, look-alikes."""
    rows = (
        {"Nom": "Véranec", "Prénom": "Enora"},
        {"Nom": "VÃ©ranec", "Prénom": "Loeiza", "Date de naissance": "17/05/04"},
        {"Nom": "Kerbrat", "Prénom": "Gaston", "Date de naissance": "03/03/1950"},
    )
    filled.learners("EDP-01.csv", *rows)
    tables = prepare(filled.campaign)
    assert {"age-a-l-entree", "date-a-confirmer", "jeunes-ressemblants", "accents-retablis"} <= {
        problem.rule for problem in tables.problems
    }
    texts = [(filled.campaign.processed / name).read_text(encoding="utf-8") for name in FILES if name.endswith("json")]
    texts += [str(problem) for problem in tables.problems]
    for name in (*TABLES, "lignes"):
        texts.append(pd.read_parquet(filled.campaign.processed / f"{name}.parquet").to_csv())
    whole = "\n".join(texts)
    for secret in ("ranec", "Kerjean", "Kerbrat", "Enora", "Loeiza", "Gaston", "Ronan"):
        assert secret.casefold() not in whole.casefold(), secret
    assert not re.search(r"17/05/(20)?04|2004-05-17|03/03/1950|1950-03-03", whole)


def test_several_processes_at_once(filled):
    with ProcessPoolExecutor(3) as pool:
        assert list(pool.map(build, [filled.root] * 3)) == [2, 2, 2]
    assert sorted(stored(filled.campaign)) == sorted(FILES)
    assert [path.name for path in filled.campaign.processed.parent.iterdir() if "nouveau" in path.name] == []


def test_a_ledger_that_does_not_close_is_never_written(filled, monkeypatch):
    """Planted fault: one fate is lost on the way."""
    from dataclasses import replace

    clean = module._clean

    def lossy(campaign):
        results = clean(campaign)
        return {**results, "apprenants": replace(results["apprenants"], lines=results["apprenants"].lines[1:])}

    monkeypatch.setattr(module, "_clean", lossy)
    with pytest.raises(LedgerError, match="sans sort"):
        prepare(filled.campaign)
    assert not filled.campaign.processed.exists()


def test_a_failed_build_leaves_the_former_tables(filled, monkeypatch):
    prepare(filled.campaign)
    before = stored(filled.campaign)
    filled.learners("EDP-01.csv", {"Sexe": "H"})
    monkeypatch.setattr(pd.DataFrame, "to_parquet", lambda *_, **__: (_ for _ in ()).throw(OSError("disque plein")))
    with pytest.raises(OSError, match="disque plein"):
        prepare(filled.campaign)
    assert stored(filled.campaign) == before


def test_a_correction_for_a_file_that_takes_none_blocks(filled):
    filled.write(
        "corrections.toml",
        '[[correction]]\nfichier = "results.csv"\nfeuille = ""\ncellule = "A1"\nchamp = "sexe"\nattendu = "x"\n'
        'nouveau = "F"\nqui = "a"\nquand = 2024-05-14\npourquoi = "b"\n',
    )
    assert "correction-perimee" in {
        p.rule for p in prepare(filled.campaign).problems if p.severity is Severity.BLOCKING
    }


def test_the_quality_report_counts_what_happened(filled):
    """Lines read: 3 of EDP-01 (title, kept, refused), 2 of EDP-02 (title, kept), 3 of the schools."""
    prepare(filled.campaign)
    report = json.loads((filled.campaign.processed / "qualite.json").read_text(encoding="utf-8"))
    assert [(row["fichier"], row["lues"], row["reprise"]) for row in report["lignes"]] == [
        ("EDP-01.csv", 3, 1),
        ("EDP-02.csv", 2, 1),
        ("ecoles.csv", 3, 2),
    ]
    assert report["gravites"]["bloquant"] == 1
    assert {"regle": "date-inexistante", "gravite": "bloquant", "nombre": 1} in report["problemes"]
    assert report["tables"]["apprenants"]["lignes"] == 2
    assert report["tables"]["apprenants"]["vides"]["permis"] == 2


def test_the_lock_is_left_to_nobody(tmp_path):
    from edp_analysis.cleaning.locking import exclusive
    from edp_analysis.problems import UserError

    lock = Path(tmp_path) / "verrou"
    with exclusive(lock), pytest.raises(UserError, match="Un autre calcul"), exclusive(lock, timeout=0.2):
        pass
    with exclusive(lock, timeout=0.2):
        pass


@pytest.mark.parametrize(
    "name", ["ecoles/EDP-01.csv", "ecoles.csv", "enquete/results.csv", "comptes/EDP-01_balance_2022.csv", "note.bin"]
)
def test_a_file_that_cannot_be_opened_hides_no_other(filled, name, monkeypatch):
    """A disk or a share that fails: the file is named, the rest is read."""
    path = filled.raw / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    whole = Path.read_bytes

    def read(self):
        if self == path:
            raise OSError(5, "Input/output error")
        return whole(self)

    monkeypatch.setattr(Path, "read_bytes", read)
    tables = prepare(filled.campaign)
    found = {problem.rule for problem in tables.problems if problem.where.file == path.name}
    assert found == ({"fichier-non-lu"} if name == "note.bin" else {"fichier-illisible"})
    assert len(tables.apprenants) == (1 if name.startswith("ecoles/") else 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ecoles/rattrapage/EDP-03.csv", PLACES),
        ("Financements 2023.csv", "peut-être « financements.csv »"),
        ("corrections.txt", "peut-être « corrections.toml »"),
    ],
)
def test_a_file_where_nothing_is_read_is_named(filled, name, expected):
    (filled.raw / name).parent.mkdir(exist_ok=True)
    filled.write(name, "x")
    (problem,) = [problem for problem in prepare(filled.campaign).problems if problem.rule == "fichier-non-lu"]
    assert (problem.where.file, problem.expected, problem.severity) == (name, expected, Severity.CHECK)


def test_a_table_of_which_nothing_can_be_used_is_missing_and_not_zero(filled):
    (filled.raw / "enquete").mkdir()
    filled.write("enquete/results.csv", "")
    tables = prepare(filled.campaign)
    assert tables.missing == ("enquete", "comptes", "financements", *PHASE_2)
    absent = [p.where.file for p in tables.problems if p.rule == "entree-absente"]
    assert absent[:2] == ["comptes/ (balances ou FEC)", "financements.csv"]


def test_a_school_without_learners_is_named(filled):
    """Planted fault: with one school's file gone, every total was short and nothing said so."""
    (filled.raw / "ecoles" / "EDP-02.csv").unlink()
    found = [p for p in prepare(filled.campaign).problems if p.rule == "ecole-sans-apprenant"]
    assert [(p.value, p.severity) for p in found] == [("EDP-02", Severity.CHECK)]


def test_corrections_are_read_back_as_they_were_written(filled):
    """A correction may hold « ; »: it quotes the school, or the person who declared it."""
    filled.write(
        "corrections.toml",
        '[[correction]]\nfichier = "EDP-02.csv"\nfeuille = ""\ncellule = "E2"\nchamp = "date_entree"\n'
        'attendu = "06/09/21"\nnouveau = "07/09/2021"\nqui = "x"\nquand = 2024-05-14\npourquoi = "une ; deux"\n',
    )
    lines = prepare(filled.campaign).ledger.lines
    (declared,) = [text for line in lines for text in line.corrections if "déclarée" in text]
    assert declared.endswith("(une ; deux)")


def test_a_table_with_headings_alone_is_missing_and_not_zero(filled):
    """Planted fault: a table of schools without a line gave « 0 école » and no problem."""
    filled.write("ecoles.csv", "Code;Domaine;Département;Ouverture;Financement\n")
    tables = prepare(filled.campaign)
    assert "ecoles" in tables.missing
    assert "table-sans-ligne" in {p.rule for p in tables.problems if p.where.file == "ecoles.csv"}
