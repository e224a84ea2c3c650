"""UN Comtrade in small: invented rows, its own filters, its cap without a flag, its refusals.

What belongs here: how the service answers. What does not: any published figure. The numbers are invented.
"""

import json
import zlib
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from connectors.spec import DatasetSpec
from tests.unit.connectors.conftest import Asked, Reply

KEY = "canary-7f3a91"
CODES = ("3915", "7204")
PARTNERS = (0, 40, 156, 251, 792, 842)
QUOTA = b'{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 03:14:17."}'
REPORTERS = {
    40: ("Austria", "AUT", False),
    97: ("European Union", "EUR", True),
    276: ("Germany", "DEU", False),
    380: ("Italy", "ITA", False),
}


def declaration(**changes: object) -> DatasetSpec:
    """A data set of two products; `changes` replace fields."""
    facts = {
        "provider": "comtrade",
        "dataset": "hs_test",
        "title": "Invented trade",
        "protocol": "comtrade",
        "parts": {"all": ("KG", "USD")},
        "code": "HS",
        "query": {
            "cmdCode": ",".join(CODES),
            "flowCode": "M,X",
            "partner2Code": "0",
            "motCode": "0",
            "customsCode": "C00",
            "breakdownMode": "classic",
        },
        "first_year": 2019,
        "dimensions": ("classificationCode", "cmdCode", "flowCode", "partnerCode"),
        "negative_values": "quarantine",
        "licence": {"name": "x", "url": "https://x.org/", "rows_may_appear": False, "reviewed": None},
        "citation": "x",
        "version_marker": "x",
        "freshness": {"expected_every_days": 45, "note": "x"},
        "row_cap": 100_000,
        "owner": "us",
    }
    return DatasetSpec.model_validate(facts | changes)


def trade_row(**changes: object) -> dict[str, object]:
    """One row of an answer, a World total unless `changes` say otherwise."""
    row = {
        "typeCode": "C", "freqCode": "A", "refPeriodId": 20200101, "refYear": 2020, "refMonth": 52,
        "period": "2020", "reporterCode": 40, "reporterISO": None, "reporterDesc": None, "flowCode": "M",
        "flowDesc": None, "partnerCode": 0, "partnerISO": None, "partnerDesc": None, "partner2Code": 0,
        "partner2ISO": None, "partner2Desc": None, "classificationCode": "H5",
        "classificationSearchCode": "HS", "isOriginalClassification": True, "cmdCode": "3915",
        "cmdDesc": None, "aggrLevel": 4, "isLeaf": False, "customsCode": "C00", "customsDesc": None,
        "mosCode": "0 ", "motCode": 0, "motDesc": None, "qtyUnitCode": 8, "qtyUnitAbbr": None, "qty": 0.0,
        "isQtyEstimated": False, "altQtyUnitCode": -1, "altQtyUnitAbbr": None, "altQty": 0.0,
        "isAltQtyEstimated": False, "netWgt": 1200.5, "isNetWgtEstimated": False, "grossWgt": 0.0,
        "isGrossWgtEstimated": False, "cifvalue": 900.25, "fobvalue": None, "primaryValue": 900.25,
        "legacyEstimationFlag": 0, "isReported": False, "isAggregate": True,
    }  # fmt: skip
    return row | changes


def whole_trade(reporter: int, year: int, partners: tuple[int, ...] = PARTNERS) -> list[dict[str, object]]:
    """Every flow and code of a reporter-year; the World row is the sum of the partners."""
    rows = []
    for flow in "MX":
        for code in CODES:
            facts = {"reporterCode": reporter, "period": str(year), "flowCode": flow, "cmdCode": code}
            values = [partner + year % 100 + 0.5 for partner in partners if partner]
            rows.append(trade_row(**facts, primaryValue=sum(values), netWgt=10 * sum(values)))
            for partner, value in zip([p for p in partners if p], values, strict=True):
                rows.append(trade_row(**facts, partnerCode=partner, primaryValue=value, netWgt=10 * value))
    return rows


