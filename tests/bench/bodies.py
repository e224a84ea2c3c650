"""Bodies of the size that hurts, for the benchmark: invented figures in the wire formats of three providers.

What belongs here: bytes and the declarations to read them with. What does not: measuring (run.py), reading
(contenders.py). Every body is the same on every machine: the generator is seeded and nothing else varies.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from datetime import date
from pathlib import Path
from typing import Any

from connectors.spec import DatasetSpec, Freshness, Licence

EUROSTAT_DIMENSIONS = ("freq", "unit", "hazard", "nace_r2", "waste", "geo")
EUROSTAT_SERIES = 31_000
YEARS = range(2004, 2024)
UNSD_ROWS = 300_000
_PRODUCTS = [str(number) for number in range(390000, 390550)]
_PARTNERS = list(range(100, 199))
REPORTER_YEAR = "940-2021"
_UPDATE = "21/08/23 23:00:00"
_FLAGS = ("",) * 12 + ("e", "p", "s", "b", "bep")


def spec(protocol: str, form: str = "SDMX-CSV") -> DatasetSpec:
    """The declaration under which this program reads a body; `form` is the format asked of Eurostat."""
    facts: dict[str, Any] = {
        "provider": "bench",
        "dataset": f"bench_{protocol}",
        "title": "Invented figures",
        "protocol": protocol,
        "parts": {"all": ("T", "KG_HAB")},
        "negative_values": "quarantine",
        "licence": Licence(
            name="invented", url="https://example.org/", rows_may_appear=True, reviewed=date(2026, 1, 1)
        ),
        "citation": "Invented",
        "version_marker": "none",
        "freshness": Freshness(expected_every_days=365, note="never"),
        "owner": "bench",
    }
    if protocol == "unsd_sdg":
        dimensions = ("Reporting Type", "Type of product")
        return DatasetSpec(**facts | {"parts": {"EN_BENCH": ("TONNES",)}, "dimensions": dimensions})
    if protocol == "comtrade":
        dimensions = ("classificationCode", "cmdCode", "flowCode", "partnerCode")
        query = {"flowCode": "M,X", "cmdCode": ",".join(_PRODUCTS)}
        parts = {"all": ("KG", "USD")}
        return DatasetSpec(
            **facts
            | {"parts": parts, "code": "HS", "query": query, "first_year": 2010, "dimensions": dimensions}
        )
    return DatasetSpec(**facts, code="BENCH_WASTE", query={"format": form}, dimensions=EUROSTAT_DIMENSIONS)


def eurostat_cells() -> list[tuple[tuple[str, ...], list[tuple[str, str] | None]]]:
    """(dimension codes, one cell a year); a cell is (value, flags), or None where there is a hole."""
    rng = random.Random(1)
    areas = [f"{a}{b}" for a in "ABCDE" for b in "FGHIJKLM"]
    codes = itertools.product(
        ("A",),
        ("T", "KG_HAB"),
        ("HAZ", "NHAZ", "HAZ_NHAZ"),
        [f"C{n}" for n in range(10, 30)],
        [f"W{n:02}" for n in range(1, 14)],
        areas,
    )
    rows = []
    for key in itertools.islice(codes, EUROSTAT_SERIES):
        cells: list[tuple[str, str] | None] = []
        for _ in YEARS:
            chance = rng.random()
            if chance < 0.06:
                cells.append(None)
            elif chance < 0.08:
                cells.append((":", "c"))
            else:
                whole = int(10 ** rng.uniform(0, 7))
                value = str(whole) if rng.random() < 0.7 else f"{whole}.{rng.randint(1, 99):02}"
                cells.append((value, rng.choice(_FLAGS)))
        rows.append((key, cells))
    return rows


def sdmx_csv() -> bytes:
    """About 40 MB of Eurostat SDMX-CSV."""
    head = ",".join(["DATAFLOW", "LAST UPDATE", *EUROSTAT_DIMENSIONS, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"])
    lines = [head]
    for key, cells in eurostat_cells():
        start = f"ESTAT:BENCH_WASTE(1.0),{_UPDATE},{','.join(key)}"
        for year, cell in zip(YEARS, cells, strict=True):
            if cell is not None:
                value = "" if cell[0] == ":" else cell[0]
                lines.append(f"{start},{year},{value},{cell[1]}")
    return ("\r\n".join(lines) + "\r\n").encode()


def tsv() -> bytes:
    """The same observations as a wide TSV."""
    lines = ["\t".join([",".join(EUROSTAT_DIMENSIONS) + "\\TIME_PERIOD", *(f"{year} " for year in YEARS)])]
    for key, cells in eurostat_cells():
        written = [": " if cell is None else f"{cell[0]} {cell[1]}" for cell in cells]
        lines.append("\t".join([",".join(key), *written]))
    return ("\r\n".join(lines) + "\r\n").encode()


def comtrade_json() -> bytes:
    """About 115 MB: {elapsedTime, count, data: [110,000 rows of 47 fields], error}."""
    rng = random.Random(2)
    rows = []
    for product, flow in itertools.product(_PRODUCTS, "MX"):
        cents = [int(10 ** rng.uniform(4, 11)) for _ in _PARTNERS]
        for partner, value in ((0, sum(cents)), *zip(_PARTNERS, cents, strict=True)):
            row = _comtrade_row(len(rows), product, flow, partner, value / 100, rng)
            rows.append(json.dumps(row, separators=(",", ":")))
    head = f'{{"elapsedTime":"9.87 secs","count":{len(rows)},"data":['
    return (head + ",".join(rows) + '],"error":""}').encode()


def _comtrade_row(
    number: int, product: str, flow: str, partner: int, value: float, rng: random.Random
) -> dict[str, object]:
    weight = None if rng.random() < 0.05 else round(value * rng.uniform(0.1, 2), 2)
    return {
        "typeCode": "C",
        "freqCode": "A",
        "refPeriodId": 20210101,
        "refYear": 2021,
        "refMonth": 52,
        "period": "2021",
        "reporterCode": 940,
        "reporterISO": "ZZA",
        "reporterDesc": "A reporter which does not exist",
        "flowCode": flow,
        "flowDesc": "Import" if flow == "M" else "Export",
        "partnerCode": partner,
        "partnerISO": f"Z{partner:03}",
        "partnerDesc": f"Partner number {partner}, invented for this benchmark",
        "partner2Code": 0,
        "partner2ISO": "W00",
        "partner2Desc": "World",
        "classificationCode": "H5",
        "classificationSearchCode": "HS",
        "isOriginalClassification": True,
        "cmdCode": product,
        "cmdDesc": f"Waste, parings and scrap, of the invented material {product}",
        "aggrLevel": 6,
        "isLeaf": True,
        "customsCode": "C00",
        "customsDesc": "TOTAL CPC",
        "mosCode": "0 ",
        "motCode": 0,
        "motDesc": "TOTAL MOT",
        "qtyUnitCode": 8,
        "qtyUnitAbbr": "kg",
        "qty": weight,
        "isQtyEstimated": False,
        "altQtyUnitCode": 8,
        "altQtyUnitAbbr": "kg",
        "altQty": weight,
        "isAltQtyEstimated": False,
        "netWgt": weight,
        "isNetWgtEstimated": bool(number % 3),
        "grossWgt": 0,
        "isGrossWgtEstimated": False,
        "cifvalue": value,
        "fobvalue": None,
        "primaryValue": value,
        "legacyEstimationFlag": (0, 4, 6)[number % 3],
        "isReported": False,
        "isAggregate": True,
    }


def comtrade_container() -> bytes:
    """The answer as this program keeps it: the question before it, what the fetch knew after it."""
    reporter, _, period = REPORTER_YEAR.partition("-")
    asked = {"flows": ["M", "X"], "codes": _PRODUCTS, "partners": []}
    question = {"reporter": reporter, "period": period, **asked}
    end = {"route": "data/v1/get", "row_cap": 250_000, "unlisted_partners": []}
    start = b"\x1e" + json.dumps(question).encode() + b"\n\x1e"
    return start + comtrade_json() + b"\x1e" + json.dumps(end).encode() + b"\n"


def unsd_csv() -> bytes:
    """A DataCSV answer of 300,000 rows, some of its footnotes quoted."""
    rng = random.Random(3)
    head = (
        "Goal,Target,Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,"
        "Time_Detail,TimeCoverage,UpperBound,LowerBound,BasePeriod,Source,GeoInfoUrl,FootNote,[Nature],"
        "[Observation Status],[Units],[Reporting Type],[Type of product]"
    )
    lines = [head]
    years = range(2000, 2024)
    products = [f"P{n:02}" for n in range(50)]
    for number in range(UNSD_ROWS):
        rest, year = divmod(number, len(years))
        area, product = divmod(rest, len(products))
        value = f"{10 ** rng.uniform(-2, 8):.5f}"
        note = '"Estimated, from ""invented"" accounts"' if rng.random() < 0.2 else ""
        lines.append(
            f'12,12.2,12.2.2,EN_BENCH,"Material consumption, by type of material (tonnes)",{area + 1},'
            f'"Area {area}, the invented",{years[year]},{value},{years[year]},,,,,'
            f"Invented material flow database,,{note},{'CEG'[number % 3]},A,TONNES,G,{products[product]}"
        )
    return ("\n".join(lines) + "\n").encode()


BODIES = {
    "sdmx_csv": sdmx_csv,
    "tsv": tsv,
    "comtrade": comtrade_json,
    "comtrade_container": comtrade_container,
    "unsd": unsd_csv,
}


def write_all(folder: Path) -> None:
    """Every body as a file of its name."""
    for name, make in BODIES.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
