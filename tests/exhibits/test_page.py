from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits import MIME, Exhibit, Page
from edp_analysis.exhibits.fragment import to_html
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import Place, Problem, Severity, UserError

Share = Callable[..., Indicator]


def bundle(exhibit: Exhibit) -> dict[str, object]:
    return exhibit._repr_mimebundle_()


def test_the_bundle_holds_text_html_and_data(page: Page, share_of: Share) -> None:
    part = share_of(134, 246, "certification")
    shown = bundle(page.bars([part], id="certif", title="{x} certifiés", lecture="{x:complet}.", x=part))
    assert set(shown) == {"text/plain", "text/html", MIME}
    data = shown[MIME]
    assert isinstance(data, dict)
    assert (data["id"], data["genre"], data["titre"]) == ("certif", "figure", "54\u00a0% certifiés")
    assert data["passage"]["audience"] == "interne"
    assert data["lignes"][0]["Effectif"] == 134
    assert data["indicateurs"][0]["denominateur"] == 246
    assert data["simule"] is True


def test_the_text_changes_with_a_single_record(make_page: Callable[..., Page], share_of: Share) -> None:
    """134 and 135 of 246 both print 54 or 55 %: the counts behind them are what a comparison of texts catches."""

    def text(count: int) -> str:
        part = share_of(count, 246)
        return str(bundle(make_page().dots({"Ensemble": part}, id="f", title="t", lecture="l"))["text/plain"])

    assert text(134) == text(134)
    assert text(134) != text(133)


def test_the_text_of_a_table_shows_its_numbers(page: Page) -> None:
    frame = pd.DataFrame({"école": ["EDP-01"], "résultat": [12345.678]})
    text = bundle(page.table(frame, id="t", title="T", lecture="l", champ="c"))["text/plain"]
    assert "12345.678" in str(text) and "EDP-01" in str(text)


def test_a_figure_is_tied_to_its_caption_and_notes(page: Page, share_of: Share) -> None:
    html = str(bundle(page.dots([share_of(20, 36)], id="f", title="Un titre", lecture="Une lecture."))["text/html"])
    soup = BeautifulSoup(html, "html.parser")
    figure = soup.figure
    assert figure is not None and figure.figcaption is not None
    assert figure["role"] == "figure" and figure["aria-labelledby"] == figure.figcaption["id"]
    assert figure.figcaption.get_text().startswith("Figure\u00a01. Un titre")
    notes = [line.get_text() for line in figure.select(".notes p")]
    assert notes[0] == "Lecture\u00a0: Une lecture."
    assert notes[1] == "Champ\u00a0: Des jeunes\u202f; n\u00a0=\u00a036."
    assert "données simulées de la campagne 2024" in notes[2] and "«\u00a0Profils des jeunes\u00a0»" in notes[2]
    assert figure.details is not None and figure.details.table is not None


def test_a_page_without_a_notebook_of_its_name_still_has_a_source(make_page: Callable[..., Page]) -> None:
    page = make_page()
    page.name = "fiche_edp_01"
    assert page.source.endswith("état au 30\u00a0avril\u00a02024.")


def test_groups_share_the_words_of_their_population(page: Page, share_of: Share) -> None:
    groups = {
        name: share_of(20, 36, population=f"246 sortants, au 30 avril, école : {name}") for name in ("EDP-01", "EDP-02")
    }
    shown = page.dots(groups, id="f", title="t", lecture="l")
    assert shown.champ == "246 sortants, au 30\u00a0avril\u202f; n\u00a0=\u00a036 pour chaque ligne."
    assert list(shown.table["Libellé"]) == ["EDP-01", "EDP-02"]


@pytest.mark.parametrize("given", [{"lecture": "l", "title": ""}, {"title": "t"}])
def test_a_title_and_a_reading_are_required(page: Page, share_of: Share, given: dict[str, str]) -> None:
    with pytest.raises(UserError, match="manquant"):
        page.dots([share_of(20, 36)], id="f", **given)


def test_a_population_is_required(page: Page) -> None:
    with pytest.raises(UserError, match="champ manquant"):
        page.table(pd.DataFrame({"a": [1]}), id="f", title="t", lecture="l")


def test_an_id_serves_once(page: Page) -> None:
    page.sentence("Une phrase.", id="a")
    with pytest.raises(UserError, match="sert deux fois"):
        page.sentence("Une autre.", id="a")


