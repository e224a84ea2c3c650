"""The sample's bodies as UN Comtrade would write them: code lists, availability, one reporter-year.

What belongs here: wire format and invented trade. What does not: HTTP (adapter.py), the reviewed code tables
it reads (reference/). World is the sum of its partners to the dollar; some weights are missing, written as 0.
"""

from __future__ import annotations

import csv
import json
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from connectors.sample import world

# Each reporter-year is a part of its own, so there are few of them; one is older than the newest edition.
YEARS = (2020, 2023, 2024)
HS_2022_YEAR = 2022
PARTNERS = 3
_NOT_SPECIFIED = "899"
_REFERENCE = Path(__file__).parents[1] / "reference"


def reference_list(name: str) -> bytes | None:
    """The body of a reference file: Reporters, partnerAreas or HS; None for any other."""
    rows: list[dict[str, object]] = []
    if name == "HS":
        rows += [{"id": row["hs_code"], "text": row["description_en"]} for row in _table("hs_codes")]
    elif name in ("Reporters", "partnerAreas"):
        field = "reporterCode" if name == "Reporters" else "PartnerCode"
        code_list = "comtrade_reporter" if name == "Reporters" else "comtrade_partner"
        for code, area, text, group in _areas(code_list):
            iso3 = f"{field}IsoAlpha3"
            rows.append({"id": code, "text": text, field: code, iso3: area, "isGroup": group})
    else:
        return None
    return _dump({"more": False, "results": rows})


def availability(vintage: int) -> bytes:
    """Every reporter-year there is, with its moment of release and checksum."""
    rows = [
        {
            "typeCode": "C",
            "freqCode": "A",
            "period": str(year),
            "reporterCode": int(reporter),
            "classificationCode": _edition(year),
            "datasetChecksum": zlib.crc32(f"{reporter}-{year}".encode()),
            "lastReleased": f"{year + 1}-11-20T00:00:00",
        }
        for reporter, iso3 in _reporters()
        for year in _years(iso3, vintage)
    ]
    return _envelope(rows)


def trade(query: dict[str, str], vintage: int) -> bytes:
    """The rows of one reporter-year; an unknown code gives success and no rows, as the service does."""
    codes = dict(_reporters())
    iso3, year = codes.get(query.get("reporterCode", "")), int(query.get("period", "0"))
    if iso3 is None or year not in _years(iso3, vintage):
        return _envelope([])
    flows, goods = (query.get(name, "").split(",") for name in ("flowCode", "cmdCode"))
    wanted = set(filter(None, query.get("partnerCode", "").split(",")))
    rows = [
        row
        for flow in flows
        for code in goods
        if _exists(code, year)
        for row in _product(query["reporterCode"], iso3, year, flow, code)
        if not wanted or str(row["partnerCode"]) in wanted
    ]
    return _envelope(rows)


def _product(reporter: str, iso3: str, year: int, flow: str, code: str) -> Iterator[dict[str, object]]:
    """World, then its partners."""
    shown = [
        _row_of_pair(iso3, partner, area, year, flow, code) for partner, area in _partners(iso3, flow, code)
    ]
    shown.append(_row_of_pair(iso3, _NOT_SPECIFIED, _NOT_SPECIFIED, year, flow, code))
    total = "0", sum(value for _, value, _, _ in shown), sum(weight for *_, weight, _ in shown), False
    for partner, value, weight, missing in [total, *shown]:
        yield {
            "typeCode": "C",
            "freqCode": "A",
            "period": str(year),
            "reporterCode": int(reporter),
            "reporterDesc": world.MARK,
            "flowCode": flow,
            "partnerCode": int(partner),
            "partner2Code": 0,
            "classificationCode": _edition(year),
            "cmdCode": code,
            "customsCode": "C00",
            "mosCode": "0",
            "motCode": 0,
            "netWgt": weight,
            "isNetWgtEstimated": missing,
            "primaryValue": value,
            "legacyEstimationFlag": 4 if missing else 0,
            "isReported": False,
            "isAggregate": True,
        }


