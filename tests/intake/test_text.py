"""Delimited text: fields, encodings and separators, by hand and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.intake.text import decode, detect_separator, read_text, tokenise


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("a;b\nc;d\n", [("a", "b"), ("c", "d")]),
        ("a;b\r\r\nc;d", [("a", "b"), ("c", "d")]),
        ("a\rb\r\nc", [("a",), ("b",), ("c",)]),
        (";\n", [(None, None)]),
        ('"";x\n', [("", "x")]),
        ('"a;b";"c""d"\n', [("a;b", 'c"d')]),
        ('"deux\r\nlignes";x\n', [("deux\nlignes", "x")]),
        ("a\n\n\nb\n", [("a",), (None,), (None,), ("b",)]),
        ("", []),
    ],
)
def test_fields_line_ends_quotes_and_blank_lines(text, records):
    """Each expected value was split by hand; a blank line keeps its place, so that line numbers stay true."""
    assert tokenise(text, ";") == (records, [])


@pytest.mark.parametrize("text", ['a;"b\nc;d\n', 'a;"b" x\nc;d\n'])
def test_a_misplaced_quote_swallows_nothing_and_is_reported(text):
    records, faulty = tokenise(text, ";")
    assert len(records) == 2
    assert records[1] == ("c", "d")
    assert faulty == [0]


_FIELD = st.one_of(
    st.none(), st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r"), max_size=8)
)


@given(st.lists(st.lists(_FIELD, min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from(";,\t|"))
def test_what_is_written_is_read_back(rows, separator):
    """Every text quoted, every absence left empty: reading gives back exactly what was written."""
    lines = [
        separator.join("" if value is None else '"' + value.replace('"', '""') + '"' for value in row) for row in rows
    ]
    records, faulty = tokenise("\r\n".join(lines) + "\r\n", separator)
    assert faulty == []
    assert records == [tuple(row) for row in rows]


SENTENCE = "Élève né à Saint-Lô, où l’été fut doux ; reçu « apprenti », façon maïs, forêt, âgé"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_usual_encodings_are_read_without_a_question(encoding):
    sheet, problems = read_text(f"nom;x\n{SENTENCE.replace(';', ',')};1\n".encode(encoding), "f.csv")
    assert sheet.rows[1] == (SENTENCE.replace(";", ","), "1")
    assert problems == []


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_unusual_encodings_are_read_and_must_be_confirmed(encoding):
    data = SENTENCE.replace("’", "'").encode(encoding)
    assert decode(data) == (SENTENCE.replace("’", "'"), encoding)
    _, problems = read_text(data, "f.csv")
    assert [problem.rule for problem in problems] == ["encodage-a-confirmer"]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n", ";"),
        ("a\tb\n1;2\t3\n", "\t"),
        ("a|b\nc|d\n", "|"),
        ("a,b\nc,d\n", ","),
        ("Suivi, 2022\n\nnom;prénom;né le\nx;y;z\nu;v;w\n", ";"),
        ("un seul champ\n", ";"),
    ],
)
def test_separator(text, separator):
    assert detect_separator(text) == separator


def test_declared_separator_is_obeyed_and_its_line_left_blank():
    sheet, _ = read_text(b"sep=,\r\na,b;c\r\n", "f.csv")
    assert sheet.separator == ","
    assert sheet.rows == ((None,), ("a", "b;c"))
    assert sheet.blank_row(0)
