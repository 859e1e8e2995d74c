"""Where texts go so that none covers another: labels stacked along a line, labels around dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

__all__ = ["Box", "around", "spread"]

_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
_RINGS = (0, 12, 24, 40, 60, 84)
"""Distances tried between a dot and its label, beyond the dot itself, in pixels."""
_COVERED, _MISREAD = 50, 20
"""What it costs to cover a dot or a label, by square pixel, and to be nearer to another dot, by pixel (a line: 1)."""
_CLEAR = 4
"""By how much a label is to be nearer to its own dot than to any other, in pixels."""


@dataclass(frozen=True)
class Box:
    """A rectangle: its centre, width and height, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """Return the area shared with another rectangle, in square pixels.

        Examples
        --------
        >>> Box(0, 0, 10, 4).overlap(Box(8, 0, 10, 4)), Box(0, 0, 10, 4).overlap(Box(20, 0, 10, 4))
        (8.0, 0.0)
        """
        across = (self.width + other.width) / 2 - abs(self.x - other.x)
        down = (self.height + other.height) / 2 - abs(self.y - other.y)
        return max(across, 0.0) * max(down, 0.0)

    def outside(self, width: float, height: float) -> float:
        """Return by how much the rectangle leaves the frame from (0, 0) to (`width`, `height`), in pixels."""
        return (
            max(self.width / 2 - self.x, 0.0)
            + max(self.x + self.width / 2 - width, 0.0)
            + max(self.height / 2 - self.y, 0.0)
            + max(self.y + self.height / 2 - height, 0.0)
        )

    def distance(self, x: float, y: float) -> float:
        """Return how far a point is from the rectangle, in pixels; 0 inside.

        Examples
        --------
        >>> Box(0, 0, 10, 4).distance(8, 6), Box(0, 0, 10, 4).distance(3, 1)
        (5.0, 0.0)
        """
        return hypot(max(abs(x - self.x) - self.width / 2, 0.0), max(abs(y - self.y) - self.height / 2, 0.0))


def spread(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move the centres of stacked labels as little as needed for none to cover another, keeping their order.

    Labels that touch move as one block, whose centre is the mean of those wanted (pool adjacent violators). When all
    cannot fit, they are stacked from `low` and go beyond `high`.

    Parameters
    ----------
    centres : sequence of float
        Wanted positions, in pixels.
    sizes : sequence of float
        Height of each label, in pixels.
    low, high : float
        Bounds of the stack.

    Examples
    --------
    >>> spread([10, 12, 60], [10, 10, 10], 0, 100)
    [6.0, 16.0, 60.0]
    """
    order = sorted(range(len(centres)), key=lambda rank: (centres[rank], rank))
    before, offsets = 0.0, []
    for rank in order:  # where each label begins when all are stacked from zero
        offsets.append(before + sizes[rank] / 2)
        before += sizes[rank]
    bottom, top = low, max(high - before, low)
    blocks: list[tuple[float, int]] = []
    for rank, offset in zip(order, offsets, strict=True):
        mean, count = centres[rank] - offset, 1
        while blocks and blocks[-1][0] > mean:
            former, members = blocks.pop()
            mean, count = (former * members + mean * count) / (members + count), members + count
        blocks.append((mean, count))
    starts = [min(max(mean, bottom), top) for mean, count in blocks for _ in range(count)]
    placed = [0.0] * len(order)
    for rank, offset, start in zip(order, offsets, starts, strict=True):
        placed[rank] = start + offset
    return placed


def around(
    dots: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    width: float,
    height: float,
    radius: float = 6,
    lines: Sequence[Box] = (),
) -> list[Box]:
    """Place a label near each dot: the nearest free place among eight directions, farther when all are taken.

    A label nearer to another dot than to its own would name the wrong one: it is moved, across a line if need be.

    Parameters
    ----------
    dots : sequence of (float, float)
        Centres, in pixels.
    sizes : sequence of (float, float)
        Width and height of each label, in pixels.
    width, height : float
        Frame that labels stay in.
    radius : float
        Of the dots, in pixels.
    lines : sequence of Box
        What labels had better not cross, cut into small boxes.

    Returns
    -------
    list of Box
        In the order of the dots. Where nothing is free, the place that covers least.

    Examples
    --------
    >>> [(box.x, box.y) for box in around([(50, 50), (60, 50)], [(20, 10), (20, 10)], 200, 100)]
    [(32.0, 50.0), (78.0, 50.0)]
    """
    taken = [Box(x, y, 2 * radius, 2 * radius) for x, y in dots]
    placed: list[Box] = []
    for (x, y), (wide, high) in zip(dots, sizes, strict=True):
        best, least = None, float("inf")
        for ring in _RINGS:
            for across, down in _DIRECTIONS:
                # A label beside its dot is aligned on it; above or below, it is centred.
                box = Box(
                    x + across * (radius + 2 + ring + wide / 2), y + down * (radius + ring + high / 2), wide, high
                )
                covered = box.outside(width, height) * high + sum(box.overlap(other) for other in taken)
                cost = _COVERED * covered + _MISREAD * _misread(box, (x, y), dots)
                cost += sum(box.overlap(line) for line in lines)
                if cost < least:
                    best, least = box, cost
                if least == 0:
                    break
            if least == 0:
                break
        if best is None:  # every cost is infinite or not a number: the dot itself is nowhere
            best = Box(x, y, wide, high)
        taken.append(best)
        placed.append(best)
    return placed


def _misread(box: Box, own: tuple[float, float], dots: Sequence[tuple[float, float]]) -> float:
    """Return by how much another dot is as near to a label as its own, in pixels."""
    others = [box.distance(*dot) for dot in dots if dot != own]
    return max(box.distance(*own) + _CLEAR - min(others), 0.0) if others else 0.0
