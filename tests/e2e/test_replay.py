"""Two real vintages become two published releases; the second is corrected, its correction withdrawn, the
first rebuilt elsewhere from its lock; every verb refuses what it must.

Everything runs as processes of a clean checkout, as in an office (replay_office.py, release_year.py). What
the office decides stands in decisions/, with the causes it claims: they are held against what the release
says itself.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.registry import list_datasets
from expectations.builder import load_config
from orchestration.release.checksums import verify_sums
from orchestration.release.site.pages.calendar import INDEX as CALENDAR
from orchestration.release.site.pages.indicators import INDEX as INDICATORS
from orchestration.release.site.render import HOME, REVISIONS
from tests.docs.guide import missing
from tests.e2e.office import Office, hash_tree
from tests.e2e.rebuilding import assert_same_bundle, copy_checkout
from tests.e2e.release_year import CORRECTION_UTC, EMBARGO_UTC, INDICATOR, LISTED, REASON, TEXT
from tests.e2e.replay_decisions import LARGE, read_cases
from tests.e2e.replay_office import (
    CANARY,
    CORRECTION,
    FIRST,
    NOT_OFFERED,
    SECOND,
    Server,
    Story,
    walk_two_years,
)
from tests.independent.compare import compare_tables

pytestmark = pytest.mark.replay


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server("2022-07")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Story:
    """Everything done, the server still running."""
    return walk_two_years(tmp_path_factory.mktemp("office"), server)


def test_a_series_missing_from_the_vintage_is_named_and_stops_nothing(story: Story) -> None:
    assert "EN_MWT_RCYR" in story.said["first refresh"]
    missing = "parts without data: unsd/sdg_12_4 EN_MWT_TREATV, unsd/sdg_12_5 EN_MWT_RCYR"
    assert missing in story.said[f"lock {FIRST}"]
    assert "G19 Nothing planned is missing: 2 open findings" in story.said["red first"]
    for waiver in ("g19-waiver-sdg-12-4.yaml", "g19-waiver-sdg-12-5.yaml"):
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


def test_all_that_was_published_stands_intact_or_withdrawn(story: Story) -> None:
    listed = story.office.json("release", "list")
    assert {entry["release"]: entry["state"] for entry in listed} == {
        FIRST: "published",
        SECOND: "published",
        CORRECTION: "withdrawn",
    }
    for release in (FIRST, SECOND, CORRECTION):
        folder = story.office.root / "releases" / "published" / release
        assert verify_sums(folder / "bundle") == []
        assert not any(path.stat().st_mode & 0o222 for path in [folder, *folder.rglob("*")])
    # The one that was taken back is still the one that was signed.
    assert story.office.json("release", "verify", str(folder))["problems"] == []


def test_a_second_implementation_agrees_on_every_series(story: Story) -> None:
    """Methods, agreement, targets and decoupling, recomputed from the tables built last."""
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


def test_a_key_the_plan_does_not_name_signs_nothing(story: Story) -> None:
    assert "not the one the plan gives" in story.said["stranger"]


def test_one_changed_byte_or_a_missing_or_extra_file_is_refused(story: Story) -> None:
    bundle = bundle_of(story.office, FIRST)
    files = {path.relative_to(bundle) for path in bundle.rglob("*") if path.is_file()}
    tried = {Path(name.partition(" ")[2]) for name in story.tampered} - {Path()}
    assert {(file.parent, file.suffix) for file in files} == {(file.parent, file.suffix) for file in tried}
    assert len(story.tampered) == 2 * len(tried) + 1
    assert {name: code for name, code in story.tampered.items() if code != 1} == {}


def test_the_embargo_ends_at_its_instant_and_not_a_second_before(story: Story) -> None:
    assert "embargo lasts until 2099-01-05 10:00:00 Europe/Zurich" in story.year.said["a second early"]
    assert "This was a dry run; add --execute." in story.year.said["dry run"]
    published = story.office.root / "releases" / "published" / SECOND / "publication.json"
    assert json.loads(published.read_text(encoding="utf-8"))["published_at"] == f"{EMBARGO_UTC}Z"


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


def test_what_the_year_refuses_changes_nothing_and_says_why(story: Story) -> None:
    words = {
        "red gate": "gate is red",
        "signature before the consultation": f"The next step is: circularity release consult {SECOND}",
        "unanswered comment": "Comments of member States wait for an answer in comments.yaml: CHE on A02.",
        "access of a stranger": "A friend no access before the embargo; it names Press office.",
        "a second early": "The embargo lasts until",
        "no erratum": "erratum.yaml is missing: a correction says what was wrong.",
        "erratum without a language": "The erratum has no text in ru: a correction is told in all three",
        "no reason": "A withdrawal needs a reason for its readers. Say why with --reason.",
        "withdrawal as a dry run": f"Then: The latest standing release is {SECOND}.",
    }
    assert {name: text for name, text in words.items() if text not in story.year.said[name]} == {}
    assert story.year.changed == dict.fromkeys(words, False)


def test_each_member_state_sees_a_sheet_and_its_comment_is_answered(story: Story) -> None:
    assert f"{SECOND}: consulted. 56 review sheets" in story.year.said["consult"]
    assert "1 comments, 1 without an answer" in story.year.said["a comment waits"]
    assert "1 comments, 0 without an answer" in story.year.said["all answered"]
    sheets = list((story.office.work_dir(SECOND) / "consultation").glob("*.xlsx"))
    assert len(sheets) == 56


def test_who_got_the_candidate_early_is_recorded_and_not_published(story: Story) -> None:
    (line,) = (story.office.work_dir(SECOND) / "access.jsonl").read_text(encoding="utf-8").splitlines()
    publication = json.loads((story.year.published(SECOND) / "publication.json").read_text(encoding="utf-8"))
    assert json.loads(line)["to"] == LISTED
    assert json.loads(line)["candidate_sha256"] == publication["candidate_sha256"]
    assert list(story.year.published(SECOND).rglob("access.jsonl")) == []


def test_a_correction_moves_latest_and_the_old_release_stays_under_a_banner(story: Story) -> None:
    seen = story.year.seen
    assert [seen[act]["latest.json"]["release"] for act in seen] == [SECOND, CORRECTION, SECOND]
    old, new = (seen["corrected"][f"{release}/release.json"] for release in (SECOND, CORRECTION))
    assert (old["state"], old["corrected_by"], old["errata"][0]["text"]) == ("corrected", CORRECTION, TEXT)
    assert (new["corrects"], new["published_at"]) == (SECOND, f"{CORRECTION_UTC}Z")
    assert {
        release: hash_tree(story.year.published(release)) for release in story.year.frozen
    } == story.year.frozen


@pytest.mark.parametrize("language", TEXT)
def test_the_pages_a_correction_touches_carry_the_erratum(story: Story, language: str) -> None:
    pages = story.year.published(CORRECTION) / "bundle" / "site" / language
    texts = {
        path.relative_to(pages).as_posix(): path.read_text(encoding="utf-8") for path in pages.rglob("*.html")
    }
    own = {f"indicators/{INDICATOR}.html", f"embeds/{INDICATOR}.html", REVISIONS, CALENDAR}
    common = {path for path in texts if path.startswith(("progress/", "countries/", "analysis/"))}
    assert len(common) > 56
    told = {path for path, text in texts.items() if TEXT[language] in text}
    assert told == own | common | {HOME, INDICATORS}


def test_the_gate_of_a_correction_is_red_for_decisions_whose_finding_is_gone_alone(story: Story) -> None:
    said = story.year.said["check correction"]
    assert re.findall(r"^  G\d+ .*$", said, flags=re.M) == []
    gone = set(re.findall(r"^  Decision (\S+) does not count: ", said, flags=re.M))
    assert {case.file for case in read_cases(SECOND) if case.causes} <= gone


def test_a_correction_of_words_changes_no_figure(story: Story) -> None:
    found = story.office.json("release", "diff", CORRECTION, SECOND)
    assert found["changes"] == []


def test_a_withdrawn_release_keeps_its_addresses_and_checksums_and_offers_no_figure(story: Story) -> None:
    was, shown = story.year.published(CORRECTION) / "bundle", story.year.public / CORRECTION / "bundle"
    files = {path.relative_to(was): path for path in was.rglob("*") if path.is_file()}
    assert {path.relative_to(shown) for path in shown.rglob("*") if path.is_file()} == set(files)
    kept = [name for name, path in files.items() if (shown / name).read_bytes() == path.read_bytes()]
    assert kept == [Path("SHA256SUMS")]
    for name in files.keys() - {Path("SHA256SUMS")}:
        assert REASON["en"] in (shown / name).read_text(encoding="utf-8"), name
    notice = (story.year.public / CORRECTION / "index.html").read_text(encoding="utf-8")
    for words in (REASON["en"], REASON["fr"], "Причина указана только на английском языке"):
        assert words in notice


def test_the_guide_of_the_secretariat_says_what_is_printed(story: Story) -> None:
    assert story.office.minutes is not None
    assert missing(story.office.minutes.read_text(encoding="utf-8").splitlines(), SECOND) == []


def test_calendar_and_feeds_tell_the_year_in_three_languages(story: Story) -> None:
    states = {act: _states(seen["calendar.json"]) for act, seen in story.year.seen.items()}
    assert states == {
        "published": {FIRST: "published", SECOND: "published"},
        "corrected": {FIRST: "published", SECOND: "corrected", CORRECTION: "published"},
        "withdrawn": {FIRST: "published", SECOND: "published", CORRECTION: "withdrawn"},
    }
    for language in ("en", "fr", "ru"):
        feed = (story.year.public / f"feed_{language}.xml").read_text(encoding="utf-8")
        assert feed.count("<entry>") == 4
        assert TEXT[language] in feed and REASON.get(language, REASON["en"]) in feed
        ics = (story.year.public / f"calendar_{language}.ics").read_text(encoding="utf-8")
        assert ics.count("BEGIN:VEVENT") == 3 and ics.count("STATUS:CANCELLED") == 1


def _states(calendar: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {entry["release"]: entry["state"] for entry in calendar["releases"]}


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
