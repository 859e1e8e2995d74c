"""What may be quoted, to whom, and under which name."""

from dataclasses import replace

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.codebook import SIMULATED_VOICE
from edp_analysis.disclosure.quotations import citations_montrables
from edp_analysis.problems import UserError

REAL = replace(load_campaign("2024"), simulated=False)


def table(name, rows):
    return typed(pd.DataFrame(rows, columns=list(empty_frame(name).columns), dtype=object), name)


@pytest.fixture
def interviews():
    """Five schools, one company met twice, one interview without a family."""
    rows = [
        {"id_entretien": f"E{rank:02d}", "famille_acteurs": "ECOLE", "structure": f"ECO-{rank:02d}"}
        for rank in range(1, 6)
    ]
    rows += [
        {"id_entretien": f"E{rank:02d}", "famille_acteurs": "ENTREPRISE", "structure": "ENT-01"}
        for rank in range(10, 16)
    ]
    rows.append({"id_entretien": "E20"})
    return table("entretiens", rows)


@pytest.fixture
def quotations():
    rows = [
        ("Q001", "E01", True, "PUBLIC"), ("Q002", "E01", True, "INTERNE"), ("Q003", "E02", False, "PUBLIC"),
        ("Q004", "E10", True, "PUBLIC"), ("Q005", "E20", True, "PUBLIC"),
    ]  # fmt: skip
    keys = ("id_citation", "id_entretien", "approuvee", "diffusion")
    return table("citations", [{**dict(zip(keys, row, strict=True)), "texte": f"Texte {row[0]}."} for row in rows])


def test_a_quotation_that_was_not_approved_is_shown_to_nobody(quotations, interviews):
    for audience in ("interne", "public"):
        assert "Q003" not in set(citations_montrables(quotations, interviews, REAL, audience)["id_citation"])


def test_an_internal_quotation_is_not_public(quotations, interviews):
    assert list(citations_montrables(quotations, interviews, REAL)["id_citation"]) == ["Q001", "Q002", "Q004", "Q005"]
    public = citations_montrables(quotations, interviews, REAL, "public")
    assert list(public["id_citation"]) == ["Q001", "Q004", "Q005"]


def test_a_family_of_too_few_structures_is_not_told(quotations, interviews):
    """Six interviews of one company: whoever spoke would be recognised."""
    shown = citations_montrables(quotations, interviews, REAL).set_index("id_citation")
    assert shown.loc["Q001", "attribution"] == "École"
    assert shown.loc["Q004", "attribution"] == shown.loc["Q005", "attribution"] == "Un acteur du dispositif"
    assert shown["famille_acteurs"].isna().tolist() == [False, False, True, True]
    assert not {"structure", "id_entretien", "ecole"} & set(shown.columns)


def test_a_simulated_voice_never_passes_for_a_real_one(quotations, interviews):
    simulated = citations_montrables(quotations, interviews, replace(REAL, simulated=True))
    assert simulated["texte"].str.endswith(SIMULATED_VOICE).all()
    assert not citations_montrables(quotations, interviews, REAL)["texte"].str.contains("simulée").any()
    marked = quotations.assign(texte=quotations["texte"] + f" {SIMULATED_VOICE}")
    again = citations_montrables(marked, interviews, replace(REAL, simulated=True))
    assert (again["texte"].str.count("simulée") == 1).all()


def test_an_unknown_audience_is_refused(quotations, interviews):
    with pytest.raises(UserError, match="« presse »"):
        citations_montrables(quotations, interviews, REAL, "presse")


def test_no_quotation_is_an_empty_table(interviews):
    assert citations_montrables(empty_frame("citations"), interviews, REAL).empty
    assert citations_montrables(empty_frame("citations"), empty_frame("entretiens"), REAL).empty
