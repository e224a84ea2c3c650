"""UN Comtrade's own code lists: kept like snapshots, asked for again once a month, used before every call.

What belongs here: the three reference files, who the reporters of the region are, refusing codes that are
not listed (S03: the service answers an unknown code with success and no rows). What does not: the
harmonised area codes (reference/area_codes.csv, dbt).
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from connectors.errors import SourceError
from connectors.http import Client
from connectors.protocols.base import Fail, failer, unpack
from connectors.protocols.json_text import read_json
from connectors.records import FetchedPart, FetchRecord, Manifest, utc_text
from connectors.sample import SAMPLE_NOW
from connectors.spec import DatasetSpec
from connectors.store import Store
from connectors.wire import Answer, Request

DATASET = "reference"
PATH = "files/v1/app/reference/{}.json"
# File, and the field that holds the code.
FILES = {"Reporters": "reporterCode", "partnerAreas": "PartnerCode", "HS": "id"}
MAX_AGE = timedelta(days=30)
_COUNTRIES = Path(__file__).parents[1] / "reference" / "countries.csv"
_STEP = "run `circularity probe`"


@dataclass(frozen=True)
class Reporter:
    """One line of the provider's list. `group` is a union of reporters, never added to anything."""

    name: str
    iso3: str
    group: bool


@dataclass(frozen=True)
class Reference:
    """The provider's lists: reporters by code, partner codes in order, product codes."""

    reporters: dict[str, Reporter]
    partners: tuple[str, ...]
    goods: frozenset[str]

    def refuse_unlisted_goods(self, codes: tuple[str, ...], fail: Fail) -> None:
        """Refuse, before any call, product codes that the provider does not list."""
        unlisted = [code for code in codes if code not in self.goods]
        if unlisted:
            near = difflib.get_close_matches(unlisted[0], sorted(self.goods), n=3, cutoff=0.5)
            _refuse("product codes", unlisted, near, "cmdCode", fail)

    def refuse_unlisted_reporter(self, code: str, iso3: str, fail: Fail) -> None:
        """Refuse, before any call, a reporter that the provider does not list, or that is a group."""
        found = self.reporters.get(code)
        if found is None or found.group:
            near = [f"{c} ({r.name})" for c, r in self.reporters.items() if r.iso3 == iso3 and not r.group]
            near = near or difflib.get_close_matches(code, list(self.reporters), n=3, cutoff=0.5)
            _refuse("reporters", [code], near, "reporterCode", fail)


@lru_cache(maxsize=1)
def region_reporters() -> dict[str, str]:
    """Reporter code -> ISO3 of every member that reports for itself; others are inside a neighbour."""
    with _COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["comtrade_reporter"]: row["ref_area"] for row in rows if row["comtrade_reporter"]}


def load_reference(spec: DatasetSpec, client: Client, scratch: Path, deadline: float) -> Reference:
    """The lists, from the store; asked for when they are not there or a month old. Raises SourceError.

    When they cannot be renewed, the ones in the store are good enough.
    """
    store = Store(client.settings.root, client.settings.illustrative)
    key = f"{spec.provider}/{DATASET}"
    moment = SAMPLE_NOW if client.settings.illustrative else client.now()
    with store.locked(key):
        kept = _kept(store, key)
        bodies = {name: store.read_object(part.sha256) for name, part in kept.items()}
        if set(kept) != set(FILES) or _is_old(store, key, moment):
            try:
                bodies = _renew(spec, client, store, scratch, deadline, moment, kept)
            except SourceError:
                if set(kept) != set(FILES):
                    raise
    return _read(bodies, failer(spec, "all"))


def _kept(store: Store, key: str) -> dict[str, FetchedPart]:
    record = store.last_fetched(key)
    parts = record.parts if record else {}
    return {name: part for name, part in parts.items() if name in FILES and store.is_intact(part.sha256)}


