"""Consultation: each member State sees its own figures, and nobody signs over a comment without an answer."""

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import yaml

from connectors.errors import CheckError, PolicyError, StoreError, UsageError
from orchestration.release import consult
from orchestration.release.consult import consult_release
from orchestration.release.files import hash_folder
from orchestration.release.process_lock import hold_lock
from orchestration.release.publish import publish_release
from orchestration.release.review_sheets import country_figures, load_texts, write_sheet
from orchestration.release.state import State, load_state
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import refused
from tests.release.publishing import assert_refused

People = dict[str, Person]
REJECTED = {"decision": "rejected", "reason": "The source says so.", "by": "Ana", "at": "2026-01-11"}


@pytest.fixture
def ready(world: World, gate: FakeGate, people: People) -> World:
    """A candidate whose plan wants a consultation."""
    return world.prepare(people, signed=False, consultation="member_states")


def say(world: World, *comments: dict) -> None:
    """Write the comments file as the office would."""
    world.paths.comments_file.parent.mkdir(parents=True, exist_ok=True)
    world.paths.comments_file.write_text(yaml.safe_dump({"comments": list(comments)}))


def comment(**fields: object) -> dict:
    return {"country": "CHE", "indicator": "A01", "comment": "Ours is 1.7.", **fields}


def test_every_member_state_gets_a_sheet_of_its_own_figures(ready: World, people: People) -> None:
    report = consult_release(ready.ctx, now=ready.tick())
    assert report.state is State.CONSULTED and report.sheets == 2
    assert report.next_step == "sign-off" and report.waiting == ()
    folder = ready.paths.consultation_dir
    assert sorted(path.name for path in folder.iterdir()) == [
        "consultation.json",
        "unece-circularity_review_2026.1_CHE.xlsx",
        "unece-circularity_review_2026.1_FRA.xlsx",
    ]
    book = openpyxl.load_workbook(folder / "unece-circularity_review_2026.1_CHE.xlsx")
    rows = [list(row) for row in book["Figures"].iter_rows(min_row=2, values_only=True)]
    shown = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(row["time_period"], row["obs_value"], row["obs_status"]) for row in shown] == [
        ("2020", 1.5, "A")
    ]
    assert "FRA" not in str(rows)
    assert [row[4] for row in book["Progress"].iter_rows(min_row=3, values_only=True)] == ["on track"]
    assert not list(ready.paths.bundle_dir.rglob("*review*"))
    ready.sign(people["Ana"])
    assert ready.state() is State.CONSULTED
    ready.sign(people["Boris"])
    assert ready.state() is State.SIGNED


def test_the_first_call_leaves_an_empty_file_for_comments(ready: World) -> None:
    consult_release(ready.ctx, now=ready.tick())
    assert yaml.safe_load(ready.paths.comments_file.read_text()) == {"comments": []}


