"""Eurostat's queue: a large answer is prepared in the background, and asked for until it is there.

What belongs here: both forms of the queue (a job to poll, or "try again later"), waiting within the data
set's deadline. What does not: recognising the answers (eurostat_answers.py), cutting a query that is too
large (eurostat_split.py).

The addresses and states of a job are documented by the provider and not recorded, so they are read strictly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.http import DATASET_SECONDS, Client
from connectors.protocols.base import Fail
from connectors.protocols.eurostat_answers import Refusal, raise_refusal, read_body
from connectors.protocols.xml_tree import first_text, read_xml
from connectors.wire import Answer, Request

FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0
_WORKING = ("SUBMITTED", "PROCESSING")
_READY = "AVAILABLE"
_LOST = ("EXPIRED", "UNKNOWN_REQUEST")
_JOB = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_LATER = "refresh again in some minutes; large data sets are prepared in a queue"
_PROBE = "run `circularity probe`, and compare with Eurostat's description of asynchronous requests"


@dataclass(frozen=True)
class Body:
    """A complete answer: its unpacked text, and the facts of the exchange. Not modified: no text."""

    data: bytes
    answer: Answer


@dataclass(frozen=True)
class TooBig:
    """The provider refuses a query of this size. `label`: its own words, with the estimate and the limit."""

    label: str
    fault: str
    answer: Answer


def bring(
    request: Request, api: str, client: Client, into: Path, deadline: float, fail: Fail
) -> Body | TooBig | None:
    """One answer with data, waited for if need be; TooBig, or None where the provider has no rows.

    Raises SourceError.
    """
    patience = _Patience(client, deadline)
    while True:
        answer = client.fetch(request, into, deadline=deadline)
        if answer.not_modified:
            return Body(b"", answer)
        data, refusal = read_body(answer, fail)
        if refusal is not None and refusal.kind == "queued":
            if refusal.job:
                return _collect(refusal, request, answer, api, client, into, deadline, fail)
            if not patience.wait():
                what = f"kept the request in its queue (no job id, waited {patience.waited:.0f} s)"
                fail(what, _LATER, transient=True, value=refusal.label, field="label", fault="T10")
            continue
        return _judge(data, refusal, answer, fail)


def _judge(data: bytes, refusal: Refusal | None, answer: Answer, fail: Fail) -> Body | TooBig | None:
    if refusal is None:
        return Body(data, answer)
    if refusal.kind == "too_big":
        return TooBig(refusal.label, "T09", answer)
    if refusal.kind != "no_results":
        raise_refusal(refusal, fail)
    return None


def _collect(
    queued: Refusal,
    request: Request,
    first: Answer,
    api: str,
    client: Client,
    into: Path,
    deadline: float,
    fail: Fail,
) -> Body | TooBig | None:
    """What a job has prepared, once its status says so. It is known by the address first asked."""
    if not _JOB.match(queued.job):
        fail("named a job whose id is no id", _PROBE, field="id", value=queued.job, fault="T10")
    patience, state = _Patience(client, deadline), queued.label
    while state != _READY:
        if state in _LOST:
            step = "refresh again: the request has to be put into the queue anew"
            fail(f"lost the job {queued.job} in its queue", step, transient=True, value=state, field="status",
                 fault="T10")  # fmt: skip
        if state not in _WORKING:
            known = ", ".join((*_WORKING, _READY, *_LOST))
            what = f"gave the job {queued.job} in its queue an unknown state (expected: {known})"
            fail(what, _PROBE, field="status", value=state, fault="T10")
        if not patience.wait():
            what = f"kept the request in its queue (job {queued.job}, waited {patience.waited:.0f} s)"
            fail(what, _LATER, transient=True, field="status", value=state, fault="T10")
        state = _ask_state(queued.job, request, api, client, into, deadline, fail)
    asked = replace(request, path=f"{api}/1.0/async/data/{queued.job}", params={}, known=None)
    answer = client.fetch(asked, into, deadline=deadline)
    data, refusal = read_body(answer, fail)
    # The address of the job is gone tomorrow, and its validators are not those of the data set.
    answer = replace(answer, url=first.url, etag=None, last_modified=None)
    return _judge(data, refusal, answer, fail)


def _ask_state(
    job: str, request: Request, api: str, client: Client, into: Path, deadline: float, fail: Fail
) -> str:
    asked = replace(request, path=f"{api}/1.0/async/status/{job}", params={}, known=None)
    answer = client.fetch(asked, into, deadline=deadline)
    data = answer.path.read_bytes()
    if not data.lstrip().startswith(b"<"):
        fail(f"was expected to give the state of the job {job} in its queue as XML", _PROBE, field="answer",
             value=data[:80].decode("utf-8", "replace"), fault="T10")  # fmt: skip
    return first_text(read_xml(data, fail), "asyncResponse", "status", "status")


class _Patience:
    """Waits that double up to a minute, within the deadline, and never more than a data set's whole time."""

    def __init__(self, client: Client, deadline: float) -> None:
        self.waited, self._next = 0.0, FIRST_WAIT
        self._client, self._deadline = client, deadline

    def wait(self) -> bool:
        """Wait the next time; False if that would be too long."""
        if self.waited + self._next > DATASET_SECONDS or not self._client.pause(self._next, self._deadline):
            return False
        self.waited += self._next
        self._next = min(2 * self._next, LONGEST_WAIT)
        return True
