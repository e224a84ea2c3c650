"""Two real vintages become two published releases; the first is rebuilt elsewhere from its lock; `publish`
refuses.

Everything runs as processes of a clean checkout, as in an office (replay_office.py). What the office decides
stands in decisions/, with the causes it claims: they are held against what the release says itself.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from connectors.registry import list_datasets
from expectations.builder import load_config
from tests.e2e.office import Office
from tests.e2e.replay_decisions import LARGE, read_cases
from tests.e2e.replay_office import (
    CANARY,
    EMBARGO_UTC,
    FIRST,
    NOT_OFFERED,
    SECOND,
    Server,
    Story,
    walk_two_years,
)
from tests.independent.compare import compare_tables

pytestmark = pytest.mark.replay

DATABASE = "circularity.duckdb"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server("2022-07")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Story:
    """Both releases published, the server still running."""
    return walk_two_years(tmp_path_factory.mktemp("office"), server)


def test_a_series_missing_from_the_vintage_is_named_and_stops_nothing(story: Story) -> None:
    assert "EN_MWT_RCYR" in story.said["first refresh"]
    missing = "parts without data: unsd/sdg_12_4 EN_MWT_TREATV, unsd/sdg_12_5 EN_MWT_RCYR"
    assert missing in story.said[f"lock {FIRST}"]
    assert "G19 Nothing planned is missing: 2 open findings" in story.said["red first"]
    for waiver in ("g19-sdg-12-4.yaml", "g19-sdg-12-5.yaml"):
        assert f"waiver {waiver} (1 findings)" in story.said["check first"]


def test_a_second_refresh_asks_and_brings_no_body_of_data(story: Story) -> None:
    data = re.compile("/(Series/Data|DataCSV|sdmx/2.1/data/|indicator/|rest/data/|v1/get/|preview/)", re.I)
    bodies = [asked for asked in story.asked if data.search(str(asked["path"])) and asked["status"] == 200]
    refused = [asked for asked in bodies if "NY.GDP.MKTP.PP.KD" in str(asked["path"])]
    assert bodies == refused and story.asked
    for spec in list_datasets():
        expected = "absent" if spec.key in NOT_OFFERED[FIRST] else "unchanged"
        assert f"{spec.key}: {expected}" in story.said["nothing new"]


def test_the_key_stands_in_no_file_and_on_no_screen(story: Story) -> None:
    assert CANARY not in "".join(story.said.values())
    found = [path for path in story.office.home.rglob("*") if path.is_file() and holds(path, CANARY)]
    assert found == []


def holds(path: Path, text: str) -> bool:
    return text.encode() in path.read_bytes()


def test_both_releases_are_published_and_intact(story: Story) -> None:
    listed = story.office.json("release", "list")
    assert [(entry["release"], entry["state"]) for entry in listed] == [
        (FIRST, "published"),
        (SECOND, "published"),
    ]
    for release in (FIRST, SECOND):
        folder = story.office.root / "releases" / "published" / release
        assert story.office.json("release", "verify", str(folder))["problems"] == []
        assert not any(path.stat().st_mode & 0o222 for path in [folder, *folder.rglob("*")])
    latest = json.loads(
        (story.office.root / "releases" / "public" / "latest.json").read_text(encoding="utf-8")
    )
    assert latest["release"] == SECOND


def test_a_second_implementation_agrees_on_every_series(story: Story) -> None:
    """Methods, agreement, targets and decoupling, recomputed from the tables of the second release."""
    done = compare_tables(story.office.root / "warehouse")
    assert [str(one) for one in done.disagreements] == []
    assert done.rows["fct_progress"] > 10_000


def test_every_decision_is_used_and_published_with_its_reason(story: Story) -> None:
    for release, said in ((FIRST, "check first"), (SECOND, "check second")):
        used = json.loads((bundle_of(story.office, release) / "gate.json").read_text("utf-8"))["decisions"]
        cases = read_cases(release)
        assert {u["decision"]["file"]: u["decision"]["reason"] for u in used} == {
            case.file: case.said["reason"] for case in cases
        }
        assert all(u["findings"] > 0 and not u["faults"] for u in used)
        assert [case.file for case in cases if case.said["reason"] not in story.said[said]] == []


def test_the_second_gate_is_red_for_what_the_office_then_decides_and_nothing_else(story: Story) -> None:
    red = set(re.findall(r"^  (G\d+) .*: \d+ open findings?\.$", story.said["red"], flags=re.M))
    assert red == {case.gate for case in read_cases(SECOND)}


def bundle_of(office: Office, release: str) -> Path:
    return office.root / "releases" / "published" / release / "bundle"


def test_the_causes_an_acceptance_claims_are_those_of_the_release(story: Story) -> None:
    """Both releases were made by one code, which must reproduce every status of the first from its tables."""
    changes = pl.read_parquet(bundle_of(story.office, SECOND) / "data" / "rpt_status_change.parquet")
    assert changes["mark"].drop_nulls().to_list() == []
    found: dict[str, set[str]] = {}
    for indicator, cause in changes.select("indicator", "cause").drop_nulls().unique().iter_rows():
        found.setdefault(indicator, set()).add(cause)
    limit = load_config().thresholds["revision_size_max"].value
    for row in story.office.json("release", "diff", SECOND, FIRST)["changes"]:
        if row["change"] == "revised" and (row["relative_change"] or 0) > limit:
            found.setdefault(row["indicator"], set()).add(LARGE)
    claimed = {case.about: case.causes for case in read_cases(SECOND) if case.gate == "G5" and case.causes}
    assert found == claimed


def test_publish_refuses_with_the_same_code_in_a_dry_run_and_changes_nothing(story: Story) -> None:
    codes = {name: (refusal.dry, refusal.executed) for name, refusal in story.refusals.items()}
    assert codes == {
        "one signature": (3, 3),
        "a stranger's key": (3, 3),
        "uncommitted tree": (3, 3),
        "red gate": (1, 1),
        "embargo": (3, 3),
    }
    assert [name for name, refusal in story.refusals.items() if refusal.changed] == []


def test_each_refusal_says_why(story: Story) -> None:
    assert "secretariat" in story.refusals["one signature"].said
    assert "not the one the plan gives" in story.said["stranger"]
    assert "uncommitted tree" in story.refusals["uncommitted tree"].said
    assert "gate is red" in story.refusals["red gate"].said
    assert "embargo lasts until 2099-01-05 10:00:00 Europe/Zurich" in story.refusals["embargo"].said


def test_one_changed_byte_or_a_missing_or_extra_file_is_refused(story: Story) -> None:
    bundle = bundle_of(story.office, FIRST)
    files = [path for path in bundle.rglob("*") if path.is_file()]
    assert len(story.tampered) == 2 * len(files) + 1
    assert {name: code for name, code in story.tampered.items() if code != 1} == {}


def test_the_embargo_ends_at_its_instant_and_not_a_second_before(story: Story) -> None:
    assert story.said["a second early"].startswith("3 ")
    published = story.office.root / "releases" / "published" / SECOND / "publication.json"
    assert json.loads(published.read_text(encoding="utf-8"))["published_at"] == f"{EMBARGO_UTC}Z"


def test_a_run_of_the_publication_alone_refuses_too(story: Story) -> None:
    assert story.said["publication alone"].startswith("False, 0 materialised")
    assert "embargo lasts until" in story.said["publication alone"]


def test_the_difference_of_the_releases_lists_values_and_statuses(story: Story) -> None:
    found = story.office.json("release", "diff", SECOND, FIRST)
    assert found["counts"]["without_reason"] == 0
    for kind in ("values_revised", "values_added", "statuses_changed"):
        assert found["counts"][kind] > 0
    rows = {(row["indicator"], row["area"], row["time_period"]): row for row in found["changes"]}
    # San Marino in 2016 was withheld by its anchor, and is there since the producer corrected it.
    corrected = rows["A01", "SMR", "2016"]
    assert (corrected["change"], corrected["old_value"]) == ("added", None) and corrected["new_value"] > 0
    revised = rows["A02", "LUX", "2007"]
    assert revised["change"] == "revised" and revised["new_value"] > 1.5 * revised["old_value"] > 0
    assert "Largest revisions (of " in story.office.run("release", "diff", SECOND, FIRST)


def test_the_first_release_is_rebuilt_from_its_lock_byte_for_byte(
    story: Story, tmp_path: Path, server: Server
) -> None:
    server.stop()
    published = story.office.root / "releases" / "published" / FIRST
    elsewhere = replace(
        story.office,
        checkout=copy_checkout(story.office.checkout, tmp_path / "another place"),
        home=tmp_path / "état",
        mode="archive",
        extra={"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"},
    )
    for kept in ("objects", "snapshots", f"decisions/{FIRST}"):
        shutil.copytree(story.office.root / kept, elsewhere.root / kept)
    elsewhere.release("lock", FIRST, "--from", str(published / "lock.json"))
    for verb in ("build", "check", "candidate"):
        elsewhere.release(verb, FIRST)
    assert_same_bundle(elsewhere.work_dir(FIRST) / "candidate", published / "bundle")


def copy_checkout(source: Path, target: Path) -> Path:
    """The same commit in another folder."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def assert_same_bundle(new: Path, old: Path) -> None:
    """The same files with the same bytes; of the database file the same tables, of its checksum another
    line.
    """
    names = {path.relative_to(old).as_posix() for path in old.rglob("*") if path.is_file()}
    assert {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()} == names
    other = {name for name in names if (new / name).read_bytes() != (old / name).read_bytes()}
    assert other <= {DATABASE, "SHA256SUMS"}
    sums = [(folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines() for folder in (new, old)]
    assert {line.split("  ")[1] for line in set(sums[0]) ^ set(sums[1])} <= {DATABASE}
    assert read_tables(new / DATABASE) == read_tables(old / DATABASE)


def read_tables(database: Path) -> dict[str, list[tuple]]:
    """Every table and view of a database file, in an order of its own rows."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute("select table_name from information_schema.tables order by 1").fetchall()
        return {
            name: connection.execute(f'select * from "{name}" order by all').fetchall() for (name,) in names
        }
