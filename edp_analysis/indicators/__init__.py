"""Indicators: one function per notion an evaluator would name."""

from edp_analysis.indicators.result import Indicator, amount, count, share

__all__ = ["Indicator", "amount", "count", "share"]