def test_a_cell_run_again_in_jupyterlab_keeps_its_id_and_number(
    page: Page, share_of: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = SimpleNamespace(id="c1")
    monkeypatch.setattr("edp_analysis.exhibits.page._running_cell", lambda: cell.id)
    part = share_of(20, 36)
    assert [page.dots([part], id="f", title="t", lecture="l").number for _ in range(2)] == [1, 1]
    cell.id = "c2"
    with pytest.raises(UserError, match="sert deux fois"):
        page.dots([part], id="f", title="t", lecture="l")


def test_ids_are_plain(page: Page) -> None:
    with pytest.raises(UserError, match="refusé"):
        page.sentence("Une phrase.", id="Été 1")


def test_a_unit_for_an_absent_column_is_refused(page: Page) -> None:
    with pytest.raises(UserError, match="colonne absente, « b »"):
        page.table(pd.DataFrame({"a": [1]}), id="t", title="t", lecture="l", champ="c", units={"b": "%"})


def test_an_answer_is_to_a_question_of_the_campaign(page: Page, share_of: Share) -> None:
    shown = page.answer("Q2", "{x} de filles.", x=share_of(87, 378))
    assert (shown.question, shown.kind, shown.title) == ("Q2", "answer", "23\u00a0% de filles.")
    assert "Élément de réponse" in to_html(shown), "the answer as a whole is the synthesis's"
    whole = to_html(replace(shown, page="synthese"))
    assert "Réponse" in whole and "Élément" not in whole
    with pytest.raises(UserError, match="« Q9 » absente"):
        page.answer("Q9", "Oui.")


def test_the_header_says_what_is_simulated_missing_and_blocked(make_page: Callable[..., Page]) -> None:
    problem = Problem("r", "cette date n'existe pas", Place("a.xlsx"), remedy="Corriger.", severity=Severity.BLOCKING)
    text = to_html(make_page(problems=(problem,), missing=("enquete",)).header())
    for words in ("Données simulées.", "«\u00a0enquete\u00a0»", "1 problème bloquant.", "cette date n’existe pas"):
        assert words in text
    quiet = make_page(simulated=False).header().graphic
    assert "simulées" not in quiet and "bandeau" not in quiet


def test_key_figures_carry_counts_and_interval(page: Page, share_of: Share) -> None:
    items = [share_of(134, 246), share_of(9, 17), share_of(0, 0), Indicator("n", "Jeunes", 378.0, "jeunes", "suivis")]
    cards = BeautifulSoup(to_html(page.key_figures(items)), "html.parser").select(".cartes > li")
    values = [card.select_one(".kf").get_text() for card in cards]  # type: ignore[union-attr]
    assert values == ["54\u00a0%", "9 sur 17 [faible]", "n.c.", "378"]
    assert "134 sur 246\u202f; entre 48 et 61\u00a0%" in cards[0].get_text()
    assert "non calculable" in cards[2].get_text()


def test_a_count_says_out_of_how_many_and_a_cost_what_it_divides(page: Page) -> None:
    items = [
        Indicator("a", "Animation du réseau", 13.0, "entretiens", "écoles", 13, 18),
        Indicator("c", "Coût par apprenant", 5000.0, "€ par apprenant", "écoles", 575000, 115),
        Indicator("n", "Jeunes", 378.0, "jeunes", "suivis"),
    ]
    shown = BeautifulSoup(to_html(page.key_figures(items)), "html.parser")
    cards = [[line.get_text() for line in card.select(".ki")] for card in shown.select(".cartes > li")]
    assert cards == [["sur 18", "écoles"], ["575\u202f000\u00a0€ divisés par 115", "écoles"], ["suivis"]]
    assert shown.select(".src") == [], "no card has a rate: nothing is said of what stands under rates"


def test_what_stands_under_the_rates_is_said_when_there_is_one(page: Page, share_of: Share) -> None:
    reading = page.key_figures([share_of(134, 246)]).source
    assert reading.startswith("Sous chaque taux") and "intervalle" in reading


def test_a_template_may_use_the_campaign(page: Page) -> None:
    assert page.sentence("Campagne {campagne}, au {extraction}.").title == "Campagne 2024, au 30\u00a0avril\u00a02024."


def test_an_exhibit_without_stamp_is_not_rendered(page: Page) -> None:
    with pytest.raises(UserError, match="porte de diffusion"):
        to_html(replace(page.sentence("Une phrase."), stamp=None))


def test_a_method_is_folded_and_keeps_its_indicators(page: Page, share_of: Share) -> None:
    part = share_of(134, 246, "certification")
    shown = page.method("Intervalle de Wilson : {x:complet}.", about="la certification", x=part)
    soup = BeautifulSoup(to_html(shown), "html.parser")
    assert soup.details is not None and soup.details.summary is not None
    assert "open" not in soup.details.attrs  # folded
    assert soup.details.summary.get_text() == "Méthode\u00a0: la certification"
    assert soup.details.p is not None and "134 sur 246" in soup.details.p.get_text()
    assert shown.as_dict()["genre"] == "method" and shown.indicators == (part,)


def test_a_method_may_not_hold_a_number_typed_by_hand(page: Page) -> None:
    with pytest.raises(UserError, match="95"):
        page.method("Intervalle à 95 %.")


def test_the_reading_of_uncertainty_stands_under_each_figure(page: Page, share_of: Share) -> None:
    part = share_of(20, 36)
    before = page.dots([part], id="avant", title="t", lecture="l")
    page.readings("superpopulation", "recensement")
    with_interval = page.dots([part], id="a", title="t", lecture="l", note="Une note.")
    plain = pd.DataFrame({"âge": ["seize"], "part": [0.5]})
    without = page.bars(plain, id="b", title="t", lecture="l", champ="c")
    words = page.sentence("Une phrase.")
    cells = page.table(pd.DataFrame({"x": ["a"], "part": [part]}), id="c", title="t", lecture="l", champ="c")
    counts = page.table(pd.DataFrame({"x": ["a"], "n": [3]}), id="d", title="t", lecture="l", champ="c")
    assert before.note == "" and words.note == "" and counts.note == ""
    assert with_interval.note.startswith("Une note. Intervalle\u00a0:") and "hasard" in with_interval.note
    assert without.note.startswith("Recensement")
    assert cells.note == with_interval.note.removeprefix("Une note. ")


def test_an_unknown_reading_is_refused(page: Page) -> None:
    with pytest.raises(UserError, match="Lecture « échantillon » inconnue"):
        page.readings("échantillon")
