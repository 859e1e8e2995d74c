"""`edp check`: the table is guessed, every file is checked, one bad file hides nothing."""

from datetime import date

import pytest

from edp_analysis.intake.check import check_paths

HEADINGS = (
    "Nom;Prénom;Date de naissance;Sexe;Date d'entrée;Date de sortie;Diplôme préparé;Statut;Résultat;Situation;CP;"
    "Dernière classe"
)


@pytest.fixture
def write(tmp_path):
    def run(name, *lines):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return run


def test_tables_are_guessed_from_the_headings(write):
    files = [
        write("a.csv", HEADINGS, "Véranec;Maëlle;17/05/2004;F;06/09/2021;;CAP RICS;présent;;;76000;3e"),
        write("b.csv", "Code école;Domaine;Département;Ouverture;Mode de financement", "EDP-01;Bois;14;01/09/2018;FSE"),
        write("c.csv", "École;Financeur;Nature;Objet;Exercice;Montant", "EDP-01;X;Public;Fonctionnement;2021;5000"),
        write("d_EDP-01_2021.csv", "Compte;Libellé;Débit;Crédit", "512;Banque;10,00;0", "101;Fonds;0;10,00"),
        write("e.csv", "id;submitdate;Q1", "1;2024-03-01 10:00:00;A1"),
    ]
    report = check_paths(files)
    assert [file.table for file in report.files] == ["apprenants", "ecoles", "financements", "comptes", "enquete"]
    assert [str(p) for file in report.files[:3] for p in file.problems] == []


def test_the_tables_of_phase_2_are_guessed_and_checked(write, tmp_path):
    """A grid is one workbook (or a text file a table): a fault of any of its tables is said."""
    from edp_analysis.simulation.workbooks import Grid, xlsx_bytes

    interviews = Grid("Liste", [["N° entretien", "Famille"], ["E01", "École"]])
    codings = Grid("Codages", [["Entretien", "Codeur", "Code", "Polarité"], ["E01", "C1", "animation du reseaux", "+"]])
    (tmp_path / "grille.xlsx").write_bytes(xlsx_bytes([interviews, codings], date(2024, 4, 30)))
    files = [
        tmp_path / "grille.xlsx",
        write("v.csv", "École visitée;Date de la visite;Durée (jours)", "EDP-01;12/10/2023;1"),
        write("d.csv", "N°;Titre;Émetteur;Type;Ce qu’il établit", "D01;Convention;Région;Convention;Un poste"),
    ]
    report = check_paths(files)
    assert [file.table for file in report.files] == ["entretiens", "visites", "documents"]
    assert ("code-inconnu", "C2") in {(p.rule, p.where.cell) for p in report.files[0].problems}
    assert [str(p) for file in report.files[1:] for p in file.problems if p.rule != "colonne-absente"] == []


@pytest.mark.parametrize("place", ["documents.csv", "entretiens/documents.csv"])
def test_a_document_cited_and_not_listed_is_said_with_its_cell(write, tmp_path, place):
    """The list is beside the grid or one folder above, even when the grid alone is checked; without it, nothing."""
    from edp_analysis.simulation.workbooks import Grid, xlsx_bytes

    interviews = Grid("Liste", [["N° entretien", "Famille"], ["E01", "École"]])
    head = ["Entretien", "Codeur", "Code", "Polarité", "Document cité"]
    codings = Grid("Codages", [head, ["E01", "C1", "animation", "+", "D07"], ["E01", "C1", "terrain", "+", "D01"]])
    grid = write("entretiens/grille.xlsx")
    grid.write_bytes(xlsx_bytes([interviews, codings], date(2024, 4, 30)))
    assert "document-non-liste" not in {p.rule for p in check_paths([grid]).problems}
    write(place, "N°;Titre;Émetteur;Type;Ce qu’il établit", "D01;Convention;Région;Convention;Un poste")
    for paths in ([grid], [tmp_path]):
        found = [p for p in check_paths(paths).problems if p.rule == "document-non-liste"]
        assert [(p.where.sheet, p.where.cell, p.value) for p in found] == [("Codages", "E2", "D07")]


