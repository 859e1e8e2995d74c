"""What a machine can check of one page: RGAA criteria, no network, French formats.

Passing is a floor, never a claim of conformity: only an audit by a person can say « conforme ».
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import Tag

__all__ = ["MAX_BYTES", "page_faults"]

MAX_BYTES: Final = 300_000
"""Largest page, in bytes."""
_BOILERPLATE = re.compile(
    r"^(none|nan|null|image|figure|graphique|untitled|sans titre|(no|aucune) description.*|.*\.(png|svg|jpe?g|ipynb))$",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"^(ici|cliquez ici|lien|voir|plus|suite|lire|lire la suite|en savoir plus|télécharger)\W*$", re.I)
# « n = 246 », « 20 exercices », « aucun exercice » when nothing was received; not a year, a date or a delay.
_COUNTED = re.compile(
    r"\bn\s(=|de)\s|\baucune?\b|(?<![\d\u2011-])\d[\d\u202f]*\s(?!mois|jours|janvier|février|mars|avril|juin|juillet|août"
    r"|septembre|octobre|novembre|décembre)[^\W\d]{4,}",
    re.IGNORECASE,
)
_ENGLISH_NUMBER = re.compile(r"\d\.\d|\d%")
# Quoted as it was read; the number of a published note; an address.
_QUOTED = re.compile(r"«[^»]*»|(note( d[’']information)?|n°|version)\s*[\d.]+|https?://\S+")
# Between the thousands of a number, and before a mark that must not begin a line.
_BREAKABLE = re.compile(r"(?<![\w,.])\d{1,3}(?: \d{3})+(?!\d)|\S? [:;!?%€»]")
_AS_READ = re.compile(r"« ?[^»]* ?»|https?://\S+")
_NETWORK = re.compile(r"url\(\s*['\"]?(https?:)?//|@import", re.I)
_CSP: Final = "default-src 'none'"
_CSV = re.compile(r"\.csv$")


def page_faults(html: str) -> tuple[str, ...]:
    """Return what is wrong with a page, in French, in the order of the checks; empty when nothing is.

    Parameters
    ----------
    html : str
        A whole page of the site.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    checks = (_document, _headings, _tables, _identifiers, _network, _figures, _images, _links, _numbers, _spaces)
    faults = [fault for check in checks for fault in check(soup)]
    if len(html.encode("utf-8")) > MAX_BYTES:
        faults.append(f"la page dépasse {MAX_BYTES // 1000} ko")
    return tuple(faults)


def _document(soup: BeautifulSoup) -> list[str]:
    faults = []
    if soup.html is None or soup.html.get("lang") != "fr":
        faults.append("la langue de la page n'est pas le français (RGAA 8.3)")
    title = soup.title.get_text(strip=True) if soup.title else ""
    if len(title.split()) < 2 or _BOILERPLATE.match(title):
        faults.append(f"le titre de la fenêtre n'est pas pertinent : « {title} » (RGAA 8.6)")
    main = soup.find("main")
    if main is None or soup.find("header") is None or soup.find("footer") is None:
        faults.append("une zone principale, un en-tête ou un pied de page manque (RGAA 12.6)")
    names = [_name(area, soup) for area in soup.find_all("nav")]
    if "" in names or len(set(names)) < len(names):
        faults.append("une zone de navigation n'a pas de nom, ou deux ont le même (RGAA 12.6)")
    first = soup.find("a")
    if main is None or first is None or first.get("href") != f"#{main.get('id')}":
        faults.append("le premier lien ne mène pas au contenu (RGAA 12.7)")
    return faults


def _headings(soup: BeautifulSoup) -> list[str]:
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile("^h[1-6]$"))]
    faults = [] if levels.count(1) == 1 else [f"{levels.count(1)} titres de premier niveau au lieu d'un (RGAA 9.1)"]
    faults += [
        f"un titre de niveau {after} suit un titre de niveau {before} (RGAA 9.1)"
        for before, after in itertools.pairwise(levels)
        if after > before + 1
    ]
    return faults


def _tables(soup: BeautifulSoup) -> list[str]:
    faults = []
    for table in soup.find_all("table"):
        caption = table.find("caption")
        prose = table.find_parent(class_="prose") is not None  # a Markdown table has no caption to give
        if not prose and (caption is None or not caption.get_text(strip=True)):
            faults.append("un tableau n'a pas de titre (RGAA 5.4)")
        if any(cell.get("scope") not in {"col", "row", "colgroup", "rowgroup"} for cell in table.find_all("th")):
            faults.append("un en-tête de tableau n'a pas de portée (RGAA 5.7)")
        wrapper = table.find_parent(class_="tab")
        if not prose and (wrapper is None or wrapper.get("tabindex") != "0" or not _name(wrapper, soup)):
            faults.append("un tableau large ne se fait pas défiler au clavier")
    return faults


def _name(tag: Tag, soup: BeautifulSoup) -> str:
    """Return the name a reader hears for a region: its label, or the text of the element that labels it."""
    named_by = soup.find(id=str(tag.get("aria-labelledby")))
    return str(tag.get("aria-label") or "") or (_words(named_by) if named_by else "")


