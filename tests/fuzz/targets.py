"""What is fuzzed: each parser with its declaration, good invented bodies, and its own way to count rows.

What belongs here: bodies and counters. What does not: how bodies are spoilt (spoiling.py), what a parser has
to hold to (test_parsers.py). A counter knows the format and nothing of our parser: it says how many rows
(or filled cells) a provider meant to send.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from connectors.protocols import (
    comtrade,
    eurostat,
    oecd_sdmx,
    pxweb,
    unsd_json,
    unsd_sdg,
    unsd_sdmx,
    world_bank,
)
from connectors.protocols.base import Parsed, failer, unpack
from connectors.spec import DatasetSpec
from tests.unit.connectors import test_comtrade_rows, test_eurostat_formats, test_oecd_sdmx, test_pxweb
from tests.unit.connectors import test_unsd_routes as unsd
from tests.unit.connectors.comtrade_service import CODES, declaration, envelope, trade_row, whole_trade
from tests.unit.connectors.wireformats import (
    CIRCULAR,
    HAZARDOUS,
    POPULATION,
    SNAPSHOT,
    eurostat_body,
    eurostat_row,
    unsd_body,
    unsd_row,
    with_changes,
    world_bank_body,
    world_bank_row,
)

Parse = Callable[[bytes, DatasetSpec, str, str], Parsed]
PAGE = b"\x1e"


@dataclass(frozen=True)
class Target:
    """One parser. `seeds` are good bodies; `count` counts what a good body means to say."""

    name: str
    function: Parse
    spec: DatasetSpec
    part: str
    seeds: tuple[bytes, ...]
    count: Callable[[bytes], int]

    def parse(self, body: bytes) -> Parsed:
        """What the product makes of the body."""
        return self.function(body, self.spec, self.part, SNAPSHOT)

    def rows(self, body: bytes) -> int:
        """How many rows the body means to say, by its own counter."""
        return self.count(unpack(body, failer(self.spec, self.part)).removeprefix(b"\xef\xbb\xbf"))


def count_csv(data: bytes) -> int:
    """Records below the header."""
    text = data.decode()
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator)) - 1


def count_padded(data: bytes) -> int:
    """Records of UNSD's CSV, whose padding begins at the first NUL."""
    return count_csv(data.partition(b"\x00")[0])


def count_tsv(data: bytes) -> int:
    """Cells that are not a plain colon."""
    lines = [line.split("\t")[1:] for line in data.decode().splitlines()[1:]]
    return sum(cell.strip() != ":" for line in lines for cell in line)


def count_json_stat(data: bytes) -> int:
    """Positions of one cube that have a value or a status."""
    cube = json.loads(data)
    cube = cube.get("dataset", cube)
    filled = [_positions(cube.get(name)) for name in ("value", "status")]
    return len(filled[0] | filled[1])


def _positions(found: object) -> set[int]:
    pairs = found.items() if isinstance(found, dict) else enumerate(found if isinstance(found, list) else ())
    return {int(place) for place, content in pairs if content not in (None, "")}


def count_pages(field: str | int) -> Callable[[bytes], int]:
    """The rows of all pages; `field` is where a page keeps them."""
    return lambda data: sum(len(json.loads(page)[field]) for page in data.split(PAGE) if page)


def count_trade(data: bytes) -> int:
    """Two observations (weight and value) of each row of each answer of a container."""
    return 2 * sum(len(json.loads(page)["data"]) for page in data.split(PAGE)[1:] if b'"data"' in page)


def count_px(data: bytes) -> int:
    """The filled positions of every answer behind the description."""
    return sum(count_json_stat(page) for page in data.split(PAGE)[2:])


def _unsd_csv() -> Target:
    rows = [unsd_row("7", "40"), unsd_row("<2.5", "276", status="E"), unsd_row("N", "8", note='"a, b"')]
    more = [unsd_row("0", str(area), year) for area in (40, 56, 250, 276) for year in ("2018", "2019")]
    seeds = (unsd_body(*rows), unsd_body(*more), unsd_body(*rows) + b"\0" * 40)
    return Target("unsd csv", unsd_sdg.parse, HAZARDOUS, "EN_HAZ_GENV", seeds, count_padded)


