"""Every page of the site, as a browser shows it: accessible, without network, at ease on a phone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from edp_analysis.publication.accessibility import MAX_BYTES
from edp_analysis.publication.gates import site_faults

MODES: dict[str, dict[str, Any]] = {
    "bureau": {"viewport": {"width": 1280, "height": 900}},
    "telephone": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
    "sombre": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
OPEN_FOLDS = "for (const fold of document.querySelectorAll('main details')) fold.open = true"
# The folds of the menu lie over the page: opened with the others, they would hide its heading from the look.
OPEN_MENU = "for (const fold of document.querySelectorAll('header details')) fold.open = true"
# Every rule, best practices included; those not about WCAG too.
AXE = {"resultTypes": ["violations"]}

View = Callable[[str, str], Any]


@contextmanager
def opened(browser: Any, mode: str) -> Iterator[Callable[[Path], tuple[Any, list[str]]]]:
    """Open a window in a mode; `show` gives a page with its folds open, and every address it asked for."""
    context = browser.new_context(bypass_csp=True, **MODES[mode])  # axe is injected: the policy is tested elsewhere
    tab = context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))

    def show(path: Path) -> tuple[Any, list[str]]:
        asked.clear()
        tab.goto(path.resolve().as_uri())
        tab.evaluate(OPEN_FOLDS)
        return tab, list(asked)

    yield show
    context.close()


def axe_violations(tab: Any) -> list[str]:
    """Name each violation and the elements that have it."""
    found = Axe().run(tab, options=AXE).response["violations"]
    return [f"{rule['id']} ({rule['impact']}) : {node['target']}" for rule in found for node in rule["nodes"]]


def too_wide(tab: Any) -> int:
    """Pixels by which the page is wider than the screen; the window of a phone widens with what overflows."""
    return int(tab.evaluate("document.documentElement.scrollWidth - screen.width"))


def clipped(tab: Any) -> list[str]:
    """Text that leaves the window on the right and that no scrolling box holds."""
    return list(
        tab.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(e => {
                 if (e.closest('.tab, .evitement, svg') || !e.childNodes.length) return false;
                 const box = e.getBoundingClientRect();
                 return box.width > 0 && box.right > screen.width + 1;
               }).map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""
        )
    )


@pytest.mark.lent
@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(browser: Any, site: Path, pages: list[str], mode: str) -> None:
    with opened(browser, mode) as show:
        found = {name: axe_violations(show(site / name)[0]) for name in pages}
    assert {name: violations for name, violations in found.items() if violations} == {}


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_in_the_open_menu(browser: Any, site: Path, mode: str) -> None:
    with opened(browser, mode) as show:
        tab, _ = show(site / "profils.html")
        tab.evaluate(OPEN_MENU)
        assert tab.locator("header details a").count() > 5
        assert axe_violations(tab) == []
        assert too_wide(tab) <= 0


def test_no_request_leaves_the_page(browser: Any, site: Path, pages: list[str]) -> None:
    with opened(browser, "bureau") as show:
        for name in pages:
            _, asked = show(site / name)
            assert [url for url in asked if not url.startswith("data:")] == [(site / name).resolve().as_uri()]


def test_a_phone_never_scrolls_sideways(browser: Any, site: Path, pages: list[str]) -> None:
    with opened(browser, "telephone") as show:
        found = {name: (too_wide(show(site / name)[0]), clipped(show(site / name)[0])) for name in pages}
    assert {name: wide for name, wide in found.items() if wide != (0, [])} == {}


def focus_faults(tab: Any, stops: int) -> list[str]:
    """Go from stop to stop with the Tab key; name those whose focus does not show."""
    faults = []
    for _ in range(stops):
        tab.keyboard.press("Tab")
        shown, where = tab.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
                 return [s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && b.width > 0 && b.right > 0,
                         e.tagName + ' ' + e.textContent.slice(0, 40)]; }"""
        )
        if where.startswith("BODY"):  # past the last one
            break
        faults += [] if shown else [where]
    return faults


@pytest.mark.parametrize("name", ["index.html", "profils.html", "ecoles/EDP-01.html", "suivi/EDP-01.html"])
def test_the_focus_is_always_visible_and_the_first_stop_skips_to_the_content(
    browser: Any, site: Path, name: str
) -> None:
    with opened(browser, "bureau") as show:
        tab, _ = show(site / name)
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Aller au contenu"
        assert focus_faults(tab, 60) == []


def test_the_policy_forbids_scripts_and_the_network(browser: Any, site: Path) -> None:
    context = browser.new_context()
    tab = context.new_page()
    asked: list[str] = []
    tab.on("requestfinished", lambda request: asked.append(request.url))
    page = site / "index.html"
    hostile = page.read_text(encoding="utf-8").replace(
        "</main>", '<img src="style.png" alt=""><script>document.title = "pris"</script></main>'
    )
    copy = site.parent / "hostile.html"
    copy.write_text(hostile, encoding="utf-8")
    tab.goto(copy.resolve().as_uri())
    assert tab.title() != "pris" and asked == [copy.resolve().as_uri()]
    context.close()


def test_a_sheet_of_a_school_prints_on_one_page(browser: Any, site: Path, tmp_path: Path) -> None:
    context = browser.new_context()
    tab = context.new_page()
    for path in sorted([*(site / "ecoles").glob("*.html"), *(site / "suivi").glob("*.html")]):
        tab.goto(path.resolve().as_uri())
        printed = tab.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") == 1, path.name
    context.close()


SCALE = re.compile(rb"W\* n\s+q\s+([\d.]+) 0 0 ")


