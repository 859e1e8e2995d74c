"""One page of ours against the same executed notebook by plain nbconvert, templates lab and classic.

Run with ``python benchmarks/bench_page.py [CARNET]``. Nothing is executed: the outputs stored in the notebook are
converted three ways, without the code, and each page is opened in Chromium with the network cut. Counted: bytes,
requests asked for, what axe finds (every rule, at 1280 and 320 px, folds open), table headings without scope, time to
convert. The exhibits carry the same accessible HTML on the three pages; what differs is the page around them.
"""

from __future__ import annotations

import functools
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from edp_analysis.publication.exporter import export_page
from edp_analysis.publication.notebook import find_notebooks

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = (1280, 320)
ROUNDS = 3
COLUMNS = ("octets", "requêtes", "axe 1280", "axe 320", "th sans portée", "déborde à 320 px", "secondes")


def plain(template: str, notebook: Any) -> str:
    """Convert with a template of nbconvert, without the code."""
    from nbconvert import HTMLExporter

    return str(HTMLExporter(template_name=template, exclude_input=True).from_notebook_node(notebook)[0])


def measure(browser: Any, page: Path) -> dict[str, float]:
    """Open a page at each width and count."""
    from axe_playwright_python.sync_playwright import Axe

    found: dict[str, float] = {"octets": page.stat().st_size}
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
        tab = context.new_page()
        asked: list[str] = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.route("http*://**", lambda route: route.abort())
        tab.goto(page.as_uri())
        tab.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        violations = Axe().run(tab).response["violations"]
        found[f"axe {width}"] = sum(len(rule["nodes"]) for rule in violations)
        found["requêtes"] = sum(url.startswith("http") for url in asked)
        found["th sans portée"] = tab.evaluate("document.querySelectorAll('th:not([scope])').length")
        found[f"déborde à {width} px"] = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        context.close()
    return found


def seconds(convert: Callable[[Any], str], notebook: Any) -> float:
    """Return the time of one conversion."""
    start = time.perf_counter()
    convert(notebook)
    return time.perf_counter() - start


def main() -> None:
    """Convert, open, count, and print the table and the ratios."""
    executable = shutil.which(os.environ.get("EDP_CHROMIUM", "chromium"))
    if executable is None:
        sys.exit("Chromium n'est pas installé (paquet « chromium », ou variable EDP_CHROMIUM).")
    from playwright.sync_api import sync_playwright

    (path,) = find_notebooks(ROOT, [sys.argv[1] if len(sys.argv) > 1 else "parcours_et_resultats"])
    notebook = nbformat.read(path, as_version=4)
    sides: dict[str, Callable[[Any], str]] = {"edp": export_page}
    sides |= {name: functools.partial(plain, name) for name in ("lab", "classic")}
    root = hasattr(os, "getuid") and os.getuid() == 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"] if root else [])
        found = {}
        for name, convert in sides.items():
            page = Path(folder) / f"{name}.html"
            page.write_text(convert(notebook), encoding="utf-8")
            found[name] = measure(browser, page)
        browser.close()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):  # alternating, so that a busy machine slows them all
        for name, convert in sides.items():
            times[name].append(seconds(convert, notebook))
    print(f"{path.name}, sans le code")
    print(f"{'':10}" + "".join(f"{column:>18}" for column in COLUMNS))
    for name, values in found.items():
        values["secondes"] = statistics.median(times[name])
        print(f"{name:10}" + "".join(f"{values[column]:18.2f}".replace(".00", "   ") for column in COLUMNS))
    for name in ("lab", "classic"):
        size = found["edp"]["octets"] / found[name]["octets"]
        spent = found["edp"]["secondes"] / found[name]["secondes"]
        print(f"edp / {name} : {size:.2f} fois les octets, {spent:.2f} fois le temps de conversion")


if __name__ == "__main__":
    main()
