"""The footnotes on the territory that figures cover: the same under maps, charts and tables.

What belongs here: which countries have one. What does not: its words (texts/site/territory.yaml), the map's
own disclaimer (maps.py).
"""

from collections.abc import Collection

from orchestration.release.site.render import Site

NOTED = ("CYP", "SRB", "UKR")
"""Countries whose figures may not cover their whole territory."""
INCLUDED = ("LIE", "MCO")
"""Countries whose trade is stated within another's."""


def territorial_notes(site: Site, countries: Collection[str]) -> tuple[str, ...]:
    """The footnotes of those `countries` whose values a figure or table shows."""
    return tuple(str(site.t(f"territory.{country}")) for country in NOTED if country in countries)


def inclusion_notes(site: Site, indicator: str, breakdown: str) -> tuple[str, ...]:
    """The footnotes of the countries whose values of this series are contained in another country's."""
    return tuple(
        str(site.t(f"territory.{country}"))
        for country in INCLUDED
        if site.tables.absence.get((indicator, breakdown, country)) == "REPORTED_WITHIN"
    )
