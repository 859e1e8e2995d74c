"""Colours of the pages and of the figures: one light theme, one dark, every pair checked for contrast.

The categorical hues are those the United Kingdom's Analysis Function recommends (at least 3:1 on white and between
neighbours); the dark theme has its own values for the same roles.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["DARK", "LAB_CSS", "LIGHT", "RC", "css_variables"]

LIGHT: Final[dict[str, str]] = {
    "fond": "#ffffff",  # page
    "fond2": "#f3f6fa",  # boxes
    "txt": "#1b1f24",
    "mut": "#4b5563",  # secondary text
    "ligne": "#d0d5dd",  # rules and grids
    "lien": "#0b4f8a",
    "c1": "#12436d",  # the highlighted series
    "c2": "#b93d0a",  # reference line, focus
    "gris": "#667080",  # the other series
    "k2": "#28a197",
    "k3": "#801650",
    "k4": "#f46a25",
    "s1": "#12426c",  # agreement, strong to weak, then disagreement
    "s2": "#2f74b5",
    "s3": "#8a93a3",
    "s4": "#b5561a",
    "s5": "#7a2506",
    "alerte": "#fff4d6",
    "alerteb": "#8a5a00",
}
DARK: Final[dict[str, str]] = {
    "fond": "#12161c",
    "fond2": "#1b212a",
    "txt": "#f1f4f8",
    "mut": "#b9c1cc",
    "ligne": "#3a4352",
    "lien": "#9ccbff",
    "c1": "#8ec5ff",
    "c2": "#ffa36b",
    "gris": "#9aa4b2",
    "k2": "#12776f",
    "k3": "#f2a2cf",
    "k4": "#b8440f",
    "s1": "#8ec6ff",
    "s2": "#4f8fd0",
    "s3": "#7d8797",
    "s4": "#d98344",
    "s5": "#ffb58c",
    "alerte": "#3a2f12",
    "alerteb": "#e3b341",
}

RC: Final[dict[str, Any]] = {
    # DejaVu comes with matplotlib: texts are measured alike on every machine. Pages then use their own font.
    "font.family": "DejaVu Sans",
    "font.size": 14,
    "svg.fonttype": "none",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.unicode_minus": True,
    "axes.edgecolor": LIGHT["ligne"],
    "axes.labelcolor": LIGHT["txt"],
    "text.color": LIGHT["txt"],
    "xtick.color": LIGHT["mut"],
    "ytick.color": LIGHT["mut"],
    "path.simplify": False,
}


def css_variables(theme: dict[str, str]) -> str:
    """Return a theme as CSS declarations.

    Examples
    --------
    >>> css_variables({"fond": "#ffffff"})
    '--fond:#ffffff'
    """
    return ";".join(f"--{name}:{value}" for name, value in theme.items())


LAB_CSS: Final = (
    '<style class="edp-lab">'
    f".edp{{{css_variables(LIGHT)};background:var(--fond);color:var(--txt);max-width:46rem;padding:.4rem}}"
    f'[data-jp-theme-light="false"] .edp{{{css_variables(DARK)}}}'
    ".edp.table{max-width:64rem}.edp figure{margin:0}.edp .tab{overflow-x:auto}.edp .notes p,.edp .src{margin:.2rem 0}"
    ".edp .graph svg{display:block;width:100%;height:auto}.edp .graph svg.etroit{display:none}"
    ".edp .sous,.edp .src,.edp .ki{color:var(--mut)}.edp .sous,.edp .kf,.edp .kl,.edp .ki{display:block}"
    ".edp ul.cartes{list-style:none;margin:0;padding:0;display:grid;gap:.7rem;grid-template-columns:repeat(4,1fr)}"
    ".edp .cartes li{border-top:4px solid var(--c1);padding:.4rem}.edp .kf{font-size:1.8rem;color:var(--c1)}"
    ".edp .kf,.edp .kl{line-height:1.3}.edp .kl{font-weight:600}.edp .ki{font-size:.9em;line-height:1.4}"
    ".edp .bandeau{background:var(--alerte);border-left:6px solid var(--alerteb);padding:.5rem 1rem}"
    ".edp .bandeau p{margin:0}.edp.answer{background:var(--fond2);border-left:6px solid var(--c1);padding:.4rem 1rem}"
    ".edp ul.cle{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem}"
    ".edp .cle span{display:inline-block;width:1em;height:1em;margin-right:.4em;vertical-align:-.1em}"
    ".edp .cle .teinte{border:1px solid var(--gris)}"
    ".edp .cle .teinte span{display:block;width:100%;height:100%;margin:0;background:var(--c1)}"
    # JupyterLab stripes tables with the colours of its own theme, and aligns their cells to the right.
    ".edp table{border-collapse:collapse;color:var(--txt);margin:0}.edp tr{background:none!important}"
    ".edp th,.edp td{text-align:left!important;vertical-align:top;padding:.3rem .6rem}"
    ".edp th,.edp td{border-bottom:1px solid var(--ligne)}.edp .constat{font-size:1.2em}"
    ".edp thead th{vertical-align:bottom;border-bottom:2px solid var(--txt)}.edp tbody th{font-weight:400}"
    ".edp .n{text-align:right!important}.edp .court,.edp td.n{white-space:nowrap}.edp .long{min-width:13rem}"
    ".edp.table table{min-width:min(46rem,100%)}.edp .legende{display:block;position:sticky;left:0;max-width:46rem}"
    ".edp .groupe{font-weight:700!important}.edp caption{text-align:left;font-weight:400;padding:.2rem 0 .4rem}"
    ".edp a:link,.edp a:visited,.edp summary{color:var(--lien)}.edp summary{cursor:pointer}.edp code{color:var(--txt)}"
    ".edp .provenance{font-size:.85rem}.edp .provenance dl{margin:.2rem 0}.edp .provenance dd{margin:0 0 .3rem}"
    ".edp .provenance dt{font-weight:700}.edp .provenance ul{margin:0;padding-left:1.2rem}"
    "</style>"
)
"""Style that an exhibit carries in JupyterLab only; the exporter removes it, since the page has its own sheet."""
