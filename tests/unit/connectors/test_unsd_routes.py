"""UNSD's second routes: pages of JSON and SDMX-CSV say the same as DataCSV, or say what differs."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors import observations
from connectors.errors import SourceError
from connectors.protocols import unsd_json, unsd_sdg, unsd_sdmx
from connectors.protocols.base import FailedPart, RawPart, UnchangedPart, failer
from connectors.records import FetchedPart
from connectors.spec import SdmxNames
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.wireformats import HAZARDOUS, SNAPSHOT, UNSD_HEAD, unsd_body, with_changes

SERIES, TREATED = "EN_HAZ_GENV", "EN_HAZ_TREATV"
RELEASE = "2023.Q4.G.01"
LIST = Reply(
    json.dumps([{"code": SERIES, "release": RELEASE}, {"code": TREATED, "release": RELEASE}]).encode()
)
JSON_ROUTE = with_changes(HAZARDOUS, protocol="unsd_json", units={SERIES: ("TONNES",)})
SDMX_ROUTE = with_changes(
    HAZARDOUS,
    protocol="unsd_sdmx",
    units={SERIES: ("TONNES",), TREATED: ("TONNES",)},
    price_base={},
    sdmx_names=SdmxNames(
        dimensions={"REPORTING_TYPE": "Reporting Type", "COMPOSITE_BREAKDOWN": "Type of waste treatment"},
        codes={"UNIT_MEASURE": {"T": "TONNES"}, "COMPOSITE_BREAKDOWN": {"_T": "_T", "WT_RECYC": "RECYCL"}},
    ),
)
# (area, year, value, nature, status, footnote)
FACTS = [
    ("40", "2019", "12.5", "C", "A", ""),
    ("40", "2020", "<2.5", "E", "E", "rounded"),
    ("276", "2019", "N", "C", "A", ""),
    ("276", "2020", ">95", "CA", "B", ""),
    ("8", "2020", "NaN", "", "", ""),
    ("8", "2021", "0", "M", "A", ""),
]


def as_csv(facts=FACTS) -> bytes:
    rows = [
        f"12,12.4,12.4.2,{SERIES},Hazardous,{area},Name,{year},{value},,,,,,,,{note},{nature},{status},TONNES,G"
        for area, year, value, nature, status, note in facts
    ]
    return unsd_body(*rows, head=UNSD_HEAD)


def json_row(fact: tuple[str, ...], **changes: Any) -> dict[str, Any]:
    area, year, value, nature, status, note = fact
    row = {
        "goal": ["12"], "target": ["12.4"], "indicator": ["12.4.2"], "series": SERIES,
        "seriesDescription": "Hazardous", "seriesCount": "6", "geoAreaCode": area, "geoAreaName": "Name",
        "timePeriodStart": float(year), "value": value, "valueType": "Float", "time_detail": None,
        "timeCoverage": None, "upperBound": None, "lowerBound": None, "basePeriod": None, "source": "",
        "geoInfoUrl": None, "footnotes": [note],
        "attributes": {"Nature": nature, "Units": "TONNES", "Observation Status": status},
        "dimensions": {"Reporting Type": "G"},
    }  # fmt: skip
    return {**row, **changes}


def as_page(rows: list[dict[str, Any]], page: int = 1, pages: int = 1, total: int | None = None) -> bytes:
    count = len(rows) if total is None else total
    head = {"size": 2, "totalElements": count, "totalPages": pages, "pageNumber": page}
    return json.dumps({**head, "attributes": [], "dimensions": [], "data": rows}).encode()


def as_sequence(*pages: bytes) -> bytes:
    return b"".join(b"\x1e" + page for page in pages)


def as_sdmx(facts=FACTS, *, area_width: int = 0, extra: dict[str, str] | None = None, series=SERIES) -> bytes:
    extra = {"SEX": "_T", "UNIT_MULT": "0", "COMPOSITE_BREAKDOWN": "_T", **(extra or {})}
    head = "DATAFLOW,FREQ,REPORTING_TYPE,SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,NATURE,OBS_STATUS"
    head += ",COMMENT_OBS"
    lines = [",".join([head, *extra])]
    for area, year, value, nature, status, note in facts:
        place = area.zfill(area_width)
        start = f"IAEG-SDGs:DF_SDG_GLH(1.26),A,G,{series},{place},{year},{value},T,{nature},{status},{note}"
        lines.append(",".join([start, *extra.values()]))
    return ("\n".join(lines) + "\n").encode()


def content(parsed) -> str:
    return observations.content_sha256(parsed.table)


BY_CSV = content(unsd_sdg.parse(as_csv(), HAZARDOUS, SERIES, SNAPSHOT))


def test_all_routes_give_one_content():
    halves = [json_row(fact) for fact in FACTS[:3]], [json_row(fact) for fact in FACTS[3:]]
    body = as_sequence(*(as_page(rows, n, 2, 6) for n, rows in enumerate(halves, start=1)))
    assert content(unsd_json.parse(body, JSON_ROUTE, SERIES, SNAPSHOT)) == BY_CSV
    assert content(unsd_sdmx.parse(as_sdmx(area_width=3), SDMX_ROUTE, SERIES, SNAPSHOT)) == BY_CSV
    other = [(*FACTS[0][:2], "12.6", *FACTS[0][3:]), *FACTS[1:]]
    assert content(unsd_sdmx.parse(as_sdmx(other), SDMX_ROUTE, SERIES, SNAPSHOT)) != BY_CSV


# ---- pages of JSON


def refused_json(body: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        unsd_json.parse(body, JSON_ROUTE, SERIES, SNAPSHOT)
    return caught.value


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (json_row(FACTS[0], value=12.5), "value that is not text"),
        (json_row(FACTS[0], colour="red"), "new colour"),
        ({name: v for name, v in json_row(FACTS[0]).items() if name != "attributes"}, "lost attributes"),
        (json_row(FACTS[0], attributes={"Nature": "C"}), "lost Units"),
        (json_row(FACTS[0], attributes=[]), "expected were the objects attributes and dimensions"),
        (json_row(FACTS[0], dimensions={"Reporting Type": "G", "Sex": "M"}), "new Sex"),
        (json_row(FACTS[0], dimensions={}), "lost Reporting Type"),
        (json_row(FACTS[0], series="EN_HAZ_EXP"), "another series"),
        (json_row(FACTS[0], seriesDescription="per constant 2015 dollar"), "in prices of 2015"),
    ],
)
def test_a_row_in_another_form_is_refused_and_says_what_was_expected(row, words):
    assert words in str(refused_json(as_sequence(as_page([row]))))


def test_half_a_year_is_no_year():
    rows = [json_row(FACTS[0]), json_row(FACTS[0], timePeriodStart=2019.5)]
    assert "not a year" in str(refused_json(as_sequence(as_page(rows))))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[]", "expected was one object"),
        (b'{"data":[]}', "expected were pageNumber"),
        (as_page([]), "no rows"),
        (b'{"pageNumber":1,"totalPages":1,"totalElements":1,"data":7}', "expected was a list `data`"),
        (
            as_page([]).replace(b'"pageNumber": 1', b'"pageNumber": ' + b"9" * 5000),
            "expected were pageNumber",
        ),
        (as_page([json_row(FACTS[0])], total=2), "holds 1 rows where it declares 2"),
    ],
)
def test_a_page_in_another_form_is_refused(body, words):
    assert words in str(refused_json(as_sequence(body)))


def fetch(module, spec, client, scratch: Path, known=None):
    return list(module.fetch_parts(spec, client, scratch, known or {}))[0]


def paging(provider, pages: dict[str, list[Reply]]) -> None:
    """Answers the list of series, and each page from its own script, the last reply for ever."""

    def answer(asked: Asked) -> Reply:
        if "Series/List" in asked.path:
            return LIST
        script = pages[asked.path.rpartition("page=")[2]]
        return script.pop(0) if len(script) > 1 else script[0]

    provider.answer = answer


ROWS = [json_row(fact) for fact in FACTS]
FIRST = as_page(ROWS[:3], 1, 2, 6)


def test_pages_become_one_snapshot(client, provider, tmp_path):
    etag = {"ETag": '"first"'}
    first, second = as_page(ROWS[:3], 1, 2, 6), as_page(ROWS[3:], 2, 2, 6)
    paging(provider, {"1": [Reply(first, headers=etag)], "2": [Reply(second)]})
    fetched = fetch(unsd_json, JSON_ROUTE, client, tmp_path)
    assert isinstance(fetched, RawPart)
    assert fetched.path.read_bytes() == as_sequence(first, second)
    assert (fetched.version_marker, fetched.etag) == (RELEASE, '"first"')
    assert fetched.params == {"seriesCode": SERIES, "pageSize": "50000"}
    assert "page=" not in fetched.url
    known = {SERIES: FetchedPart(sha256="0" * 64, version_marker=RELEASE)}
    assert fetch(unsd_json, JSON_ROUTE, client, tmp_path, known) == UnchangedPart(SERIES)
    assert "Series/List" in provider.asked[-1].path


@pytest.mark.parametrize(
    ("pages", "words", "fault"),
    [
        ([FIRST, as_page(ROWS[:3], 2, 2, 6)], "repeats an earlier page", "T12"),
        ([FIRST, FIRST], "answered page 1 of 2 when page 2", "T12"),
        ([FIRST, as_page(ROWS[2:5], 2, 2, 6)], "1 rows came twice", "T13"),
        ([FIRST, as_page(ROWS[3:], 2, 2, 7)], "with 6 rows, then", "T13"),
        ([as_page(ROWS[:3], 1, 1, 6)], "3 rows came where 6 were declared", "T13"),
        ([as_page(ROWS[:3], 1, 5000, 6)], "declares 5000 pages", "T12"),
    ],
)
def test_pages_that_do_not_belong_together_fail(client, provider, tmp_path, pages, words, fault):
    paging(provider, {str(number): [Reply(body)] for number, body in enumerate(pages, start=1)})
    fetched = fetch(unsd_json, JSON_ROUTE, client, tmp_path)
    assert isinstance(fetched, FailedPart)
    assert words in str(fetched.error)
    assert fetched.error.fault == fault
    firsts = [asked for asked in provider.asked if asked.path.endswith("page=1")]
    assert len(firsts) == (2 if fault == "T13" else 1)


def test_a_change_between_two_pages_is_survived_once(client, provider, tmp_path):
    good = as_page(ROWS[3:], 2, 2, 6)
    paging(
        provider,
        {"1": [Reply(as_page(ROWS[:3], 1, 2, 6))], "2": [Reply(as_page(ROWS[3:], 2, 2, 7)), Reply(good)]},
    )
    assert isinstance(fetch(unsd_json, JSON_ROUTE, client, tmp_path), RawPart)


# ---- SDMX


def dataflow(*versions: str) -> bytes:
    flows = "".join(f'<s:Dataflow id="DF_SDG_GLH" version="{version}"/>' for version in versions)
    return f'<m:Structure xmlns:m="urn:m" xmlns:s="urn:s">{flows}</m:Structure>'.encode()


def sdmx(provider, flow: Reply, data: Reply) -> None:
    def answer(asked: Asked) -> Reply:
        if "Series/List" in asked.path:
            return LIST
        return flow if "/dataflow/" in asked.path else data

    provider.answer = answer


def test_the_version_is_asked_for_and_stands_in_the_address(client, provider, tmp_path):
    sdmx(provider, Reply(dataflow("1.8", "1.26", "1.9")), Reply(as_sdmx()))
    fetched = fetch(unsd_sdmx, SDMX_ROUTE, client, tmp_path)
    assert isinstance(fetched, RawPart)
    assert fetched.version_marker == RELEASE
    place = "ws/rest/data/IAEG-SDGs,DF_SDG_GLH,1.26/..EN_HAZ_GENV............"
    assert fetched.url == f"{provider.url}/un_data/{place}?format=csv"
    assert [asked.path.split("/")[1] for asked in provider.asked][:3] == ["unsd", "un_data", "un_data"]


@pytest.mark.parametrize(
    ("flow", "words"),
    [(Reply(dataflow()), "expected was a Dataflow"), (Reply(dataflow("draft")), "expected was a Dataflow"),
     (Reply(b"none", status=404), "status 404"), (Reply(status=503), "status 503")],
)  # fmt: skip
def test_without_a_version_nothing_is_asked_and_the_provider_is_named(
    client, provider, tmp_path, flow, words
):
    sdmx(provider, flow, Reply(as_sdmx()))
    fetched = fetch(unsd_sdmx, SDMX_ROUTE, client, tmp_path)
    assert isinstance(fetched, FailedPart)
    assert words in str(fetched.error)
    assert str(fetched.error).startswith("unsd/sdg_12_4 (EN_HAZ_GENV): ")
    assert not any("/data/" in asked.path for asked in provider.asked)


def refused_sdmx(body: bytes, series: str = SERIES) -> str:
    with pytest.raises(SourceError) as caught:
        unsd_sdmx.parse(body, SDMX_ROUTE, series, SNAPSHOT)
    return str(caught.value)


def test_a_declared_column_becomes_our_dimension_in_our_codes():
    body = as_sdmx(series=TREATED, extra={"COMPOSITE_BREAKDOWN": "WT_RECYC"})
    table = unsd_sdmx.parse(body, SDMX_ROUTE, TREATED, SNAPSHOT).table
    assert set(table["dimensions"]) == {'{"Reporting Type":"G","Type of waste treatment":"RECYCL"}'}


def test_what_has_no_declared_meaning_is_refused():
    assert "divides its figures by SEX" in refused_sdmx(as_sdmx(extra={"SEX": "F"}))
    assert "divides its figures by COMPOSITE_BREAKDOWN" in refused_sdmx(
        as_sdmx(extra={"COMPOSITE_BREAKDOWN": "X"})
    )
    assert "a code without a declared meaning" in refused_sdmx(as_sdmx().replace(b",T,", b",KG,"))
    other = as_sdmx(series=TREATED, extra={"COMPOSITE_BREAKDOWN": "X"})
    assert "a code without a declared meaning" in refused_sdmx(other, TREATED)
    assert "not yearly" in refused_sdmx(as_sdmx().replace(b",A,G,", b",M,G,"))
    assert "new COLOUR" in refused_sdmx(as_sdmx(extra={"COLOUR": "_T"}))
    assert "lost NATURE" in refused_sdmx(as_sdmx().replace(b"NATURE", b"NATUR"))


def test_versions_are_compared_by_number():
    assert unsd_sdmx.read_version(dataflow("1.9", "1.10"), failer(HAZARDOUS, SERIES)) == "1.10"
