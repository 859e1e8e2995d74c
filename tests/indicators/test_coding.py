"""Agreement of two coders, on four interviews done by hand.

FED_ANIMATION: both put it in E01 and E02, the first alone in E03, neither in E04: 2, 1, 0, 1. Raw 3/4; positive
2·2/(2·2+1) = 4/5; kappa: po = 3/4, pe = (3·2 + 1·2)/16 = 1/2, so (3/4 − 1/2)/(1/2) = 1/2. Krippendorff (nominal, 8
values: 5 « put », 3 « not »): one unit of 4 disagrees, so Do = 2/8 = 1/4 and De = 2·5·3/(8·7) = 15/28; alpha =
1 − (1/4)/(15/28) = 1 − 7/15 = 8/15.
"""

import tomllib

import pandas as pd
import pytest

from edp_analysis.campaign import find_root, load_campaign
from edp_analysis.cleaning.interviews import clean_interviews
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.codebook import theme_of
from edp_analysis.indicators.coding import (
    accord_global,
    accord_par_code,
    accord_polarite,
    decisions,
    double_lecture,
    releves_communs,
)
from edp_analysis.simulation.truth import truth_folder


def codings(*rows):
    columns = list(empty_frame("codages").columns)
    records = [
        {
            "id_entretien": name, "codeur": f"C{reading}", "lecture": reading, "theme": theme_of()[code], "code": code,
            "polarite": polarity,
        }
        for name, reading, code, polarity in rows
    ]  # fmt: skip
    return typed(pd.DataFrame(records, columns=columns, dtype=object), "codages")


HAND = codings(
    ("E01", 1, "FED_ANIMATION", "POSITIF"), ("E01", 2, "FED_ANIMATION", "POSITIF"),
    ("E02", 1, "FED_ANIMATION", "POSITIF"), ("E02", 2, "FED_ANIMATION", "NEUTRE"),
    ("E03", 1, "FED_ANIMATION", "POSITIF"), ("E03", 2, "MOB_TRANSPORT", "NEGATIF"),
    ("E04", 1, "MOB_TRANSPORT", "NEGATIF"), ("E04", 2, "MOB_TRANSPORT", "NEGATIF"),
    ("E05", 1, "FED_ANIMATION", "POSITIF"),
)  # fmt: skip


def test_the_share_coded_twice():
    found = double_lecture(HAND)
    assert (found.numerator, found.denominator, found.value) == (4, 5, 0.8)


def test_every_code_of_every_interview_read_twice_is_a_decision():
    found = decisions(HAND)
    assert len(found) == 4 * 36
    assert (found["premiere"].sum(), found["seconde"].sum()) == (4, 4)


def test_one_code_by_hand():
    found = accord_par_code(HAND).set_index("code").loc["FED_ANIMATION"]
    assert found[["entretiens", "deux", "premier", "second", "aucun"]].tolist() == [4, 2, 1, 0, 1]
    assert found["accord_brut"] == pytest.approx(3 / 4)
    assert found["accord_positif"] == pytest.approx(4 / 5)
    assert found["kappa"] == pytest.approx(1 / 2)
    assert found["alpha"] == pytest.approx(8 / 15)
    assert found["alpha_bas"] <= found["alpha"] <= found["alpha_haut"]


def test_a_code_that_nobody_put_has_no_coefficient_and_says_why():
    found = accord_par_code(HAND).set_index("code").loc["AUT_AUTRE"]
    assert pd.isna(found["alpha"]) and pd.isna(found["kappa"]) and pd.isna(found["accord_positif"])
    assert found["accord_brut"] == 1.0
    assert found["raison"].startswith("jamais relevé")


def test_a_code_that_both_always_put_says_so_too():
    rows = [(name, reading, "FED_ANIMATION", "POSITIF") for name in ("E01", "E02") for reading in (1, 2)]
    found = accord_par_code(codings(*rows)).set_index("code").loc["FED_ANIMATION"]
    assert found["raison"].startswith("toujours relevé")


def test_all_decisions_together():
    """2 + 1 both (animation twice, transport in E04), one for each alone: 3, 1, 1, 139 of 144.

    po = 142/144; pe = (4·4 + 140·140)/144² = 19616/20736; kappa = (142/144 − pe)/(1 − pe) = 0.7429.
    """
    found = accord_global(HAND)
    assert found.value == pytest.approx(0.742857, abs=1e-6)
    assert found.interval is not None and found.interval.low <= found.value <= found.interval.high
    assert accord_global(HAND) == found


def test_what_both_codings_raise_of_what_one_at_least_does():
    """Three subjects raised by both, one by the first alone, one by the second alone: 3 of 5."""
    found = releves_communs(HAND)
    assert (found.numerator, found.denominator, found.interval) == (3, 5, None)


def test_judgements_where_both_put_the_code():
    """Three in common: + +, + 0, − −. Linear weights: po = 1 − (1/2)/3 = 5/6.

    First: 2 +, 1 −; second: 1 +, 1 0, 1 −. Mean distance by chance: (2·(0 + 1/2 + 1) + 1·(1 + 1/2 + 0))/9 = 1/2.
    kappa = 1 − (1/6)/(1/2) = 2/3.
    """
    found = accord_polarite(HAND)
    assert (found.units, found.value) == (3, pytest.approx(2 / 3))


def test_nothing_coded_twice_is_said():
    alone = codings(("E01", 1, "FED_ANIMATION", "POSITIF"))
    assert accord_global(alone).reason == "aucun entretien n’a été lu par deux codeurs"
    assert accord_par_code(alone).empty
    assert accord_polarite(alone) is None
    assert releves_communs(alone).reason == "aucun entretien n’a été lu par deux codeurs"
    assert double_lecture(empty_frame("codages")).reason == "aucun entretien codé"


def test_the_planted_agreement_of_the_simulated_campaign_is_recovered():
    """The four pooled counts and kappa, planted before anything was read."""
    campaign = load_campaign("2024", find_root())
    planted = tomllib.loads((truth_folder(campaign.root, "2024") / "verite-entretiens.toml").read_text("utf-8"))
    read = clean_interviews(campaign)["codages"].frame
    found = accord_par_code(read, resamples=50)
    assert {name: int(found[name].sum()) for name in ("deux", "premier", "second", "aucun")} == {
        name: planted["accord"][name] for name in ("deux", "premier", "second", "aucun")
    }
    whole = accord_global(read)
    assert whole.value == pytest.approx(planted["accord"]["kappa"], abs=1e-4)
    assert whole.interval.low <= planted["accord"]["kappa"] <= whole.interval.high
    assert double_lecture(read).value >= 0.2
