"""The core of counts: what is committed still satisfies everything, and what cannot be satisfied is refused."""

from dataclasses import replace

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.problems import UserError
from edp_analysis.simulation.core import broken_constraints, read_core, solve_core, solve_shares
from edp_analysis.simulation.learners import core_table, period_sizes
from edp_analysis.simulation.settings import read_settings

GIRLS = {"ANCIENNE": 0.24, "RECENTE": 0.21}


@pytest.fixture(scope="module")
def campaign():
    return load_campaign("2024")


@pytest.fixture(scope="module")
def settings(campaign):
    return read_settings(campaign)


@pytest.fixture(scope="module")
def sizes(campaign, settings):
    return period_sizes(campaign, settings)


def test_calendar_of_the_settled_campaign(sizes):
    """230 entries in the intakes whose course has ended, 148 in the others (design, « Settled »)."""
    assert sizes == {"ANCIENNE": 230, "RECENTE": 148}


def test_committed_core_holds_the_published_counts(campaign, settings):
    """Counted here from the table itself: 246 leavers, 166 completers, 134 certified, 291 men, 105-107, 100-102."""
    core = core_table(campaign, settings)
    n = core["effectif"]
    left = core["statut"] != "INSCRIT"
    assert n.sum() == 378
    assert n[left].sum() == 246
    assert n[core["statut"] == "FIN_DE_FORMATION"].sum() == 166
    assert n[core["resultat"] == "ADMIS"].sum() == 134
    assert n[core["sexe"] == "H"].sum() == 291
    assert 105 <= n[core["devenir"] == "REPRISE"].sum() <= 107
    assert 100 <= n[core["devenir"] == "NEGATIVE"].sum() <= 102
    early = core["statut"] == "SORTIE_ANTICIPEE"
    assert n[early & (core["periode"] == "ANCIENNE")].sum() == 64
    assert n[early & (core["periode"] == "RECENTE")].sum() == 16


def test_solved_again_satisfies_every_constraint(settings, sizes):
    """Not the same table as the committed one, maybe: another solver may take another at the same distance."""
    assert broken_constraints(solve_core(settings, sizes, GIRLS), settings, sizes) == []


def test_one_certificate_less_breaks_the_core(campaign, settings, sizes):
    """133/246 still prints 54 %, but 133/166 = 80.1 % prints 80."""
    core = core_table(campaign, settings).copy()
    won = core.index[(core["resultat"] == "ADMIS") & (core["effectif"] > 0)][0]
    row = core.loc[won]
    lost = core.index[
        (core["resultat"] == "AJOURNE") & (core["devenir"] == row["devenir"]) & (core["sexe"] == row["sexe"])
    ][0]
    core.loc[won, "effectif"] -= 1
    core.loc[lost, "effectif"] += 1
    assert set(broken_constraints(core, settings, sizes)) == {"certification_cursus_complet"}


def test_negative_and_unknown_cells_are_named(campaign, settings, sizes):
    core = core_table(campaign, settings)
    odd = pd.concat([core, pd.DataFrame([("INSCRIT", "ANCIENNE", "", "", "H", -1)], columns=core.columns)])
    assert broken_constraints(odd, settings, sizes)[0] == "cellules inconnues"


def test_impossible_targets_are_refused(settings, sizes):
    """All men and 77 % of men cannot both be."""
    with pytest.raises(UserError, match="Aucun tableau"):
        solve_core(replace(settings, men=378), sizes, GIRLS)


def test_missing_core_file_is_named(tmp_path, settings, sizes):
    with pytest.raises(UserError, match="n'existe pas"):
        read_core(tmp_path / "absent.csv", settings, sizes)


def test_stale_core_file_is_refused(tmp_path, campaign, settings, sizes):
    path = tmp_path / "noyau.csv"
    core = core_table(campaign, settings)
    core.assign(effectif=core["effectif"] + 1).to_csv(path, sep=";", index=False)
    with pytest.raises(UserError, match="ne satisfait pas"):
        read_core(path, settings, sizes)


def test_origin_vector_of_the_published_chart(settings):
    """The reference vector prints every label of the chart, and 330 of 378 known is 87 %, not 88."""
    counts = solve_shares(378, settings.origins)
    assert list(counts.values()) == [1, 181, 23, 49, 46, 15, 7, 7, 1, 48]


def test_rounding_is_half_up():
    """1/8 = 12.5 % prints 13 and never 12; 3/8 = 37.5 % prints 38."""
    assert solve_shares(8, {"a": ("13", 0), "b": ("38", 0), "c": ("50", 0)}) == {"a": 1, "b": 3, "c": 4}
    with pytest.raises(UserError, match="a 12 %"):
        solve_shares(8, {"a": ("12", 1), "b": ("38", 3), "c": ("50", 4)})
