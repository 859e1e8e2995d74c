"""The choice of what is printed: read whole, or refused with the name of the block at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.problems import UserError
from edp_analysis.publication.selection import FILE, Reference, Selection, read_selection

ROOT = Path(__file__).parent.parent.parent
HEAD = 'menu = "M"\ntitre = "T"\nchapeau = "C"\n'


def write(root: Path, content: str) -> Path:
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(content, encoding="utf-8")
    return root


def read(root: Path, content: str) -> Selection:
    selection = read_selection(write(root, content))
    assert selection is not None
    return selection


def test_a_project_without_the_file_prints_nothing(tmp_path: Path) -> None:
    assert read_selection(tmp_path) is None


def test_blocks_keep_their_order_and_say_where_they_are(tmp_path: Path) -> None:
    block = '[[feuille.bloc]]\ngenre = "{}"\n{}\n'
    sheets = [
        "[[feuille]]\n" + block.format("partie", 'titre = "Une"') + block.format("figure", 'element = "p#f"'),
        "[[feuille]]\n" + block.format("chiffres", 'elements = ["p#c/n", "p#c/m"]\npleine_largeur = true'),
    ]
    selection = read(tmp_path, HEAD + 'valeurs = { n = "p#c/n" }\n' + "".join(sheets))
    assert [[block.where for block in sheet] for sheet in selection.sheets] == [
        ["feuille 1, bloc 1", "feuille 1, bloc 2"],
        ["feuille 2, bloc 1"],
    ]
    (heading, figure), (cards,) = selection.sheets
    assert (heading.wide, figure.wide, cards.wide) == (True, False, True), "un titre traverse la feuille"
    assert figure.elements == (Reference("p", "f"),)
    assert [str(reference) for reference in cards.elements] == ["p#c/n", "p#c/m"]
    assert selection.opening.values == {"n": Reference("p", "c", "n")}


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ('genre = "figures"\nelement = "p#f"', r"feuille 1, bloc 1 : genre « figures ».* « figure »"),
        ('genre = "figure"\nelment = "p#f"', r"feuille 1, bloc 1 : « elment » inconnu.* « element »"),
        ('genre = "figure"', r"feuille 1, bloc 1 : « element » manque"),
        ('genre = "figure"\nelement = ["p#f"]', r"« element » n'est pas un texte"),
        ('genre = "constats"\nelements = "p#f"', r"« elements » n'est pas une liste de textes"),
        ('genre = "figure"\nelement = "f"', r"« f » n'est pas une référence.*page#element"),
        ('genre = "figure"\nelement = "p#f/n"', r"« p#f/n » n'est pas une référence"),
        ('genre = "chiffres"\nelements = ["p#f"]', r"« p#f » n'est pas une référence.*page#element/indicateur"),
        ('genre = "texte"\ntexte = "t"\nvaleurs = { n = "p#f" }', r"page#element/indicateur"),
        ('genre = "partie"\ntitre = "t"\npleine_largeur = "oui"', r"« pleine_largeur » n'est pas true ou false"),
        ('genre = "lignes"\nelement = "p#t"\ncolonne = "A"\ngarder = { B = "x" }', r"« garder » attend, par colonne"),
        ('genre = "lignes"\nelement = "p#t"\ncolonne = "A"\npar = ["B", "C", "D"]', r"plus de deux colonnes"),
    ],
)
def test_a_fault_names_its_block(tmp_path: Path, block: str, message: str) -> None:
    with pytest.raises(UserError, match=f"(?s){message}"):
        read(tmp_path, f"{HEAD}[[feuille]]\n[[feuille.bloc]]\n{block}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('menu = "M"\ntitre = "T"\n[[feuille]]\n', "en tête : « chapeau » manque"),
        (HEAD, "en tête : « feuille » manque"),
        (HEAD + 'feuille = ["a"]\n', "n'est pas une suite de feuilles"),
        (HEAD + "[[feuille]]\n", "feuille 1 : « bloc » manque"),
        (HEAD + 'feuille = [{ bloc = ["a"] }]\n', "n'est pas une suite de blocs"),
        (HEAD + "[[feuille]\n", "faute d'écriture TOML"),
    ],
)
def test_a_file_without_sheets_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize("code", ["2024", "2028"])
def test_the_two_sheets_shipped_answer_every_question_asked(code: str) -> None:
    selection = read_selection(ROOT)
    assert selection is not None and len(selection.sheets) == 2
    questions = [block.question for sheet in selection.sheets for block in sheet if block.question]
    assert sorted(questions) == [question.code for question in load_campaign(code, ROOT).questions]
