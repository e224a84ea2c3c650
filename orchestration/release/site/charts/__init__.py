"""The charts of the site: Vega-Lite specifications from the release's tables, drawn at build.

What belongs here: one module a kind of chart, each giving a Figure. What does not: any computed statistic
(the tables hold them), the look and the cleaning (drawing.py), maps (maps.py).
"""

from orchestration.release.site.charts.availability import group_availability
from orchestration.release.site.charts.decoupling import decoupling_areas
from orchestration.release.site.charts.distribution import country_distribution
from orchestration.release.site.charts.series import regional_series
from orchestration.release.site.charts.sparkline import sparkline
from orchestration.release.site.charts.tally import method_tally

__all__ = [
    "country_distribution",
    "decoupling_areas",
    "group_availability",
    "method_tally",
    "regional_series",
    "sparkline",
]
