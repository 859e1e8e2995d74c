"""From a matplotlib figure to an adaptive, deterministic SVG.

Each chart is drawn twice, for a wide and for a narrow column, and the page's style sheet shows one. Colours become CSS
variables, so that one drawing serves the light theme, the dark one and print.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Final

from edp_analysis.exhibits.french import typeset
from edp_analysis.exhibits.style import LIGHT, RC

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["LINE", "NARROW", "WIDE", "canvas", "nothing_to_show", "render_svg", "text_width", "wrap"]

WIDE: Final = 700
NARROW: Final = 300
LINE: Final = 17
"""Height of a line of text, pixels."""
_DPI: Final = 72  # one point is one CSS pixel
_VARIABLES: Final = {value: f"var(--{name})" for name, value in reversed(LIGHT.items())}

Draw = Callable[[int], "Figure"]
"""Draws the chart for a width in pixels."""


def canvas(width: int, height: float, left: float, right: float, top: float, bottom: float) -> tuple[Figure, Axes]:
    """Return a figure and its axes, every length in pixels.

    Parameters
    ----------
    width, height : float
        Size of the picture.
    left, right, top, bottom : float
        Margins around the axes.
    """
    from matplotlib.figure import Figure as MplFigure

    figure = MplFigure(figsize=(width / _DPI, height / _DPI), dpi=_DPI)
    axes = figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    )
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    return figure, axes


def wrap(text: str, width: float, bold: bool = False) -> str:
    """Cut a label into lines that fit `width` pixels, from the mean width of a letter; no-break spaces hold."""
    import textwrap

    text = typeset(text)
    return "\n".join(textwrap.wrap(text, max(6, int(width / text_width("n", bold))), break_long_words=False)) or text


def text_width(text: str, bold: bool = False) -> float:
    """Return the width of the longest line of a text at 14 pixels, with a margin, in pixels."""
    return max(map(len, text.split("\n"))) * (9.4 if bold else 7.9)


def render_svg(draw: Draw, *, id: str, alt: str) -> str:
    """Draw a chart at both widths and return the two SVG elements.

    Parameters
    ----------
    draw : callable
        From a width in pixels to a matplotlib figure.
    id : str
        Exhibit's id: salts the identifiers inside the drawing, which stay unique in the page.
    alt : str
        Text alternative, in French.
    """
    from matplotlib import rc_context

    parts = []
    for name, width in (("large", WIDE), ("etroit", NARROW)):
        settings: Any = {**RC, "svg.hashsalt": f"{id}-{name}"}
        with rc_context(settings):
            buffer = io.StringIO()
            draw(width).savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        parts.append(_adapt(buffer.getvalue(), f"{id}-{name}", name, alt))
    return "".join(parts)


def nothing_to_show(reason: str) -> str:
    """Return the sentence shown in place of a picture that would be empty."""
    return f'<p class="vide">Aucune donnée\u00a0: {escape(reason, quote=False)}.</p>'


def _adapt(svg: str, prefix: str, name: str, alt: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    view = re.search(r'viewBox="([^"]+)"', svg)
    box = " ".join(f"{float(value):g}" for value in view.group(1).split()) if view else "0 0 1 1"
    svg = svg[svg.index(">") + 1 :].removesuffix("\n").removesuffix("</svg>")
    svg = _identifiers(svg, prefix)
    svg = re.sub(r"#[0-9a-f]{6}", lambda match: _VARIABLES.get(match.group(), match.group()), svg)
    svg = re.sub(r"\d+\.\d{3,}", lambda match: f"{float(match.group()):.2f}".rstrip("0").rstrip("."), svg)
    svg = re.sub(r"font: ([^;\"]*?)([\d.]+px)[^;\"]*", _font, svg)
    svg = re.sub(r"font-family: [^;\"]*; ?", "", svg)
    svg = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", svg)
    svg = re.sub(r"<defs>\s*</defs>|<g/>", "", svg)
    svg = re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", svg)).strip()
    return (
        f'<svg class="{name}" role="img" aria-label="{escape(alt)}" viewBox="{box}" '
        f'xmlns="http://www.w3.org/2000/svg">{svg}</svg>'
    )


def _font(match: re.Match[str]) -> str:
    bold = re.search(r"\b(bold|[5-9]00)\b", match.group(1))
    return f"font-size: {match.group(2)}" + ("; font-weight: 700" if bold else "")


def _identifiers(svg: str, prefix: str) -> str:
    """Drop the ids nothing refers to; prefix the others."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))
    svg = re.sub(
        r' id="([^"]*)"', lambda match: f' id="{prefix}-{match.group(1)}"' if match.group(1) in used else "", svg
    )
    svg = re.sub(r"url\(#([^)]+)\)", lambda match: f"url(#{prefix}-{match.group(1)})", svg)
    return re.sub(r'(?:xlink:)?href="#([^"]+)"', lambda match: f'href="#{prefix}-{match.group(1)}"', svg)
