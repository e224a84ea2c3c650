"""Faults of UNSD, the World Bank, the OECD and PxWeb: pages, limits, base years, withdrawn series."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors import registry
from tests.faults.matrix import fault
from tests.faults.router import Asked, Reply, changed, edit, status
from tests.unit.connectors.test_pxweb import EXAMPLE

POPULATION, CONSTANT = "world_bank/sp_pop_totl", "world_bank/ny_gdp_mktp_pp_kd"
MATERIAL, RECYCLED, MUNICIPAL = "unsd/sdg_12_2", "unsd/sdg_12_5", "oecd/munw"


def revised(scene, key: str):
    """A scene whose provider has published its second vintage: the next refresh asks for bodies."""
    at = scene(key)
    at.router.vintage = 2
    return at


def in_two_pages(spoil_second: Callable[[list, dict], None] = lambda page, first: None):
    """A World Bank that answers in two pages; the second one may be spoilt."""

    def spoil(asked: Asked, good: Reply) -> Reply:
        number = int(asked.path.rpartition("page=")[2])
        head, rows = json.loads(good.body if number == 1 else whole[0].body)
        if number == 1:
            whole.append(good)
        half = len(rows) // 2
        parts = rows[:half], rows[half:]
        page = [{**head, "page": number, "pages": 2}, parts[number - 1]]
        if number == 2:
            spoil_second(page, {"rows": parts[0]})
        return changed(Reply(200, b"", good.headers), json.dumps(page).encode())

    whole: list[Reply] = []
    return spoil


def again(page: list, first: dict) -> None:
    page[1] = first["rows"]


def overlapping(page: list, first: dict) -> None:
    page[1] = [first["rows"][-1], *page[1][1:]]


def numbered_one(page: list, first: dict) -> None:
    page[0]["page"] = 1


def larger(page: list, first: dict) -> None:
    page[0]["total"] += 1


def newer(page: list, first: dict) -> None:
    page[0]["lastupdated"] = "2026-02-02"


@fault("T13")
def test_pages_that_belong_together_are_taken(scene):
    at = revised(scene, POPULATION)
    at.router.inject("SP.POP.TOTL", in_two_pages())
    at.assert_taken(at.refresh())
    assert len(at.router.asked("SP.POP.TOTL")) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(again, marks=fault("T12", "repeats an earlier page when page 2 of 2 was asked")),
        pytest.param(numbered_one, marks=fault("T12", "answered page 1 of 2 when page 2 was asked")),
    ],
)
def test_a_service_that_ignores_paging(scene, spoil):
    at = revised(scene, POPULATION)
    at.router.inject("SP.POP.TOTL", in_two_pages(spoil))
    at.assert_survived(at.refresh())
    assert len(at.router.asked("SP.POP.TOTL")) == 2


@fault("T12", "declares 5000 pages, more than 1000")
def test_pages_without_end(scene):
    at = revised(scene, POPULATION)
    at.router.inject("SP.POP.TOTL", edit(lambda good: good.replace(b'"pages":1,', b'"pages":5000,')))
    at.assert_survived(at.refresh())


@fault("T13", "changed between its pages, twice ({how})")
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (overlapping, "1 rows came twice"),
        (larger, "2026-01-28 with 1500 rows, then 2026-01-28 with 1501"),
        (newer, "2026-01-28 with 1500 rows, then 2026-02-02 with 1500"),
    ],
)
def test_data_that_change_between_two_pages_are_asked_for_once_more(scene, spoil, words):
    at = revised(scene, POPULATION)
    at.router.inject("SP.POP.TOTL", in_two_pages(spoil))
    error = at.assert_survived(at.refresh())
    assert words in error.value
    assert len(at.router.asked("SP.POP.TOTL.*page=1$")) == 2


@fault("T13", "changed between its pages, twice (1500 rows came where 1501 were declared)")
def test_a_total_that_lies(scene):
    at = revised(scene, POPULATION)
    at.router.inject("SP.POP.TOTL", edit(lambda good: good.replace(b'"total":1500', b'"total":1501')))
    at.assert_survived(at.refresh())


@fault("T09", "refused the query as too large [field answer, value 'Request Entity Too Large']")
def test_a_dataflow_above_the_limit(scene):
    at = revised(scene, MUNICIPAL)
    at.router.inject("/rest/data/", status(413, b"Request Entity Too Large"))
    at.assert_survived(at.refresh())


@fault("T14", "answered no records [field answer, value 'NoRecordsFound']")
def test_a_dataflow_without_records(scene):
    at = revised(scene, MUNICIPAL)
    at.router.inject("/rest/data/", status(404, b"NoRecordsFound"))
    at.assert_survived(at.refresh())


@fault("P09", "answered rows whose ACTION is not I (first: data row {n}) [field ACTION, value 'D']")
def test_rows_that_delete(scene):
    at = revised(scene, MUNICIPAL)
    at.router.inject("/rest/data/", edit(lambda good: good.replace(b",I,", b",D,", 1)))
    at.assert_survived(at.refresh(), stored=True)


@fault("P07", "changed its columns: lost none; new [Sex]")
def test_a_new_dimension_of_a_series(scene):
    def with_sex(good: bytes) -> bytes:
        head, *rows = good.rstrip(b"\0").splitlines()
        return b"\n".join([head + b",[Sex]", *(row + b",M" for row in rows)]) + b"\n"

    at = revised(scene, RECYCLED)
    at.router.inject("DataCSV.*EN_MWT_RCYR", edit(with_sex))
    at.assert_survived(at.refresh(), outcome="new")


@fault("V05")
@pytest.mark.parametrize(("text", "bound"), [("<2.5", "<"), (">95", ">"), ("N", None), ("NaN", None)])
def test_a_bound_or_a_word_in_place_of_a_value(scene, text, bound):
    def with_text(good: bytes) -> bytes:
        head, first, *rows = good.splitlines(keepends=True)
        cells = first.split(b",")
        place = head.split(b",").index(b"Value") - len(head.split(b","))
        cells[place] = text.encode()
        return b"".join([head, b",".join(cells), *rows])

    at = revised(scene, RECYCLED)
    at.router.inject("DataCSV.*EN_EWT_RCYR", edit(with_text))
    result = at.refresh()
    at.assert_taken(result)
    table = at.store.read_observations(RECYCLED, result.vintage.vintage)
    found = table.filter(table["obs_value_raw"] == text).row(0, named=True)
    assert (found["obs_value"], found["obs_bound"]) == (None, bound)
    assert found["obs_status"] == ("A" if bound else "O")


@fault("V10", "gives values in prices of 2020, declared is 2015 [field title, value '{title}")
def test_another_base_year_behind_the_same_unit(scene):
    at = revised(scene, MATERIAL)
    at.router.inject(
        "DataCSV.*EN_MAT_DOMCMPG", edit(lambda good: good.replace(b"constant 2015", b"constant 2020"))
    )
    at.assert_survived(at.refresh(), outcome="new")


@fault("V10", "gives values in prices of 2017, declared is 2021 [field title, value '{title}")
def test_another_base_year_of_an_indicator(scene):
    at = revised(scene, CONSTANT)
    at.router.inject("PP.KD", edit(lambda good: good.replace(b"constant 2021", b"constant 2017")))
    at.assert_survived(at.refresh(), stored=True)


@fault("S07", "the series is not listed in release 2026.Q1.G.01")
def test_a_series_that_was_withdrawn(scene):
    at = revised(scene, RECYCLED)
    at.router.inject("Series/List", edit(lambda good: good.replace(b'"EN_EWT_RCYR"', b'"EN_EWT_RCYX"')))
    at.assert_survived(at.refresh(), outcome="new")
    assert not at.router.asked("DataCSV.*EN_EWT_RCYR")


# ---- PxWeb: no table is declared, so the guide's example stands for one

TABLE = "unece/example"


@pytest.fixture
def declared_table(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "declared"
    shutil.copytree(registry.DATASETS_DIR, folder)
    (folder / "unece").mkdir()
    (folder / "unece" / "example.yaml").write_text(EXAMPLE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "DATASETS_DIR", folder)
        registry.list_datasets.cache_clear()
        yield
    registry.list_datasets.cache_clear()


@fault(
    "T08", "refused a query far below its limit of 100000 cells (Country {n} x Origin 1 x Year {m} = {cells}"
)
def test_too_many_cells(declared_table, scene):
    at = revised(scene, TABLE)
    at.router.inject("POST.*px", status(403, b"Too many values selected"))
    error = at.assert_survived(at.refresh())
    assert error.value == "Too many values selected"


@fault("S03", "has no value TOTAL of a variable; it was not asked for [field Origin, value 'TOTAL']")
def test_a_code_the_table_no_longer_has_is_never_asked_for(declared_table, scene):
    at = revised(scene, TABLE)
    at.router.inject("GET.*px", edit(lambda good: good.replace(b'"TOTAL"', b'"ALL"')))
    at.assert_survived(at.refresh())
    assert not at.router.asked("POST")


@fault("P08", "changed its variables: lost Origin; new Source [field variables, value 'Source']")
def test_a_new_variable_of_a_table(declared_table, scene):
    at = revised(scene, TABLE)
    at.router.inject("GET.*px", edit(lambda good: good.replace(b'"Origin"', b'"Source"')))
    at.assert_survived(at.refresh())


@fault("T15", "does not list the table any more")
def test_a_table_that_was_moved(declared_table, scene):
    at = revised(scene, TABLE)
    at.router.inject("01-Waste/$", edit(lambda good: good.replace(b"01_en_example_r", b"02_en_example_r")))
    at.assert_survived(at.refresh())