def _row_of_pair(
    iso3: str, partner: str, area: str, year: int, flow: str, code: str
) -> tuple[str, int, int, bool]:
    """(partner, dollars, kilograms, whether the weight is missing) as one side writes down what two traded.

    Both start from one shipment; the importer's scales differ a little, less each year, and its value holds
    the carriage. Nothing is drawn by year: the gap between mirrors has a trend, which a new year continues.
    """
    exporter, importer = (iso3, area) if flow == "X" else (area, iso3)
    size = world.draw("comtrade", exporter, importer, code).random()
    own = world.draw("comtrade", iso3, flow, area, code)
    seller = exporter if exporter != _NOT_SPECIFIED else iso3
    shipped = world.population()[seller, year] * (0.2 + size) / (20 if partner == _NOT_SPECIFIED else 2)
    apart = (0.15 - 0.25 * own.random()) * _narrowing()[year] / _narrowing()[YEARS[0]]
    weight = round(shipped * (1.0 if flow == "X" else 1.0 - apart))
    value = round(weight * (0.3 + 0.5 * size) * (1.0 if flow == "X" else 1.06))
    missing = own.random() < 0.06
    return partner, value, 0 if missing else weight, missing


@lru_cache(maxsize=1)
def _narrowing() -> dict[int, float]:
    """How far apart the scales still are, by year."""
    return world.path(1.0, -0.12, 0.0, "comtrade narrowing")


def _partners(iso3: str, flow: str, code: str) -> list[tuple[str, str]]:
    """(code, area) of those a country sells to, or of those that sell to it, by number."""
    found = {
        (number, area)
        for number, area in _partner_codes()
        if area != iso3
        and (area in _customers(iso3, code) if flow == "X" else iso3 in _customers(area, code))
    }
    return sorted(found, key=lambda pair: int(pair[0]))


@lru_cache(maxsize=4096)
def _customers(iso3: str, code: str) -> frozenset[str]:
    """Whom a country sells a product to."""
    generator, others = world.draw("comtrade", iso3, code), sorted(area for _, area in _partner_codes())
    drawn = {others[int(generator.random() * len(others))] for _ in range(PARTNERS)}
    return frozenset(drawn - {iso3})


def _years(iso3: str, vintage: int) -> list[int]:
    """The years a country has reported: the Union each of them, of the others some each and most none."""
    members = {c.iso3 for c in world.countries() if c.is_eu27}
    if iso3 not in members and world.draw("comtrade", iso3).random() >= 0.2:
        return []
    return [year for year in YEARS if year <= world.LAST_YEAR[vintage]]


def _edition(year: int) -> str:
    return "H6" if year >= HS_2022_YEAR else "H5"


@lru_cache(maxsize=64)
def _exists(code: str, year: int) -> bool:
    row = next((row for row in _table("hs_codes") if row["hs_code"] == code), None)
    return row is not None and row["first_edition"] <= _edition(year) <= row["last_edition"]


@lru_cache(maxsize=8)
def _table(name: str) -> tuple[dict[str, str], ...]:
    with (_REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _areas(code_list: str) -> Iterator[tuple[int, str, str, bool]]:
    """(code, our area, name, whether it is a group) of every code still in use."""
    names = {row["ref_area"]: row for row in _table("areas")}
    for row in _table("area_codes"):
        if row["code_list"] == code_list and not row["valid_to"]:
            area = names[row["ref_area"]]
            group = area["area_kind"] == "group"
            yield int(row["code"]), row["ref_area"], area["name_en"], group


@lru_cache(maxsize=1)
def _reporters() -> tuple[tuple[str, str], ...]:
    return tuple(
        (row["comtrade_reporter"], row["ref_area"]) for row in _table("countries") if row["comtrade_reporter"]
    )


@lru_cache(maxsize=1)
def _partner_codes() -> tuple[tuple[str, str], ...]:
    """Each member once, under the code its trade is reported under today."""
    found = (
        (row["comtrade_reporter"] or row["comtrade_partner"], row["ref_area"]) for row in _table("countries")
    )
    return tuple((code, area) for code, area in found if code)


def _envelope(rows: list[dict[str, object]]) -> bytes:
    return _dump({"elapsedTime": "0.01 secs", "count": len(rows), "data": rows, "error": ""})


def _dump(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
