"""The ledger closes, or says which row does not."""

import pytest

from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerError, LedgerLine

KEPT = LedgerLine("a.xlsx", "S", 3, "apprenants", Fate.KEPT, "k1", corrections=("sexe",))
TITLE = LedgerLine("a.xlsx", "S", 1, "apprenants", Fate.SET_ASIDE, reason="titre")


def test_a_ledger_where_each_row_has_one_fate_closes():
    Ledger([TITLE, KEPT]).check_closes({("a.xlsx", "S"): (1, 3)})


@pytest.mark.parametrize(
    ("lines", "rows", "message"),
    [
        ([TITLE], (1, 3), "1 ligne.s. sans sort, la première : .'a.xlsx', 'S', 3."),
        ([TITLE, KEPT], (1,), "avec un sort sans être dans le fichier"),
        ([TITLE, KEPT, KEPT], (1, 3), "avec plusieurs sorts"),
    ],
)
def test_a_row_without_a_fate_with_two_or_from_nowhere_is_named(lines, rows, message):
    with pytest.raises(LedgerError, match=message):
        Ledger(lines).check_closes({("a.xlsx", "S"): rows})


def test_the_balance_per_file_adds_up():
    """One file: two rows read = one kept (corrected) + none merged + one set aside."""
    table = Ledger([TITLE, KEPT]).balance()
    assert table.iloc[0].to_dict() == {
        "table": "apprenants",
        "fichier": "a.xlsx",
        "lues": 2,
        "reprise": 1,
        "fusionnée": 0,
        "écartée": 1,
        "corrigées": 1,
    }
