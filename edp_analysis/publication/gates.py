"""What a machine can check of a whole site before it replaces the former one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from edp_analysis.problems import UserError
from edp_analysis.publication.accessibility import page_faults
from edp_analysis.wording import counted

__all__ = ["SiteFaultError", "check_site", "site_faults"]

_SHOWN = 8
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_HREF = re.compile(r'href="([^"#:]+)(?:#([^"]*))?"')


class SiteFaultError(UserError):
    """Pages that a reader could not use; the former site stays in place."""

    exit_code = 1
    """The command went to its end, and what it made is refused."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        shown = [f"  {page} : {fault}" for page, fault in faults[:_SHOWN]]
        shown += [f"  et {counted(len(faults) - _SHOWN, 'autre', 'autres')}"] if len(faults) > _SHOWN else []
        count = counted(len(faults), "défaut", "défauts")
        super().__init__(
            "\n".join([f"Le site n'est pas remplacé : {count} dans ses pages.", *shown]),
            "Corriger le carnet de la page, ou l'élément nommé, puis relancer.",
        )


def site_faults(site: Path) -> list[tuple[str, str]]:
    """Look for the faults of a built site.

    Parameters
    ----------
    site : pathlib.Path
        Folder of the pages.

    Returns
    -------
    list of (str, str)
        Page (relative path) and fault, in French: those of each page, then links that lead nowhere and titles that
        two pages share.
    """
    pages = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))
    }
    faults = [(name, fault) for name, html in pages.items() for fault in page_faults(html)]
    for name, html in pages.items():
        faults += [(name, fault) for fault in _dead_links(site, name, html, pages)]
    titles = {name: _title(html) for name, html in pages.items()}
    shared = Counter(titles.values())
    faults += [
        (name, f"une autre page porte le même titre : « {title} » (RGAA 8.6)")
        for name, title in titles.items()
        if shared[title] > 1
    ]
    return faults


def check_site(site: Path) -> None:
    """Refuse a site with faults.

    Raises
    ------
    SiteFaultError
        The pages and their faults are named.
    """
    faults = site_faults(site)
    if faults:
        raise SiteFaultError(faults)


def _title(html: str) -> str:
    found = _TITLE.search(html)
    return found.group(1).strip() if found else ""


def _dead_links(site: Path, name: str, html: str, pages: dict[str, str]) -> list[str]:
    faults = []
    for target, anchor in dict.fromkeys(_HREF.findall(html)):
        path = (site / name).parent / target
        if not path.is_file():
            faults.append(f"le lien « {target} » mène à un fichier absent")
        elif anchor and f'id="{anchor}"' not in pages.get(_inside(site, path), ""):
            faults.append(f"le lien « {target}#{anchor} » mène à un endroit absent")
    return faults


def _inside(site: Path, path: Path) -> str:
    resolved, root = path.resolve(), site.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else ""
