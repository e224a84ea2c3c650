"""The page of an indicator: values under every rule, verdicts under every method, regions and countries.

What belongs here: choosing the rows of one indicator. What does not: its target and sources
(indicator_facts.py), its drawings (charts/).
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from orchestration.release.site.charts import country_distribution, method_tally, regional_series
from orchestration.release.site.figures import Figure
from orchestration.release.site.model import PROVIDER_AREA, UNECE, Row
from orchestration.release.site.pages import indicators
from orchestration.release.site.pages.countries import path_of as country_path
from orchestration.release.site.pages.country import FLAGS
from orchestration.release.site.pages.indicator_facts import english, facts_of, sources_of
from orchestration.release.site.pages.indicator_methods import part_id, verdicts_of
from orchestration.release.site.pages.progress import path_of as region_path
from orchestration.release.site.render import HOME, Page, Site
from orchestration.release.site.territory import series_notes
from orchestration.release.site.values import Cells, cell_of
from orchestration.release.site.words import sort_key

RULES = ("RSUM_MATCHED", "RSUM_FULL", "SUM", "PUBLISHED", "MEAN", "MEDIAN", "COUNT")
TREND_YEARS = 3
"""From so many years on a line says more than a table."""


def pages(site: Site) -> Iterator[Page]:
    """One page an indicator."""
    trail = (
        (HOME, str(site.t("base.nav.home"))),
        (indicators.INDEX, str(site.t("indicators.title"))),
    )
    for code in site.tables.indicators:
        context = _context(site, code)
        yield Page(indicators.path_of(code), "indicator.html.j2", context["title"], context, trail)


def main_region(site: Site, code: str) -> str:
    """The region an indicator speaks for: its provider's reporting area if the provider covers no more."""
    narrow = any(row["region"] == PROVIDER_AREA for row in site.tables.aggregates(code))
    return PROVIDER_AREA if narrow else UNECE


def _context(site: Site, code: str) -> dict[str, Any]:
    row = site.tables.indicators[code]
    cells = Cells(site)
    region = main_region(site, code)
    series = [_series(site, code, breakdown, region, cells) for breakdown in site.tables.breakdowns[code]]
    return {
        "code": code,
        "title": site.words.indicator(code),
        "definition": site.words.definition(code),
        "entry_point": site.words.entry_point(row["entry_point"]),
        "slot": site.words.slot(code) if row["slot_reason"] else None,
        "assessed": row["direction"] != 0 and not row["slot_reason"],
        "verified": row["verified"],
        "region": site.words.area(region),
        "narrow": region == PROVIDER_AREA,
        "unit": site.words.unit(row["unit_measure"], series[0]["shape"]),
        "summary": _summary(site, code, region),
        "series": series,
        "verdicts": verdicts_of(site, code, region, cells),
        "parted": len(series) > 1,
        "facts_list": facts_of(site, row),
        "sources": sources_of(site, code),
        "source_text": english(site, row["source"]),
        "territory": series_notes(site, [(code, one["breakdown"]) for one in series], site.tables.countries),
        "reasons": cells.reasons(),
    }


def _summary(site: Site, code: str, region: str) -> dict[str, Any] | None:
    """The region's latest value, base, target and status, if the indicator is one series with a value."""
    row = site.tables.regional_row.get((region, code, "_T"))
    if row is None or row["latest_value"] is None:
        return None
    shape, table = site.tables.shapes[code, "_T"], "rpt_regional_progress"

    def printed(column: str) -> Markup | None:
        return None if row[column] is None else site.n.data(row[column], shape, cell_of(table, row, column))

    return {
        "latest": printed("latest_value"),
        "latest_year": row["latest_year"],
        "unit": site.words.unit(row["unit_measure"], shape),
        "base": printed("base_value"),
        "base_year": row["base_year"],
        "target": printed("target_value"),
        "target_year": row["target_year"],
        "target_unverified": not row["target_verified"],
        "status": site.words.regional(row),
    }


def _series(site: Site, code: str, breakdown: str, region: str, cells: Cells) -> dict[str, Any]:
    shape = site.tables.shapes[code, breakdown]
    year, rules = _rules(site, code, breakdown, region, cells)
    return {
        "figures": _figures(site, code, breakdown, region),
        "breakdown": breakdown,
        "id": part_id(breakdown),
        "name": site.words.breakdown(breakdown),
        "shape": shape,
        "unit": site.words.unit(site.tables.indicators[code]["unit_measure"], shape),
        "year": year,
        "rules": rules,
        "regions": _regions(site, code, breakdown, cells),
        "countries": _countries(site, code, breakdown, cells),
    }


def _figures(site: Site, code: str, breakdown: str, region: str) -> dict[str, Figure]:
    """The charts of one series: the region over time, the countries, and the verdicts if it is assessed."""
    end = f"{code}-{breakdown}".lower().replace("_", "-")
    found = {"spread": country_distribution(site, f"spread-{end}", code, breakdown)}
    if trend := trend_of(site, code, breakdown, region):
        found["trend"] = trend
    if site.tables.indicators[code]["direction"]:
        found["tally"] = method_tally(site, f"tally-{end}", code, breakdown)
    return {name: figure for name, figure in found.items() if figure.svg}


