"""Ids, plans, decisions and the clock: what the office writes by hand is checked field by field."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import CheckError, UsageError
from orchestration.release.clock import embargo_instant
from orchestration.release.code_identity import CodeIdentity, read_code_identity
from orchestration.release.context import require_utc
from orchestration.release.decisions import load_decisions
from orchestration.release.ids import parse_release_id
from orchestration.release.plan_model import parse_plan
from tests.release.conftest import Person, World
from tests.release.publishing import write_decision


@pytest.mark.parametrize("text", ["2026.1", "2026.1.1", "sample-2026.1"])
def test_an_id_reads_as_it_is_written(text: str) -> None:
    assert str(parse_release_id(text)) == text


@pytest.mark.parametrize(
    "text", ["2026", "2026.0", "2026.01", "../2026.1", "2026.1\n", "1999.1", "2026.1.0", ""]
)
def test_nothing_else_is_an_id(text: str) -> None:
    with pytest.raises(UsageError):
        parse_release_id(text)


def test_ids_sort_by_year_number_and_correction() -> None:
    texts = ["2026.2", "2026.10", "2025.3", "2026.2.1"]
    assert sorted(texts, key=parse_release_id) == ["2025.3", "2026.2", "2026.2.1", "2026.10"]


def test_sample_ids_belong_to_sample_data_only() -> None:
    with pytest.raises(UsageError, match="start with sample-"):
        parse_release_id("2026.1", illustrative=True)
    with pytest.raises(UsageError, match="not start with sample-"):
        parse_release_id("sample-2026.1", illustrative=False)


def plan(**fields: object) -> dict:
    return {
        "release": "2026.1",
        "reference_year": 2026,
        "predecessor": None,
        "date": "2026-01-10",
        "title": {"en": "T", "fr": "T", "ru": "T"},
        **fields,
    }


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"release": 2026.1}, "must stand in quotes"),
        ({"predecessor": "2026.1"}, "not earlier"),
        ({"predecessor": "2027.1"}, "not earlier"),
        ({"predecessor": "sample-2025.1"}, "not start with sample-"),
        ({"title": {"en": "T", "fr": "T", "ru": ""}}, "title.ru"),
        ({"title": {"en": "T", "fr": "T"}}, "title.ru"),
        ({"title": "T"}, "state it by language"),
        ({"calendar": "With the press"}, "calendar: .*state it by language"),
        ({"calendar": {"en": "T", "fr": "T"}}, "calendar.ru"),
        ({"colour": "red"}, "colour"),
        ({"languages": ["fr"]}, "languages"),
        ({"languages": ["en", "fr", "ru", "de"]}, "languages"),
        ({"maps": "yes"}, "neither none nor a clearance"),
        ({"maps": "illustrative"}, "maps of real figures need a clearance"),
        ({"maps": {"reference": "", "date": "2026-01-02"}}, "reference"),
        ({"embargo": {"local": "2026-03-02T10:00:00", "zone": "Mars/Base"}}, "not a time zone"),
        ({"embargo": {"local": "2026-03-02T10:00:00+01:00", "zone": "UTC"}}, "without an offset"),
        ({"embargo": {"local": "2026-03-29T02:30:00", "zone": "Europe/Zurich"}}, "one instant"),
        ({"embargo": {"local": "2026-10-25T02:30:00", "zone": "Europe/Zurich"}}, "one instant"),
    ],
)
def test_a_wrong_plan_names_the_field(fields: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_plan(plan(**fields), "plan.yaml")


def test_two_signatories_need_two_keys(people: dict[str, Person]) -> None:
    ana, boris = people["Ana"].entry(), people["Boris"].entry()
    parsed = parse_plan(plan(signatories=[ana, boris]), "plan.yaml")
    assert parsed.signatories[0].public_key.count(" ") == 1
    for field in ("name", "principal", "public_key"):
        with pytest.raises(UsageError, match=f"same {field}"):
            parse_plan(plan(signatories=[ana, {**boris, field: ana[field]}]), "plan.yaml")


def test_an_embargo_is_one_instant_in_utc() -> None:
    local = datetime(2026, 7, 1, 10, 0)
    assert embargo_instant(local, "Europe/Zurich") == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert embargo_instant(local, "America/New_York") == datetime(2026, 7, 1, 14, 0, tzinfo=UTC)


def test_a_time_without_zone_is_no_time() -> None:
    with pytest.raises(UsageError, match="not given in UTC"):
        require_utc(datetime(2026, 1, 1))


def test_a_plan_naming_what_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="unsd/gamma"):
        world.plan(datasets=["unsd/gamma"])
    with pytest.raises(UsageError, match="rpt_other"):
        world.plan(tables=["rpt_other"])


@pytest.mark.parametrize(
    "fields", [{"note": {"en": "only"}}, {"gate": "5"}, {"reason": ""}, {"kind": "pardon"}, {"extra": 1}]
)
def test_an_incomplete_decision_is_refused(world: World, fields: dict) -> None:
    write_decision(world, **fields)
    with pytest.raises(CheckError, match=r"g5\.yaml"):
        load_decisions(world.paths)


def test_a_release_id_read_as_a_number_is_refused(world: World) -> None:
    write_decision(world, release=2026.1)
    with pytest.raises(UsageError, match="must stand in quotes"):
        load_decisions(world.paths)


def test_the_hash_of_decisions_covers_names_and_bytes(world: World) -> None:
    empty = load_decisions(world.paths).sha256
    write_decision(world)
    first = load_decisions(world.paths).sha256
    file = world.paths.decisions_dir / "decisions" / "g5.yaml"
    file.rename(file.with_name("g5b.yaml"))
    assert len({empty, first, load_decisions(world.paths).sha256}) == 3


def test_a_folder_outside_git_has_no_identity(tmp_path: Path) -> None:
    assert read_code_identity(tmp_path) == CodeIdentity(commit=None, dirty=True)


def test_a_title_in_a_sentence_is_the_english_one() -> None:
    title = {"en": "An invented release", "fr": "Une publication inventée", "ru": "Выпуск"}
    assert f"{parse_plan(plan(title=title), 'plan.yaml').title}; 2" == "An invented release; 2"
