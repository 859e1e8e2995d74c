"""Where an exhibit comes from: received files, rows, indicators, parameters, definitions, code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from html import escape
from pathlib import Path
from typing import Any

import edp_analysis
from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.fingerprint import fed_tables
from edp_analysis.cleaning.ledger import Fate
from edp_analysis.cleaning.result import InputFile, Tables
from edp_analysis.exhibits.french import NBSP, number, plural, typeset
from edp_analysis.indicators.reference_tables import READINGS
from edp_analysis.indicators.result import Indicator

__all__ = ["Provenance", "Tracer", "Watched", "fold", "source_digest"]

_FRAMES = tuple(item.name for item in fields(Tables) if item.type == "pd.DataFrame")
_SHORT = 12
"""Characters of a SHA-256 that are shown: enough to tell two files apart."""


@dataclass(frozen=True)
class Watched(Tables):
    """Clean tables that remember which of them were read, so that an exhibit can name its files.

    Reading the ledger or the problems, which speak of every file, counts as reading all tables.
    """

    read: set[str] = field(default_factory=set, compare=False, repr=False)

    def __getattribute__(self, name: str) -> Any:
        if name in _FRAMES:
            object.__getattribute__(self, "read").add(name)
        elif name in {"ledger", "problems"}:
            object.__getattribute__(self, "read").update(_FRAMES)
        return object.__getattribute__(self, name)

    @classmethod
    def of(cls, tables: Tables) -> Watched:
        """Watch the reading of these tables."""
        return cls(**{item.name: getattr(tables, item.name) for item in fields(Tables)})


@dataclass(frozen=True)
class Provenance:
    """What an exhibit was made of.

    Attributes
    ----------
    function : str
        Method of the page, ``"page.dots"``.
    files : tuple of InputFile
        Received files of the tables that the page reads; none when the exhibit shows published figures only.
    references : tuple of (str, str)
        Reference files that the page has read (``data/reference``), with their SHA-256.
    rows : mapping of str to mapping of str to int
        By table, the raw rows read (``lues``) and their fates (``reprise``, ``fusionnée``, ``écartée``).
    indicators : tuple of (str, int, str)
        Identifier, number of records counted, method.
    parameters, definitions : mapping of str to str
        Parameters of the page; version in force of each definition.
    version : str
        Of the package.
    """

    function: str
    files: tuple[InputFile, ...]
    rows: Mapping[str, Mapping[str, int]]
    indicators: tuple[tuple[str, int, str], ...]
    parameters: Mapping[str, str]
    definitions: Mapping[str, str]
    version: str
    references: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary, French keys; the indicators are beside it in the exhibit's own.

        The digest of the sources is not in it but in the HTML and in the manifest: stored notebooks are compared with
        this dictionary, and would all differ at the first comment that changes.
        """
        return {
            "fonction": self.function,
            "fichiers": {file.path: file.sha256[:_SHORT] for file in self.files},
            "references": {path: digest[:_SHORT] for path, digest in self.references},
            "lignes": {table: dict(counts) for table, counts in self.rows.items()},
            "parametres": dict(self.parameters),
            "definitions": dict(self.definitions),
            "version": self.version,
        }


