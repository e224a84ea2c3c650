"""What Dagster's steps are given.

Belongs here: the resource through which a step reaches the workplace, and the clock it is made with.
Does not belong here: how configuration is spelled (connectors.config), what steps do with it (assets/).
"""

from datetime import UTC, datetime

import dagster as dg

from connectors.config import SourceSettings
from orchestration.workplace import Workplace

PARTITION_TAG = "dagster/partition"


class StateResource(dg.ConfigurableResource):
    """The workplace under the environment's settings, one for each step."""

    def workplace(self, context: dg.AssetExecutionContext | dg.OpExecutionContext) -> Workplace:
        """The workplace of a step; the year of its run, if it has one, chooses the vintage of the sample."""
        year = context.run.tags.get(PARTITION_TAG)
        return Workplace(SourceSettings.from_env(), now=datetime.now(UTC)).for_year(year)
