"""The site never says « conforme » by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.problems import UserError
from edp_analysis.publication.statement import Statement, read_statement

AUDIT = {"etat": "partiellement conforme", "date": date(2028, 5, 2), "auditeur": "Cabinet X", "taux": 87}


def campaign(**site: Any) -> Campaign:
    return replace(load_campaign("2024"), settings={"publication": {"site": site}})


def test_without_an_audit_the_site_is_not_conformant() -> None:
    assert read_statement(load_campaign("2024")) == Statement()
    assert read_statement(campaign(organisme="La Région")).accessibility == "non conforme (non auditée)"


def test_the_day_of_the_declaration_is_kept() -> None:
    assert read_statement(campaign(declaration=date(2028, 6, 1))).declared == date(2028, 6, 1)


def test_an_audit_by_a_person_is_quoted() -> None:
    statement = read_statement(campaign(audit=AUDIT))
    assert statement.accessibility == "partiellement conforme"
    assert statement.audit is not None and statement.audit.share == 87.0


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ({"organsime": "x"}, "« organsime » inconnue"),
        ({"declaration": "juin"}, "« declaration » n'est pas une date"),
        ({"audit": {**AUDIT, "auditeur": ""}}, "ne dit pas « auditeur »"),
        ({"audit": {key: value for key, value in AUDIT.items() if key != "date"}}, "ne dit pas « date »"),
        ({"audit": {**AUDIT, "etat": "conforme"}}, "état « conforme » inconnu"),
        ({"audit": {**AUDIT, "etat": "totalement conforme"}}, "ne va pas avec"),
        ({"audit": {**AUDIT, "taux": 100}}, "ne va pas avec"),
    ],
)
def test_what_cannot_be_said_is_refused(site: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_statement(campaign(**site))
    assert words in str(caught.value)
