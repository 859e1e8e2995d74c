"""Columns of a regression."""

import pandas as pd
import pytest

from edp_analysis.statistics.design import build_design


def test_references_are_the_most_frequent_or_the_first_declared():
    frame = pd.DataFrame({"sexe": ["F", "M", "M", "F"], "domaine": ["bois", "métal", "métal", "cuir"]})
    design = build_design(frame)
    assert design.levels == {"sexe": ("F", "M"), "domaine": ("métal", "bois", "cuir")}
    assert design.matrix.tolist() == [[1, 0, 1, 0], [1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 0, 1]]
    declared = frame.assign(domaine=pd.Categorical(frame["domaine"], ["bois", "verre", "cuir", "métal"]))
    assert build_design(declared).levels["domaine"] == ("bois", "cuir", "métal")


def test_booleans_and_numbers_stay_as_they_are():
    design = build_design(pd.DataFrame({"signalé": [True, False], "âge": pd.array([15, 16], dtype="Int64")}))
    assert design.columns == (("signalé", ""), ("âge", ""))
    assert design.matrix.tolist() == [[1, 1, 15], [1, 0, 16]]


def test_what_cannot_be_coded():
    with pytest.raises(ValueError, match="vide"):
        build_design(pd.DataFrame())
    with pytest.raises(ValueError, match="une seule modalité"):
        build_design(pd.DataFrame({"sexe": ["F", "F"]}))
    with pytest.raises(ValueError, match="sexe : 1 valeur"):
        build_design(pd.DataFrame({"sexe": ["F", None]}))
    with pytest.raises(ValueError, match="âge : 1 valeur"):
        build_design(pd.DataFrame({"âge": pd.array([15, None], dtype="Int64")}))
