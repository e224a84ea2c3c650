"""Eurostat in small: its catalogue, its queue, its refusals, and one question to it.

What belongs here: how the service answers. What does not: what is expected of us (test_eurostat_*.py).
"""

import json
from collections.abc import Callable

from connectors.protocols import eurostat
from connectors.records import FetchedPart
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.wireformats import (
    CIRCULAR,
    SNAPSHOT,
    eurostat_body,
    eurostat_row,
)

DATA = "/eurostat/api/dissemination/sdmx/2.1/data/CEI_SRM030"


JOB = "5c9e4a1e-0000-4000-8000-123456789abc"


MARKER = "2023-08-21T23:00:00"


STANDS = FetchedPart(sha256=SNAPSHOT, version_marker=MARKER, etag='"one"', last_modified=None)


BODY = eurostat_body(eurostat_row())


def flow(updated: str = "2023-08-21T23:00:00+0200", oldest: str = "2010", latest: str = "2013") -> Reply:
    """The catalogue's answer; a note is left out where its text is empty."""
    notes = {
        "UPDATE_DATA": updated,
        "OBS_PERIOD_OVERALL_OLDEST": oldest,
        "OBS_PERIOD_OVERALL_LATEST": latest,
    }
    told = "".join(
        f"<c:Annotation><c:AnnotationTitle>{text}</c:AnnotationTitle><c:AnnotationType>{name}"
        "</c:AnnotationType></c:Annotation>"
        for name, text in notes.items()
        if text
    )
    return Reply(
        f'<m:Structure xmlns:m="m" xmlns:s="s" xmlns:c="c"><s:Dataflows><s:Dataflow id="CEI_SRM030">'
        f"<c:Annotations>{told}</c:Annotations></s:Dataflow></s:Dataflows></m:Structure>".encode()
    )


def queued(state: str = "SUBMITTED", job: str = JOB) -> Reply:
    inner = f'<syncResponse xmlns="q"><queued><id>{job}</id><status>{state}</status></queued></syncResponse>'
    return Reply(f'<e:Envelope xmlns:e="e"><e:Body>{inner}</e:Body></e:Envelope>'.encode())


def job_state(state: str) -> Reply:
    inner = f"<status><key>{JOB}</key><status>{state}</status></status>"
    return Reply(
        f'<e:Envelope xmlns:e="e"><asyncResponse xmlns="q">{inner}</asyncResponse></e:Envelope>'.encode()
    )


def too_big(rows: int = 10305182) -> Reply:
    label = f"EXTRACTION_TOO_BIG: The requested extraction is too big, estimated {rows} rows, "
    label += "max authorised is 5000000"
    body = json.dumps({"error": [{"status": 413, "id": 413, "label": label}]}).encode()
    return Reply(body, 413, headers={"ETag": '"refused"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"})


LATER = "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try again later."


JSON_QUEUED = Reply(json.dumps({"error": [{"status": 413, "id": 413, "label": LATER}]}).encode(), 413)


WARNED = Reply(json.dumps({"warning": {"status": 413, "id": 413, "label": "wait"}}).encode())


def answer(provider, data: Callable[[Asked], Reply], catalogue: Reply | None = None) -> None:
    def reply(asked: Asked) -> Reply:
        return (catalogue or flow()) if "/dataflow/" in asked.path else data(asked)

    provider.answer = reply


def fetch(client, tmp_path, known=None, spec=CIRCULAR):
    (item,) = eurostat.fetch_parts(spec, client, tmp_path, {"all": known} if known else {})
    return item


def asked_for(provider) -> list[str]:
    return ["dataflow" if "/dataflow/" in a.path else "data" for a in provider.asked]


def scripted(provider, *replies: Reply) -> None:
    """These answers, one after the other, the last one for ever; the catalogue beside them."""
    waiting = list(replies)
    answer(provider, lambda asked: waiting.pop(0) if len(waiting) > 1 else waiting[0])
