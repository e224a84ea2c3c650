"""The SDMX files of a bundle: what they hold, what another program reads, and that each defect is found."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sdmx

from orchestration.release.bundle_check import read_content
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.sdmx import check
from orchestration.release.sdmx.check import check_sdmx, schema_faults
from orchestration.release.sdmx.structure import build_structure
from tests.bundle.conftest import Staged
from tests.gates.release_fixture import SCHEMAS

FLOW = "sdmx/ILLUSTRATIVE_observations.csv"
STRUCTURE = "sdmx/ILLUSTRATIVE_structure.xml"


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / FLOW).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def said(folder: Path) -> str:
    return " ".join(str(finding) for finding in check_sdmx(read_content(folder)))


def test_a_row_states_structure_action_key_value_and_attributes(finished: Path) -> None:
    first = next(row for row in rows(finished) if row["REF_AREA"] == "FRA" and row["TIME_PERIOD"] == "2017")
    table = pq.read_table(finished / "data" / "rpt_observation.parquet").to_pylist()
    row = next(
        r
        for r in table
        if r["ref_area"] == "FRA" and r["time_period"] == "2017" and r["indicator"] == first["INDICATOR"]
    )
    assert (first["STRUCTURE"], first["STRUCTURE_ID"], first["ACTION"]) == (
        "dataflow",
        "UNECE:CIRCULARITY_OBS(1.0)",
        "I",
    )
    assert float(first["OBS_VALUE"]) == row["obs_value"]
    assert first["OBS_STATUS"] == row["obs_status"]


def test_no_cell_is_empty_and_what_is_missing_is_said_by_type(finished: Path) -> None:
    found = rows(finished)
    assert all(cell != "" for row in found for cell in row.values())
    without = next(row for row in found if row["OBS_VALUE"] == "NaN")
    assert without["NULL_REASON"] != "#N/A"
    assert next(row for row in found if row["OBS_VALUE"] != "NaN")["NULL_REASON"] == "#N/A"


def test_sdmx1_reads_the_flow_with_its_structure(finished: Path) -> None:
    message = sdmx.read_sdmx(finished / STRUCTURE)
    flow = message.dataflow["CIRCULARITY_OBS"]
    data = sdmx.read_sdmx(finished / FLOW, structure=flow).data[0]
    assert len(data.obs) == len(rows(finished))
    assert "FRA" in message.codelist["CL_AREA"]


def test_codes_are_named_in_every_language_the_tables_have(finished: Path) -> None:
    tables = read_content(finished).tables
    indicators = pa.Table.from_pylist(
        [{**row, "title_fr": "Titre", "title_ru": "Название"} for row in tables["rpt_indicator"].to_pylist()]
    )
    tables = {**tables, "rpt_indicator": indicators}
    raw = build_structure(tables, SCHEMAS, release_id="2026.1", issued=date(2026, 3, 1), illustrative=False)
    assert schema_faults(raw) == []
    names = sdmx.read_sdmx(io.BytesIO(raw), format="XML").codelist["CL_INDICATOR"]["A01"].name
    assert (names.localizations["fr"], names.localizations["ru"]) == ("Titre", "Название")
    assert ILLUSTRATIVE_MARK.encode() not in raw


def test_the_structure_is_valid_and_the_same_in_every_build(
    finished: Path, staged: Staged, tmp_path: Path
) -> None:
    raw = (finished / STRUCTURE).read_bytes()
    assert schema_faults(raw) == []
    staged.write(tmp_path / "again")
    assert (tmp_path / "again" / STRUCTURE).read_bytes() == raw
    assert (tmp_path / "again" / FLOW).read_bytes() == (finished / FLOW).read_bytes()


def test_a_finished_bundle_has_no_finding(finished: Path) -> None:
    assert said(finished) == ""


def _change(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _cell(column: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        found = rows(folder)
        found[0][column] = text
        with (folder / FLOW).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(found[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)

    return change


def _drop_last_row(folder: Path) -> None:
    lines = (folder / FLOW).read_text(encoding="utf-8").splitlines()
    (folder / FLOW).write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")


def _remove(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (_cell("OBS_VALUE", "1e999"), "OBS_VALUE: '1e999' instead of"),
        (_cell("OBS_VALUE", ""), "OBS_VALUE: '' instead of"),
        (_cell("OBS_STATUS", "?"), "the code ? is not in CL_OBS_STATUS"),
        (_cell("ACTION", "D"), "something else than I in ACTION"),
        (_cell("STRUCTURE_ID", "UNECE:OTHER(1.0)"), "something else than UNECE:CIRCULARITY_OBS(1.0)"),
        (_drop_last_row, "rows instead of"),
        (_remove(FLOW), "observations.csv: is missing"),
        (_remove(STRUCTURE), "structure.xml: is missing"),
        (_change(STRUCTURE, "<str:Codelists>", "<str:Codelist>"), "is not valid SDMX-ML 2.1"),
        (_change(STRUCTURE, 'isFinal="true"', 'isFinal="perhaps"'), "is not valid SDMX-ML 2.1"),
        (_change(FLOW, "NULL_REASON", "REASON"), "has other columns than its structure"),
        (_change(STRUCTURE, '<str:Code id="FRA"', '<str:Code id="FRX"'), "the code FRA is not in CL_AREA"),
    ],
)
def test_each_defect_is_found(
    finished: Path, copy_of: Callable[[Path], Path], defect: Callable[[Path], None], sentence: str
) -> None:
    folder = copy_of(finished)
    defect(folder)
    assert sentence in said(folder)


def test_a_text_with_ends_of_lines_in_it_is_one_cell(
    finished: Path, copy_of: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, text = copy_of(finished), "one\u2028two\u0085three\nfour"
    path = folder / "data" / "rpt_observation.parquet"
    table = pq.read_table(path)
    position = table.column_names.index("comment_obs")
    texts = [text, *table.column(position).to_pylist()[1:]]
    pq.write_table(table.set_column(position, table.field(position), pa.array(texts, pa.string())), path)
    changed = rows(folder)
    changed[0]["COMMENT_OBS"] = text
    with (folder / FLOW).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(changed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)
    monkeypatch.setattr(check, "SAMPLE_ROWS", len(changed) // 2)  # every other row
    assert said(folder) == ""
