"""What a notebook shows: figures, tables, key figures and sentences, each through the gate."""

from edp_analysis.exhibits.claims import ClaimError
from edp_analysis.exhibits.exhibit import MIME, Exhibit
from edp_analysis.exhibits.page import Page, open_page

__all__ = ["MIME", "ClaimError", "Exhibit", "Page", "open_page"]