class Tracer:
    """Traces the exhibits of one page.

    An exhibit is traced to every table and reference file that its page has read so far, never to fewer: an indicator
    counts learners, yet may have used their school's domain. The records that it counts are given beside it. One that
    shows published figures only is traced to the reference files alone.

    Parameters
    ----------
    campaign : Campaign
    tables : Tables
    audience : str
    account : Tables, optional
        What the page may say of what was received, when not all of it (see :mod:`edp_analysis.exhibits.own_school`).
    """

    def __init__(self, campaign: Campaign, tables: Tables, audience: str, account: Tables | None = None) -> None:
        self.watched = Watched.of(tables)
        self._before = len(READINGS)  # read for another page
        self._tables = account or tables
        self._definitions = dict(campaign.definitions)
        self._parameters = {
            "campagne": campaign.code,
            "page": audience,
            "extraction": campaign.extraction_date.isoformat(),
            "seuil des pourcentages": str(campaign.thresholds.percentage),
            "seuil du secret": str(campaign.thresholds.secret),
        }

    def trace(self, function: str, indicators: Iterable[Indicator], published: bool = False) -> Provenance:
        """Return the provenance of an exhibit made by a method of the page.

        Parameters
        ----------
        function : str
        indicators : iterable of Indicator
            Those it shows or quotes.
        published : bool
            It shows published figures only: the received files play no part in it.
        """
        read = set() if published else self.watched.read
        tables = [table for table in _FRAMES if table in read]
        files = tuple(file for file in self._tables.inputs if read.intersection(fed_tables(file.table)))
        return Provenance(
            function=function,
            files=files,
            rows={table: self._balance[table] for table in tables if table in self._balance},
            indicators=tuple(dict.fromkeys((item.id, len(item.rows), item.method) for item in indicators)),
            parameters=self._parameters,
            definitions=self._definitions,
            version=edp_analysis.__version__,
            references=tuple(dict.fromkeys(READINGS[self._before :])),
        )

    @cached_property
    def _balance(self) -> dict[str, dict[str, int]]:
        """Count, by table, the raw rows read and their fates."""
        counts: dict[str, dict[str, int]] = {}
        for line in self._tables.ledger.lines:
            table = counts.setdefault(line.table, {"lues": 0} | dict.fromkeys(map(str, Fate), 0))
            table["lues"] += 1
            table[str(line.fate)] += 1
        return counts


@cache
def source_digest() -> str:
    """Return a short SHA-256 of the sources of the package: code, contract, definitions, templates."""
    package, total = Path(edp_analysis.__file__).parent, hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        total.update(
            f"{path.relative_to(package).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
        )
    return total.hexdigest()[:_SHORT]


def fold(provenance: Provenance, of: str) -> str:
    """Return the fold that a reader opens: the provenance of something (« de la figure 3 »)."""
    terms = {
        "Calcul": f"{_code(f'page.{provenance.function}')}, edp-analysis {_code(provenance.version)}, "
        f"empreinte des sources {_code(source_digest())}",
        "Paramètres": _pairs(provenance.parameters),
        "Définitions": _pairs(provenance.definitions),
        "Indicateurs, et enregistrements comptés": _list(_measures(provenance.indicators)),
        "Lignes reçues": _list(_fates(table, counts) for table, counts in provenance.rows.items()),
        "Fichiers reçus": _list(f"{_code(file.path)} {_code(file.sha256[:_SHORT])}" for file in provenance.files),
        "Fichiers de référence": _list(
            f"{_code(path)} {_code(digest[:_SHORT])}" for path, digest in provenance.references
        ),
    }
    rows = "".join(f"<div><dt>{name}</dt><dd>{inner}</dd></div>" for name, inner in terms.items() if inner)
    summary = escape(typeset(f"Provenance {of}"), quote=False)
    return f'<details class="provenance"><summary>{summary}</summary><dl>{rows}</dl></details>'


def _code(text: str) -> str:
    return f"<code>{escape(text, quote=False)}</code>"


def _list(items: Iterable[str]) -> str:
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{inner}</ul>" if inner else ""


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{escape(name, quote=False)}{NBSP}: {_code(value)}" for name, value in values.items())


def _measures(indicators: Iterable[tuple[str, int, str]]) -> list[str]:
    """Return one line a method: what it says, then the indicators made by it and the records each one counts."""
    by_method: dict[str, list[str]] = {}
    for id, records, method in indicators:
        by_method.setdefault(method, []).append(_code(id) + (f"{NBSP}({number(records)})" if records else ""))
    return [
        (f"{escape(typeset(method.rstrip('. ')), quote=False)}{NBSP}: " if method else "") + ", ".join(names)
        for method, names in by_method.items()
    ]


def _fates(table: str, counts: Mapping[str, int]) -> str:
    kept, merged, aside = (
        f"{number(counts[fate])} {plural(counts[fate], fate, f'{fate}s')}" for fate in map(str, Fate)
    )
    read = f"{number(counts['lues'])} {plural(counts['lues'], 'lue', 'lues')}"
    return f"{_code(table)}{NBSP}: {read}, {kept}, {merged}, {aside}"
