"""One reporter-year of UN Comtrade: the questions that bring it whole, and the container of their answers.

What belongs here: parameters, splitting at the cap, the envelope of an answer. What does not: which
reporter-years there are (comtrade_plan.py), what rows mean (comtrade_rows.py).

The service stops at a cap without a word, so an answer with as many rows as the cap is thrown away and asked
for again in two halves: by flow, then by product, then by partner. A container is a JSON text sequence
(RFC 7464): each question before its answer, unchanged, and at the end what only the fetch could know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from connectors.http import Client
from connectors.protocols.base import (
    Fail,
    check_text,
    failer,
    unpack,
)
from connectors.protocols.json_rows import read_json_rows
from connectors.protocols.json_text import read_json
from connectors.spec import DatasetSpec
from connectors.wire import Answer, Request

SEPARATOR = b"\x1e"
FINAL, PREVIEW = "data/v1/get", "public/v1/preview"
PREVIEW_CAP = 500
ESTIMATED = "isNetWgtEstimated"
# What every row must have; the other fields of a row are known and not used.
FIELDS = (
    "typeCode", "freqCode", "period", "reporterCode", "flowCode", "partnerCode", "partner2Code",
    "classificationCode", "cmdCode", "customsCode", "mosCode", "motCode", "netWgt", "primaryValue",
    "legacyEstimationFlag",
)  # fmt: skip
OTHER_FIELDS = (
    "refPeriodId", "refYear", "refMonth", "reporterISO", "reporterDesc", "flowDesc", "partnerISO",
    "partnerDesc", "partner2ISO", "partner2Desc", "classificationSearchCode", "isOriginalClassification",
    "cmdDesc", "aggrLevel", "isLeaf", "customsDesc", "motDesc", "qtyUnitCode", "qtyUnitAbbr", "qty",
    "isQtyEstimated", "altQtyUnitCode", "altQtyUnitAbbr", "altQty", "isAltQtyEstimated", "grossWgt",
    "isGrossWgtEstimated", "cifvalue", "fobvalue", "isReported", "isAggregate", "datasetCode",
)  # fmt: skip
# The reference spells this field in one way and answers in another.
_ESTIMATED = re.compile(rb'"(isnetwgtestimated)"\s*:', re.IGNORECASE)
_STEP = "run `circularity probe`"


@dataclass(frozen=True)
class Question:
    """One call. `partners` empty asks for the World and every partner."""

    reporter: str
    period: str
    flows: tuple[str, ...]
    codes: tuple[str, ...]
    partners: tuple[str, ...] = ()

    def halves(self, partners: tuple[str, ...]) -> tuple[Question, Question] | None:
        """Two questions that together ask the same, or None for the smallest. `partners`: every code."""
        if len(self.flows) > 1:
            return replace(self, flows=self.flows[:1]), replace(self, flows=self.flows[1:])
        if len(self.codes) > 1:
            middle = len(self.codes) // 2
            return replace(self, codes=self.codes[:middle]), replace(self, codes=self.codes[middle:])
        asked = self.partners or partners
        if len(asked) > 1:
            middle = len(asked) // 2
            return replace(self, partners=asked[:middle]), replace(self, partners=asked[middle:])
        return None

    def params(self, query: dict[str, str]) -> dict[str, str]:
        """Everything the service is told: the declared filters on totals, and this question."""
        asked = {
            "reporterCode": self.reporter,
            "period": self.period,
            "flowCode": ",".join(self.flows),
            "cmdCode": ",".join(self.codes),
        }
        return query | asked | ({"partnerCode": ",".join(self.partners)} if self.partners else {})


@dataclass(frozen=True)
class Route:
    """How data are asked for: with a key the final data, without one the preview with its small cap."""

    path: str
    cap: int


@dataclass(frozen=True)
class Brought:
    """A complete container on disk, and the last answer that went into it."""

    path: Path
    answer: Answer
    params: dict[str, str]


def choose_route(spec: DatasetSpec, client: Client) -> Route:
    """The preview gives the same figures without a key, 500 rows at a time; the sample knows no keys."""
    if client.settings.illustrative or spec.provider in client.settings.keys:
        return Route(FINAL, spec.row_cap or PREVIEW_CAP)
    return Route(PREVIEW, min(PREVIEW_CAP, spec.row_cap or PREVIEW_CAP))


def whole_question(spec: DatasetSpec, part: str) -> Question:
    """The question for a whole part, `<reporter>-<year>`."""
    reporter, _, period = part.rpartition("-")
    flows, codes = (tuple(spec.query[name].split(",")) for name in ("flowCode", "cmdCode"))
    return Question(reporter, period, flows, codes)


def bring_part(
    spec: DatasetSpec,
    client: Client,
    part: str,
    partners: tuple[str, ...],
    scratch: Path,
    deadline: float,
) -> Brought:
    """Ask until every answer is complete; `partners` are all codes of the provider. Raises SourceError."""
    fail, route = failer(spec, part), choose_route(spec, client)
    whole, page = scratch / f"{part}.json-seq", scratch / f"{part}.page"
    waiting = [whole_question(spec, part)]
    met: set[str] = set()
    with whole.open("wb") as out:
        while waiting:
            question = waiting.pop()
            request = _request(spec, part, route, question)
            answer = client.fetch(request, page, deadline=deadline)
            body = unpack(page.read_bytes(), fail)
            _refuse_status(answer, body, fail)
            rows = read_answer(body, fail)
            # A full answer counts too: a partner no list has is asked for by name only if it was met here.
            met |= set(rows["partnerCode"].drop_nulls())
            if rows.height >= route.cap:
                everyone = (*partners, *sorted(met - set(partners)))
                waiting += reversed(_split(question, everyone, rows.height, fail))
                continue
            out.write(_record(asdict(question)) + SEPARATOR + body)
        unlisted = sorted(met - set(partners))
        out.write(_record({"route": route.path, "row_cap": route.cap, "unlisted_partners": unlisted}))
    return Brought(whole, answer, whole_question(spec, part).params(spec.query))


def read_container(body: bytes, fail: Fail) -> tuple[list[tuple[Question, pl.DataFrame]], dict[str, Any]]:
    """(each question with its rows, what the fetch wrote at the end)."""
    body = check_text(body, fail)
    spans = _spans(body)
    found, last = [], b""
    for start, stop in spans:
        last = body[start:stop]
        answer = next(spans, None)
        if answer is not None:
            found.append((_question(last, fail), _read_rows(body, answer, fail)))
            last = b""
    end = read_json(last, fail) if last else None
    if not (isinstance(end, dict) and isinstance(end.get("unlisted_partners"), list)) or not found:
        fail("is no container of answers", "refresh again with --full", field="container")
    return found, end


def read_answer(body: bytes, fail: Fail) -> pl.DataFrame:
    """The rows of one answer: `_line`, FIELDS and ESTIMATED, as text. Raises SourceError."""
    if SEPARATOR in body:
        fail("holds a control character that no JSON has", _STEP, field="answer", fault="P09")
    body = check_text(body, fail)
    return _read_rows(body, (0, len(body)), fail)


def _read_rows(body: bytes, span: tuple[int, int], fail: Fail) -> pl.DataFrame:
    """The rows of the answer between two places of `body`, which may be large: it is not copied."""
    spelt = _ESTIMATED.search(body, *span)
    estimated = spelt[1].decode() if spelt else ESTIMATED
    fields = (*FIELDS, estimated)
    head, seen, rows = read_json_rows(body, fail, rows_field="data", fields=fields, span=span)
    if head.get("error"):
        fail(
            "answered an error with status 200",
            "check the declared codes and parameters",
            field="error",
            value=str(head["error"]),
            fault="T04",
        )
    if str(head.get("count")) != str(rows.height):
        what = f"holds {rows.height} rows where it declares {head.get('count')}"
        fail(what, "refresh again", field="count", transient=True, fault="T05")
    new = [name for name in seen if name not in (*FIELDS, *OTHER_FIELDS, estimated)]
    if new:
        fail(
            f"changed its fields: lost none; new {', '.join(sorted(new))}",
            "find out what the new field means before it is passed over",
            field="data",
            value=", ".join(sorted(new)),
            fault="P07",
        )
    return rows.rename({estimated: ESTIMATED})


def _request(spec: DatasetSpec, part: str, route: Route, question: Question) -> Request:
    params = question.params(spec.query)
    if route.path == FINAL:
        params["maxRecords"] = str(route.cap)
    return Request(
        spec.provider, spec.dataset, part, f"{route.path}/C/A/{spec.code}", params, owner=spec.owner
    )


def _split(question: Question, partners: tuple[str, ...], rows: int, fail: Fail) -> tuple[Question, ...]:
    halves = question.halves(partners)
    if halves is None:
        fail(
            f"is probably truncated at {rows} rows, and its smallest question cannot be split",
            "raise row_cap in the declaration only if the provider has raised its cap",
            field="query",
            value=json.dumps(asdict(question), separators=(",", ":")),
            fault="T11",
        )
    return halves


def _refuse_status(answer: Answer, body: bytes, fail: Fail) -> None:
    if answer.status == 404:
        what = "has no such address any more (status 404)"
        fail(what, "check whether the provider has moved: see the runbook", fault="T15")
    if answer.status != 200:
        fail(
            f"answered status {answer.status}",
            "check the declared codes and parameters",
            field="answer",
            value=body[:200].decode("utf-8", "replace"),
            fault="T04",
        )


def _record(content: dict[str, Any]) -> bytes:
    return SEPARATOR + json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _spans(body: bytes) -> Iterator[tuple[int, int]]:
    """The places between the separators, one after the other."""
    start = body.find(SEPARATOR)
    while start >= 0:
        end = body.find(SEPARATOR, start + 1)
        yield start + 1, end if end >= 0 else len(body)
        start = end


def _question(record: bytes, fail: Fail) -> Question:
    facts = read_json(record, fail)
    names = {"reporter", "period", "flows", "codes", "partners"}
    if not isinstance(facts, dict) or set(facts) != names:
        fail("is no container of answers", "refresh again with --full", field="question")
    lists = {name: tuple(facts[name]) for name in ("flows", "codes", "partners")}
    return Question(reporter=str(facts["reporter"]), period=str(facts["period"]), **lists)
