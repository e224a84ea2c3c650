"""Transport faults of the line and the server: T01 to T06, T14 to T20."""

from __future__ import annotations

from connectors.http import ATTEMPTS
from tests.faults.matrix import fault
from tests.faults.router import web_page

UNSD, EUROSTAT, WORLD_BANK = "unsd/sdg_12_4", "eurostat/cei_srm030", "world_bank/sp_pop_totl"


@fault("T01", "answered a web page instead of data, after 4 attempts")
def test_a_maintenance_page_is_no_data_whatever_its_content_type(scene):
    at = scene(EUROSTAT)
    at.router.inject("CEI_SRM030", web_page())
    at.assert_survived(at.refresh())
    assert len(at.router.asked("CEI_SRM030")) == ATTEMPTS
