"""When jobs run by themselves.

Belongs here: the calendar. Does not belong here: what runs (jobs.py).
Both schedules are stopped until an office switches them on in the UI: a fresh clone must not call official
services, or replace a candidate that people are reviewing, without anybody having decided so.
"""

import dagster as dg

from orchestration import jobs
from orchestration.partitions import RELEASE_YEARS

weekly_refresh = dg.ScheduleDefinition(
    name="weekly_refresh",
    job=jobs.refresh,
    cron_schedule="0 5 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Mondays 05:00 UTC: the sources publish at most weekly, and rest at that hour.",
)


@dg.schedule(
    name="monthly_candidate",
    job=jobs.annual_release,
    cron_schedule="0 6 2 * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="The second of each month, 06:00 UTC: rebuild the candidate of the open release year.",
)
def monthly_candidate(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request the partition of the calendar year the tick falls in; once it is
    published, the open release of a year is its next id (2026.2 after 2026.1), and that is prepared.
    """
    year = str(context.scheduled_execution_time.year)
    if year not in RELEASE_YEARS.get_partition_keys():
        return dg.SkipReason(f"No release year {year} is planned; add it in orchestration/partitions.py.")
    return dg.RunRequest(partition_key=year)


SCHEDULES = [weekly_refresh, monthly_candidate]
