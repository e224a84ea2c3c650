"""The one partitioning of this code location: the year of a release.

Belongs here: the years. Does not belong here: how a year becomes a release id (orchestration.release.ids).
"""

import dagster as dg

from orchestration.settings import FIRST_YEAR, LAST_YEAR

RELEASE_YEARS = dg.StaticPartitionsDefinition([str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)])
