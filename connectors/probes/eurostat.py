"""Questions to Eurostat.

What belongs here: the queue, the catalogue, Comext's two units, unknown codes. What does not: asking
(base.py).
"""

from __future__ import annotations

import csv
import io

from connectors.probes.base import Asker, Question, Seen, ask_terms, judge, read_dataset, show
from connectors.protocols.eurostat_catalogue import ask_flow
from connectors.registry import get_dataset

UNKNOWN = "CIRCULARITY_NO_SUCH_DATA"
API = "api/dissemination"
COMEXT = "api/comext/dissemination/sdmx/2.1/data"
# A heading with one CN code only, so that both tables hold the same goods.
_TON, _KILOGRAM = (
    ("DS-045409", "A.DE.FR.72041000.1.QUANTITY_IN_100KG"),
    ("DS-059341", "A.DE.FR.720410.1.QUANTITY_KG"),
)


def _queue(asker: Asker) -> Seen:
    status, body = asker.ask(f"{API}/1.0/async/status/00000000-0000-0000-0000-000000000000")
    known = b"asyncResponse" in body or b"UNKNOWN_REQUEST" in body
    return judge(known, f"status {status}, {show(body[:80].decode('utf-8', 'replace'))}")


def _catalogue(asker: Asker) -> Seen:
    spec = get_dataset("eurostat/cei_srm030")
    flow = ask_flow(spec, API, asker.client, asker.folder, asker.client.deadline_in(60))
    return judge(flow.updated is not None, f"updated {flow.updated}, years {flow.oldest} to {flow.latest}")


def _comext(asker: Asker) -> Seen:
    found = []
    for code, key in (_TON, _KILOGRAM):
        query = {"format": "SDMX-CSV", "startPeriod": "2022", "endPeriod": "2022"}
        status, body = asker.ask(f"{COMEXT}/{code}/{key}", query)
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8", "replace")))) if status == 200 else []
        values = [row.get("OBS_VALUE") or "" for row in rows]
        if len(values) != 1 or not values[0].replace(".", "", 1).isdecimal():
            return "changed", f"{code}: status {status}, {len(rows)} rows"
        found.append(float(values[0]))
    hundreds, kilograms = found
    return judge(abs(100 * hundreds - kilograms) <= 100, f"{hundreds} x 100 kg and {kilograms} kg")


def _unknown(asker: Asker) -> Seen:
    status, body = asker.ask(f"{API}/sdmx/2.1/data/{UNKNOWN}", {"format": "SDMX-CSV"})
    known = status == 404 and b"ERR_NOT_FOUND" in body
    return judge(known, f"status {status}, {show(body[:80].decode('utf-8', 'replace'))}")


QUESTIONS = (
    Question(
        "Does the queue's address answer?", "XML with a state, here UNKNOWN_REQUEST", _queue, in_sample=False
    ),
    Question("Does the catalogue say when a data set was updated?", "UPDATE_DATA", _catalogue),
    Question(
        "Does one Comext cell agree in both units?", "100 kg and kg differ by 100", _comext, in_sample=False
    ),
    Question(
        "Can a small data set be read?",
        "the declared dimensions, units and flags",
        read_dataset("eurostat/cei_srm030"),
    ),
    Question("Does an unknown data set answer 404?", "status 404 with ERR_NOT_FOUND", _unknown),
    ask_terms("eurostat"),
)
