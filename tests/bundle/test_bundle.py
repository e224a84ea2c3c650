"""A whole bundle: its files, its records, and that it can be made again byte for byte."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import duckdb
import pytest

from connectors.errors import CheckError
from expectations.frames import Frames
from orchestration.release.bundle_check import CHECKS, check_bundle, check_files, read_content
from orchestration.release.checksums import candidate_hash, hash_file, verify_sums
from orchestration.release.oldest_duckdb import CLIENT_DIR, OLDEST, read_with_oldest
from orchestration.release.predecessor import COMPARED_TABLES
from tests.bundle.conftest import Staged
from tests.faults.matrix import fault
from tests.gates.release_fixture import SNAPSHOTS, clean

DUCKDB = "ILLUSTRATIVE_circularity.duckdb"


def files_of(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hash_file(p) for p in folder.rglob("*") if p.is_file()}


def test_a_finished_bundle_passes_its_own_check(finished: Path) -> None:
    assert [str(finding) for finding in check_bundle(finished)] == []
    assert verify_sums(finished) == []


def test_a_bundle_holds_exactly_these_files(finished: Path) -> None:
    tables = {f"data/{name}.parquet" for name in clean()} | {
        f"data/ILLUSTRATIVE_{name}.csv" for name in clean()
    }
    compared = {f"compared/{name}.parquet" for name in COMPARED_TABLES}
    records = {
        "datapackage.json",
        "gate.json",
        "gate.html",
        "bundle-check.json",
        "provenance.json",
        "lock.json",
        "CITATION.cff",
        "catalog.jsonld",
        "CHANGES.md",
        "data/csv-metadata.json",
        "jsonstat/ILLUSTRATIVE_observations.json",
        *(f"method_{language}.html" for language in ("en", "fr", "ru")),
    }
    named = {DUCKDB, "LICENSES.md", "SHA256SUMS"}
    named |= {f"ILLUSTRATIVE_tables_{language}.xlsx" for language in ("en", "fr", "ru")}
    sdmx = {f"sdmx/ILLUSTRATIVE_{file}" for file in ("observations.csv", "aggregates.csv", "structure.xml")}
    named |= {f"ILLUSTRATIVE_{name}.csv" for name in ("revisions", "codebook")}
    assert set(files_of(finished)) == tables | compared | records | named | sdmx


def test_the_same_release_gives_the_same_bytes(finished: Path, staged: Staged, tmp_path: Path) -> None:
    assert staged.write(tmp_path / "again").findings == ()
    one, two = files_of(finished), files_of(tmp_path / "again")
    assert {name for name in one if one[name] != two[name]} == set()


def test_the_duckdb_file_has_its_views(finished: Path) -> None:
    release = clean()
    told = [row for row in release["rpt_observation"] if row["obs_value"] is not None]
    with duckdb.connect(str(finished / DUCKDB), read_only=True) as db:
        rows = {
            name: db.sql(f"select count(*) from {name}").fetchall()[0][0]
            for name in read_with_oldest(finished / DUCKDB).views
        }
    assert rows == {
        "v_gaps": len(release["rpt_observation"]) - len(told),
        "v_latest": len({(row["indicator"], row["breakdown"], row["ref_area"]) for row in told}),
        "v_revisions": 2,
        "v_wide_progress": len(
            {
                tuple(row[name] for name in ("area", "area_kind", "method", "time_window"))
                for row in release["rpt_progress"]
            }
        ),
    }


def test_the_views_run_in_the_oldest_client(finished: Path) -> None:
    ask = "import sys, duckdb; db = duckdb.connect(sys.argv[1], read_only=True); print(duckdb.__version__)"
    count = "[db.sql(f'select count(*) from {v}').fetchall() for v in sys.argv[2:]]"
    views = read_with_oldest(finished / DUCKDB).views
    command = [sys.executable, "-c", f"{ask}; {count}", str(finished / DUCKDB), *views]
    done = subprocess.run(command, env={"PYTHONPATH": str(CLIENT_DIR)}, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, OLDEST), done.stderr


@fault("H11")
def test_a_view_of_a_received_file_is_read_and_never_run(tmp_path: Path) -> None:
    """A view that hides behind the name of a table, and one that would read another file of this machine."""
    secret, file = tmp_path / "secret.csv", tmp_path / "received.duckdb"
    secret.write_text("a\n1\n")
    with duckdb.connect(":memory:", config={"threads": 1}) as db:
        db.execute(f"attach '{file}' as received (storage_version 'v1.0.0'); use received")
        db.execute("create schema other; create table other.rpt_target as select 7 as a")
        db.execute(f"create view rpt_target as select * from read_csv('{secret}')")
    read = read_with_oldest(file)
    assert read.tables["other.rpt_target"].rows.to_pylist() == [{"a": 7}]
    assert list(read.views) == ["rpt_target"] and "rows" not in read.views["rpt_target"]


@fault("H11", "not the file of a release table")
def test_a_table_name_that_is_a_query_is_refused(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    data = bundle / "data"
    (data / 'rpt_x" as select 1; --.parquet').write_bytes((data / "rpt_target.parquet").read_bytes())
    assert any("not the file of a release table" in str(finding) for finding in check_files(bundle))
    with pytest.raises(CheckError, match="not the file of a release table"):
        Frames(data, None, ())


def test_revisions_name_old_new_and_reason(finished: Path) -> None:
    header, *rows = (finished / "ILLUSTRATIVE_revisions.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith(
        "table,indicator,breakdown,area,area_kind,time_period,method,time_window,change,old_value,new_value,"
    )
    assert any("A02,_T,FRA,country,2017,,,revised,18,19.2," in row for row in rows)
    assert any(
        "rpt_progress,A02,_T,DEU,country,,M1,all,status,,,,maintain,accelerate,source_revision,Revised by"
        in r
        for r in rows
    )


def test_records_name_each_other(finished: Path, staged: Staged) -> None:
    provenance = json.loads((finished / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["gate"] == {"verdict": "green", "sha256": hash_file(finished / "gate.json")}
    assert provenance["lock_sha256"] == hash_file(finished / "lock.json") == staged.lock.sha256
    assert provenance["code"] == {"commit": "3" * 40, "dirty": False}
    assert {o["sha256"] for o in provenance["objects"]} >= set(SNAPSHOTS.values())
    licences = (finished / "LICENSES.md").read_text(encoding="utf-8")
    assert "Title of unsd/sdg_12_2" in licences
    assert "not in this release: Withdrawn by its producer" in licences


def test_data_the_gate_did_not_judge_are_refused(staged: Staged, tmp_path: Path) -> None:
    other = Staged(staged.staging, staged.lock, staged.gate.model_copy(update={"data_hash": "0" * 64}))
    with pytest.raises(CheckError, match="not those which the gate judged"):
        other.write(tmp_path / "refused")


def _descriptor(change: Callable[[dict], object]) -> Callable[[Path], None]:
    def edit(bundle: Path) -> None:
        path = bundle / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        change(descriptor)
        path.write_text(json.dumps(descriptor), encoding="utf-8")

    return edit


def _resource(descriptor: dict, name: str) -> dict:
    return next(r for r in descriptor["resources"] if r["name"] == name)


def _target(**changes: object) -> Callable[[Path], None]:
    return _descriptor(lambda d: _resource(d, "rpt-target").update(changes))


def _schema(change: Callable[[dict], object]) -> Callable[[Path], None]:
    return _descriptor(lambda d: change(_resource(d, "rpt-observation")["schema"]))


def _duplicate_row(bundle: Path) -> None:
    path = bundle / "data/ILLUSTRATIVE_rpt_target.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]))


def _drop_reason(bundle: Path) -> None:
    path = bundle / "ILLUSTRATIVE_revisions.csv"
    path.write_text(path.read_text().replace("source_revision", ""), encoding="utf-8")


BREAKS: list[tuple[Callable[[Path], object], str, str]] = [
    (lambda b: rmtree(b / "compared"), "comparison", "compared: holds no tables of a predecessor"),
    (lambda b: rmtree(b / "compared"), "comparison", "revisions.csv: is not what data/ and compared/ give"),
    (_drop_reason, "comparison", "revisions.csv: is not what data/ and compared/ give"),
    (
        lambda b: (b / "compared" / "rpt_progress.parquet").write_bytes(
            (b / "data" / "rpt_progress.parquet").read_bytes()
        ),
        "comparison",
        "revisions.csv: is not what data/ and compared/ give",
    ),
    (lambda b: (b / "gate.html").unlink(), "records", "gate.html: is missing."),
    (lambda b: (b / "compared" / "x.py").write_text("x"), "records", "x.py: does not belong to a bundle."),
    (lambda b: (b / "notes.txt").write_text("x"), "records", "notes.txt: does not belong to a bundle."),
    (lambda b: (b / "lock.json").write_text("{}"), "records", "does not name the lock"),
    (lambda b: (b / "gate.json").write_text("{}"), "records", "does not name the gate report"),
    (lambda b: (b / "gate.json").write_text("{}"), "records", "does not name the data"),
    (_descriptor(lambda d: d.pop("resources")), "data package", "does not describe data/rpt_target.parquet"),
    (_descriptor(lambda d: d.pop("version")), "data package", "states no version"),
    (
        _descriptor(lambda d: _resource(d, "rpt-target").update(path="../x.csv")),
        "data package",
        "outside the bundle",
    ),
    (
        _descriptor(lambda d: _resource(d, "rpt-target").update(path="https://x.org/x")),
        "data package",
        "outside the",
    ),
    (_descriptor(lambda d: _resource(d, "rpt-target").update(bytes=1)), "data package", "byte count"),
    (
        _descriptor(lambda d: _resource(d, "workbook-en").update(hash=f"sha256:{'0' * 64}")),
        "data package",
        "hash",
    ),
    (
        _descriptor(lambda d: _resource(d, "rpt-target")["schema"]["fields"].pop()),
        "data package",
        'extra label "illustrative"',
    ),
    (_duplicate_row, "data package", "primary key"),
    (
        _schema(lambda s: s.update(primaryKey=["indicator"])),
        "data package",
        "a primary key of rpt_observation which it does not have",
    ),
    (_schema(lambda s: s.update(uniqueKeys=[["indicator"]])), "data package", "a rule for rpt_observation"),
    (
        _schema(lambda s: s["fields"][0].update(constraints={"required": True})),
        "data package",
        "a rule for rpt_observation",
    ),
    (
        _schema(lambda s: s["fields"][0].update(type="integer")),
        "data package",
        "describes other fields of rpt_observation",
    ),
    (
        _schema(lambda s: s["foreignKeys"][0].update(fields=["time_period"])),
        "data package",
        "rpt_observation.time_period refers to another table, which has no 2015",
    ),
    (lambda b: (b / "data" / "rpt_area.parquet").write_bytes(b"PAR1"), "readable", "cannot be read"),
]


@pytest.mark.parametrize(
    ("break_it", "check", "sentence"), BREAKS, ids=[f"{n}-{b[2]}" for n, b in enumerate(BREAKS)]
)
def test_a_broken_bundle_is_found(
    finished: Path,
    copy_of: Callable[[Path], Path],
    break_it: Callable[[Path], object],
    check: str,
    sentence: str,
) -> None:
    bundle = copy_of(finished)
    break_it(bundle)
    found = [
        str(f) for f in (CHECKS[check](read_content(bundle)) if check in CHECKS else check_files(bundle))
    ]
    assert any(sentence.lower() in text.lower() for text in found), found


def test_a_workbook_that_is_none_is_a_finding(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    (bundle / "ILLUSTRATIVE_tables_en.xlsx").write_bytes(b"PK no archive")
    found = [str(finding) for finding in check_bundle(bundle)]
    assert any("this check could not be done: File is not a zip file" in text for text in found), found


def test_a_changed_byte_anywhere_is_found(finished: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(finished)
    for name in sorted(files_of(finished)):
        path = bundle / name
        original = path.read_bytes()
        middle = len(original) // 2
        path.write_bytes(original[:middle] + bytes([original[middle] ^ 1]) + original[middle + 1 :])
        assert verify_sums(bundle) or candidate_hash(bundle) != candidate_hash(finished), name
        path.write_bytes(original)
    assert verify_sums(bundle) == []
