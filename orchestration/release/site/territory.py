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


def inclusion_notes(
    site: Site, series: Collection[tuple[str, str]], countries: Collection[str]
) -> tuple[str, ...]:
    """The footnotes of those `countries` whose values of one of the series are contained in another's."""
    return tuple(
        str(site.t(f"territory.{country}"))
        for country in INCLUDED
        if country in countries
        and any(site.tables.absence.get((*one, country)) == "REPORTED_WITHIN" for one in series)
    )


def territory_of(site: Site, countries: Collection[str]) -> tuple[str, ...]:
    """All footnotes of these `countries` where the figures of all series stand or are counted."""
    return territorial_notes(site, countries) + inclusion_notes(site, list(site.tables.shapes), countries)


def series_notes(
    site: Site, series: Collection[tuple[str, str]], countries: Collection[str]
) -> tuple[str, ...]:
    """All footnotes of series (indicator, breakdown) in a figure or table of these `countries`."""
    valued = [
        country for country in countries if any((*one, country) in site.tables.latest for one in series)
    ]
    return territorial_notes(site, valued) + inclusion_notes(site, series, countries)
