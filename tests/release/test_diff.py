"""What changed between two releases, and whether somebody said why."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors.errors import CheckError, UsageError
from expectations.waivers import parse_decision
from orchestration.release.diff import diff_releases, find_unexplained
from orchestration.release.publish import publish_release
from orchestration.release.revisions import REVISION_SCHEMA, count_unchanged, is_equal, revisions_table
from tests.release.conftest import FakeGate, Person, World
from tests.release.publishing import write_decision


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (12.34, 12.34, True),
        (12.34, 12.3, True),
        (12.36, 12.3, False),
        (1200.0, 1200.4, True),
        (1200.0, 1201.0, False),
        (1.0, 1.4, False),
        (0.0, 0.4, False),
        (0.1, 0.14, False),
        (-5.25, -5.2, True),
        (1e16, 1e16 + 2, False),
        (1e-7, 1.04e-7, False),
    ],
)
def test_numbers_are_equal_within_half_a_unit_of_the_coarser_last_decimal(
    first: float, second: float, equal: bool
) -> None:
    assert is_equal(first, second) is equal
    assert is_equal(second, first) is equal


def write(folder: Path, values: dict[str, tuple[float | None, str]], statuses: dict[str, str]) -> Path:
    folder.mkdir()
    pl.DataFrame(
        {
            "indicator": ["A01"] * len(values),
            "breakdown": ["_T"] * len(values),
            "ref_area": list(values),
            "area_kind": ["country"] * len(values),
            "time_period": ["2020"] * len(values),
            "obs_value": [v for v, _ in values.values()],
            "obs_status": [s for _, s in values.values()],
            "source": ["unsd/sdg_12_2/A01"] * len(values),
        },
        schema_overrides={"obs_value": pl.Float64},
    ).write_parquet(folder / "rpt_observation.parquet")
    pl.DataFrame(
        {
            "indicator": ["A01"] * len(statuses),
            "breakdown": ["_T"] * len(statuses),
            "area": list(statuses),
            "area_kind": ["country"] * len(statuses),
            "method": ["M1"] * len(statuses),
            "time_window": ["all"] * len(statuses),
            "status": list(statuses.values()),
        }
    ).write_parquet(folder / "rpt_progress.parquet")
    return folder


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    old = {
        "CHE": (10.0, "A"),
        "FRA": (2.5, "A"),
        "DEU": (3.0, "A"),
        "ITA": (4.0, "A"),
        "ESP": (None, "M"),
        "PRT": (0.0, "A"),
    }
    new = {
        "CHE": (13.0, "A"),
        "FRA": (2.5, "E"),
        "DEU": (None, "M"),
        "ITA": (4.0, "A"),
        "ESP": (7.0, "A"),
        "PRT": (1.0, "A"),
    }
    return (
        write(tmp_path / "new", new, {"CHE": "reverse", "FRA": "maintain", "ESP": "maintain"}),
        write(tmp_path / "old", old, {"CHE": "accelerate", "FRA": "maintain", "DEU": "maintain"}),
    )


def test_every_kind_of_change_is_told_apart(pair: tuple[Path, Path]) -> None:
    table = revisions_table(*pair)
    found = {(r["table"], r["area"]): r for r in table.to_dicts()}
    assert table.schema == REVISION_SCHEMA
    kinds = {key[1]: r["change"] for key, r in found.items() if key[0] == "rpt_observation"}
    assert kinds == {
        "CHE": "revised",
        "FRA": "status",
        "DEU": "removed",
        "ESP": "added",
        "PRT": "revised",
    }
    assert found["rpt_observation", "CHE"]["relative_change"] == pytest.approx(0.3)
    assert found["rpt_observation", "PRT"]["relative_change"] is None
    assert {k[1]: r["change"] for k, r in found.items() if k[0] == "rpt_progress"} == {
        "CHE": "status",
        "DEU": "removed",
        "ESP": "added",
    }
    assert count_unchanged(*pair) == 2


def test_without_a_predecessor_nothing_was_revised(pair: tuple[Path, Path]) -> None:
    table = revisions_table(pair[0], None)
    assert table.height == 0 and table.schema == REVISION_SCHEMA


def test_a_decision_on_g5_gives_a_change_its_reason(pair: tuple[Path, Path]) -> None:
    decision = parse_decision(
        {
            "kind": "acceptance",
            "gate": "G5",
            "keys": {"indicator": "A01", "area": "CHE"},
            "release": "2026.1",
            "reason": "r",
            "reason_code": "source_revision",
            "evidence": "e",
            "author": "Ana",
            "approver": "Boris",
            "date": "2026-01-05",
            "expires": "2026.1",
            "note": {"en": "a", "fr": "b", "ru": "c"},
        },
        "g5.yaml",
    )
    bare = find_unexplained(revisions_table(*pair), 0.2)
    assert bare.select("table", "area").rows() == [("rpt_observation", "CHE"), ("rpt_progress", "CHE")]
    explained = revisions_table(*pair, [decision])
    assert find_unexplained(explained, 0.2).height == 0
    che = explained.filter(pl.col("area") == "CHE")
    assert che["reason_code"].to_list() == ["source_revision"] * 2 and che["note_fr"].to_list() == ["b"] * 2


def _second(world: World, people: dict[str, Person]) -> World:
    publish_release(world.ctx, now=world.now, execute=True)
    second = world.of("2026.2")
    second.plan(release="2026.2", predecessor="2026.1")
    return second


def test_diff_compares_two_releases_and_asks_for_reasons(
    world: World, gate: FakeGate, people: dict[str, Person]
) -> None:
    second = _second(world.prepare(people), people)
    second.lock()
    second.build(value=3.0, status="off track")
    second.check()
    second.candidate()
    result = diff_releases(second.ctx.root, "2026.2", "2026.1")
    assert result.exit_code == 1
    assert result.counts()["values_revised"] == 1 and result.counts()["values_unchanged"] == 1
    assert "  A01 CHE M1 all: on track -> off track (no reason code)" in result.lines()
    assert "  A01 CHE 2020: 1.5 -> 3.0 (100.0 %)" in result.lines()
    write_decision(second, release="2026.2", expires="2026.2")
    second.check()
    second.candidate()
    explained = diff_releases(second.ctx.root, "2026.2", "2026.1")
    assert explained.exit_code == 0
    assert explained.to_json()["changes"][0]["reason_code"] == "source_revision"


def test_diff_needs_two_intact_bundles(world: World, gate: FakeGate, people: dict[str, Person]) -> None:
    second = _second(world.prepare(people), people)
    with pytest.raises(UsageError, match=r"2026\.2 has no candidate"):
        diff_releases(second.ctx.root, "2026.2", "2026.1")
    second.lock()
    second.build()
    second.check()
    second.candidate()
    assert diff_releases(second.ctx.root, "2026.2", "2026.1").exit_code == 0
    (second.paths.bundle_dir / "LICENSES.md").write_text("x")
    with pytest.raises(CheckError, match=r"bundle of 2026\.2 is damaged"):
        diff_releases(second.ctx.root, "2026.2", "2026.1")


def test_the_predecessor_enters_the_lock_and_the_build(
    world: World, gate: FakeGate, people: dict[str, Person]
) -> None:
    second = _second(world.prepare(people), people)
    second.now = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)
    second.lock()
    second.build()
    compared = pl.read_parquet(second.paths.staging_dir / "compared" / "rpt_progress.parquet")
    assert compared["status"].to_list() == ["on track"]
    given = pl.read_parquet(second.paths.warehouse_dir / "input" / "predecessor" / "rpt_target.parquet")
    assert given.rows() == [("A01", "CHE", 9.5)]
    lock = second.paths.lock_file.read_text()
    assert '"target_value": 9.5' in lock and '"release": "2026.1"' in lock


def test_an_area_of_two_kinds_is_two_rows(pair: tuple[Path, Path]) -> None:
    """EU27 is both a row its publisher states and a region of ours: one may change and the other not."""
    old, new = pair
    for folder, region in ((old, "accelerate"), (new, "reverse")):
        pl.DataFrame(
            {
                "indicator": ["A02", "A02"],
                "breakdown": ["_T", "_T"],
                "area": ["EU27", "EU27"],
                "area_kind": ["aggregate", "region"],
                "method": ["M1", "M1"],
                "time_window": ["all", "all"],
                "status": ["maintain", region],
            }
        ).write_parquet(folder / "rpt_progress.parquet")
    changed = revisions_table(new, old).filter(pl.col("table") == "rpt_progress")
    assert changed.select("area", "area_kind", "old_status", "new_status").rows() == [
        ("EU27", "region", "accelerate", "reverse")
    ]


def test_the_same_value_under_another_source_code_is_recoded(pair: tuple[Path, Path]) -> None:
    """A total code renamed between vintages neither removes nor adds anything."""
    old, new = pair
    table = pl.read_parquet(old / "rpt_observation.parquet")
    table.write_parquet(new / "rpt_observation.parquet")
    renamed = pl.when(pl.col("ref_area") == "CHE").then(pl.lit("unsd/sdg_12_2/NEW")).otherwise("source")
    before = count_unchanged(new, old)
    table.with_columns(renamed.alias("source")).write_parquet(new / "rpt_observation.parquet")
    changed = revisions_table(new, old).filter(pl.col("table") == "rpt_observation")
    assert changed.select("area", "change", "old_value", "new_value").rows() == [
        ("CHE", "recoded", 13.0, 13.0)
    ]
    assert count_unchanged(new, old) == before - 1
