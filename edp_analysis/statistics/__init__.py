"""Statistics on plain counts and arrays, each checked against R, a textbook or a published table."""

from edp_analysis.statistics.proportions import Interval, wilson

__all__ = ["Interval", "wilson"]