def trend_of(site: Site, code: str, breakdown: str, region: str) -> Figure | None:
    """The region over time, if there are years enough for a line."""
    years = {
        row["time_period"]
        for row in site.tables.aggregates(code)
        if row["region"] == region and row["breakdown"] == breakdown and row["obs_value"] is not None
    }
    if len(years) < TREND_YEARS:
        return None
    key = (code, breakdown, region)
    if key not in site.drawn:
        end = f"{code}-{breakdown}".lower().replace("_", "-")
        site.drawn[key] = regional_series(site, f"trend-{end}", code, breakdown, region)
    return site.drawn[key]


def _rules(
    site: Site, code: str, breakdown: str, region: str, cells: Cells
) -> tuple[str | None, list[dict[str, Any]]]:
    """The newest year in which the headline rule, or failing that any rule, has a value; every rule in it."""
    rows = [
        row
        for row in site.tables.aggregates(code)
        if row["region"] == region and row["breakdown"] == breakdown
    ]
    valued = [row for row in rows if row["obs_value"] is not None]
    years = [row["time_period"] for row in valued if row["is_headline"]] or [
        row["time_period"] for row in valued
    ]
    year = max(years or [row["time_period"] for row in rows], default=None)
    chosen = sorted(
        (row for row in rows if row["time_period"] == year), key=lambda row: RULES.index(row["agg_rule"])
    )
    return year, [_rule(site, row, cells) for row in chosen]


def _counted(site: Site, row: Row) -> str:
    """The rule; a count without a threshold counts who reports."""
    threshold = site.tables.indicators[row["indicator"]]["count_at_least"]
    return "REPORTING" if row["agg_rule"] == "COUNT" and threshold is None else row["agg_rule"]


def _rule(site: Site, row: Row, cells: Cells) -> dict[str, Any]:
    table = "rpt_aggregate"
    shape = site.tables.shapes[row["indicator"], row["breakdown"]]
    is_count = row["agg_rule"] == "COUNT"
    value = (
        cells.count(table, row, "obs_value")
        if is_count and row["obs_value"] is not None
        else cells.value(table, row, "obs_value", shape, row["null_reason"])
    )
    return {
        "name": site.t(f"indicator.rule.{_counted(site, row)}"),
        "is_headline": row["is_headline"],
        "value": value,
        "difference": cells.value(table, row, "difference_to_matched", shape),
        "countries": cells.count(table, row, "n_countries"),
        "members": cells.count(table, row, "n_members"),
        "coverage": cells.share(table, row, "coverage_pop"),
        "imputed": cells.share(table, row, "imputed_share"),
        "flag": row["obs_status"] if row["obs_status"] in FLAGS and not is_count else None,
    }


def _regions(site: Site, code: str, breakdown: str, cells: Cells) -> list[dict[str, Any]]:
    """The groups of the progress tables, in their order."""
    shape = site.tables.shapes[code, breakdown]
    table = "rpt_regional_progress"
    rows = [site.tables.regional_row.get((region, code, breakdown)) for region in site.tables.regional]
    return [
        {
            "name": site.words.area(row["region"]),
            "path": region_path(row["region"]),
            "value": cells.value(table, row, "latest_value", shape, row["null_reason"]),
            "year": row["latest_year"] if row["latest_value"] is not None else None,
            "countries": cells.count(table, row, "n_countries"),
            "members": cells.count(table, row, "n_members"),
            "statuses": cells.statuses(row),
        }
        for row in rows
        if row is not None
    ]


def _countries(site: Site, code: str, breakdown: str, cells: Cells) -> list[dict[str, Any]]:
    """The member States in the order of the alphabet; then the areas whose value a publisher states."""
    members = sorted(site.tables.countries, key=lambda area: sort_key(site.words.area(area)))
    stated = site.tables.series_areas.get((code, breakdown), [])
    rows = [_country(site, code, breakdown, area, "country", cells) for area in members]
    return rows + [_country(site, code, breakdown, area, "aggregate", cells) for area in stated]


def _country(site: Site, code: str, breakdown: str, area: str, kind: str, cells: Cells) -> dict[str, Any]:
    latest = site.tables.latest.get((code, breakdown, area))
    verdict = site.tables.agreement.get((code, breakdown, area, kind))
    absent = site.tables.absence.get((code, breakdown, area), "NO_DATA")
    return {
        "name": site.words.area(area),
        "path": country_path(area) if kind == "country" else None,
        "value": cells.value("rpt_observation", latest, "obs_value", site.tables.shapes[code, breakdown])
        if latest
        else cells.absent(absent),
        "year": latest["time_period"] if latest else None,
        "flag": latest["obs_status"] if latest and latest["obs_status"] in FLAGS else None,
        "statuses": cells.statuses(verdict) if verdict else {},
    }
