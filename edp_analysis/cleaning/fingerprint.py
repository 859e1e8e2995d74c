"""What the clean tables depend on, as one digest: when it has not changed, they need not be rebuilt."""

from __future__ import annotations

import difflib
import hashlib
import hmac
from importlib.metadata import version
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.corrections import FILE_NAME
from edp_analysis.cleaning.pseudonym import key_for
from edp_analysis.cleaning.result import InputFile
from edp_analysis.intake.files import FOLDERS, file_digest, is_working_file, list_files
from edp_analysis.problems import Place, Problem

__all__ = ["fed_tables", "fingerprint", "received_files", "unread_files"]

_FILES = {"ecoles.csv": "ecoles", "financements.csv": "financements", "documents.csv": "documents"}
_FED = {"apprenants": ("apprenants", "annuel"), "entretiens": ("entretiens", "codages", "citations")}
_ORIGIN = "ORIGIN.toml"
_SOURCES = ("campaign.py", "toml_files.py", "wording.py", "problems.py", "contract", "intake", "cleaning")
_CODE = frozenset({".py", ".json", ".csv", ".toml"})
_LIBRARIES = ("pandas", "pyarrow", "python-calamine")


def received_files(campaign: Campaign) -> tuple[InputFile, ...]:
    """Return the files received for a campaign, with the table that each one feeds, sorted by path.

    A file that cannot be opened has an empty digest.
    """
    found = [(campaign.raw / name, table) for name, table in _FILES.items() if (campaign.raw / name).is_file()]
    for folder, table in FOLDERS.items():
        found += [(path, table) for path in list_files(campaign.raw / folder)[0]]
    files = [InputFile(path.relative_to(campaign.raw).as_posix(), file_digest(path), table) for path, table in found]
    return tuple(sorted(files, key=lambda item: item.path))


def fed_tables(table: str) -> tuple[str, ...]:
    """Return the tables that the files of a table feed: a workbook of interviews holds three, a school's may hold two.

    Examples
    --------
    >>> fed_tables("enquete"), fed_tables("entretiens")
    (('enquete',), ('entretiens', 'codages', 'citations'))
    """
    return _FED.get(table, (table,))


def unread_files(campaign: Campaign) -> list[Problem]:
    """Name the files of the raw folder that stand where nothing is read: in a sub-folder, or under another name."""
    read = {item.path for item in received_files(campaign)} | {_ORIGIN, FILE_NAME}
    places = [*_FILES, *(f"{folder}/" for folder in FOLDERS)]
    problems = []
    for path in sorted(campaign.raw.rglob("*")):
        name = path.relative_to(campaign.raw).as_posix()
        if not path.is_file() or name in read or is_working_file(path):
            continue
        near = difflib.get_close_matches(path.name.casefold(), (*_FILES, FILE_NAME), n=1)
        what = "ce fichier n'est pas à une place où le projet lit ; il n'a pas été lu"
        expected = f"peut-être « {near[0]} »" if near else ", ".join(places)
        remedy = "Le déplacer ou le renommer s'il doit être repris, le retirer sinon."
        problems.append(Problem("fichier-non-lu", what, Place(name), expected=expected, remedy=remedy))
    return problems


def fingerprint(campaign: Campaign) -> str:
    """Return the SHA-256 of all that the clean tables depend on.

    Every file of the raw folder, the campaign file, the pseudonym key (through an HMAC, so that it cannot be read
    back), the sources of the contract, of intake and of cleaning, and the versions of the libraries that read and
    write.
    """
    digest = hashlib.sha256()
    for name, path in _dependencies(campaign):
        digest.update(f"{name}\0{file_digest(path)}\n".encode())
    if any(item.table == "apprenants" for item in received_files(campaign)):
        digest.update(hmac.new(key_for(campaign), b"empreinte", hashlib.sha256).digest())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


def _dependencies(campaign: Campaign) -> list[tuple[str, Path]]:
    """Return each file with a name that does not depend on where the project is."""
    package = Path(__file__).parent.parent
    roots = {"raw": [campaign.raw], "code": [package / name for name in _SOURCES]}
    found = [("campagne", campaign.root / "campaigns" / f"{campaign.code}.toml")]
    for label, folders in roots.items():
        base = campaign.raw if label == "raw" else package
        for folder in folders:
            paths = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
            wanted = [path for path in paths if label == "raw" or path.suffix in _CODE]
            found += [(f"{label}/{path.relative_to(base).as_posix()}", path) for path in wanted]
    return found
