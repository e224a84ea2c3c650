"""What a newcomer does first: `circularity run --year 2026` on the embedded sample, and what it leaves.

Where `make release` has just made it in this checkout, and what it said was kept (.ci/run does so), that is
what is judged, in a copy of its folder; elsewhere the command is run in an empty office.
"""

import json
import os
import re
import shutil
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from orchestration.release.schema import load_schemas
from tests.docs.questions import blocks, differences, run, unpack, wrong_by_hand
from tests.e2e.office import REPOSITORY, Office, hash_tree, make_checkout

MADE = "CIRCULARITY_MADE_RELEASE"
"""Names the file that holds what `make release` said in this checkout."""
FIRST, SECOND = "sample-2025.1", "sample-2026.1"
NOTHING = f"build: {SECOND}: nothing to do, built from the same lock by the same code"
QUESTIONS = list(dict.fromkeys(block.question for block in blocks() if block.way != "r"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with an empty state folder, or with what `make release` left here."""
    folder = tmp_path_factory.mktemp("office")
    if MADE not in os.environ:
        return Office(make_checkout(folder / "checkout"), folder / "home", "sample")
    shutil.copytree(REPOSITORY / ".circularity", folder / "home", symlinks=True)
    return Office(REPOSITORY, folder / "home", "sample")


@pytest.fixture(scope="module")
def told(office: Office) -> str:
    """What the first run of 2026 said."""
    if MADE in os.environ:
        return Path(os.environ[MADE]).read_text(encoding="utf-8")
    return office.run("run", "--year", "2026")


def test_the_predecessor_comes_first_and_every_step_is_told(told: str) -> None:
    assert told.index(f"Release {FIRST}") < told.index(f"Release {SECOND} (")
    for release in (FIRST, SECOND):
        for step in ("plan", "lock", "build", "check", "candidate"):
            assert f"  {step}: {release}" in told
    assert told.count("gate green") == 2


def test_it_ends_by_naming_table_gate_report_workbook_and_site(told: str) -> None:
    found = dict(re.findall(r"^  (table|gate report|workbook|site) +(/.*)$", told, flags=re.M))
    assert set(found) == {"table", "gate report", "workbook", "site"}
    assert all(Path(path).is_file() for path in found.values())
    assert Path(found["table"]).name.startswith("ILLUSTRATIVE_")


def test_the_first_release_has_all_tables_but_one_and_so_no_site(told: str, office: Office) -> None:
    bundle = office.root / "releases" / FIRST / "candidate"
    published = {path.stem for path in (bundle / "data").glob("*.parquet")}
    assert set(load_schemas(REPOSITORY / "dbt_project")) - published == {"rpt_visibility"}
    assert not (bundle / "site").exists()


def test_both_runs_are_recorded_for_the_ui(told: str, office: Office) -> None:
    with sqlite3.connect(office.root / "dagster" / "history" / "runs.db") as runs:
        rows = runs.execute("select pipeline_name, status, partition from runs order by id").fetchall()
    assert rows == [("annual_release", "SUCCESS", "2025"), ("annual_release", "SUCCESS", "2026")]


def test_current_tables_are_exported_for_statisticians(told: str, office: Office) -> None:
    names = {path.stem.split("_")[0] for path in (office.root / "current").glob("*.parquet")}
    assert names == {"dim", "fct", "mart"}


def test_the_same_run_again_leaves_the_candidate_as_it_is(told: str, office: Office) -> None:
    candidate = office.root / "releases" / SECOND / "candidate"
    database = office.root / "warehouse" / "circularity.duckdb"
    before = (candidate / "SHA256SUMS").read_bytes(), database.stat().st_mtime_ns
    said = office.run("run", "--year", "2026")
    assert f"  {NOTHING}" in said and f"  candidate: {SECOND}" in said
    assert office.release("build", SECOND).startswith(f"{NOTHING}\n{SECOND}: candidate.")
    assert ((candidate / "SHA256SUMS").read_bytes(), database.stat().st_mtime_ns) == before


def test_publishing_the_sample_is_refused_in_every_way_and_changes_nothing(told: str, office: Office) -> None:
    before = hash_tree(office.root / "releases")
    said = office.release("publish", SECOND, "--execute", code=3)
    assert "illustrative data, which are never published" in said
    alone = office.materialise_publication("2026")
    assert alone.startswith("False, 0 materialised")
    assert "illustrative data, which are never published" in alone
    assert hash_tree(office.root / "releases") == before


def test_the_first_release_is_still_the_state_before_the_revision(told: str, office: Office) -> None:
    """The store holds both vintages; locking 2025 again has to pin the first ones, and is no change."""
    lock = office.root / "releases" / FIRST / "lock.json"
    before = lock.read_bytes()
    office.release("lock", FIRST)
    assert lock.read_bytes() == before


def test_the_revision_flips_a_status_and_its_acceptance_is_published(told: str, office: Office) -> None:
    found = office.json("release", "diff", SECOND, FIRST)
    flips = [
        (row["indicator"], row["area"], row["reason_code"])
        for row in found["changes"]
        if row["table"] == "rpt_progress" and row["change"] == "status"
    ]
    assert ("A02", "PRT", "source_revision") in flips
    assert found["counts"]["without_reason"] == 0


def test_beside_the_revision_a_new_year_changes_few_statuses_and_nothing_else_any(
    told: str, office: Office
) -> None:
    table = office.root / "releases" / SECOND / "staging" / "data" / "rpt_status_change.parquet"
    changed = pl.read_parquet(table).drop_nulls("cause")
    causes = set(changed.select("area", "cause").rows())
    assert ("PRT", "data_revision") in causes
    assert {cause for area, cause in causes if area != "PRT"} == {"new_years"}
    assert changed.filter(pl.col("area") != "PRT").height <= 40


@pytest.fixture(scope="module")
def release_folder(told: str, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second release as a statistician unpacks it."""
    candidate = office.root / "releases" / SECOND / "candidate"
    return unpack(candidate, tmp_path_factory.mktemp("unpacked"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_worked_question_has_one_answer_in_every_way(question: str, release_folder: Path) -> None:
    asked = [block for block in blocks() if block.question == question and block.way != "r"]
    answers = {block.way: run(block, release_folder) for block in asked}
    first = answers["sql"]
    assert first.rows and wrong_by_hand(first) == []
    assert {way: differences(first, other) for way, other in answers.items()} == {way: [] for way in answers}


def test_list_show_and_verify(told: str, office: Office) -> None:
    listed = {entry["release"]: entry["state"] for entry in office.json("release", "list")}
    assert listed == {FIRST: "candidate", SECOND: "candidate"}
    shown = office.release("show", SECOND)
    assert f"Next step: circularity release sign-off {SECOND}" in shown
    verified = office.json("release", "verify", str(office.root / "releases" / SECOND / "candidate"), code=0)
    assert verified["problems"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("release", "show", "nonsense"), "is not a release id"),
        (("release", "show", "2026.1"), "must start with sample-"),
        (("refresh", "unsd/sdg_12_9"), "Did you mean"),
        (("run", "--year", "1999"), "is not a release year"),
        (("release", "plan", "sample-2027.1"), "ships no plan"),
        (("release", "no-such-verb"), "No such command"),
        (("release", "sign-off", SECOND), "Missing option"),
    ],
)
def test_wrong_usage_exits_2_with_a_plain_sentence(
    arguments: tuple[str, ...], says: str, office: Office
) -> None:
    assert says in office.run(*arguments, code=2)


def test_a_damaged_store_exits_5_and_says_what_to_do(told: str, office: Office, tmp_path: Path) -> None:
    lock = json.loads((office.root / "releases" / SECOND / "lock.json").read_text(encoding="utf-8"))
    sha256 = next(iter(lock["datasets"][0]["parts"].values()))["sha256"]
    path = office.root / "objects" / "sha256" / sha256[:2] / sha256
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:-1])
    said = office.release("lock", SECOND, code=5)
    path.write_bytes(whole)
    assert sha256 in said
    assert "Restore it from a backup" in said