def _is_old(store: Store, key: str, moment: datetime) -> bool:
    record = store.last_fetched(key)
    if record is None:
        return True
    fetched = datetime.strptime(record.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return not timedelta(0) <= moment - fetched < MAX_AGE


def _renew(
    spec: DatasetSpec,
    client: Client,
    store: Store,
    scratch: Path,
    deadline: float,
    moment: datetime,
    kept: dict[str, FetchedPart],
) -> dict[str, bytes]:
    """Ask for all lists; they are kept together or not at all, once they have been read."""
    answers, bodies = {}, {}
    for name in FILES:
        request = Request(
            spec.provider, DATASET, name, PATH.format(name), owner=spec.owner, known=kept.get(name)
        )
        answer = client.fetch(request, scratch / f"reference.{name}", deadline=deadline)
        if answer.not_modified:
            bodies[name] = store.read_object(kept[name].sha256)
            continue
        if answer.status != 200:
            raise request.failed(f"answered status {answer.status}", _STEP, fault="T15")
        answers[name], bodies[name] = answer, answer.path.read_bytes()
    _read(bodies, failer(spec.model_copy(update={"dataset": DATASET}), "all"))
    parts = kept | {name: _keep(spec, store, name, answer, moment) for name, answer in answers.items()}
    store.put_fetched(
        FetchRecord(
            dataset=f"{spec.provider}/{DATASET}",
            at=utc_text(moment),
            question_sha256=spec.question_sha256,
            parts=dict(sorted(parts.items())),
            unchanged=tuple(sorted(set(parts) - set(answers))),
            errors={},
        )
    )
    return bodies


def _keep(spec: DatasetSpec, store: Store, name: str, answer: Answer, moment: datetime) -> FetchedPart:
    sha256, size = store.adopt(answer.path)
    store.put_manifest(
        Manifest(
            provider=spec.provider,
            dataset=DATASET,
            part=name,
            sha256=sha256,
            bytes=size,
            url=answer.url,
            method="GET",
            params={},
            status=answer.status,
            etag=answer.etag,
            last_modified=answer.last_modified,
            retrieved_at=utc_text(moment),
            version_marker=answer.last_modified or "",
            licence=spec.licence,
            citation=spec.citation,
            spec_sha256=spec.spec_sha256,
            illustrative=store.illustrative,
        )
    )
    return FetchedPart(sha256=sha256, version_marker="", etag=answer.etag, last_modified=answer.last_modified)


def _read(bodies: dict[str, bytes], fail: Fail) -> Reference:
    rows = {name: _rows(name, unpack(body, fail), fail) for name, body in bodies.items()}
    reporters = {
        str(row["reporterCode"]): Reporter(
            str(row.get("text")), str(row.get("reporterCodeIsoAlpha3")).strip(), row.get("isGroup") is True
        )
        for row in rows["Reporters"]
    }
    partners = sorted(
        {str(row["PartnerCode"]) for row in rows["partnerAreas"]}, key=lambda code: (len(code), code)
    )
    return Reference(reporters, tuple(partners), frozenset(str(row["id"]) for row in rows["HS"]))


def _rows(name: str, body: bytes, fail: Fail) -> list[dict[str, Any]]:
    answer = read_json(body, fail)
    rows = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not rows:
        fail(f"answered an unknown form of its list {name}", _STEP, field="results", fault="T03")
    if not all(isinstance(row, dict) and FILES[name] in row for row in rows):
        fail(f"lost a field of its list {name}", _STEP, field=FILES[name], fault="P07")
    return rows


def _refuse(what: str, codes: list[str], near: list[str], field: str, fail: Fail) -> None:
    hint = f"; listed are, for example, {', '.join(near)}" if near else ""
    fail(
        f"does not list these {what}, so nothing was asked for them{hint}",
        "correct the code: the service answers an unknown one with success and no rows",
        field=field,
        value=", ".join(codes),
        fault="S03",
    )
