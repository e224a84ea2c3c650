"""Questions to UN Comtrade.

What belongs here: spelling of parameters, periods in one call, key and quota, one scrap heading, the list of
reporters. What does not: asking (base.py).
"""

from __future__ import annotations

from typing import Any

from connectors.probes.base import STEP, Asker, Question, Seen, ask_terms, judge, names, show
from connectors.protocols.comtrade_ask import FIELDS, FINAL, PREVIEW
from connectors.protocols.comtrade_reference import PATH

_TOTALS = {
    "partnerCode": "0",
    "partner2Code": "0",
    "motCode": "0",
    "customsCode": "C00",
    "breakdownMode": "classic",
}
_SCRAP = {"period": "2019", "cmdCode": "3915", "flowCode": "X"}


def _count(asker: Asker, path: str, params: dict[str, str]) -> tuple[int, list[Any]]:
    found = asker.ask_json(f"{path}/C/A/HS", {**_TOTALS, **_SCRAP, **params})
    rows = found.get("data") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        asker.fail("answered no list of rows", STEP, value=show(found))
    return len(rows), rows


def _scrap(asker: Asker) -> Seen:
    count, rows = _count(asker, PREVIEW, {"reporterCode": "276"})
    found = {name.lower() for name in names(rows[0] if rows else None)}
    lost = sorted(name for name in FIELDS if name.lower() not in found)
    return judge(count == 1 and not lost, f"{count} rows; lost fields: {', '.join(lost) or 'none'}")


def _spelling(asker: Asker) -> Seen:
    camel, _ = _count(asker, PREVIEW, {"reporterCode": "276"})
    small, _ = _count(asker, PREVIEW, {"reportercode": "276"})
    return judge(camel == small == 1, f"reporterCode {camel} rows, reportercode {small}")


def _periods(asker: Asker) -> Seen:
    status, body = asker.ask(
        f"{PREVIEW}/C/A/HS", {**_TOTALS, **_SCRAP, "reporterCode": "276", "period": "2018,2019"}
    )
    return judge(status == 400, f"status {status}, {show(body[:80].decode('utf-8', 'replace'))}")


def _key(asker: Asker) -> Seen:
    if "comtrade" not in asker.client.settings.keys:
        return "unasked", "no key is set in CIRCULARITY_COMTRADE_KEY"
    count, _ = _count(asker, FINAL, {"reporterCode": "276"})
    used = [
        f"{usage.used} of {usage.limit}"
        for usage in asker.client.budget.list_usage()
        if usage.provider == "comtrade"
    ]
    return judge(count == 1, f"{count} rows; calls used: {', '.join(used) or 'none counted'}")


def _reporters(asker: Asker) -> Seen:
    found = asker.ask_json(PATH.format("Reporters"))
    rows = found.get("results") if isinstance(found, dict) else None
    first = names(rows[0] if isinstance(rows, list) and rows else None)
    wanted = {"reporterCode", "reporterCodeIsoAlpha3"}
    return judge(
        wanted <= first, f"{len(rows) if isinstance(rows, list) else 0} reporters, fields {sorted(first)}"
    )


QUESTIONS = (
    Question("Which spelling of a parameter does the preview take?", "both", _spelling, in_sample=False),
    Question("Does the preview take two periods?", "no: status 400", _periods, in_sample=False),
    Question("Does the key work, and what is its quota?", "one row of final data", _key, in_sample=False),
    Question(
        "Is one scrap heading there, in the known form?",
        "one row with every field we read",
        _scrap,
        in_sample=False,
    ),
    Question("Can the list of reporters be read?", "codes with ISO letters", _reporters),
    ask_terms("comtrade"),
)
