from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.exhibits.layout import Box, around, spread


@pytest.mark.parametrize(
    ("centres", "sizes", "expected"),
    [
        ([50.0], [10.0], [50.0]),
        ([50.0, 54.0], [10.0, 10.0], [47.0, 57.0]),  # their middle, 52, stays where it was
        ([54.0, 50.0], [10.0, 10.0], [57.0, 47.0]),  # whatever the order received
        ([1.0, 2.0], [10.0, 10.0], [5.0, 15.0]),  # pushed back inside
        ([99.0], [10.0], [95.0]),
        ([0.0, 100.0, 100.0], [60.0, 60.0, 60.0], [30.0, 90.0, 150.0]),  # no room: stacked from the top
    ],
)
def test_labels_move_no_more_than_needed(centres: list[float], sizes: list[float], expected: list[float]) -> None:
    assert spread(centres, sizes, 0, 100) == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 30)), min_size=1, max_size=8))
def test_stacked_labels_never_overlap(items: list[tuple[float, float]]) -> None:
    centres, sizes = [centre for centre, _ in items], [size for _, size in items]
    placed = spread(centres, sizes, 0, 300)
    ranked = sorted(zip(placed, sizes, strict=True))
    for (first, high), (second, low) in itertools.pairwise(ranked):
        assert second - first >= (high + low) / 2 - 1e-6
    if sum(sizes) <= 300:
        assert all(
            place - size / 2 >= -1e-6 and place + size / 2 <= 300 + 1e-6
            for place, size in zip(placed, sizes, strict=True)
        )


def test_a_lonely_label_stands_right_of_its_dot() -> None:
    """Radius 6, two pixels of air, half of 20: 50 + 6 + 2 + 10."""
    assert around([(50, 50)], [(20, 10)], 200, 100) == [Box(68, 50, 20, 10)]


def test_at_the_right_edge_a_label_stands_left() -> None:
    assert around([(190, 50)], [(20, 10)], 200, 100) == [Box(172, 50, 20, 10)]


def test_a_label_is_nearer_to_its_own_dot_than_to_any_other() -> None:
    """Two dots 40 pixels apart: at its right, 2 pixels away, a label of 30 would end 4 pixels from the other dot's rim.

    From its edge: 8 to its own centre, 2 to the other. It goes left, where the other dot is 48 + 30 away.
    """
    box, _ = around([(100, 50), (140, 50)], [(30, 10), (30, 10)], 300, 100)
    assert box.distance(100, 50) < box.distance(140, 50)


def test_a_label_keeps_off_a_line_when_another_place_is_free() -> None:
    """A horizontal line through the dot: right and left are crossed, above is free."""
    free, crossed = (around([(50, 50)], [(20, 10)], 200, 100, lines=lines)[0] for lines in ((), [Box(100, 50, 200, 2)]))
    assert free.y == 50 and crossed.overlap(Box(100, 50, 200, 2)) == 0


@given(st.lists(st.tuples(st.integers(20, 580), st.integers(20, 280)), min_size=1, max_size=10, unique=True))
def test_ten_labels_always_find_a_free_place(dots: list[tuple[int, int]]) -> None:
    boxes = around([(float(x), float(y)) for x, y in dots], [(48.0, 17.0)] * len(dots), 600, 300)
    for one, other in itertools.combinations(boxes, 2):
        assert one.overlap(other) == 0
    assert all(box.outside(600, 300) == 0 for box in boxes)
