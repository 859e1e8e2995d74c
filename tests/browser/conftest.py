"""The site of the shipped campaign, built once, and one Chromium to look at it.

Chromium is the one that is installed (Debian's ``chromium``, or what ``EDP_CHROMIUM`` names); none is downloaded.
Without it every test here is skipped, and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    return next((path for name in (os.environ.get("EDP_CHROMIUM", ""), *NAMES) if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all these tests on one worker: the site is built once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.navigateur)
            item.add_marker(pytest.mark.xdist_group("navigateur"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    executable = chromium()
    if executable is None:
        pytest.skip("Chromium n'est pas installé (paquet « chromium », ou variable EDP_CHROMIUM).")
    from playwright.sync_api import sync_playwright

    # Chromium refuses its sandbox to root, which continuous integration often is.
    root = hasattr(os, "getuid") and os.getuid() == 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"] if root else [])
        yield browser
        browser.close()


@pytest.fixture
def on_paper(browser: Any, tmp_path: Path) -> Iterator[Callable[[int], Callable[[str], Any]]]:
    """Open some HTML as it is laid out on paper, in a text of so many pixels."""
    contexts = []

    def printer(width: int) -> Callable[[str], Any]:
        context = browser.new_context(viewport={"width": width, "height": 1000})
        contexts.append(context)
        tab = context.new_page()

        def show(html: str) -> Any:
            path = tmp_path / "page.html"
            path.write_text(html, encoding="utf-8")
            tab.goto(path.resolve().as_uri())
            tab.emulate_media(media="print")
            return tab

        return show

    yield printer
    for context in contexts:
        context.close()


def build(project: Path) -> Path:
    """Build the site of a copy of the project with the command, and return its folder."""
    for name in ("campaigns", "notebooks", "data/raw", "data/reference"):
        shutil.copytree(ROOT / name, project / name)
    done = subprocess.run(
        [sys.executable, "-m", "edp_analysis.cli", "run", "2024"],
        cwd=project,
        env={**os.environ, "EDP_PROJET": str(project)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "reports" / "2024" / "interne"


@pytest.fixture(scope="session")
def site(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; asked for after the browser, so that nothing is built to be skipped."""
    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def pages(site: Path) -> list[str]:
    return [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
