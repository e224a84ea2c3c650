"""Questions to data.un.org, UNSD's SDMX service.

What belongs here: the version of the dataflow. What does not: asking (base.py), UNSD's own service (unsd.py).
"""

from __future__ import annotations

from connectors.probes.base import Asker, Question, Seen, judge
from connectors.protocols import unsd_sdmx


def _version(asker: Asker) -> Seen:
    status, body = asker.ask(f"{unsd_sdmx.API}/dataflow/{unsd_sdmx.AGENCY}/{unsd_sdmx.FLOW}/latest")
    if status != 200:
        return "changed", f"status {status}"
    version = unsd_sdmx.read_version(body, asker.fail)
    return judge(True, f"version {version}")


QUESTIONS = (
    Question("Which version has the dataflow?", "XML that names it, such as 1.26", _version, in_sample=False),
)