def envelope(rows: list[dict[str, object]], **changes: object) -> bytes:
    """An answer with these rows."""
    whole = {"elapsedTime": "0.21 secs", "count": len(rows), "error": "", "data": rows}
    return json.dumps(whole | changes, separators=(",", ":")).encode()


@dataclass
class Comtrade:
    """The service; set `provider.answer` to it. `left` is what remains of its quota."""

    rows: dict[tuple[int, int], list[dict[str, object]]] = field(default_factory=dict)
    released: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict)
    cap: int = 100_000
    left: int = 1_000_000
    reporters: dict[int, tuple[str, str, bool]] = field(default_factory=lambda: dict(REPORTERS))
    goods: tuple[str, ...] = (*CODES, "7404")
    partners: tuple[int, ...] = PARTNERS
    data_calls: list[dict[str, str]] = field(default_factory=list)

    def publish(self, reporter: int, year: int, rows: list | None = None, day: str = "2024-05-10") -> None:
        """Release a reporter-year; its checksum follows its rows."""
        rows = whole_trade(reporter, year) if rows is None else rows
        self.rows[reporter, year] = rows
        self.released[reporter, year] = (f"{day}T08:00:00", zlib.crc32(json.dumps(rows).encode()) - 2**31)

    def asked_parts(self) -> list[str]:
        """The reporter-years whose data were asked for, each once, in order."""
        names = [f"{call['reporterCode']}-{call['period']}" for call in self.data_calls]
        return list(dict.fromkeys(names))

    def __call__(self, asked: Asked) -> Reply:
        url = urlsplit(asked.path)
        query = dict(parse_qsl(url.query))
        call = url.path.removeprefix("/comtrade/").lower()
        if call.startswith("files/"):
            return self._reference(asked, url.path.rpartition("/")[2])
        if call.startswith("data/") and asked.headers.get("Ocp-Apim-Subscription-Key") != KEY:
            return Reply(b'{"statusCode":401,"message":"Access denied due to %s"}' % KEY.encode(), status=401)
        if self.left <= 0:
            return Reply(QUOTA, status=403)
        self.left -= 1
        if "/getda/" in call:
            return Reply(envelope(self._available(query)))
        self.data_calls.append(query)
        rows = self._select(query)
        return Reply(envelope(rows[: 500 if call.startswith("public/") else self.cap]))

    def _select(self, query: dict[str, str]) -> list[dict[str, object]]:
        rows = self.rows.get((int(query["reporterCode"]), int(query["period"])), [])
        named = {
            name: query[name].split(",") for name in ("flowCode", "cmdCode", "partnerCode") if name in query
        }
        return [row for row in rows if all(str(row[name]) in codes for name, codes in named.items())]

    def _available(self, query: dict[str, str]) -> list[dict[str, object]]:
        wanted = query.get("reporterCode", "")
        return [
            {
                "datasetCode": 1, "typeCode": "C", "freqCode": "A", "period": year, "reporterCode": reporter,
                "classificationCode": "H5", "classificationSearchCode": "HS", "totalRecords": 268223,
                "isOriginalClassification": True, "datasetChecksum": checksum,
                "firstReleased": "2021-01-01T00:00:00", "lastReleased": day,
            }
            for (reporter, year), (day, checksum) in self.released.items()
            if not wanted or str(reporter) in wanted.split(",")
        ]  # fmt: skip

    def _reference(self, asked: Asked, name: str) -> Reply:
        lists = {
            "Reporters.json": [
                {
                    "id": code,
                    "text": text,
                    "reporterCode": code,
                    "reporterCodeIsoAlpha3": iso,
                    "isGroup": group,
                }
                for code, (text, iso, group) in self.reporters.items()
            ],
            "partnerAreas.json": [{"id": code, "PartnerCode": code, "text": "x"} for code in self.partners],
            "HS.json": [{"id": code, "text": "x"} for code in self.goods],
        }
        body = json.dumps({"more": False, "results": lists[name]}).encode()
        tag = f'"{len(body)}"'
        if asked.headers.get("If-None-Match") == tag:
            return Reply(status=304, headers={"ETag": tag})
        return Reply(body, headers={"ETag": tag})
