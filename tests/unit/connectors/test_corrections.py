"""Known errors: each rule changes the cells it names and no other; an entry whose error is gone is closed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from connectors.corrections import (
    Acceptance,
    Correction,
    Register,
    apply_corrections,
    fingerprint,
    load_register,
    register,
)
from connectors.errors import SourceError, UsageError
from connectors.protocols import unsd_sdg
from connectors.protocols.base import Parsed, failer
from connectors.registry import list_datasets
from tests.unit.connectors.wireformats import HAZARDOUS, SNAPSHOT, unsd_body, unsd_row

SERIES, VERSION = "EN_HAZ_GENV", "2026.Q1.G.01"
ROWS = [unsd_row("7"), unsd_row("8", year="2021"), unsd_row("9", area="276"), unsd_row("N", year="2019")]


def read(*rows: str) -> Parsed:
    return unsd_sdg.parse(unsd_body(*(rows or ROWS)), HAZARDOUS, SERIES, SNAPSHOT)


def entry(rule: str, **changes: Any) -> Correction:
    """A correction of area 40 in 2020 and 2021, as it was reviewed on ROWS."""
    cells = read().table.filter(ref_area="40").drop_nulls("obs_value")
    facts = {"id": "slip", "series": SERIES, "areas": ["40"], "years": (2020, 2021), "since": "2025.Q1",
             "rule": rule, "cells": 2, "fingerprint": fingerprint(cells), "wrong": "a slip", "evidence": "e",
             "reviewed_by": "r", "reviewed_on": "2026-03-01"}  # fmt: skip
    return Correction.model_validate(facts | changes)


def corrected(correction: Correction, parsed: Parsed | None = None, version: str = VERSION) -> Parsed:
    whole = Register(file="connectors/corrections/x.yaml", corrections=(correction,))
    return apply_corrections(parsed or read(), whole, SERIES, version, failer(HAZARDOUS, SERIES))


def cells(parsed: Parsed, *columns: str) -> dict[tuple[str, str], tuple]:
    rows = parsed.table.select("ref_area", "time_period", *columns).rows()
    return {(area, year): tuple(rest) for area, year, *rest in rows}


def test_scaled_cells_keep_their_raw_text_and_name_the_entry():
    found = cells(corrected(entry("scale", factor=1000)), "obs_value", "obs_value_raw", "comment_obs")
    assert found[("40", "2020")] == (7000.0, "7", "Correction slip: a slip")
    assert found[("40", "2021")][:2] == (8000.0, "8")
    assert found[("276", "2020")] == (9.0, "9", None)
    assert found[("40", "2019")][0] is None


def test_withheld_cells_stay_as_rows_without_a_value():
    found = cells(corrected(entry("withhold")), "obs_value", "obs_value_raw", "obs_status")
    assert found[("40", "2020")] == (None, "7", "O")
    assert found[("276", "2020")] == (9.0, "9", "A")


def test_dropped_rows_are_quarantined():
    parsed = corrected(entry("drop"))
    assert set(cells(parsed)) == {("40", "2019"), ("276", "2020")}
    assert [row["value"] for row in parsed.quarantine] == ["7", "8"]
    assert {row["reason"] for row in parsed.quarantine} == {"correction slip: a slip"}


def test_relabelled_cells_have_another_unit():
    found = cells(corrected(entry("relabel", to="KG")), "unit_measure")
    assert (found[("40", "2020")], found[("276", "2020")]) == (("KG",), ("TONNES",))


def test_dimensions_narrow_an_entry():
    with pytest.raises(SourceError, match="no longer holds the error of correction slip"):
        corrected(entry("drop", dimensions={"Reporting Type": "N"}))


def test_an_entry_whose_error_is_gone_fails_and_asks_to_be_closed():
    with pytest.raises(SourceError) as error:
        corrected(entry("drop"), read(unsd_row("9", area="276")))
    assert error.value.fault == "V07"
    assert "no longer holds the error of correction slip of connectors/corrections/x.yaml" in str(error.value)
    assert f"close the entry with `until: {VERSION}`; never remove it" in error.value.next_step


def test_a_closed_entry_treats_the_versions_that_have_the_error_and_no_other():
    closed = entry("withhold", until="2026.Q2.G.01")
    before = cells(corrected(closed), "obs_value")
    assert before[("40", "2020")] == (None,)
    assert cells(corrected(entry("withhold")), "obs_value") == before, "older snapshots read as they were"
    mended = corrected(closed, read(unsd_row("7000"), ROWS[2]), version="2026.Q2.G.01")
    assert cells(mended, "obs_value") == {("40", "2020"): (7000.0,), ("276", "2020"): (9.0,)}
    assert mended.warnings == ()
    with pytest.raises(ValidationError, match="later than since"):
        entry("withhold", until="2025.Q1")


CHANGED = [
    [unsd_row("7000"), *ROWS[1:]],
    [ROWS[0], *ROWS[2:]],
    [*ROWS, unsd_row("1", area="40", year="2022")],
]


@pytest.mark.parametrize("rows", CHANGED)
@pytest.mark.parametrize(
    ("rule", "changes"), [("withhold", {}), ("scale", {"factor": 1000}), ("relabel", {"to": "KG"})]
)
def test_cells_that_changed_are_withheld_with_a_warning_and_the_rest_stands(rows, rule, changes):
    parsed = corrected(entry(rule, years=(2020, 2022), **changes), read(*rows))
    found = cells(parsed, "obs_value", "obs_status", "unit_measure", "comment_obs")
    ours = {key: row for key, row in found.items() if key[0] == "40" and key[1] >= "2020"}
    note = "Correction slip: a slip (the cells changed since they were reviewed)"
    assert set(ours.values()) == {(None, "O", "TONNES", note)}
    assert found[("276", "2020")] == (9.0, "A", "TONNES", None)
    (warning,) = parsed.warnings
    assert warning.fault == "V07", "the gate asks a person to accept it"
    assert "changed the cells of correction slip of connectors/corrections/x.yaml: 2 were" in warning.text
    assert f"there are {len(ours)} now" in warning.text and f"`until: {VERSION}`" in warning.text


@pytest.mark.parametrize("rows", CHANGED)
def test_rows_that_changed_are_dropped_all_the_same(rows):
    parsed = corrected(entry("drop", years=(2020, 2022)), read(*rows))
    assert set(cells(parsed)) == {("40", "2019"), ("276", "2020")}
    assert len(parsed.warnings) == 1


def test_a_version_before_the_error_is_left_alone():
    assert corrected(entry("drop"), version="2024.Q4.G.01").table.height == 4


@pytest.mark.parametrize(
    "changes", [{"factor": 10.0}, {"to": "KG"}, {"fingerprint": "x"}, {"cells": 0}, {"reviewed_by": ""}]
)
def test_an_entry_says_all_it_must_and_nothing_it_cannot_mean(changes):
    with pytest.raises(ValidationError):
        entry("drop", **changes)


def test_two_entries_need_two_ids():
    with pytest.raises(ValidationError, match="the same id"):
        Register(corrections=(entry("drop"), entry("withhold")))


def test_every_register_is_valid_and_names_a_declared_series(real_register):
    real_register()
    specs = {spec.key.replace("/", "__"): spec for spec in list_datasets()}
    files = sorted(register.FOLDER.glob("*.yaml"))
    assert files
    for path in files:
        spec = specs[path.stem]
        held = load_register(spec.key)
        assert {e.series for e in (*held.corrections, *held.acceptances)} <= {*spec.parts, spec.code}


def test_the_register_names_its_file_and_the_entry_a_person_would_write():
    told = load_register("unsd/sdg_12_4").how_to_accept("S08", SERIES, VERSION, ["040"])
    assert "connectors/corrections/unsd__sdg_12_4.yaml" in told
    text = told[told.index("{") :].replace("reviewed_on: ...", "reviewed_on: 2026-03-01")
    written = Acceptance.model_validate(yaml.safe_load(text.replace("id: ...", "id: x")))
    assert (written.fault, written.series, written.version) == ("S08", SERIES, VERSION)
    assert written.areas == ("040",)
    assert "areas" not in load_register("unsd/sdg_12_4").how_to_accept("S06", SERIES, VERSION)


def test_a_register_that_is_not_valid_is_an_error_of_use(tmp_path, monkeypatch):
    monkeypatch.setattr(register, "FOLDER", tmp_path)
    (tmp_path / "unsd__sdg_12_4.yaml").write_text("corrections: [{id: a}]")
    with pytest.raises(UsageError, match="corrections/unsd__sdg_12_4.yaml is not valid"):
        load_register("unsd/sdg_12_4")


@pytest.fixture
def real_register(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The register of the product again, which tests/conftest.py puts out of the way of invented figures."""
    return lambda: monkeypatch.setattr(register, "FOLDER", Path(register.__file__).parent)
