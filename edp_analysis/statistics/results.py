"""What a test of hypothesis returns."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HypothesisTest"]


@dataclass(frozen=True)
class HypothesisTest:
    """Outcome of a test of hypothesis.

    Attributes
    ----------
    statistic : float
        The statistic, in the unit said by the function (a z score, a chi-square, an odds ratio…).
    pvalue : float
        Probability, in [0, 1], under the null hypothesis, of a result at least as extreme.
    method : str
        Name of the test, in French, as printed under a figure.
    degrees : int or None
        Degrees of freedom, ``None`` where the notion does not apply.

    Examples
    --------
    >>> HypothesisTest(2.0, 0.046, "test du score").pvalue
    0.046
    """

    statistic: float
    pvalue: float
    method: str
    degrees: int | None = None
