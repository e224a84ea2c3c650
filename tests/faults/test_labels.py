"""Hostile labels and codes: H08, H09, H11, H14, H15. What a source can do with one cell."""

from __future__ import annotations

import polars as pl
import pytest

from connectors.errors import StoreError
from connectors.protocols import labels
from connectors.registry import get_dataset
from connectors.spec import DatasetSpec, is_code
from connectors.store import Store
from tests.faults.matrix import fault
from tests.faults.router import edit

UNSD, EUROSTAT = "unsd/sdg_12_5", "eurostat/cei_srm030"
DATA = {UNSD: "Series/DataCSV.*RCYR", EUROSTAT: "sdmx/2.1/data/"}


def with_note(note: str):
    """One UNSD row whose footnote is `note`."""

    def change(good: bytes) -> bytes:
        head, first, rest = good.split(b"\n", 2)
        cells = first.rstrip(b"\r").split(b",")
        cells[head.split(b",").index(b"FootNote")] = b'"' + note.encode().replace(b'"', b'""') + b'"'
        return b"\n".join([head, b",".join(cells), rest])

    return edit(change)


def with_area(code: str):
    """One Eurostat row whose area is `code`."""
    return edit(lambda good: good.replace(b",AT,", b"," + code.encode() + b",", 1))


def hit_one(scene, spoil, key: str):
    at = scene(key)
    at.router.vintage = 2
    at.router.inject(DATA[key], spoil)
    return at


@fault("H08", "holds a comment that is a formula")
@pytest.mark.parametrize(
    "label",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+cmd|'x'!A1", "＠x|y!z", "\t=1+1", "\r=1", " =1", "＝1+1"],
)
def test_a_formula_in_a_label_fails_at_the_source(scene, label):
    at = hit_one(scene, with_note(label), UNSD)
    at.assert_survived(at.refresh(), outcome="new", stored=True)


@fault("H08")
@pytest.mark.parametrize(
    "label",
    ["-5.2", "+1", "-1,000", " -3 %", "a=b", "1+1", "mail: a@b", "- Excludes waste sold abroad", "-",
     "@ 2015 prices", "+/- 5 % at the level of 95 %", "-2+3+x", "@SUM(A1)", "＋1", "－x", "－ a|b"],
)  # fmt: skip
def test_numbers_and_honest_remarks_stay_as_they_were_written(scene, label):
    at = hit_one(scene, with_note(label), UNSD)
    at.assert_taken(at.refresh())
    vintage = at.store.latest_vintage(UNSD)
    remarks = at.store.read_observations(UNSD, vintage.vintage)["comment_obs"].cast(str)
    assert label.strip() in remarks.drop_nulls().str.strip_chars().to_list(), "neither changed nor marked"


@fault("H08")
def test_a_remark_that_begins_with_a_tab_or_a_return_is_refused_where_a_reader_leaves_them():
    remarks = pl.Series(["\tx", "\rx", "x\ty", "- x"])
    assert remarks.str.contains(labels.HARMFUL_REMARK).to_list() == [True, True, False, False]


@fault("H08", "holds a formula in place of a code")
@pytest.mark.parametrize("code", ["=1+1", "@x", "＝1"])
def test_a_formula_in_place_of_a_code_fails(scene, code):
    at = hit_one(scene, with_area(code), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H09", "holds a path in place of a code")
@pytest.mark.parametrize("code", ["../../etc/passwd", "/etc/passwd", "..", "a..b", "C:\\x", "AT/../DE"])
def test_a_path_in_place_of_a_code_fails(scene, code):
    at = hit_one(scene, with_area(code), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H09")
@pytest.mark.parametrize("code", ["../x", "..", "a/b", "", "x" * 65, "a\n", "a b", "/x", ".x", "Ａ", "a\0b"])
def test_no_code_leads_out_of_the_store(tmp_path, code):
    store = Store(tmp_path / "root", illustrative=False)
    for call in (
        lambda: store.last_fetched(f"unsd/{code}"),
        lambda: store.list_vintages(f"{code}/sdg"),
        lambda: store.observations_path("unsd/sdg", code),
        lambda: store.get_manifest("unsd/sdg", code, "0" * 64),
        lambda: store.object_path(code),
    ):
        with pytest.raises(StoreError):
            call()
    declared = get_dataset(UNSD).model_dump(by_alias=True) | {"dataset": code}
    with pytest.raises(ValueError, match="dataset|code"):
        DatasetSpec.model_validate(declared)
    assert list(tmp_path.iterdir()) == []


@fault("H11", "holds a code outside the allowed alphabet")
@pytest.mark.parametrize("code", ["'; DROP TABLE x; --", '"; ATTACH', "AT' OR '1'='1", "AT;--"])
def test_sql_in_place_of_a_code_fails(scene, code):
    at = hit_one(scene, with_area('"' + code.replace('"', '""') + '"'), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H14", "holds a comment with control characters")
@pytest.mark.parametrize("label", ["a\u202egnp.exe", "a\x07b", "a\u2066b", "\x1b[2J"])
def test_letters_that_turn_the_text_around_or_control_a_terminal_fail(scene, label):
    at = hit_one(scene, with_note(label), UNSD)
    error = at.assert_survived(at.refresh(), outcome="new", stored=True)
    assert str(error).isprintable(), "the message shows them escaped"
    assert "data row 1" in str(error)


@fault("H14", "holds a control character in a code")
@pytest.mark.parametrize("code", ["A\0T", "A\u202eT"])
def test_controls_in_a_code_fail(scene, code):
    at = hit_one(scene, with_area(code), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H14", "is not a CSV table (line {n}: field larger than field limit ({m}))")
def test_a_label_of_a_megabyte_fails(scene):
    at = hit_one(scene, with_note("x" * 1_000_000), UNSD)
    at.assert_survived(at.refresh(), outcome="new", stored=True, told_as="P06")


@fault("H14")
def test_a_long_label_is_cut(scene):
    at = hit_one(scene, with_note("x" * 100_000), UNSD)
    at.assert_taken(at.refresh())
    vintage = at.store.latest_vintage(UNSD)
    longest = at.store.read_observations(UNSD, vintage.vintage)["comment_obs"].str.len_chars().max()
    assert longest == 2_000


@fault("H15", "holds a code that is not plain ASCII (U+0421)")
def test_a_cyrillic_letter_that_looks_latin_fails(scene):
    at = hit_one(scene, with_area("С"), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H15")
def test_codes_are_ascii():
    assert is_code("AT") and not is_code("АТ") and not is_code("A\u0301")
