"""What a reader of the fold, of the notebook and of the manifest learns of where a figure comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import edp_analysis
from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine
from edp_analysis.cleaning.result import InputFile, Tables
from edp_analysis.exhibits import MIME, Exhibit, Page
from edp_analysis.exhibits.fragment import to_html
from edp_analysis.exhibits.provenance import source_digest
from edp_analysis.indicators.reference_tables import read_declared
from edp_analysis.indicators.result import Indicator

Share = Callable[..., Indicator]
FILES = (
    InputFile("comptes/EDP-01.xlsx", "c" * 64, "comptes"),
    InputFile("ecoles/EDP-01.xlsx", "a" * 64, "apprenants"),
    InputFile("enquete/reponses.csv", "b" * 64, "enquete"),
)
FATES = [("apprenants", Fate.KEPT)] * 3 + [("apprenants", Fate.SET_ASIDE), ("apprenants", Fate.MERGED)]
FATES += [("enquete", Fate.KEPT), ("enquete", Fate.SET_ASIDE)]


@pytest.fixture
def received(campaign: Campaign) -> Page:
    """Five rows of learners (3 kept, 1 merged, 1 set aside) and two answers (1 kept, 1 set aside)."""
    lines = [LedgerLine("f", "s", rank, table, fate) for rank, (table, fate) in enumerate(FATES)]
    frame = pd.DataFrame()
    tables = Tables(campaign, frame, frame, frame, frame, frame, Ledger(lines), (), FILES, ())
    return Page(campaign, tables, "profils")


def counted(share: Indicator) -> Indicator:
    return replace(share, method="certifiés sur sortants", rows=("k1", "k2", "k3"))


def data_of(exhibit: Exhibit) -> dict[str, object]:
    found = exhibit._repr_mimebundle_()[MIME]["provenance"]
    assert isinstance(found, dict)
    return found


def test_a_figure_names_the_files_of_the_tables_read_before_it(received: Page, share_of: Share) -> None:
    part = share_of(20, 36, "certification")
    assert data_of(received.dots([part], id="avant", title="t", lecture="l"))["fichiers"] == {}
    _ = received.tables.apprenants
    found = data_of(received.dots([part], id="apres", title="t", lecture="l"))
    assert found["fichiers"] == {"ecoles/EDP-01.xlsx": "a" * 12}
    assert found["lignes"] == {"apprenants": {"lues": 5, "reprise": 3, "fusionnée": 1, "écartée": 1}}
    assert found["fonction"] == "dots" and found["version"] == edp_analysis.__version__


def test_an_exhibit_names_the_reference_files_read_for_its_page(
    received: Page, share_of: Share, tmp_path: Path
) -> None:
    """Digest of the file by ``hashlib``; a file read before the page was opened is not of this page."""
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    (folder / "taux.csv").write_text("code;taux\n14;6.6\n", encoding="utf-8")
    digest = hashlib.sha256(b"code;taux\n14;6.6\n").hexdigest()[:12]
    frame = read_declared("taux.csv", ("code", "taux"), ("code",), ("taux",), tmp_path)
    _ = received.tables.apprenants
    words = {"title": "t", "lecture": "l", "champ": "Actifs."}
    ours = received.dots([share_of(20, 36)], id="a", title="t", lecture="l")
    published = received.table(frame, id="b", source="INSEE.", **words)
    both = received.table(frame, id="c", source=f"INSEE ; écoles, {received.source}", **words)
    files = {"ecoles/EDP-01.xlsx": "a" * 12}
    assert [data_of(item)["fichiers"] for item in (ours, published, both)] == [files, {}, files]
    assert data_of(published)["references"] == {"data/reference/taux.csv": digest}
    assert data_of(published)["lignes"] == {}
    assert f"data/reference/taux.csv</code> <code>{digest}" in to_html(published)
    later = Page(received.campaign, received._received, "suite")
    assert data_of(later.table(frame, id="d", **words))["references"] == {}


def test_a_published_source_does_not_hide_our_records(received: Page, share_of: Share) -> None:
    _ = received.tables.apprenants
    mixed = received.dots([counted(share_of(20, 36))], id="a", title="t", lecture="l", source="Âges minimaux publiés.")
    assert data_of(mixed)["fichiers"] == {"ecoles/EDP-01.xlsx": "a" * 12}


def test_reading_the_ledger_is_reading_every_file(received: Page) -> None:
    _ = received.tables.ledger
    found = data_of(received.table(pd.DataFrame({"a": [1]}), id="t", title="t", lecture="l", champ="c"))
    assert len(found["fichiers"]) == 3  # type: ignore[arg-type]


def test_one_workbook_may_feed_several_tables(received: Page) -> None:
    file = InputFile("entretiens/grille.xlsx", "e" * 64, "entretiens")
    page = Page(received.campaign, replace(received._received, inputs=(file,)), "profils")
    _ = page.tables.citations
    assert data_of(page.sentence("Une phrase."))["fichiers"] == {file.path: "e" * 12}


def test_the_banner_of_the_page_reads_nothing_for_the_figures(received: Page, share_of: Share) -> None:
    received.header()
    assert data_of(received.dots([share_of(20, 36)], id="f", title="t", lecture="l"))["fichiers"] == {}


def test_each_indicator_gives_its_records_and_method(received: Page, share_of: Share) -> None:
    part = counted(share_of(20, 36, "certification"))
    found = received.sentence("{x} certifiés.", x=part)
    assert found.provenance is not None
    assert found.provenance.indicators == (("certification", 3, "certifiés sur sortants"),)
    assert found.as_dict()["indicateurs"][0]["lignes"] == 3


def test_parameters_and_definitions_are_those_in_force(received: Page) -> None:
    found = data_of(received.sentence("Une phrase."))
    assert found["definitions"] == dict(received.campaign.definitions)
    assert found["parametres"]["campagne"] == "2024" and found["parametres"]["page"] == "interne"  # type: ignore[index]


def test_the_fold_says_the_same_and_the_sources(received: Page, share_of: Share) -> None:
    _ = received.tables.enquete
    part = counted(share_of(20, 36, "certification"))
    html = to_html(received.dots([part], id="f", title="t", lecture="l"))
    folded = BeautifulSoup(html, "html.parser").select_one("figure details.provenance")
    assert folded is not None and folded.summary is not None and "open" not in folded.attrs
    assert folded.summary.get_text() == "Provenance de la figure\u00a01"
    text = folded.get_text(" ", strip=True)
    assert "enquete/reponses.csv" in text and "b" * 12 in text and "ecoles/EDP-01.xlsx" not in text
    assert "2 lues, 1 reprise, 0 fusionnée, 1 écartée" in text
    assert "certifiés sur sortants\u00a0: certification\u00a0(3)" in folded.get_text()
    assert "page.dots" in text and source_digest() in text and "2024-1" in text


def test_every_exhibit_with_a_figure_has_its_fold_under_its_own_name(received: Page, share_of: Share) -> None:
    part = share_of(20, 36)
    shown = [
        received.finding("{x} certifiés", x=part),
        received.key_figures([part]),
        received.sentence("{x} certifiés.", x=part),
        received.answer("Q1", "{x} certifiés.", x=part),
        received.table([part], id="t", title="t", lecture="l"),
        received.dots([part], id="f", title="t", lecture="l"),
    ]
    found = [BeautifulSoup(to_html(item), "html.parser").select("details.provenance > summary") for item in shown]
    assert [len(item) for item in found] == [1] * 6
    assert len({item[0].get_text() for item in found}) == 6
    words = to_html(received.sentence("Une phrase sans chiffre."))
    assert "provenance" not in BeautifulSoup(words, "html.parser").get_text().lower()


def test_the_stored_data_do_not_change_with_the_code(received: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Committed notebooks are compared with this dictionary: a comment that changes must not turn them all red."""
    assert source_digest() not in json.dumps(data_of(received.sentence("Une phrase.")))


