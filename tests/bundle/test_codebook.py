"""codebook.csv holds every table, column and code of a bundle, and a false entry is found."""

import csv
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.waivers import REASON_CODES
from orchestration.release.bundle_check import read_content
from orchestration.release.code_lists import load_vocabulary
from orchestration.release.codebook import build_codebook, check_codebook
from orchestration.release.schema import REVISIONS
from orchestration.release.wording import table_description
from tests.gates.release_fixture import SCHEMAS, clean

FILE = "ILLUSTRATIVE_codebook.csv"
ALL = {**SCHEMAS, REVISIONS.name: REVISIONS}
NUMBERS = ("double", "integer", "bigint")
YES_OR_NO = {"has_recent", "has_trend", "is_timely", "is_country_reported"}

Row = dict[str, str]


def read(folder: Path) -> list[Row]:
    with (folder / FILE).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_holds_every_table_and_column_with_the_words_of_the_dbt_yaml(finished: Path) -> None:
    described = [ALL[name] for name in [*sorted(clean()), REVISIONS.name]]
    found = read(finished)
    assert [
        (row["table"], row["title"], row["description_en"]) for row in found if row["entry"] == "table"
    ] == [(schema.name, schema.title, schema.description) for schema in described]
    table = _of(found, entry="table", table="rpt_target")
    for language in ("fr", "ru"):
        assert table[f"description_{language}"] == table_description(ALL["rpt_target"], language)
    columns = [row for row in found if row["entry"] == "column"]
    assert [(r["table"], r["column"], r["type"], r["is_key"], r["description_en"]) for r in columns] == [
        (s.name, c.name, c.data_type, "true" if c.name in s.primary_key else "false", c.description)
        for s in described
        for c in s.columns
    ]


def test_a_column_says_its_unit_its_example_and_whether_it_is_empty_anywhere(finished: Path) -> None:
    rows = {(row["table"], row["column"]): row for row in read(finished) if row["entry"] == "column"}
    value = rows["rpt_observation", "obs_value"]
    assert (value["unit"], value["nullable"], value["code_list"]) == ("as unit_measure says", "true", "")
    assert rows["rpt_observation", "indicator"]["example"] == "A01"
    assert rows["rpt_observation", "indicator"]["nullable"] == "false"
    assert rows["rpt_observation", "null_reason"]["code_list"] == "null_reason"
    assert rows["rpt_indicator", "scope"]["code_list"] == "indicator_scope"
    assert rows["rpt_target", "scope"]["code_list"] == ""


def test_the_members_of_every_list_in_use_follow(finished: Path) -> None:
    codes = {(row["code_list"], row["code"]): row for row in read(finished) if row["entry"] == "code"}
    assert codes["null_reason", "OFF_GRID"]["description_en"] == "The series is not due in this year."
    assert codes["status", "accelerate"]["description_en"] == "M1, the right direction and too slow."
    assert codes["obs_status", "B"]["description_en"] == "time series break"


def test_a_list_that_no_table_of_the_release_uses_is_left_out() -> None:
    only = {"rpt_area": SCHEMAS["rpt_area"].empty_table()}
    rows = build_codebook(only, SCHEMAS, REVISIONS.empty_table(), True).to_pylist()
    used = {row["code_list"] for row in rows if row["entry"] == "code"}
    assert used == {"area_kind", "method", "time_window", "revision", "reason_code"}


def test_every_published_number_has_a_unit_or_a_code_list() -> None:
    words = load_vocabulary()
    without = [
        f"{schema.name}.{column.name}"
        for schema in ALL.values()
        for column in schema.columns
        if column.data_type in NUMBERS and column.name not in YES_OR_NO
        if not (words.unit(schema.name, column.name) or words.code_list(schema.name, column.name))
    ]
    assert without == []


def test_no_unit_and_no_code_list_is_of_a_column_that_does_not_exist() -> None:
    words = load_vocabulary()
    columns = {name for s in ALL.values() for c in s.columns for name in (c.name, f"{s.name}.{c.name}")}
    numbers = {
        name
        for schema in ALL.values()
        for column in schema.columns
        if column.data_type in NUMBERS
        for name in (column.name, f"{schema.name}.{column.name}")
    }
    assert set(words.units) <= numbers
    assert set(words.lists) <= columns


def test_a_code_has_words_and_the_reasons_of_a_change_are_those_a_decision_may_give() -> None:
    lists = load_vocabulary().lists
    meanings = [text for found in lists.values() for text in found.codes.values()]
    assert all(isinstance(text, str) and len(text) > 3 for text in meanings)
    assert tuple(lists["reason_code"].codes) == REASON_CODES


def _rewrite(change: Callable[[list[Row]], list[Row]]) -> Callable[[Path], None]:
    def edit(bundle: Path) -> None:
        rows = read(bundle)
        with (bundle / FILE).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(change(rows))

    return edit


def _of(rows: list[Row], **key: str) -> Row:
    return next(row for row in rows if all(row[name] == value for name, value in key.items()))


def _changed(column: str, **changes: str) -> Callable[[Path], None]:
    def change(rows: list[Row]) -> list[Row]:
        _of(rows, table="rpt_observation", column=column).update(changes)
        return rows

    return _rewrite(change)


def _mute_code(rows: list[Row]) -> list[Row]:
    _of(rows, code_list="null_reason", code="OFF_GRID").update(description_ru="")
    return rows


def _new_code(bundle: Path) -> None:
    path = bundle / "data" / "rpt_observation.parquet"
    table = pq.read_table(path)
    codes = pa.array(["SOMETHING_NEW"] * table.num_rows)
    position = table.column_names.index("nature")
    pq.write_table(table.set_column(position, "nature", codes), path)


BREAKS: list[tuple[Callable[[Path], object], str]] = [
    (lambda b: (b / FILE).unlink(), "is missing."),
    (
        _rewrite(lambda rows: [r for r in rows if r["column"] != "obs_value"]),
        "hold: rpt_observation obs_value.",
    ),
    (_rewrite(lambda rows: [r for r in rows if r["title"] != "Observations"]), "hold: rpt_observation."),
    (_changed("obs_value", description_en="x"), "rpt_observation obs_value: describes it otherwise"),
    (_changed("", description_ru=""), "rpt_observation: does not describe it in ru."),
    (_changed("obs_value", description_fr=""), "rpt_observation.obs_value: does not describe it in fr."),
    (_rewrite(_mute_code), "null_reason.OFF_GRID: does not describe it in ru."),
    (_changed("obs_value", nullable="false"), "rpt_observation.obs_value: is wrong about empty cells."),
    (_changed("obs_value", example="1"), "rpt_observation.obs_value: gives an example"),
    (_new_code, "rpt_observation.nature: the data hold SOMETHING_NEW, which is not in nature."),
    (_rewrite(lambda rows: [r for r in rows if r["code"] != "CONFIDENTIAL"]), "the data hold CONFIDENTIAL"),
]


def test_a_finished_codebook_has_no_finding(finished: Path) -> None:
    assert list(check_codebook(read_content(finished))) == []


@pytest.mark.parametrize(("break_it", "sentence"), BREAKS, ids=[str(n) for n in range(len(BREAKS))])
def test_a_false_entry_is_found(
    finished: Path,
    copy_of: Callable[[Path], Path],
    break_it: Callable[[Path], object],
    sentence: str,
) -> None:
    bundle = copy_of(finished)
    break_it(bundle)
    found = [str(finding) for finding in check_codebook(read_content(bundle))]
    assert any(sentence in text for text in found), found
