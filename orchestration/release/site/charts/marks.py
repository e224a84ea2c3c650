"""How a verdict looks in every chart: shape, colour and fill at once.

What belongs here: the encoding shared by the kinds of charts, and which verdict a country's mark shows.
What does not: colours (palette.py), words (texts).
"""

from collections.abc import Sequence
from typing import Any

from orchestration.release.site.palette import PAPER, STATUS
from orchestration.release.site.render import Site

SHAPES = {"green": "triangle-up", "yellow": "diamond", "red": "triangle-down", "grey": "circle"}


def colour_of(site: Site, indicator: str, breakdown: str, country: str) -> str:
    """The colour of most methods for a country; grey if none is assessed or the methods are divided."""
    row = site.tables.agreement.get((indicator, breakdown, country, "country"))
    return (row["modal_colour"] if row else None) or "grey"


def verdict_words(site: Site, colour: str) -> str:
    """The word for the colour of most methods."""
    return str(site.t("charts.divided") if colour == "grey" else site.words.colour(colour).word)


def verdict_scale(verdicts: Sequence[tuple[str, str]], legend: dict[str, Any]) -> dict[str, Any]:
    """The encoding of field `verdict` from (colour, word) pairs in the order of the legend."""
    words = [word for _, word in verdicts]
    colours = [STATUS[colour] for colour, _ in verdicts]
    fills = [PAPER if colour == "grey" else STATUS[colour] for colour, _ in verdicts]

    def field(kinds: Sequence[str]) -> dict[str, Any]:
        return {
            "field": "verdict",
            "type": "nominal",
            "title": None,
            "legend": legend,
            "scale": {"domain": words, "range": list(kinds)},
        }

    return {
        "stroke": field(colours),
        "fill": field(fills),
        "shape": field([SHAPES[colour] for colour, _ in verdicts]),
    }
