"""When somebody is told: once for each fault of a data set, and once when it is over.

Belongs here: what is open, what is new, what is resolved. Does not belong here: sending (alert_channels.py).
Called after a data set was read, by the command line and by Dagster alike, so that a refresh from cron tells
the same. What is open stands in alerts/<provider>/<dataset>.json below the state root.
"""

import json
import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from connectors.disk import write_atomic
from connectors.errors import CircularityError, SourceError
from connectors.ingest import IngestResult
from connectors.records import utc_text
from connectors.redaction import hide
from connectors.spec import DatasetSpec
from orchestration.alert_channels import Alert, send
from orchestration.alert_settings import AlertSettings
from orchestration.workplace import Workplace

_OPEN = TypeAdapter(dict[str, Alert])
FIRST_ROWS = 5
UNNAMED = "no fault of the matrix"


def tell(place: Workplace, spec: DatasetSpec, result: IngestResult) -> list[str]:
    """Alert about what is new and what is over; what could not be sent, in plain sentences.

    An alert that could not be sent by any way is tried again after the next refresh. Never raises: a refresh
    does not fail because nobody could be told.
    """
    try:
        settings = AlertSettings.from_env()
        return [] if settings.is_empty else _tell(place, spec, result, settings)
    except CircularityError as error:
        return [f"No alert was sent. {error}"]


def _tell(place: Workplace, spec: DatasetSpec, result: IngestResult, settings: AlertSettings) -> list[str]:
    path = place.root / "alerts" / spec.provider / f"{spec.dataset}.json"
    before, now = _read(path), _find(place, spec, result, settings)
    after, said = dict(before), []
    for name in [name for name in now if name not in before]:
        failed = send(now[name], settings)
        said += failed
        if len(failed) < len(settings.ways):
            after[name] = now[name]
    for name in [name for name in before if name not in now]:
        sentence = f"{spec.key}: this is over. It began with: {before[name].sentence}"
        over = before[name].model_copy(update={"state": "resolved", "sentence": sentence, "next_step": ""})
        failed = send(over, settings)
        said += failed
        if len(failed) < len(settings.ways):
            del after[name]
    if after != before:
        content = {name: alert.model_dump(mode="json") for name, alert in sorted(after.items())}
        write_atomic(path, (hide(json.dumps(content, ensure_ascii=False, indent=1)) + "\n").encode())
    return said


def _read(path: Path) -> dict[str, Alert]:
    """What is open. A damaged record is none: then somebody is told twice."""
    try:
        return _OPEN.validate_json(path.read_bytes()) if path.exists() else {}
    except ValidationError:
        return {}


def _find(
    place: Workplace, spec: DatasetSpec, result: IngestResult, settings: AlertSettings
) -> dict[str, Alert]:
    """One alert for each kind of fault, whatever number of parts it struck."""
    kinds: dict[str, list[SourceError]] = {}
    for error in result.errors.values():
        kinds.setdefault(error.fault or _plain(error.what), []).append(error)
    return {
        name: Alert(
            dataset=spec.key,
            fault=errors[0].fault or UNNAMED,
            state="failed",
            sentence=str(errors[0]),
            parts=tuple(sorted({error.part for error in errors if error.part})),
            first_rows=_first_rows(place, errors, result),
            kept=errors[0].kept,
            owner=errors[0].owner or spec.owner,
            next_step=errors[0].next_step,
            runbook=f"{settings.runbook}#{(errors[0].fault or 'unnamed').lower()}",
            since=utc_text(place.now),
        )
        for name, errors in kinds.items()
    }


def _plain(what: str) -> str:
    """The kind of a fault without id: its sentence without numbers and quoted texts, which change."""
    return " ".join(re.sub(r"'[^']*'|[\d.,:-]+", "", what).split())[:80]


def _first_rows(place: Workplace, errors: list[SourceError], result: IngestResult) -> tuple[str, ...]:
    """The first cells that were refused, then the first rows that were kept out of the vintage."""
    rows = [f"{e.part or 'all'}: {e.field} = {e.value}" for e in errors if e.field and e.value]
    vintage = result.vintage
    if vintage is not None and vintage.quarantined and result.outcome == "new":
        path = place.store().observations_path(result.key, vintage.vintage)
        kept_out = json.loads(path.with_name(f"{vintage.vintage}.quarantine.json").read_bytes())
        rows += [", ".join(f"{name} {value}" for name, value in row.items()) for row in kept_out[:FIRST_ROWS]]
    return tuple(rows[:FIRST_ROWS])
