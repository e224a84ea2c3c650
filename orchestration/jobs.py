"""The jobs: what runs together.

Belongs here: selections. Does not belong here: when they run (schedules.py), what a step does (assets/).
Consultation and publication are in no job: they are deliberate acts on one release (others: acts.py).
"""

import dagster as dg

SOURCES = dg.AssetSelection.key_prefixes("raw") | dg.AssetSelection.key_prefixes("obs")
DELIBERATE = dg.AssetSelection.assets("publication", "release/consultation")

refresh = dg.define_asset_job(
    "refresh",
    selection=SOURCES,
    description="Ask every source for its newest vintage. A source that fails keeps its last good vintage.",
)

annual_release = dg.define_asset_job(
    "annual_release",
    selection=dg.AssetSelection.all() - DELIBERATE,
    description=(
        "Walk the release of one year to its candidate: refresh, plan if there is none, lock, build, check, "
        "candidate. The same lock again changes nothing. Never publishes."
    ),
)

JOBS = [refresh, annual_release]
