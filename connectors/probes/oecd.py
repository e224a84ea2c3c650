"""Questions to the OECD.

What belongs here: the content constraint, one small answer, unknown dataflows. What does not: asking
(base.py).
"""

from __future__ import annotations

from connectors.probes.base import Asker, Question, Seen, ask_terms, cannot_ask, judge, read_dataset, show
from connectors.protocols.oecd_sdmx import API, read_valid_from
from connectors.registry import get_dataset

KEY = "oecd/munw"
UNKNOWN = "OECD.ENV.EPI,DSD_NONE@DF_NONE,1.0"


def _constraint(asker: Asker) -> Seen:
    spec = get_dataset(KEY)
    assert spec.dataflow is not None
    status, body = asker.ask(f"{API}/contentconstraint/{spec.dataflow.agency}/CR_A_{spec.code}/")
    if status != 200:
        return "changed", f"status {status}; refreshes then ask conditionally, by ETag and Last-Modified"
    moment = read_valid_from(body, asker.fail)
    return judge(bool(moment), f"validFrom {moment or 'missing'}")


def _unknown(asker: Asker) -> Seen:
    status, body = asker.ask(f"{API}/data/{UNKNOWN}/all", {"format": "csvfilewithlabels"})
    return judge(status == 404, f"status {status}, {show(body[:80].decode('utf-8', 'replace'))}")


QUESTIONS = (
    Question("Does the content constraint say when a dataflow changed?", "XML with validFrom", _constraint),
    Question(
        "Can a dataflow be read?", "CSV with the declared codes, labels between them", read_dataset(KEY)
    ),
    Question("Does an unknown dataflow answer 404?", "status 404", _unknown),
    cannot_ask(
        "How does a refusal for too many downloads read?",
        "status 429 with the time to wait",
        "only the 61st download within an hour would tell; record it when one is met",
    ),
    ask_terms("oecd"),
)
