"""Whether a notebook must run again, and why: its key covers everything its figures depend on.

Keys that look at code cells alone show a stale page after the data or a helper changed. This one is made of the
notebook, its parameters, the campaign, every received byte, the source of the package and the versions installed.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.publication.notebook import read_notebook

__all__ = ["Entry", "Key", "context", "file_digest", "installed_versions", "load_entry", "notebook_key", "save_entry"]

_OWN = ("carnet", "parametres")
_DISTRIBUTION = "edp-analysis"
_REASONS = {
    "carnet": "carnet modifié",
    "parametres": "paramètres changés",
    "campagne": "campagne modifiée",
    "donnees": "données changées",
    "code": "code changé",
    "versions": "versions changées",
}


@dataclass(frozen=True)
class Key:
    """Digest of each thing a notebook's figures depend on, by the names of the manifest."""

    parts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """One digest for the whole."""
        return _digest_of(json.dumps(dict(self.parts), sort_keys=True).encode())

    @property
    def shared(self) -> dict[str, str]:
        """The parts that all notebooks of the campaign share."""
        return {name: part for name, part in self.parts.items() if name not in _OWN}

    def why(self, entry: Entry | None, force: bool = False) -> str:
        """Say why the notebook must run, in French; empty when `entry` is still good.

        Examples
        --------
        >>> old, new = Key({"donnees": "a", "code": "b"}), Key({"donnees": "c", "code": "b"})
        >>> new.why(Entry(old, "jamais exécuté", "")), old.why(Entry(old, "jamais exécuté", "")), new.why(None)
        ('données changées', '', 'jamais exécuté')
        """
        if force:
            return "forcé"
        if entry is None:
            return "jamais exécuté"
        return ", ".join(label for name, label in _REASONS.items() if self.parts.get(name) != entry.key.parts.get(name))


@dataclass(frozen=True)
class Entry:
    """What is known of the last successful execution of a notebook.

    Attributes
    ----------
    key : Key
    reason : str
        Why it ran then.
    sha256 : str
        Digest of the executed notebook that was kept.
    """

    key: Key
    reason: str
    sha256: str


def context(campaign: Campaign) -> dict[str, str]:
    """Return the parts of a key that all notebooks of a campaign share."""
    package = Path(__file__).resolve().parent.parent
    reference = campaign.root / "data" / "reference"
    return {
        "campagne": file_digest(campaign.root / "campaigns" / f"{campaign.code}.toml"),
        "donnees": _tree_digest([campaign.raw, reference]),
        "code": _tree_digest([package]),
        "versions": _digest_of(
            json.dumps([platform.python_version(), installed_versions()], sort_keys=True).encode()
            + (file_digest(campaign.root / "requirements.lock") or "").encode()
        ),
    }


def notebook_key(path: Path, parameters: Mapping[str, object], shared: Mapping[str, str]) -> Key:
    """Return the key of one notebook; its stored outputs do not count, its cells and tags do."""
    cells = [[cell.cell_type, cell.source, cell.metadata.get("tags", [])] for cell in read_notebook(path).cells]
    own = {
        "carnet": _digest_of(json.dumps(cells, ensure_ascii=False).encode()),
        "parametres": _digest_of(json.dumps(dict(parameters), sort_keys=True, default=str).encode()),
    }
    return Key({**own, **shared})


def load_entry(executed: Path) -> Entry | None:
    """Read what is kept beside an executed notebook; ``None`` when nothing is, or when it does not match."""
    record = executed.with_suffix(".json")
    if not record.is_file() or not executed.is_file():
        return None
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
        entry = Entry(Key(content["cle"]), content["motif"], content["sha256"])
    except (ValueError, KeyError, TypeError):  # cut short by a power failure: the same as nothing
        return None
    return entry if entry.sha256 == file_digest(executed) else None


def save_entry(executed: Path, key: Key, reason: str) -> Entry:
    """Keep, beside an executed notebook, what it was made of."""
    entry = Entry(key, reason, file_digest(executed))
    content = {"cle": dict(key.parts), "motif": reason, "sha256": entry.sha256}
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    executed.with_suffix(".json").write_text(text, encoding="utf-8", newline="\n")
    return entry


def installed_versions() -> dict[str, str]:
    """Return the installed version of each direct dependency of the project."""
    names = set()
    for requirement in metadata.requires(_DISTRIBUTION) or ():
        if "extra ==" not in requirement and (match := re.match(r"[\w.-]+", requirement)):
            names.add(match.group())
    return {name: metadata.version(name) for name in sorted(names)}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, empty when it does not exist."""
    return _digest_of(path.read_bytes()) if path.is_file() else ""


def _tree_digest(folders: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(folder).as_posix()}\0{file_digest(path)}\n".encode())
    return total.hexdigest()


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
