"""Questions to UNSD's SDG database.

What belongs here: base address, list of series, the JSON envelope, unknown codes. What does not: asking
(base.py).
"""

from __future__ import annotations

import re

from connectors.probes.base import Asker, Question, Seen, ask_terms, compare, judge, names, read_dataset, show
from connectors.protocols import unsd_json
from connectors.protocols.unsd_series import API
from connectors.registry import list_datasets

UNKNOWN = "CIRCULARITY_NO_SUCH_SERIES"
_RELEASE = re.compile(r"\d{4}\.Q[1-4]\.G\.\d{2}")
_PAGE = {"pageNumber", "totalPages", "totalElements", "data"}


def _list(asker: Asker) -> Seen:
    found = asker.ask_json(f"{API}/Series/List", {"allreleases": "false"})
    items = found if isinstance(found, list) else []
    listed = {str(item.get("code")) for item in items if isinstance(item, dict)}
    wanted = {part for spec in list_datasets() if spec.provider == "unsd" for part in spec.parts}
    missing = sorted(wanted - listed)
    return judge(
        not missing, f"{len(listed)} series listed; ours that are not: {', '.join(missing) or 'none'}"
    )


def _releases(asker: Asker) -> Seen:
    found = asker.ask_json(f"{API}/Series/List", {"allreleases": "false"})
    items = found if isinstance(found, list) else []
    tags = sorted({str(item.get("release")) for item in items if isinstance(item, dict)})
    return judge(bool(tags) and all(map(_RELEASE.fullmatch, tags)), f"releases {show(', '.join(tags))}")


def _page(asker: Asker) -> Seen:
    found = asker.ask_json(
        f"{API}/Series/Data", {"seriesCode": "EN_MAT_DOMCMPC", "page": "1", "pageSize": "5"}
    )
    rows = found.get("data") if isinstance(found, dict) else None
    first = rows[0] if isinstance(rows, list) and rows else None
    expected = {*_PAGE, *(f"data.{name}" for name in (*unsd_json.FIELDS, *unsd_json.UNUSED_FIELDS))}
    verdict, seen = compare(names(found) | {f"data.{name}" for name in names(first)}, expected)
    is_text = isinstance(first, dict) and isinstance(first.get("value"), str)
    return verdict if is_text else "changed", f"{seen}; the value is {'text' if is_text else 'no text'}"


def _unknown(asker: Asker) -> Seen:
    found = asker.ask_json(f"{API}/Series/Data", {"seriesCode": UNKNOWN, "page": "1", "pageSize": "5"})
    total = found.get("totalElements") if isinstance(found, dict) else None
    return judge(total == 0, f"totalElements {show(total)}")


QUESTIONS = (
    Question(
        "Is the address current, and every declared series listed?", f"a list at {API}/Series/List", _list
    ),
    Question("How is a release written?", "such as 2023.Q4.G.01", _releases),
    Question(
        "Can a small data set be read?",
        "CSV with the declared columns, units and natures",
        read_dataset("unsd/sdg_12_5"),
    ),
    Question(
        "Has a JSON page the known form?", "the fields of Series/Data, values as text", _page, in_sample=False
    ),
    Question("What does an unknown series answer?", "status 200 and no elements", _unknown, in_sample=False),
    ask_terms("unsd"),
)