def test_the_digest_covers_code_contract_and_templates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "contract").mkdir()
    (tmp_path / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "contract" / "a.csv").write_text("x", encoding="utf-8")
    monkeypatch.setattr(edp_analysis, "__file__", str(tmp_path / "__init__.py"))
    compute = source_digest.__wrapped__
    empty, one = hashlib.sha256(b"").hexdigest(), hashlib.sha256(b"x").hexdigest()
    expected = hashlib.sha256(f"__init__.py\0{empty}\ncontract/a.csv\0{one}\n".encode()).hexdigest()[:12]
    assert compute() == expected
    (tmp_path / "contract" / "a.csv").write_text("y", encoding="utf-8")
    assert compute() != expected


def test_a_fold_is_light(received: Page, share_of: Share) -> None:
    """Thirty files, ten indicators: a page has some fifteen folds, and 300 kB in all."""
    files = tuple(InputFile(f"comptes/EDP-{rank:02}_balance_2023.xlsx", "d" * 64, "enquete") for rank in range(30))
    page = Page(received.campaign, replace(received._received, inputs=files), "profils")
    _ = page.tables.enquete
    items = [counted(share_of(20, 36, f"indicateur_{rank}")) for rank in range(10)]
    folded = BeautifulSoup(to_html(page.key_figures(items)), "html.parser").select_one("details.provenance")
    assert len(str(folded).encode()) < 6000
