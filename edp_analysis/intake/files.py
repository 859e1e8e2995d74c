"""Any received file in, its sheets and what is wrong with it out.

The kind of a file comes from its first bytes, never from its name. Nothing here raises for a bad file: it returns
no sheet and says why.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from edp_analysis.intake.prescan import DAMAGED
from edp_analysis.intake.raw import RawSheet
from edp_analysis.intake.text import read_text
from edp_analysis.intake.workbooks import blocking, read_workbook
from edp_analysis.problems import Place, Problem
from edp_analysis.wording import failure

__all__ = [
    "FOLDERS",
    "MISNAMED",
    "duplicates",
    "file_digest",
    "is_working_file",
    "list_files",
    "read_sheets",
    "sha256",
    "sniff",
]

FOLDERS = {
    "ecoles": "apprenants",
    "enquete": "enquete",
    "comptes": "comptes",
    "entretiens": "entretiens",
    "visites": "visites",
}
"""Table fed by each sub-folder of a campaign's raw folder."""

MISNAMED = "extension-trompeuse"
"""Rule of a file that is not what its name says."""
_ACCEPTED = "un classeur .xlsx ou .ods, ou un fichier texte .csv ou .txt"
_IGNORED_NAMES = {".ds_store", "thumbs.db", "desktop.ini", "readme.md", ".gitkeep"}
_IGNORED_SUFFIXES = {".tmp", ".part", ".crdownload"}
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"}
_FOREIGN = (
    (b"%PDF", "pdf", "un document PDF"),
    (b"\x89PNG", "image", "une image"),
    (b"\xff\xd8\xff", "image", "une image"),
    (b"GIF8", "image", "une image"),
    (b"{\\rtf", "rtf", "un document de traitement de texte"),
    (b"\x1f\x8b", "gzip", "une archive compressée"),
    (b"Rar!", "rar", "une archive compressée"),
    (b"7z\xbc\xaf", "7z", "une archive compressée"),
)
_DESCRIPTIONS = {
    **{kind: words for _, kind, words in _FOREIGN},
    "html": "une page web enregistrée sous le nom d'un tableau",
    "xml": "un fichier XML",
    "docx": "un document de traitement de texte",
    "xlsb": "un classeur binaire .xlsb",
    "zip": "une archive compressée",
    "ole": "un fichier d'un ancien logiciel de bureautique",
    "binaire": "un fichier qui n'est ni un classeur ni du texte",
}


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data`, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file; empty when it cannot be opened (its reader says so, with the place)."""
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""


def is_working_file(path: Path) -> bool:
    """Say whether a file is a lock, a leftover or a system file, which nobody meant to send.

    Examples
    --------
    >>> is_working_file(Path("~$EDP-01.xlsx")), is_working_file(Path("EDP-01.xlsx"))
    (True, False)
    """
    hidden = path.name.startswith(("~$", ".~", "._")) or path.name.lower() in _IGNORED_NAMES
    return hidden or path.suffix.lower() in _IGNORED_SUFFIXES


def list_files(folder: Path, suffixes: Iterable[str] = ()) -> tuple[list[Path], list[Problem]]:
    """List the files of a folder, sorted by name; lock files and system files are left out, with a note.

    Parameters
    ----------
    folder : pathlib.Path
        Not searched further down. A folder that does not exist holds no file.
    suffixes : iterable of str, optional
        Suffixes wanted (``".csv"``); all when not given. Other files are left out with a note.
    """
    wanted = {suffix.lower() for suffix in suffixes}
    kept: list[Path] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_file():
            continue
        if is_working_file(path):
            what = "fichier de travail du tableur ou du système, ignoré"
        elif wanted and path.suffix.lower() not in wanted:
            what = "fichier d'une extension inattendue dans ce dossier, ignoré"
        else:
            kept.append(path)
            continue
        problems.append(Problem("fichier-ignore", what, Place(path.name), remedy="Le retirer du dossier."))
    return kept, problems


def duplicates(contents: Iterable[tuple[str, str]]) -> list[Problem]:
    """Name the files received twice.

    Parameters
    ----------
    contents : iterable of (file name, SHA-256)
        An empty digest is that of a file that could not be opened: equal to no other.

    Examples
    --------
    >>> duplicates([("a.csv", "12"), ("b.csv", "34"), ("a (copie).csv", "12")])[0].where.file
    'a (copie).csv'
    """
    names: dict[str, list[str]] = defaultdict(list)
    for name, digest in contents:
        if digest:
            names[digest].append(name)
    return [
        Problem(
            "fichier-en-double",
            f"ce fichier est identique, octet pour octet, à « {first} »",
            Place(other),
            remedy="Vérifier que le bon fichier a été envoyé, puis retirer la copie.",
        )
        for first, *others in names.values()
        for other in others
    ]


def sniff(data: bytes) -> str:
    r"""Return the kind of a file from its content.

    Returns
    -------
    str
        ``"vide"``, ``"xlsx"``, ``"ods"``, ``"xls"``, ``"texte"``, or a kind that cannot be read (``"pdf"``…);
        ``"zip-endommage"`` for an archive that is cut short.

    Examples
    --------
    >>> sniff(b""), sniff(b"%PDF-1.7"), sniff(b"nom;prenom\n")
    ('vide', 'pdf', 'texte')
    """
    if not data.strip():
        return "vide"
    if data.startswith(b"PK"):
        return _sniff_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole" if "WordDocument".encode("utf-16-le") in data else "xls"
    for start, kind, _ in _FOREIGN:
        if data.startswith(start):
            return kind
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        return "html"
    if head.startswith(b"<?xml"):
        return "html" if b"<html" in head else "xml"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "texte"
    sample = data[:4000]
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in sample)
    utf16 = sample[1::2].count(0) > len(sample) // 3 or sample[::2].count(0) > len(sample) // 3
    return "texte" if utf16 or control <= len(sample) // 100 else "binaire"


def _sniff_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
                return "ods"
    except DAMAGED:
        return "zip-endommage"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if names & {"word/document.xml", "ppt/presentation.xml", "mimetype"} else "zip"


def read_sheets(path: Path) -> tuple[tuple[RawSheet, ...], list[Problem]]:
    """Read a received file, whatever it is.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    sheets : tuple of RawSheet
        Visible sheets, or the one sheet of a text file; empty when the file cannot be used.
    problems : list of Problem
        One of them is blocking when there is no sheet.
    """
    name = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        remedy = "Vérifier que le fichier existe, qu'il est bien sur cet ordinateur et qu'il peut être lu."
        return (), [blocking("fichier-illisible", name, f"le fichier ne s'ouvre pas ({failure(error)})", remedy)]
    kind = sniff(data)
    if kind == "vide":
        return (), [
            blocking("fichier-vide", name, "ce fichier est vide", "Vérifier l'envoi et le demander de nouveau.")
        ]
    if kind == "zip-endommage":
        remedy = "L'ouvrir, l'enregistrer sous un autre nom, puis l'envoyer de nouveau."
        return (), [blocking("fichier-endommage", name, "ce classeur est endommagé ou incomplet", remedy)]
    if kind == "texte":
        sheet, problems = read_text(data, name)
        return (sheet,), [*_misnamed(path, kind), *problems]
    if kind in ("xlsx", "ods", "xls"):
        sheets, problems = read_workbook(data, name, kind)
        return sheets, [*_misnamed(path, kind), *problems]
    what = f"ce fichier est {_DESCRIPTIONS[kind]}"
    remedy = "L'ouvrir dans un tableur et l'enregistrer en .xlsx, ou demander le tableau d'origine."
    return (), [blocking("type-de-fichier", name, what, remedy, expected=_ACCEPTED)]


def _misnamed(path: Path, kind: str) -> list[Problem]:
    suffix = path.suffix.lower()
    if kind == "texte" and suffix in _WORKBOOK_SUFFIXES:
        what = f"malgré son extension {suffix}, ce fichier est du texte ; il a été lu comme un CSV"
    elif kind != "texte" and suffix not in _WORKBOOK_SUFFIXES:
        what = f"malgré son extension {suffix or 'absente'}, ce fichier est un classeur .{kind} ; il a été lu ainsi"
    else:
        return []
    return [Problem(MISNAMED, what, Place(path.name), remedy="Renommer le fichier.")]
