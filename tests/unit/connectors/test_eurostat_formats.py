"""SDMX-CSV, TSV and JSON-stat of the same data give the same observations; units bound to a measure."""

import json

import pytest

from connectors.errors import SourceError
from connectors.observations import content_sha256
from connectors.protocols import eurostat
from connectors.registry import get_dataset
from tests.unit.connectors.wireformats import SNAPSHOT, with_changes

WASTE = get_dataset("eurostat/env_wasmun")
DIMS = ("freq", "wst_oper", "unit", "geo")
# (operation, unit, area, year, value, flags, confidentiality); every other cell of the cube is a hole.
CELLS = [
    ("GEN", "KG_HAB", "AT", "2020", "503", "", ""),
    ("GEN", "KG_HAB", "AT", "2021", "511.5", "bep", ""),
    ("GEN", "KG_HAB", "EL", "2021", "", "m", ""),
    ("GEN", "THS_T", "AT", "2020", "1e3", "", ""),
    ("GEN", "THS_T", "EL", "2020", "", "", "C"),
    ("GEN", "THS_T", "EL", "2022", "12.5", "b", "C"),
    ("RCY", "KG_HAB", "AT", "2022", "0", "n", ""),
    ("RCY", "KG_HAB", "EL", "2020", "0", "", ""),
    ("RCY", "THS_T", "EL", "2021", "7.25", "i", ""),
]


def as_csv(cells=CELLS) -> bytes:
    rows = ["DATAFLOW,LAST UPDATE,freq,wst_oper,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"]
    for oper, unit, geo, year, value, flags, conf in cells:
        facts = f"A,{oper},{unit},{geo},{year},{value},{flags},{conf or 'F'}"
        rows.append(f"ESTAT:ENV_WASMUN(1.0),10/06/25 23:00:00,{facts}")
    return ("\r\n".join(rows) + "\r\n").encode()


def as_tsv(cells=CELLS) -> bytes:
    years = sorted({cell[3] for cell in cells})
    lines: dict[str, dict[str, str]] = {}
    for oper, unit, geo, year, value, flags, conf in cells:
        letters = flags + (f"@{conf}" if conf else "")
        lines.setdefault(f"A,{oper},{unit},{geo}", {})[year] = f"{value or ':'} {letters}".rstrip()
    rows = ["freq,wst_oper,unit,geo\\TIME_PERIOD\t" + "\t".join(f"{year} " for year in years)]
    rows += [
        f"{key}\t" + "\t".join(line.get(year, ":") + " " for year in years) for key, line in lines.items()
    ]
    return ("\r\n".join(rows) + "\r\n").encode()


def as_json(cells=CELLS, *, sparse: bool = True) -> bytes:
    columns = [["A"], *(sorted({cell[n] for cell in cells}) for n in range(4))]
    values, statuses, total = {}, {}, 1
    for column in columns:
        total *= len(column)
    for *codes, value, flags, conf in cells:
        place = 0
        for column, code in zip(columns, ["A", *codes], strict=True):
            place = place * len(column) + column.index(code)
        if value:
            values[place] = float(value) if "." in value else int(float(value))
        if flags or conf:
            statuses[place] = flags + (f"|{conf}" if conf else "")
    names = [*DIMS, "time"]
    index = {
        name: {"category": {"index": {code: n for n, code in enumerate(column)}, "label": {}}}
        for name, column in zip(names, columns, strict=True)
    }
    return json.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "updated": "2025-06-10T23:00:00+0200",
            "value": values if sparse else [values.get(n) for n in range(total)],
            "status": statuses if sparse else [statuses.get(n) for n in range(total)],
            "id": names,
            "size": [len(column) for column in columns],
            "dimension": index,
            "extension": {"id": "ENV_WASMUN", "positions-with-no-data": {name: [] for name in names}},
        }
    ).encode()


def parse(body: bytes, form: str, spec=WASTE, **query: str):
    spec = with_changes(spec, query={"format": form, **query})
    return eurostat.parse(body, spec, "all", SNAPSHOT)


BODIES = {
    "TSV": as_tsv(),
    "JSON": as_json(),
    "JSON as lists": as_json(sparse=False),
    "CSV with : for no value": as_csv().replace(b",,m,", b",:,m,").replace(b",,,C", b",:,,C"),
}


@pytest.mark.parametrize("name", BODIES)
def test_every_format_says_the_same(name):
    form = "SDMX-CSV" if name.startswith("CSV") else name.split()[0]
    csv, other = parse(as_csv(), "SDMX-CSV"), parse(BODIES[name], form)
    assert content_sha256(other.table) == content_sha256(csv.table)
    facts = ["ref_area", "time_period", "dimensions", "obs_value", "obs_bound", "obs_status", "conf_status"]
    facts += ["unit_measure", "obs_status_raw"]
    assert other.table.select(facts).equals(csv.table.select(facts))
    assert csv.table.height == len(CELLS)
    assert (
        [warning.fault for warning in csv.warnings]
        == [warning.fault for warning in other.warnings]
        == ["V17"]
    )


