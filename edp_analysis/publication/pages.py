"""The pages of a site that no notebook makes: method, glossary, data, site map, accessibility, legal notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.dictionary import describe_table
from edp_analysis.contract.schema import load_schema, table_names
from edp_analysis.exhibits.banner import campaign_banner
from edp_analysis.exhibits.french import day, percent, typeset
from edp_analysis.exhibits.table import TEXT, html_table
from edp_analysis.publication.downloads import csv_bytes, csv_name, file_size, frame_bytes
from edp_analysis.publication.glossary import glossary
from edp_analysis.publication.portal import PageInfo
from edp_analysis.publication.schools import SHEETS
from edp_analysis.publication.shell import FOOTER, TEMPLATES, Link, Shell
from edp_analysis.publication.statement import Statement
from edp_analysis.publication.tidy import tidy
from edp_analysis.publication.words import LIMITS, LIMITS_TITLE, NO_RANKING

__all__ = ["DICTIONARY", "Site", "dictionary_csv", "render_pages"]

DICTIONARY = "dictionnaire.csv"
_RECEIVED = "-recu"
_ACCESSIBILITY = Link("accessibilite.html", "Accessibilité")
_AUDIENCES = {
    "interne": "Ces pages sont internes : les petits effectifs n'y sont pas masqués, elles ne se diffusent pas.",
    "public": "Les petits effectifs y sont masqués.",
}


@dataclass(frozen=True)
class Site:
    """What the pages of one site share.

    Attributes
    ----------
    campaign : Campaign
    audience : str
    statement : Statement
    menu : sequence of Link
    pages, schools : sequence of PageInfo
        Those of the notebooks, and those of the schools.
    csv_folder : str
        Relative folder of the CSV files.
    """

    campaign: Campaign
    audience: str
    statement: Statement
    menu: Sequence[Link]
    pages: Sequence[PageInfo]
    schools: Sequence[PageInfo]
    csv_folder: str


def render_pages(site: Site) -> dict[str, str]:
    """Return the HTML of each page, by its address."""
    campaign = site.campaign
    about = {"s": site.statement, "site": campaign.label, "campagne": campaign.code}
    about |= {"extraction": day(campaign.extraction_date), "debut": day(campaign.start)}
    about |= {"pourcentage": campaign.thresholds.percentage, "secret": campaign.thresholds.secret}
    about |= {"sans_classement": NO_RANKING, "limites": LIMITS, "limites_titre": LIMITS_TITLE}
    about |= {**campaign.definitions, "diffusion": _AUDIENCES[site.audience]}
    about |= {"declaration": day(site.statement.declared) if site.statement.declared else ""}
    if site.statement.audit:
        audit = site.statement.audit
        about |= {"audit_day": day(audit.day), "audit_share": percent(audit.share, 100)}
    data: dict[str, Any] = {"groups": _downloads(site, site.pages), "schools": _downloads(site, site.schools)}
    data |= {"tables": _dictionary_tables(), "dictionary": _dictionary_link(site)}
    return {
        "methode.html": _render(site, "methode", "Méthode et limites", about),
        "glossaire.html": _render(site, "glossaire", "Glossaire", {"terms": glossary(campaign)}),
        "donnees.html": _render(site, "donnees", "Les données de ces pages", data),
        "plan.html": _render(site, "plan", "Plan du site", {"groups": _map(site)}),
        "accessibilite.html": _render(site, "accessibilite", "Déclaration d'accessibilité", about),
        "mentions.html": _render(site, "mentions", "Mentions légales", about),
    }


def _render(site: Site, name: str, heading: str, values: Mapping[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader

    shell = Shell(
        h1=typeset(heading),
        site_title=site.campaign.label,
        simulated=site.campaign.simulated,
        navigation=site.menu,
        current=f"{name}.html",
        header=campaign_banner(site.campaign),
        accessibility=site.statement.accessibility,
        audience=site.audience,
    )
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "rapport"), autoescape=True)
    return tidy(environment.get_template(f"pages/{name}.html.j2").render(page=shell, **values))


def _downloads(site: Site, pages: Sequence[PageInfo]) -> list[dict[str, Any]]:
    groups = []
    for page in pages:
        files = [
            {
                "href": f"{site.csv_folder}/{csv_name(item)}",
                "title": item["titre"],
                "where": _where(item, page),
                "size": file_size(csv_bytes(item)),
            }
            for item in page.exhibits
            if item["lignes"] and item["genre"] in {"figure", "table", "key_figures"}
        ]
        if files:
            groups.append({"id": f"fichiers-{page.name}", "title": page.title, "files": files})
    return groups


def _where(item: Mapping[str, Any], page: PageInfo) -> str:
    words = {"figure": "figure", "table": "tableau"}
    return f"{page.title}, {words[item['genre']]} {item['numero']}" if item["genre"] in words else page.title


def _map(site: Site) -> list[dict[str, Any]]:
    known = {item.href for item in FOOTER}
    results = [link for link in site.menu if link.href not in known and "#" not in link.href]
    groups = [
        (f"pages-{rank}", name or "Accueil", list(links))
        for rank, (name, links) in enumerate(groupby(results, key=lambda link: link.group))
    ]
    for sheet in SHEETS:
        own = [
            Link(page.href, page.title) for page in site.schools if (page.folder or SHEETS[0].folder) == sheet.folder
        ]
        groups.append((sheet.folder, typeset(f"Les écoles : {sheet.kind[0].lower()}{sheet.kind[1:]}"), own))
    groups.append(("apropos", "À propos", [*FOOTER, _ACCESSIBILITY]))
    return [{"id": id, "title": title, "links": links} for id, title, links in groups if links]


def _clean_tables() -> list[str]:
    return [name for name in table_names() if not name.endswith(_RECEIVED)]


def _dictionary_tables() -> list[dict[str, str]]:
    tables = []
    for name in _clean_tables():
        schema, frame = load_schema(name), describe_table(load_schema(name))
        caption = f"<strong>{typeset(schema.title)}</strong>"
        html = html_table(frame, id=f"table-{name}", caption=caption, units=dict.fromkeys(frame.columns, TEXT))
        tables.append({"title": typeset(f"{schema.title} : {schema.description}"), "html": html})
    return tables


def dictionary_csv() -> bytes:
    """Return the dictionary of the clean tables as one CSV file for a French spreadsheet."""
    frames = [describe_table(load_schema(name)).assign(Table=name) for name in _clean_tables()]
    whole = pd.concat(frames, ignore_index=True)
    return frame_bytes(whole[["Table", *(column for column in whole.columns if column != "Table")]])


def _dictionary_link(site: Site) -> dict[str, str]:
    return {"href": f"{site.csv_folder}/{DICTIONARY}", "size": file_size(dictionary_csv())}
