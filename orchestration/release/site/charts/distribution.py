"""The latest value of each country, sorted, with the verdict of most methods by shape and colour.

What belongs here: one chart of a series over countries. What does not: choosing the latest value (model.py).
"""

from typing import Any

from markupsafe import Markup

from orchestration.release.site.charts.marks import colour_of, verdict_scale, verdict_words
from orchestration.release.site.drawing import FONT_SIZE, WIDTH, legend_above, rendered
from orchestration.release.site.figures import Cell as Printed
from orchestration.release.site.figures import Figure
from orchestration.release.site.lettering import stand_ins
from orchestration.release.site.model import Row
from orchestration.release.site.palette import RULE
from orchestration.release.site.render import Site
from orchestration.release.site.territory import series_notes
from orchestration.release.site.values import cell_of

TABLE = "rpt_observation"
STEP = 18  # height of one country
NAMES = 150  # width of the names; the table has them whole
WIDE_SPREAD = 30.0
"""From this ratio of the largest value to the median on, a linear axis would show one country only."""


def country_distribution(site: Site, identifier: str, indicator: str, breakdown: str) -> Figure:
    """The chart of the countries that have a value, largest first."""
    title = site.t("charts.distribution.title", series=site.words.series(indicator, breakdown))
    rows = [
        (country, site.tables.latest[indicator, breakdown, country])
        for country in site.tables.countries
        if (indicator, breakdown, country) in site.tables.latest
    ]
    if not rows:
        none = site.t("charts.distribution.none")
        return Figure(str(title), str(none), none[:0], ())
    rows.sort(key=lambda pair: (-pair[1]["obs_value"], pair[0]))
    svg = rendered(_specification(site, indicator, breakdown, rows), site, identifier)
    text = _description(site, indicator, breakdown, rows)
    notes = series_notes(site, [(indicator, breakdown)], site.tables.countries)
    return Figure(str(title), text, svg, _table(site, indicator, breakdown, rows), notes)


def _description(site: Site, indicator: str, breakdown: str, rows: list[tuple[str, Row]]) -> Markup:
    shape = site.tables.shapes[indicator, breakdown]
    (high, first), (low, last) = (
        (site.words.area(area), site.n.data(row["obs_value"], shape, cell_of(TABLE, row, "obs_value")))
        for area, row in (rows[0], rows[-1])
    )
    everyone = len(site.tables.countries)
    if len(rows) == 1:
        return site.t("charts.distribution.single", all=everyone, value=first, name=high)
    ends = {"high": first, "high_name": high, "low": last, "low_name": low}
    return site.t("charts.distribution.text", n=len(rows), all=everyone, **ends)


def _table(
    site: Site, indicator: str, breakdown: str, rows: list[tuple[str, Row]]
) -> tuple[tuple[Printed, ...], ...]:
    shape = site.tables.shapes[indicator, breakdown]
    unit = site.words.unit(site.tables.indicators[indicator]["unit_measure"], shape)
    head = ("charts.country", "charts.year", "charts.value", "charts.verdict")
    body = []
    for country, row in rows:
        place = cell_of(TABLE, row, "obs_value")
        verdict = verdict_words(site, colour_of(site, indicator, breakdown, country))
        body.append(
            (
                site.words.area(country),
                row["time_period"],
                site.n.data(row["obs_value"], shape, place),
                verdict,
            )
        )
    return (tuple(str(site.t(key, unit=unit)) for key in head), *body)


def _specification(site: Site, indicator: str, breakdown: str, rows: list[tuple[str, Row]]) -> dict[str, Any]:
    shape = site.tables.shapes[indicator, breakdown]
    unit = site.words.unit(site.tables.indicators[indicator]["unit_measure"], shape)
    labels = stand_ins((site.words.area(country) for country, _ in rows), NAMES - 6, FONT_SIZE)
    values = [
        {
            "country": label,
            "value": row["obs_value"] / shape.factor,
            "verdict": verdict_words(site, colour_of(site, indicator, breakdown, country)),
        }
        for label, (country, row) in zip(labels, rows, strict=True)
    ]
    present = {value["verdict"] for value in values}
    verdicts = [
        (c, w) for c in ("green", "yellow", "red", "grey") if (w := verdict_words(site, c)) in present
    ]
    extent = {"title": None, "minExtent": NAMES, "maxExtent": NAMES}
    names = {"field": "country", "type": "nominal", "sort": None, "axis": extent}
    place = {"x": _axis(site, unit, [value["value"] for value in values]), "y": names}
    stem = {"mark": {"type": "rule", "color": RULE}, "encoding": {**place, "x2": {"value": 0}}}
    return {
        "usermeta": {"labels": labels},
        "data": {"values": values},
        "width": WIDTH - NAMES - 20,
        "height": {"step": STEP},
        "layer": [
            stem,
            {
                "mark": {"type": "point", "size": 70, "strokeWidth": 1.5, "opacity": 1},
                "encoding": {**place, **verdict_scale(verdicts, legend_above(len(verdicts), NAMES, gap=48))},
            },
        ],
    }


def _axis(site: Site, unit: Markup, sizes: list[float]) -> dict[str, Any]:
    """The values, largest first, logarithmic where the largest would leave no room for the others."""
    logarithmic = min(sizes) > 0 and max(sizes) > WIDE_SPREAD * sizes[len(sizes) // 2]
    axis = {
        "title": str(site.t("charts.logarithmic", unit=unit) if logarithmic else unit),
        "tickCount": 4,
        "grid": True,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
        "orient": "top",
    }
    scale: dict[str, Any] = {"type": "log"} if logarithmic else {"zero": min(sizes) >= 0}
    return {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}
