"""A series as a graphic of the size of a word, for country profiles.

What belongs here: one small drawing. What does not: the table or sentence beside it.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site.numbers import Shape
from orchestration.release.site.palette import SERIES
from orchestration.release.site.render import Site

WIDTH, HEIGHT, EDGE = 96, 24, 3


def sparkline(site: Site, values: Sequence[tuple[int, float]], shape: Shape) -> Markup:
    """The line of (year, value) pairs in order of years with a dot at the last; a single value is a dot.

    Its title says first and last value; nothing is drawn without values.
    """
    if not values:
        return Markup("")
    (first_year, first), (last_year, last) = values[0], values[-1]
    title = site.t(
        "charts.sparkline",
        first=site.n.text(first, shape),
        first_year=first_year,
        last=site.n.text(last, shape),
        last_year=last_year,
    )
    mark = f" – {MARK_BY_LANGUAGE[site.language]}" if site.facts.illustrative else ""
    points = _points(values)
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    (x, y), colour = points[-1], SERIES[0]
    return Markup(
        f'<svg class="spark" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}"><title>{escape(title)}{escape(mark)}</title>'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="2.5" fill="{colour}"/></svg>'
    )


def _points(values: Sequence[tuple[int, float]]) -> list[tuple[float, float]]:
    years = [year for year, _ in values]
    sizes = [value for _, value in values]
    span = (max(years) - min(years)) or 1
    height = (max(sizes) - min(sizes)) or 1
    across = (WIDTH - 2 * EDGE) / span
    up = (HEIGHT - 2 * EDGE) / height
    return [
        (round(EDGE + (year - min(years)) * across, 1), round(HEIGHT - EDGE - (value - min(sizes)) * up, 1))
        for year, value in values
    ]
