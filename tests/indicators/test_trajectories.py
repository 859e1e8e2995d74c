from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.indicators.trajectories import trajectoires
from edp_analysis.problems import UserError

Learners = Callable[..., pd.DataFrame]
VERSION = load_campaign("2024").definitions["sorties"]


def test_each_youth_who_left_takes_one_path(learners: Learners) -> None:
    """Six persons: three end the course (two back to school, one in service civique), two leave early (one seeks a job,
    one of unknown situation), one is still there and takes no path."""
    end, early = {"statut": "FIN_DE_FORMATION"}, {"statut": "SORTIE_ANTICIPEE"}
    frame = learners(
        {**end, "situation_sortie": "SCOLAIRE"},
        {**end, "situation_sortie": "APPRENTISSAGE"},
        {**end, "situation_sortie": "SERVICE_CIVIQUE"},
        {**early, "situation_sortie": "RECHERCHE_EMPLOI"},
        {**early},
        {"statut": "INSCRIT"},
    )
    assert [tuple(row) for row in trajectoires(frame, VERSION).itertuples(index=False)] == [
        ("Cursus terminé", "Reprise d’études", 2),
        ("Cursus terminé", "Autre ou inconnue", 1),
        ("Sortie anticipée", "Sortie négative", 1),
        ("Sortie anticipée", "Autre ou inconnue", 1),
    ]


def test_nobody_has_left(learners: Learners) -> None:
    assert trajectoires(learners({}), VERSION).empty
    assert trajectoires(learners({}).iloc[:0], VERSION).empty


def test_an_unknown_nomenclature_is_refused(learners: Learners) -> None:
    with pytest.raises(UserError):
        trajectoires(learners({}), VERSION, "anpe")
