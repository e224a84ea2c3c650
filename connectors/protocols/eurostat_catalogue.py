"""Eurostat's catalogue: when a data set was last updated, and which years it covers.

What belongs here: the dataflow question, its annotations, the one way update times are written down. What
does not: asking for data (eurostat.py), cutting it (eurostat_split.py).

Eurostat writes one moment in three ways: `2023-08-21T23:00:00+0200` in its catalogue and in JSON-stat,
`21/08/23 23:00:00` without a time zone in SDMX-CSV. All are Luxembourg time, so all become
`2023-08-21T23:00:00`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.http import Client
from connectors.protocols.base import Fail, failer
from connectors.protocols.eurostat_answers import raise_refusal, read_body
from connectors.protocols.xml_tree import first_text, local_name, read_xml
from connectors.spec import DatasetSpec
from connectors.wire import Request

_LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
_SHORT = "%d/%m/%y %H:%M:%S"
_STEP = "run `circularity probe`: the catalogue no longer says what this program expects"


@dataclass(frozen=True)
class Flow:
    """What the catalogue says of a data set; None where it does not say.

    `updated` is Luxembourg time, `2023-08-21T23:00:00`.
    """

    updated: str | None
    oldest: int | None
    latest: int | None


def ask_flow(spec: DatasetSpec, api: str, client: Client, scratch: Path, deadline: float) -> Flow:
    """The catalogue's entry of one data set. Raises SourceError."""
    part = spec.parts[0]
    fail = failer(spec, part)
    path = f"{api}/sdmx/2.1/dataflow/ESTAT/{spec.code}"
    request = Request(spec.provider, spec.dataset, part, path, owner=spec.owner)
    answer = client.fetch(request, scratch / "dataflow.xml", deadline=deadline)
    body, refusal = read_body(answer, fail)
    if refusal is not None:
        raise_refusal(refusal, fail)
    return read_flow(body, str(spec.code), fail)


def read_flow(data: bytes, code: str, fail: Fail) -> Flow:
    """One dataflow's annotations. Refuses an answer about any other data set."""
    flows = [element for element in read_xml(data, fail).iter() if local_name(element) == "Dataflow"]
    named = [flow for flow in flows if str(flow.get("id", "")).upper() == code.upper()]
    if len(named) != 1:
        found = ", ".join(str(flow.get("id", "")) for flow in flows[:3])
        fail(f"lists {len(named)} dataflows {code} in its catalogue", _STEP, field="Dataflow", value=found)
    notes = {
        first_text(note, "AnnotationType"): first_text(note, "AnnotationTitle")
        for note in named[0].iter()
        if local_name(note) == "Annotation"
    }
    return Flow(
        read_time(notes.get("UPDATE_DATA", "")),
        _year(notes.get("OBS_PERIOD_OVERALL_OLDEST", "")),
        _year(notes.get("OBS_PERIOD_OVERALL_LATEST", "")),
    )


def read_time(text: str) -> str | None:
    """A time of update as Luxembourg time, `2023-08-21T23:00:00`; None if it cannot be read."""
    try:
        moment = datetime.strptime(text, _SHORT)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(_LUXEMBOURG)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _year(text: str) -> int | None:
    found = re.match(r"[0-9]{4}(?![0-9])", text)
    return int(found.group()) if found else None