def test_the_same_candidate_again_changes_nothing_and_repairs_a_sheet(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    ready.sign(people["Ana"])
    ready.sign(people["Boris"])
    before = hash_folder(ready.ctx.root)
    assert consult_release(ready.ctx, now=ready.tick()).state is State.SIGNED
    assert hash_folder(ready.ctx.root) == before
    next(ready.paths.consultation_dir.glob("*CHE.xlsx")).write_bytes(b"spoilt")
    consult_release(ready.ctx, now=ready.tick())
    assert hash_folder(ready.ctx.root) == before


def test_nobody_signs_before_the_consultation(ready: World, people: People) -> None:
    code = refused(
        ready,
        lambda: ready.sign(people["Ana"]),
        PolicyError,
        "is candidate: sign-off cannot follow.*release consult 2026.1",
    )
    assert code == 3


@pytest.mark.parametrize("verb", ["built", "none"])
def test_consult_is_refused_out_of_turn(world: World, gate: FakeGate, people: People, verb: str) -> None:
    if verb == "none":
        world.prepare(people, signed=False)
        words = "says consultation: none; there is nobody to consult"
    else:
        world.plan(consultation="member_states")
        world.lock()
        world.build()
        words = "is built: consult cannot follow"
    code = refused(world, lambda: consult_release(world.ctx, now=world.tick()), PolicyError, words)
    assert code == 3


def test_nobody_signs_over_a_comment_without_an_answer(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    say(ready, comment(), comment(country="FRA", answer=REJECTED))
    assert consult_release(ready.ctx, now=ready.tick()).waiting == ("CHE on A01",)
    code = refused(
        ready,
        lambda: ready.sign(people["Ana"]),
        PolicyError,
        "wait for an answer in comments.yaml: CHE on A01",
    )
    assert code == 3
    say(ready, comment(answer={**REJECTED, "decision": "accepted"}))
    ready.sign(people["Ana"])
    ready.sign(people["Boris"])
    assert ready.state() is State.SIGNED


def test_a_comment_that_comes_after_the_signatures_holds_publication_back(
    ready: World, people: People
) -> None:
    consult_release(ready.ctx, now=ready.tick())
    now, ready.now = ready.now, ready.now.replace(day=11)
    ready.sign(people["Ana"])
    ready.sign(people["Boris"])
    ready.now = now
    assert publish_release(ready.ctx, now=ready.tick()).exit_code == 0
    say(ready, comment())
    ready.tick()
    assert_refused(ready, 6, 3, "wait for an answer in comments.yaml: CHE on A01.")
    ready.paths.comments_file.write_text("comments: [")
    assert_refused(ready, 6, 3, "comments.yaml is not readable YAML")


def _sign_both(world: World, people: People, **said: object) -> None:
    for name in ("Ana", "Boris"):
        world.sign(people[name], **said)


def test_an_answer_rewritten_after_the_signatures_is_not_published(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    say(ready, comment(answer=REJECTED))
    now, ready.now = ready.now, ready.now.replace(day=11)
    _sign_both(ready, people)
    say(ready, comment(answer={**REJECTED, "reason": "Another one."}))
    later, ready.now = ready.now, now.replace(minute=30)
    assert_refused(ready, 6, 3, "comments.yaml is not the file for which the candidate was signed")
    ready.now = later
    _sign_both(ready, people, decision="refuse")
    _sign_both(ready, people)
    assert publish_release(ready.ctx, now=now.replace(minute=30), execute=True).exit_code == 0


def test_two_people_sign_for_the_same_answers(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    ready.sign(people["Ana"])
    say(ready, comment(answer=REJECTED))
    words = "comments.yaml is not the file for which the candidate was signed"
    refused(ready, lambda: ready.sign(people["Boris"]), PolicyError, words)
    ready.sign(people["Ana"], decision="refuse")
    _sign_both(ready, people)
    assert ready.state() is State.SIGNED


def test_a_comments_file_that_is_gone_is_not_a_file_without_comments(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    ready.paths.comments_file.unlink()
    words = "comments.yaml is missing: nobody can tell what member States said"
    assert refused(ready, lambda: ready.sign(people["Ana"]), PolicyError, words) == 3


def test_another_candidate_needs_another_consultation(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    licences = ready.paths.decisions_dir / "licences.yaml"
    licences.write_text(licences.read_text().replace("by: Ana", "by: Boris"))
    with pytest.raises(PolicyError, match="back at built"):
        consult_release(ready.ctx, now=ready.tick())
    assert ready.state() is State.BUILT
    ready.build(value=3.5)
    ready.check()
    ready.candidate()
    with pytest.raises(PolicyError, match="release consult 2026.1"):
        ready.sign(people["Ana"])
    consult_release(ready.ctx, now=ready.tick())
    book = openpyxl.load_workbook(next(ready.paths.consultation_dir.glob("*CHE.xlsx")))
    assert 3.5 in [cell.value for cell in book["Figures"][3]]
    ready.sign(people["Ana"])


def _spoil_manifest(world: World, **fields: object) -> None:
    file = world.paths.consultation_dir / "consultation.json"
    content = json.loads(file.read_text()) | fields
    file.write_text(json.dumps(content))


def test_sheets_of_another_candidate_or_record_do_not_count(ready: World, people: People) -> None:
    consult_release(ready.ctx, now=ready.tick())
    _spoil_manifest(ready, candidate_sha256="0" * 64)
    refused(ready, lambda: ready.sign(people["Ana"]), PolicyError, "made for another candidate")
    consult_release(ready.ctx, now=ready.tick())
    _spoil_manifest(ready, sheets={})
    code = refused(
        ready,
        lambda: ready.sign(people["Ana"]),
        CheckError,
        "consultation.json is not the one that was recorded",
    )
    assert code == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("comments: [", "not readable YAML"),
        ("comments: {}", "comments"),
        (yaml.safe_dump({"comments": [comment(country="XXX")]}), "XXX is no member State"),
        (yaml.safe_dump({"comments": [comment(indicator="Z9")]}), "Z9 is no indicator"),
        (yaml.safe_dump({"comments": [comment(comment="")]}), "comment"),
        (yaml.safe_dump({"comments": [comment(answer={**REJECTED, "reason": ""})]}), "answer.reason"),
        (
            yaml.safe_dump({"comments": [comment(answer={**REJECTED, "decision": "maybe"})]}),
            "answer.decision",
        ),
    ],
)
def test_comments_are_checked_field_by_field(ready: World, content: str, words: str) -> None:
    ready.paths.comments_file.parent.mkdir(parents=True)
    ready.paths.comments_file.write_text(content)
    code = refused(ready, lambda: consult_release(ready.ctx, now=ready.tick()), UsageError, words)
    assert code == 2


def test_a_changed_candidate_is_not_shown_to_anyone(ready: World) -> None:
    (ready.paths.bundle_dir / "LICENSES.md").write_text("Other terms\n")
    refused(ready, lambda: consult_release(ready.ctx, now=ready.tick()), CheckError, "not as it was made")


def test_a_disk_that_fills_up_leaves_the_candidate(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    ready.paths.comments_file.parent.mkdir(parents=True)
    say(ready)
    monkeypatch.setattr(consult, "write_sheet", fail)
    refused(ready, lambda: consult_release(ready.ctx, now=ready.tick()), StoreError, "The disk is full")


def test_a_call_killed_before_its_record_is_finished_by_the_next(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*args: object, **fields: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(consult, "record", kill)
        with pytest.raises(Killed):
            consult_release(ready.ctx, now=ready.tick())
    assert ready.state() is State.CANDIDATE
    assert consult_release(ready.ctx, now=ready.tick()).state is State.CONSULTED


def _tables(folder: Path) -> Path:
    """A bundle of one country whose value is gone, and whose status has a reason."""
    key = {"indicator": ["A01"], "breakdown": ["_T"], "ref_area": ["CHE"], "area_kind": ["country"]}
    now = {**key, "time_period": ["2020"], "obs_value": [None], "obs_status": ["M"], "source": ["s"]}
    before = {**now, "obs_value": [2.5], "obs_status": ["A"]}
    status = {"area": ["CHE"], "method": ["M1"], "time_window": ["all"], "status": ["NO_DATA"]}
    for name, values in (("data", {**now, "null_reason": ["SOURCE_WITHDRAWN"]}), ("compared", before)):
        (folder / name).mkdir()
        frame = pl.DataFrame(values, schema_overrides={"obs_value": pl.Float64})
        frame.write_parquet(folder / name / "rpt_observation.parquet")
        progress = {k: v for k, v in key.items() if k != "ref_area"} | status
        pl.DataFrame(progress).write_parquet(folder / name / "rpt_progress.parquet")
    area = {
        "ref_area": ["CHE"],
        "name_en": ["Switzerland"],
        "name_fr": ["L'<Suisse>"],
        "name_ru": ["Швейцария"],
    }
    pl.DataFrame(area).write_parquet(folder / "data" / "rpt_area.parquet")
    return folder


def test_a_missing_value_says_why_and_what_stood_there(ready: World, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    report = ready.check()
    (shown,) = country_figures(_tables(tmp_path / "bundle"), report, illustrative=False)
    (row,) = shown.figures.to_dicts()
    assert (row["obs_value"], row["null_reason"]) == (None, "SOURCE_WITHDRAWN")
    assert (row["change"], row["old_value"]) == ("removed", 2.5)
    assert shown.name == {"en": "Switzerland", "fr": "L'<Suisse>", "ru": "Швейцария"}


def test_an_illustrative_sheet_says_so_in_name_title_and_every_sheet(ready: World, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    report = ready.check()
    (shown,) = country_figures(_tables(tmp_path / "bundle"), report, illustrative=True)
    lock = consult.load_lock(ready.paths, load_state(ready.paths))
    dest = tmp_path / "sheet.xlsx"
    for illustrative in (False, True):
        write_sheet(dest, shown, lock.model_copy(update={"illustrative": illustrative}))
        book = openpyxl.load_workbook(dest)
        marked = [
            "ILLUSTRATIVE" in book.properties.title,
            "ILLUSTRATIVE" in book["Figures"]["A1"].value,
            "ILLUSTRATIVE" in book["Progress"]["A1"].value,
            *("ILLUSTRATIVE" in book["Read me"].cell(1, column).value for column in (2, 3, 4)),
        ]
        assert marked == [illustrative] * 6
        assert book["Read me"]["C1"].value.startswith("Examen des données – L'<Suisse>, publication 2026.1")
    assert consult.sheet_file("sample-2026.1", "CHE", True).startswith("ILLUSTRATIVE")
    first = dest.read_bytes()
    write_sheet(dest, shown, lock.model_copy(update={"illustrative": True}))
    assert dest.read_bytes() == first


def test_every_column_of_a_sheet_is_explained(ready: World) -> None:
    consult_release(ready.ctx, now=ready.tick())
    book = openpyxl.load_workbook(next(ready.paths.consultation_dir.glob("*CHE.xlsx")))
    named = {cell.value for sheet in ("Figures", "Progress") for cell in book[sheet][2]}
    explained = {row[0]: row[1:4] for row in book["Read me"].iter_rows(min_row=6, values_only=True)}
    assert named == set(explained) and all(all(texts) for texts in explained.values())
    assert {f"consultation.columns.{name}" for name in named} <= set(load_texts())


def test_no_other_process_may_change_the_release_meanwhile(ready: World) -> None:
    other = replace(ready.ctx, actor="Boris")
    with (
        hold_lock(ready.paths.verb_lock_file, "Boris", ready.now, "changing release 2026.1"),
        pytest.raises(StoreError, match="Boris"),
    ):
        consult_release(other, now=ready.tick())
