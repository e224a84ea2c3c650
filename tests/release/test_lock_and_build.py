"""plan, lock and build: nothing enters a release but what its lock pins."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors import observations
from connectors.errors import CheckError, PolicyError, StoreError, UsageError
from connectors.records import SourceWarning, Vintage
from orchestration.release.build import (
    collect_build,
    export_current,
    mark_exported,
    prepare_build,
    require_staging,
)
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.files import hash_folder
from orchestration.release.lock import find_warnings, lock_release
from orchestration.release.lock_model import read_lock
from orchestration.release.plan import plan_release
from orchestration.release.predecessor import COMPARED_TABLES
from orchestration.release.state import State, load_state
from tests.faults.matrix import fault
from tests.release.conftest import CLEAN, World, put_vintage


def test_first_plan_of_real_data_is_complete_and_cannot_be_published(world: World) -> None:
    state = plan_release(world.ctx, now=world.tick())
    text = world.paths.plan_file.read_text()
    assert state.state is State.PLANNED
    assert "embargo: null" in text and "signatories: []" in text and "reference_year: 2026" in text
    assert "unsd/alpha, unsd/beta" in state.history[0].note


def test_lock_states_what_is_pinned_and_what_is_absent(world: World) -> None:
    world.plan()
    world.lock()
    lock = read_lock(world.paths.lock_file)
    alpha, beta = lock.datasets
    assert alpha.producer_date == "2026-01-01" and alpha.parts["TWO"].status == "absent"
    assert beta.is_absent and beta.absence_reason == "no vintage has been fetched"
    assert lock.code == CLEAN and lock.reference_year == 2026 and lock.method.version == "2026.1"
    assert lock.plan.datasets == ("unsd/alpha", "unsd/beta")


def test_the_same_lock_again_changes_nothing(world: World) -> None:
    world.plan()
    world.lock()
    world.build()
    before = world.paths.state_file.read_bytes()
    world.lock()
    assert world.paths.state_file.read_bytes() == before
    assert world.state() is State.BUILT


def test_a_new_vintage_makes_a_new_lock_and_replaces_what_was_built(world: World) -> None:
    world.plan()
    world.lock()
    world.build()
    put_vintage(world.store, 2.5, "2026-01-05", sequence=2)
    world.lock()
    assert world.state() is State.LOCKED
    assert not world.paths.staging_dir.exists()


@fault("O12", "")
def test_lock_refuses_a_corrupt_object(world: World) -> None:
    world.plan()
    part = world.store.latest_vintage("unsd/alpha").parts["ONE"]
    world.store.object_path(part.sha256).write_bytes(b"other")
    with pytest.raises(StoreError, match="unsd/alpha") as caught:
        world.lock()
    assert caught.value.exit_code == 5
    assert world.state() is State.PLANNED and not world.paths.lock_file.exists()


@pytest.mark.parametrize("fault", ["missing", "changed"])
def test_lock_refuses_a_missing_or_changed_observation_file(world: World, fault: str) -> None:
    world.plan()
    vintage = world.store.latest_vintage("unsd/alpha")
    path = world.store.observations_path("unsd/alpha", vintage.vintage)
    path.unlink() if fault == "missing" else path.write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="unsd/alpha"):
        world.lock()


def test_plan_refuses_a_data_set_whose_licence_was_not_approved(world: World) -> None:
    world.paths.decisions_dir.mkdir(parents=True)
    refusal = "{approved: false, by: Ana, date: 2026-01-01, licence: L, rows_may_appear: no}"
    refusal = f"datasets:\n  unsd/beta: {refusal}\n"
    (world.paths.decisions_dir / "licences.yaml").write_text(refusal)
    with pytest.raises(PolicyError, match="unsd/beta"):
        world.plan()
    world.plan(datasets=["unsd/alpha"])
    world.lock()
    assert read_lock(world.paths.lock_file).datasets[1].absence_reason == "not in the plan of this release"


def test_no_step_is_skipped(world: World) -> None:
    with pytest.raises(UsageError, match="not planned"):
        world.lock()
    world.plan()
    with pytest.raises(PolicyError, match="The next step is: circularity release lock 2026.1"):
        prepare_build(world.ctx)


def _warn(world: World, vintage: Vintage, *faults: str) -> None:
    """Let the record of a vintage carry warnings."""
    told = [SourceWarning(fault=fault, part="ONE", text=f"text of {fault}") for fault in faults]
    path = world.store.observations_path("unsd/alpha", vintage.vintage).with_suffix(".json")
    path.write_text(vintage.model_copy(update={"warnings": tuple(told)}).model_dump_json())


def test_no_warning_between_two_releases_is_passed_over(world: World) -> None:
    """The predecessor saw the first vintage; the third is pinned, and what the second told still counts."""
    first = world.store.latest_vintage("unsd/alpha")
    assert first is not None
    _warn(world, first, "V06")
    _warn(world, put_vintage(world.store, 2.5, "2026-02-01", 2), "S08", "S10")
    _warn(world, put_vintage(world.store, 3.5, "2026-03-01", 3), "S08", "V14")
    told = {
        before: [w.fault for w in find_warnings(world.store, "unsd/alpha", before)]
        for before in (None, first.vintage)
    }
    assert told == {None: ["V06", "S08", "S10", "V14"], first.vintage: ["S08", "S10", "V14"]}


def test_dbt_gets_the_warnings_a_person_has_to_accept(world: World) -> None:
    vintage = world.store.latest_vintage("unsd/alpha")
    assert vintage is not None
    _warn(world, vintage, "S08", "S10")
    world.plan()
    world.lock()
    folder = prepare_build(world.ctx) / "input"
    dataset = pl.read_parquet(folder / "lock" / "dataset.parquet")
    assert dataset["source_warnings"].to_list() == ["S08 ONE: text of S08", None]


def test_more_warnings_than_a_cell_should_hold_are_counted(world: World) -> None:
    vintage = world.store.latest_vintage("unsd/alpha")
    assert vintage is not None
    _warn(world, vintage, *(f"V{number}" for number in range(23)))
    world.plan()
    world.lock()
    folder = prepare_build(world.ctx) / "input"
    (told, _) = pl.read_parquet(folder / "lock" / "dataset.parquet")["source_warnings"]
    assert told.endswith("V19 ONE: text of V19 | and 3 more, which stand in lock.json")


def test_dbt_gets_the_lock_and_typed_empty_tables(world: World) -> None:
    world.plan()
    world.lock()
    folder = prepare_build(world.ctx) / "input"
    release = pl.read_parquet(folder / "lock" / "release.parquet")
    assert release.row(0)[:4] == ("2026.1", 2026, None, False)
    dataset = pl.read_parquet(folder / "lock" / "dataset.parquet")
    assert dataset["missing_parts"].to_list() == ["TWO", None]
    assert dataset["is_absent"].to_list() == [False, True]
    held_back = pl.read_parquet(folder / "lock" / "held_back.parquet")
    assert (held_back.height, held_back.schema) == (0, observations.SCHEMA)
    assert pl.read_parquet(folder / "lock" / "snapshot.parquet")["part_status"].to_list() == [
        "fresh",
        "absent",
    ]
    beta = pl.read_parquet(folder / "obs" / "unsd" / "beta.parquet")
    assert beta.height == 0 and beta.schema["obs_value"] == pl.Float64
    assert pl.read_parquet(folder / "predecessor" / "rpt_target.parquet").columns == [
        "indicator",
        "area",
        "target_value",
    ]


def test_prepare_takes_old_exports_away_so_that_none_can_be_collected(world: World) -> None:
    world.plan()
    world.lock()
    world.build()
    prepare_build(world.ctx)
    with pytest.raises(CheckError, match="is incomplete: dbt did not finish"):
        collect_build(world.ctx, now=world.tick())
    mark_exported(world.ctx)
    with pytest.raises(CheckError, match=f"incomplete: {', '.join(COMPARED_TABLES)}"):
        collect_build(world.ctx, now=world.tick())


def test_a_warehouse_prepared_for_another_lock_is_refused(world: World) -> None:
    world.plan()
    world.lock()
    world.build()
    put_vintage(world.store, 2.5, "2026-01-05", sequence=2)
    world.lock()
    with pytest.raises(CheckError, match="not prepared for this lock"):
        collect_build(world.ctx, now=world.tick())


def test_incomplete_or_changed_staging_is_refused(world: World) -> None:
    world.plan()
    world.lock()
    world.build()
    lock = read_lock(world.paths.lock_file)
    file = world.paths.staging_dir / "data" / "rpt_target.parquet"
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(CheckError, match="changed after it was built"):
        require_staging(world.ctx, lock)
    (world.paths.staging_dir / "complete.json").unlink()
    with pytest.raises(CheckError, match="incomplete"):
        require_staging(world.ctx, lock)


def test_an_edited_lock_is_refused(world: World) -> None:
    world.plan()
    world.lock()
    content = json.loads(world.paths.lock_file.read_text())
    content["reference_year"] = 2025
    world.paths.lock_file.write_text(json.dumps(content))
    with pytest.raises(CheckError, match="edited"):
        prepare_build(world.ctx)


def test_build_refuses_other_code_than_the_lock_names(world: World) -> None:
    world.plan()
    world.lock()
    other = replace(world.ctx, code=CodeIdentity(commit="b" * 40, dirty=False))
    with pytest.raises(PolicyError, match="lock again"):
        prepare_build(other)


def test_a_changed_method_after_the_lock_is_refused(world: World) -> None:
    world.plan()
    world.lock()
    (world.ctx.dbt_project_dir / "seeds" / "method_config.csv").write_text(
        "parameter,value,unit,source,verified,description\nmethod_version,2027.1,text,own,true,-\n"
    )
    with pytest.raises(CheckError, match="method configuration changed"):
        prepare_build(world.ctx)


def test_a_build_from_the_lock_in_another_place_gives_the_same_bytes(world: World, tmp_path: Path) -> None:
    world.plan()
    world.lock()
    world.build()
    data = {p.name: p.read_bytes() for p in (world.paths.staging_dir / "data").iterdir()}
    elsewhere = tmp_path / "elsewhere" / "real"
    world.store.root.joinpath("objects").rename(tmp_path / "objects")
    elsewhere.mkdir(parents=True)
    (tmp_path / "objects").rename(elsewhere / "objects")
    world.store.root.joinpath("observations").rename(elsewhere / "observations")
    other = World(replace(world.ctx, paths=type(world.paths)(elsewhere, "2026.1")), world.store)
    lock_release(other.ctx, now=other.tick(days=90), from_lock=world.paths.lock_file)
    other.build()
    assert other.paths.lock_file.read_bytes() == world.paths.lock_file.read_bytes()
    assert {p.name: p.read_bytes() for p in (other.paths.staging_dir / "data").iterdir()} == data


def test_a_plan_changed_after_the_lock_gives_a_new_lock(world: World) -> None:
    world.plan()
    world.lock()
    first = load_state(world.paths).hashes["lock"]
    world.plan(title={"en": "Another title", "fr": "T", "ru": "T"})
    world.lock()
    assert load_state(world.paths).hashes["lock"] != first


def test_current_tables_switch_at_once_and_the_last_generation_stays(world: World) -> None:
    world.plan()
    world.lock()
    current = world.paths.current_dir
    resolved = []
    for value in (1, 2, 3):
        export = prepare_build(world.ctx) / "export"
        for name in ("dim_area", "fct_observation", "mart_gap", "rpt_target"):
            pl.DataFrame({"v": [value]}).write_parquet(export / f"{name}.parquet")
        mark_exported(world.ctx)
        assert export_current(world.ctx) == 3
        assert export_current(world.ctx) == 3
        assert sorted(p.name for p in current.iterdir()) == [
            "dim_area.parquet",
            "fct_observation.parquet",
            "mart_gap.parquet",
        ]
        assert {pl.read_parquet(p)["v"].item() for p in current.iterdir()} == {value}
        resolved.append(current.resolve())
    assert [folder.exists() for folder in resolved] == [False, True, True]


def test_a_full_disk_while_building_leaves_what_stood(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.plan()
    world.lock()
    world.build()
    before = hash_folder(world.ctx.root)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("orchestration.release.build.write_inputs", fail)
    with pytest.raises(StoreError, match="The disk is full: .*warehouse was not written") as caught:
        prepare_build(world.ctx)
    assert caught.value.exit_code == 5
    assert hash_folder(world.ctx.root) == before