def test_one_bad_file_hides_nothing_and_the_exit_code_is_one(write, tmp_path):
    write("brut/bon.csv", HEADINGS, "Véranec;Maëlle;17/05/2004;F;06/09/2021;;CAP RICS;présent;;;76000;3e")
    write("brut/mauvais.csv", HEADINGS, "Le Gac;Paul;31/02/2004;H;06/09/2021;;CAP RICS;présent;;;76000;3e")
    (tmp_path / "brut" / "vide.xlsx").write_bytes(b"")
    (tmp_path / "brut" / "~$bon.xlsx").write_bytes(b"x")
    write("brut/ORIGIN.toml", "simulated = true")
    report = check_paths([tmp_path / "brut", tmp_path / "absent"])
    assert {(p.where.file, p.rule) for p in report.problems if not p.where.file.startswith("/")} == {
        ("mauvais.csv", "date-inexistante"),
        ("vide.xlsx", "fichier-vide"),
        ("~$bon.xlsx", "fichier-ignore"),
    }
    assert "fichier-introuvable" in {note.rule for note in report.notes}
    assert report.exit_code == 1
    assert report.as_dict()["gravites"]["bloquant"] == 3


def test_a_good_file_has_exit_code_zero(write):
    path = write("EDP-01.csv", HEADINGS, "Véranec;Maëlle;17/05/2004;F;06/09/2021;;CAP RICS;présent;;;76000;3e")
    assert check_paths([path]).exit_code == 0


def test_a_table_that_cannot_be_told(write):
    report = check_paths([write("x.csv", "couleur;taille", "rouge;3")])
    assert [(file.table, [p.rule for p in file.problems]) for file in report.files] == [("", ["table-inconnue"])]


def test_a_text_renamed_as_a_workbook_has_its_cause_first(write):
    (problem,) = check_paths([write("texte.xlsx", "bonjour", "monde")]).problems
    assert problem.rule == "table-inconnue"
    assert problem.what.startswith("malgré son extension .xlsx, ce fichier est du texte ; aucune table")
    assert problem.remedy == "Envoyer le fichier d'origine."


def test_a_sheet_of_sentences_is_not_a_problem_and_another_table_is(tmp_path):
    from edp_analysis.simulation.workbooks import Grid, xlsx_bytes

    youth = [
        "Véranec",
        "Maëlle",
        "17/05/2004",
        "F",
        "06/09/2021",
        None,
        "CAP RICS",
        "présent",
        None,
        None,
        "76000",
        "3e",
    ]
    data = Grid("Jeunes", [HEADINGS.split(";"), youth])
    for name, rows, rules in (
        ("Lisez-moi", [["Comment remplir."], ["Une ligne par jeune."]], []),
        ("Budget", [["Poste", "Montant"], ["Achats", 12]], ["en-tete-introuvable"]),
    ):
        (tmp_path / "EDP-01.xlsx").write_bytes(xlsx_bytes([Grid(name, rows), data], date(2024, 4, 30)))
        (file,) = check_paths([tmp_path / "EDP-01.xlsx"]).files
        assert [problem.rule for problem in file.problems] == rules
        assert (file.used, file.rows) == (1, 4)


def test_an_unreadable_exit_date_is_said_once(write):
    """Not also « the exit date is missing »: one cell, one message."""
    line = "Véranec;Maëlle;17/05/2004;F;06/09/2021;hier;CAP RICS;fin de formation;;;76000;3e"
    report = check_paths([write("EDP-01.csv", HEADINGS, line)])
    assert [p.rule for p in report.problems if p.where.column == "date_sortie"] == ["date-illisible"]


def test_copies_are_named(write):
    line = "Véranec;Maëlle;17/05/2004;F;06/09/2021;;CAP RICS;présent;;;76000;3e"
    report = check_paths([write("a.csv", HEADINGS, line), write("b.csv", HEADINGS, line)])
    assert [note.rule for note in report.notes] == ["fichier-en-double"]


def test_inconsistencies_are_found_even_on_rows_that_cannot_be_used(write):
    """An unknown title blocks the row; its first name and its dates are looked at all the same."""
    path = write("x.csv", HEADINGS, "Dupuis;Gaston;24/01/2006;F;28/09/2022;28/09/2022;CAP inventé;fini;;;44000;3e")
    rules = {problem.rule for problem in check_paths([path]).problems}
    assert {"code-inconnu", "prenom-et-sexe", "sortie-le-jour-de-l-entree"} <= rules


def test_a_file_that_cannot_be_opened_is_named(write, monkeypatch):
    path = write("EDP-01.csv", HEADINGS)

    def read(self):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(type(path), "read_bytes", read)
    assert [p.rule for p in check_paths([path]).problems] == ["fichier-illisible"]