def test_the_formats_are_compared_on_cells_that_differ():
    table = parse(as_tsv(), "TSV").table
    assert table.select("obs_status", "conf_status").unique().height == 7
    assert table["obs_bound"].to_list().count("<") == 1
    assert content_sha256(parse(as_tsv(CELLS[1:]), "TSV").table) != content_sha256(table)


@pytest.mark.parametrize("form", ["TSV", "JSON"])
def test_a_second_route_refuses_an_unknown_flag_and_a_mixed_vocabulary(form):
    write = {"TSV": as_tsv, "JSON": as_json}[form]
    for flags, value in (("q", "q"), ("s", "i m s")):
        with pytest.raises(SourceError) as caught:
            parse(write([*CELLS, ("RCY", "THS_T", "AT", "2020", "1", flags, "")]), form)
        assert (caught.value.fault, caught.value.value) == ("V04", value)


@pytest.mark.parametrize("form", ["TSV", "JSON"])
def test_a_table_as_long_as_the_cap_is_probably_truncated(form):
    body = {"TSV": as_tsv, "JSON": as_json}[form]()
    assert parse(body, form, with_changes(WASTE, row_cap=len(CELLS) + 1)).table.height == len(CELLS)
    with pytest.raises(SourceError, match=f"probably truncated at {len(CELLS)} rows"):
        parse(body, form, with_changes(WASTE, row_cap=len(CELLS)))


def test_json_stat_without_cells_is_empty_and_never_zero():
    body = json.loads(as_json())
    body.update(value={}, status={}, size=[1, 2, 2, 2, 0])
    body["dimension"]["time"]["category"]["index"] = {}
    with pytest.raises(SourceError, match="no rows") as caught:
        parse(json.dumps(body).encode(), "JSON")
    assert caught.value.fault == "T14"


def test_json_stat_that_left_out_an_area_in_silence_is_refused():
    parse(as_json(), "JSON", geo="EL")
    with pytest.raises(SourceError, match="left out a code") as caught:
        parse(as_json(), "JSON", geo="GR")
    assert (caught.value.fault, caught.value.field, caught.value.value) == ("S03", "geo", "GR")


@pytest.mark.parametrize("form", ["TSV", "JSON"])
def test_another_dimension_is_refused_in_every_format(form):
    body = {"TSV": as_tsv, "JSON": as_json}[form]().replace(b"wst_oper", b"waste")
    with pytest.raises(SourceError, match="lost wst_oper; new waste"):
        parse(body, form)


def with_sex(form: str) -> bytes:
    """The same table with one dimension more."""
    if form == "JSON":
        body = json.loads(as_json())
        body["id"].insert(1, "sex")
        body["size"].insert(1, 1)
        body["dimension"]["sex"] = {"category": {"index": {"T": 0}}}
        return json.dumps(body).encode()
    body = {"TSV": as_tsv, "SDMX-CSV": as_csv}[form]()
    return body.replace(b"freq,", b"freq,sex,").replace(b"A,GEN", b"A,T,GEN").replace(b"A,RCY", b"A,T,RCY")


@pytest.mark.parametrize("form", ["SDMX-CSV", "TSV", "JSON"])
def test_a_new_dimension_asks_for_a_choice_among_its_codes(form):
    with pytest.raises(SourceError, match="has a new dimension 'sex' with 1 codes") as caught:
        parse(with_sex(form), form)
    assert (caught.value.fault, caught.value.value) == ("P08", "T")


def test_json_stat_of_another_data_set_is_refused():
    with pytest.raises(SourceError, match="another data set"):
        parse(as_json().replace(b"ENV_WASMUN", b"ENV_WASGEN"), "JSON")


def test_a_format_nobody_reads_is_a_wrong_declaration():
    with pytest.raises(SourceError, match="choose one of SDMX-CSV, TSV, JSON"):
        parse(as_csv(), "SDMX-ML")


# ---- units bound to a measure


BIRTHS = get_dataset("eurostat/demo_gind")


def births(*rows: str) -> bytes:
    head = "DATAFLOW,LAST UPDATE,freq,indic_de,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG"
    lines = [f"ESTAT:DEMO_GIND(1.0),10/06/25 23:00:00,A,{row}," for row in rows]
    return ("\r\n".join([head, *lines]) + "\r\n").encode()


def test_the_unit_of_a_table_without_one_comes_with_its_measure():
    table = parse(births("JAN,AT,2020,100", "CNMIGRATRT,AT,2020,-1.5"), "SDMX-CSV", BIRTHS).table
    assert dict(table.select("dimensions", "unit_measure").iter_rows()) == {
        '{"freq":"A","indic_de":"JAN"}': "NR",
        '{"freq":"A","indic_de":"CNMIGRATRT"}': "P_THAB",
    }


def test_a_measure_without_a_declared_unit_has_none():
    with pytest.raises(SourceError, match="without a declared unit") as caught:
        parse(births("JAN,AT,2020,100", "TOTFERRT,AT,2020,1.5"), "SDMX-CSV", BIRTHS)
    assert (caught.value.fault, caught.value.field, caught.value.value) == ("V09", "indic_de", "TOTFERRT")
