"""Sentences that several pages of a site say in the same words."""

from __future__ import annotations

from typing import Final

__all__ = ["LIMITS", "LIMITS_TITLE", "NO_RANKING"]

NO_RANKING: Final = (
    "Les écoles sont rangées par code, sans classement : elles n'ont ni les mêmes jeunes, ni les mêmes métiers, ni la "
    "même ancienneté, et à ces effectifs un rang tiendrait surtout au hasard."
)
"""Why schools are not ranked, in one sentence."""
LIMITS: Final = (
    "Il n'y a pas de groupe de comparaison : un taux ne mesure pas l'effet d'une école.",
    "Les jeunes entrés récemment ne peuvent être sortis que s'ils sont partis tôt.",
    "Les situations après la sortie sont déclarées par les écoles.",
    "L'enquête ne dit rien des jeunes partis.",
)
"""What the figures do not say, whatever the campaign: on the page of the method, and on the sheets to print."""
LIMITS_TITLE: Final = "Ce que ces chiffres ne disent pas"
"""Heading over them."""