def _unsd_json() -> Target:
    pages = [unsd.json_row(fact) for fact in unsd.FACTS]
    seeds = (
        unsd.as_sequence(unsd.as_page(pages)),
        unsd.as_sequence(unsd.as_page(pages[:3], 1, 2, 6), unsd.as_page(pages[3:], 2, 2, 6)),
    )
    return Target("unsd json", unsd_json.parse, unsd.JSON_ROUTE, unsd.SERIES, seeds, count_pages("data"))


def _eurostat(form: str, seeds: tuple[bytes, ...], count: Callable[[bytes], int]) -> Target:
    spec = with_changes(test_eurostat_formats.WASTE, query={"format": form})
    return Target(f"eurostat {form.lower()}", eurostat.parse, spec, "all", seeds, count)


def _world_bank() -> Target:
    rows = [world_bank_row("8.5e6"), world_bank_row("null", "DEU"), world_bank_row("1", "FRA", status="E")]
    pages = (
        world_bank_body(rows[0], page=1, pages=2, total=2),
        world_bank_body(rows[1], page=2, pages=2, total=2),
    )
    seeds = (PAGE + world_bank_body(*rows), b"".join(PAGE + page for page in pages))
    return Target("world bank", world_bank.parse, POPULATION, "all", seeds, count_pages(1))


def _comtrade() -> Target:
    one = test_comtrade_rows.container(envelope(whole_trade(40, 2020)))
    broken = [trade_row(), trade_row(motCode=1000), trade_row(netWgt=None, cmdCode=CODES[1])]
    seeds = (one, test_comtrade_rows.container(envelope(broken)), test_comtrade_rows.container(envelope([])))
    return Target("comtrade", comtrade.parse, declaration(), test_comtrade_rows.PART, seeds, count_trade)


def _pxweb() -> Target:
    codes = {
        "Origin": (["TOTAL"], ["Total"]),
        "Country": (["040", "276"], ["A", "G"]),
        "Year": (["0"], ["2020"]),
    }
    variables = [{"code": c, "text": c, "values": v, "valueTexts": t} for c, (v, t) in codes.items()]
    dimension = {
        code: {"label": code, "category": {"index": {value: at for at, value in enumerate(values)}}}
        for code, (values, _) in codes.items()
    }
    shape = {"id": list(codes), "size": [1, 2, 1]}
    cube = {"dimension": {**dimension, **shape, "role": {"time": ["Year"]}}, "value": [1.5, 2]}
    answer = {"dataset": {**cube, "label": "Waste", "updated": test_pxweb.UPDATED}}
    body = (
        PAGE
        + json.dumps({"title": "W", "variables": variables}).encode()
        + PAGE
        + json.dumps(answer).encode()
    )
    return Target("pxweb", pxweb.parse, test_pxweb.SPEC, "all", (body,), count_px)


def targets() -> list[Target]:
    """Every parser of the product."""
    csv_rows = (eurostat_row("11.5", "be"), eurostat_row("", "m", "EL"))
    return [
        _unsd_csv(),
        _unsd_json(),
        Target(
            "unsd sdmx",
            unsd_sdmx.parse,
            unsd.SDMX_ROUTE,
            unsd.SERIES,
            (unsd.as_sdmx(area_width=3),),
            count_csv,
        ),
        Target("eurostat csv", eurostat.parse, CIRCULAR, "all", (eurostat_body(*csv_rows),), count_csv),
        _eurostat("SDMX-CSV", (test_eurostat_formats.as_csv(),), count_csv),
        _eurostat("TSV", (test_eurostat_formats.as_tsv(),), count_tsv),
        _eurostat(
            "JSON",
            (test_eurostat_formats.as_json(), test_eurostat_formats.as_json(sparse=False)),
            count_json_stat,
        ),
        _world_bank(),
        Target(
            "oecd",
            oecd_sdmx.parse,
            test_oecd_sdmx.WASTE,
            "all",
            (test_oecd_sdmx.body(test_oecd_sdmx.row("1"), test_oecd_sdmx.row("2", area="DEU", second="B")),),
            count_csv,
        ),
        _comtrade(),
        _pxweb(),
    ]


def count_set_aside(parsed: Parsed) -> int:
    """Rows a warning says were read once or set aside."""
    told = [re.match(r"(\d+) (?:repeated rows|rows were parts)", w.text) for w in parsed.warnings]
    return sum(int(found[1]) for found in told if found)
