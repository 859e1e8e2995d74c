from __future__ import annotations

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.disclosure.gate import gate
from edp_analysis.exhibits.exhibit import Exhibit
from edp_analysis.problems import UserError


def test_the_gate_stamps_a_copy() -> None:
    campaign = load_campaign("2024")
    before = Exhibit("a", "sentence", title="x")
    after = gate(before, campaign, "interne")
    assert before.stamp is None
    assert after.stamp is not None and (after.stamp.audience, after.stamp.campaign) == ("interne", "2024")
    assert after.audience == "interne"


def test_public_pages_wait_for_disclosure_control() -> None:
    with pytest.raises(UserError, match="pas encore disponibles"):
        gate(Exhibit("a", "sentence"), load_campaign("2024"), "public")


def test_an_unknown_audience_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UserError, match="Peut-être : « interne »"):
        gate(Exhibit("a", "sentence"), load_campaign("2024"), "intern")