def _identifiers(soup: BeautifulSoup) -> list[str]:
    counts = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    faults = [f"l'identifiant « {id} » sert {count} fois (RGAA 8.2)" for id, count in counts.items() if count > 1]
    for link in soup.find_all("a", href=re.compile("^#")):
        if str(link["href"])[1:] not in counts:
            faults.append(f"le lien « {link['href']} » ne mène nulle part")
    return faults


def _network(soup: BeautifulSoup) -> list[str]:
    faults = []
    loaded = [str(tag.get("src") or "") for tag in soup.find_all(src=True)]
    loaded += [str(tag.get("href") or "") for tag in soup.find_all(["link", "use", "image"])]
    if any(re.match(r"(https?:)?//", address) for address in loaded):
        faults.append("une ressource vient du réseau")
    styles = [tag.get_text() for tag in soup.find_all("style")] + [str(t["style"]) for t in soup.find_all(style=True)]
    if any(_NETWORK.search(style) for style in styles):
        faults.append("une feuille de style charge une ressource du réseau")
    if soup.find("script") is not None:
        faults.append("la page contient un script")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    if policy is None or _CSP not in str(policy.get("content", "")):
        faults.append("la politique de sécurité du contenu manque")
    return faults


def _figures(soup: BeautifulSoup) -> list[str]:
    faults = []
    for figure in soup.find_all("figure"):
        caption = figure.find("figcaption")
        legend = _words(caption) if caption else ""
        if figure.get("role") != "figure" or not legend or " ".join(str(figure.get("aria-label")).split()) != legend:
            faults.append("une figure n'est pas liée à sa légende (RGAA 1.9)")
        notes = {label: _words(line) for line in figure.select(".notes p") if (label := _label(line))}
        faults += [
            f"une figure n'a pas de « {word} »" for word in ("Lecture", "Champ", "Source") if not notes.get(word)
        ]
        if notes.get("Champ") and not _COUNTED.search(notes["Champ"]):
            faults.append(f"le champ d'une figure ne dit pas combien elle compte : « {notes['Champ']} »")
        if figure.find("svg") is not None:
            faults += ["une figure n'a pas le tableau de ses données"] * (figure.find("table") is None)
            faults += ["une figure n'a pas ses données en CSV"] * (
                figure.find("a", href=_CSV) is None and _in_site(soup)
            )
    return faults


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _label(line: Tag) -> str:
    """Return what a note is (« Lecture »), when something follows that word."""
    strong = line.find("strong")
    label = _words(strong).rstrip(" :") if strong is not None else ""
    return label if len(_words(line)) > len(label) + 3 else ""


def _in_site(soup: BeautifulSoup) -> bool:
    """Say whether the page belongs to a site: alone, it has no menu and no file beside it."""
    return soup.find("nav", class_="principal") is not None


def _images(soup: BeautifulSoup) -> list[str]:
    faults = []
    for image in soup.find_all(["img", "svg"]):
        text = str(image.get("alt" if image.name == "img" else "aria-label") or "")
        drawn = image.name == "img" or image.get("role") == "img"
        if not drawn or len(text.split()) < 2 or _BOILERPLATE.match(text.strip()):
            faults.append(f"une image n'a pas d'alternative pertinente : « {text} » (RGAA 1.1, 1.3)")
    return faults


def _links(soup: BeautifulSoup) -> list[str]:
    faults, targets = [], dict[str, str]()
    for link in soup.find_all("a"):
        words, target = _words(link), str(link.get("href", ""))
        if not words:
            faults.append("un lien n'a pas d'intitulé (RGAA 6.2)")
        elif _VAGUE.match(words):
            faults.append(f"un lien ne dit pas où il mène : « {words} » (RGAA 6.1)")
        elif targets.setdefault(words, target) != target:
            faults.append(f"deux liens « {words} » mènent à deux endroits (RGAA 6.1)")
    return faults


def _numbers(soup: BeautifulSoup) -> list[str]:
    """Look for English formats in the visible text; what is quoted as it was read is left alone."""
    for hidden in soup.find_all(["style", "script", "code", "pre", "title"]):
        hidden.extract()
    found = _ENGLISH_NUMBER.search(_QUOTED.sub("", soup.get_text(" ")))
    return [f"un nombre est écrit à l'anglaise : « {found.group()} »"] if found else []


def _spaces(soup: BeautifulSoup) -> list[str]:
    """Look, in each visible text, for an ordinary space at which no line may end; quotations are left as they were."""
    from bs4.element import NavigableString

    faults = []
    for text in soup.find_all(string=True):
        if type(text) is not NavigableString or text.find_parent(["style", "script", "code", "pre", "title"]):
            continue
        if found := _BREAKABLE.search(_AS_READ.sub("", text)):
            shown = " ".join(text.split())[:40]
            faults.append(f"une espace ordinaire peut couper « {found.group().strip()} » : « {shown} »")
    return faults