def print_scales(tab: Any) -> set[bytes]:
    """Scales at which Chromium draws the sheets of a page: smaller where it had to shrink them to hold a table."""
    tab.emulate_media(media="print")
    pdf = bytes(tab.pdf(prefer_css_page_size=True))
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompress(found.group(1)))
        except zlib.error:  # a font, stored as it is
            continue
    return {match.group(1) for stream in streams if b"-.2399" in stream[:40] and (match := SCALE.search(stream))}


def test_every_page_prints_at_the_same_scale(browser: Any, site: Path, pages: list[str]) -> None:
    """A4 at 96 pixels an inch, whatever the margins."""
    context = browser.new_context()
    tab = context.new_page()
    found = {}
    for name in pages:
        tab.goto((site / name).resolve().as_uri())
        found[name] = print_scales(tab)
    context.close()
    assert len(set().union(*found.values())) == 1, {name: scales for name, scales in found.items() if len(scales) != 1}


def test_a_table_wider_than_the_sheet_would_be_seen(browser: Any, site: Path, tmp_path: Path) -> None:
    html = (site / "mentions.html").read_text(encoding="utf-8")
    wide = '<div style="width:900px">trop large</div>'
    planted = tmp_path / "faute.html"
    planted.write_text(html.replace("</h1>", f"</h1>{wide}", 1), encoding="utf-8")
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((site / "mentions.html").resolve().as_uri())
    scales = print_scales(tab)
    tab.goto(planted.resolve().as_uri())
    assert len(scales) == 1 and print_scales(tab) != scales
    context.close()


def scroll_cues(tab: Any) -> list[str]:
    """Tables that scroll sideways and do not show it."""
    return list(
        tab.evaluate(
            """() => [...document.querySelectorAll('.tab')].filter(e =>
                 e.scrollWidth > e.clientWidth + 1 && !getComputedStyle(e).backgroundImage.includes('gradient'))
               .map(e => e.textContent.slice(0, 40))"""
        )
    )


@pytest.mark.parametrize("colours", ["none", "active"])
def test_a_table_that_scrolls_shows_it_at_every_width(
    browser: Any, site: Path, pages: list[str], colours: str, tmp_path: Path
) -> None:
    """In forced colours too, where the browser takes away the backgrounds of authors."""
    context = browser.new_context(viewport={"width": 700, "height": 800}, forced_colors=colours)
    tab = context.new_page()
    faults: dict[str, list[str]] = {}
    scrolling = 0
    for name in pages:
        tab.goto((site / name).resolve().as_uri())
        scrolling += tab.evaluate(
            "[...document.querySelectorAll('.tab')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        )
        faults |= {name: cues} if (cues := scroll_cues(tab)) else {}
    assert faults == {} and scrolling > 0
    planted = tmp_path / "faute.html"
    html = (site / "finances.html").read_text(encoding="utf-8")
    planted.write_text(html.replace("</style>", ".tab{background:none!important}</style>", 1), encoding="utf-8")
    tab.goto(planted.resolve().as_uri())
    assert scroll_cues(tab)
    context.close()


def test_print_leaves_out_what_serves_a_screen(browser: Any, site: Path) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((site / "profils.html").resolve().as_uri())
    tab.emulate_media(media="print")
    shown = tab.evaluate(
        "[...document.querySelectorAll('nav, details, .dl, .evitement')].filter(e => e.offsetParent !== null).length"
    )
    breaks = tab.evaluate("[...document.querySelectorAll('figure')].map(e => getComputedStyle(e).breakInside)")
    assert shown == 0 and set(breaks) == {"avoid"}
    assert "données simulées" in tab.evaluate("document.querySelector('style').textContent").split("@bottom-left")[1]
    context.close()


def test_the_site_has_no_fault_and_no_heavy_page(site: Path, pages: list[str]) -> None:
    assert site_faults(site) == []
    assert max((site / name).stat().st_size for name in pages) < MAX_BYTES


PLANTED = {
    "contraste": ("bureau", "<h1>", '<h1 style="color:#999;background:#fff">', axe_violations),
    "contraste sombre": ("sombre", "<h1>", '<h1 style="color:#444;background:#222">', axe_violations),
    "intitulé": ("telephone", "<h1>", '<h1><button type="button"></button>', axe_violations),
    "débordement": ("telephone", "<h1>", '<h1><span style="display:block;width:500px">a</span>', too_wide),
    "texte coupé": ("telephone", "<h1>", '<h1 style="position:relative;left:250px">', clipped),
    "focus": ("bureau", ":focus-visible{outline:3px", ":focus-visible{outline:0px", lambda tab: focus_faults(tab, 5)),
}


@pytest.mark.parametrize("name", PLANTED)
def test_each_look_sees_its_fault(browser: Any, site: Path, tmp_path: Path, name: str) -> None:
    mode, before, after, look = PLANTED[name]
    html = (site / "index.html").read_text(encoding="utf-8")
    assert before in html, "the planted fault must land somewhere"
    planted = tmp_path / "faute.html"
    planted.write_text(html.replace(before, after, 1), encoding="utf-8")
    with opened(browser, mode) as show:
        assert look(show(planted)[0])


def test_a_request_would_be_counted(browser: Any, site: Path, tmp_path: Path) -> None:
    planted = tmp_path / "faute.html"
    html = (site / "index.html").read_text(encoding="utf-8").replace("default-src 'none'", "default-src *")
    planted.write_text(html.replace("<h1>", '<h1><img src="absente.png" alt="une image">', 1), encoding="utf-8")
    with opened(browser, "bureau") as show:
        _, asked = show(planted)
    assert any(url.endswith("absente.png") for url in asked)
