"""Published figures name their own source: they are not the campaign's data."""

import pandas as pd

FRAME = pd.DataFrame({"Territoire": ["Région"], "Jeunes": [10]})


def test_a_published_figure_names_its_source(page):
    shown = page.table(FRAME, id="a", title="Titre", lecture="Lecture.", champ="Champ.", source="INSEE, 2023.")
    assert shown.source == "INSEE, 2023."
    assert shown.simulated, "la page reste celle de données simulées"


def test_by_default_the_source_is_the_campaign(page):
    shown = page.table(FRAME, id="a", title="Titre", lecture="Lecture.", champ="Champ.")
    assert shown.source == page.source
