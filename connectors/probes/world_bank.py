"""Questions to the World Bank.

What belongs here: the envelope, the error, the largest page, constant-price GDP. What does not: asking
(base.py).
"""

from __future__ import annotations

from typing import Any

from connectors.probes.base import (
    STEP,
    Asker,
    Question,
    Seen,
    ask_terms,
    compare,
    judge,
    names,
    read_dataset,
    show,
)
from connectors.protocols.world_bank import ROW_FIELDS
from connectors.registry import get_dataset

UNKNOWN = "NO.SUCH.INDICATOR"
LARGEST_PAGE = 32_500
_HEAD = {"page", "pages", "per_page", "total", "sourceid", "lastupdated"}


def _page(asker: Asker, code: str, size: int) -> tuple[Any, Any]:
    """(head, rows) of one page of one year."""
    query = {"format": "json", "source": "2", "date": "2020", "per_page": str(size), "page": "1"}
    found = asker.ask_json(f"v2/country/all/indicator/{code}", query)
    if not isinstance(found, list) or not found:
        asker.fail("answered no list", STEP, value=show(found))
    return found[0], found[1] if len(found) > 1 else None


def _envelope(asker: Asker) -> Seen:
    head, rows = _page(asker, "SP.POP.TOTL", 5)
    first = rows[0] if isinstance(rows, list) and rows else None
    found = names(head) | {f"row.{name}" for name in names(first)}
    return compare(found, _HEAD | {f"row.{name}" for name in ROW_FIELDS})


def _error(asker: Asker) -> Seen:
    head, _ = _page(asker, UNKNOWN, 5)
    return judge("message" in names(head), f"status 200, {show(head)}")


def _largest(asker: Asker) -> Seen:
    head, _ = _page(asker, "SP.POP.TOTL", LARGEST_PAGE)
    size = head.get("per_page") if isinstance(head, dict) else None
    return judge(str(size) == str(LARGEST_PAGE), f"asked {LARGEST_PAGE} rows a page, granted {show(size)}")


def _constant_prices(asker: Asker) -> Seen:
    spec = get_dataset("world_bank/ny_gdp_mktp_pp_kd")
    _, rows = _page(asker, str(spec.code), 1)
    first = rows[0] if isinstance(rows, list) and rows else {}
    indicator = first.get("indicator") if isinstance(first, dict) else None
    title = indicator.get("value") if isinstance(indicator, dict) else "no such indicator"
    return judge(f"constant {spec.price_base['all']}" in str(title), show(title))


QUESTIONS = (
    Question("Has a page the known form?", "the fields of head and rows that we read", _envelope),
    Question("Does an unknown indicator answer an error with status 200?", "a message object", _error),
    Question("How many rows may a page have?", str(LARGEST_PAGE), _largest),
    Question(
        "Is GDP offered in constant prices, of the declared year?", "the year in its title", _constant_prices
    ),
    Question(
        "Can an indicator be read, page by page?",
        "as many rows as declared",
        read_dataset("world_bank/sp_pop_totl"),
    ),
    ask_terms("world_bank"),
)
