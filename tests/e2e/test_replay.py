"""Two real vintages become two published releases; the first is rebuilt elsewhere from its lock; `publish`
refuses.

Everything runs as processes of a clean checkout, as in an office. The decisions under `decisions/` are
what a statistician would write: a waiver for the series the first vintage lacks, and acceptances on seeing
what the second one revises.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pytest
import yaml

from connectors.config import OFFICIAL_URLS
from connectors.registry import list_datasets
from tests.e2e.office import Office, hash_tree, make_checkout, make_key
from tests.independent.compare import compare_tables

pytestmark = pytest.mark.replay

# A key of nobody: it may stand nowhere.
CANARY = "canary-8c1f40-of-nobody"
ROLES = ("statistician", "secretariat")
FIRST, SECOND = "2022.1", "2023.1"
PAST, FUTURE = "2024-02-01T10:00:00", "2099-01-05T10:00:00"
# In winter Zurich is one hour ahead of UTC.
EMBARGO_UTC = "2099-01-05T09:00:00"
DATABASE = "circularity.duckdb"
DECISIONS = Path(__file__).parent / "decisions"
# What the replay server, or its older vintage, does not have: an office plans without it.
NEVER_OFFERED = {
    *("eurostat/env_ac_tax", "unsd/sdg_12_4_total", "unsd/sdg_12_a", "unsd/sdg_15_1", "unsd/sdg_15_2"),
    *("unsd/sdg_9_1", "world_bank/ny_gdp_mktp_pp_kd"),
}
NOT_OFFERED = {
    FIRST: NEVER_OFFERED | {"unsd/sdg_12_4_trade", "unsd/sdg_12_8", "unsd/sdg_12_b", "unsd/sdg_7_2"},
    SECOND: NEVER_OFFERED,
}

PUBLISH_AT = """
import sys
from datetime import UTC, datetime
from connectors.config import SourceSettings
from orchestration.release.publish import publish_release
from orchestration.workplace import Workplace
place = Workplace(SourceSettings.from_env(), now=datetime.fromisoformat("{instant}").replace(tzinfo=UTC))
report = publish_release(place.open_release("{release}"), now=place.now, execute={execute})
print("\\n".join(report.lines()))
sys.exit(report.exit_code)
"""

# Change, then take away, each file of the candidate, and add one: each time a dry run of publish, in one
# process.
TAMPER = """
import json
from datetime import UTC, datetime
from connectors.config import SourceSettings
from orchestration.release.publish import publish_release
from orchestration.workplace import Workplace
place = Workplace(SourceSettings.from_env(), now=datetime.now(UTC))
release = place.open_release("{release}")
bundle = release.paths.bundle_dir
codes = {{}}
def ask(name):
    codes[name] = publish_release(release, now=place.now, execute=False).exit_code
for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
    name, whole = path.relative_to(bundle).as_posix(), path.read_bytes()
    changed = bytearray(whole)
    changed[len(changed) // 2] ^= 1
    path.write_bytes(bytes(changed))
    ask("changed " + name)
    path.unlink()
    ask("missing " + name)
    path.write_bytes(whole)
(bundle / "data" / "extra.csv").write_text("a\\n")
ask("extra")
(bundle / "data" / "extra.csv").unlink()
print(json.dumps(codes))
"""


@dataclass(frozen=True)
class Refusal:
    """`publish` as dry run and with --execute: both codes, what was said, and whether anything changed."""

    dry: int
    executed: int
    said: str
    changed: bool


@dataclass
class Story:
    """What happened on the way, for the tests to judge."""

    office: Office
    keys: dict[str, Path]
    said: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    tampered: dict[str, int] = field(default_factory=dict)
    asked: list[dict[str, object]] = field(default_factory=list)

    def try_publishing(self, name: str, release: str) -> None:
        """Try both ways and note what came of it."""
        before = hash_tree(self.office.root / "releases")
        codes, said = [], ""
        for more in ([], ["--execute"]):
            done = self.office.call("release", "publish", release, *more)
            codes.append(done.returncode)
            said += done.stdout + done.stderr
        self.refusals[name] = Refusal(*codes, said, hash_tree(self.office.root / "releases") != before)

    def prepare(self, release: str, embargo: str) -> None:
        """Plan, complete the plan by hand, lock and build."""
        self.office.release("plan", release)
        planned = [spec.key for spec in list_datasets() if spec.key not in NOT_OFFERED[release]]
        self.office.complete_plan(release, {role: self.keys[role] for role in ROLES}, embargo, planned)
        approvals = [
            {
                "key": spec.key,
                "licence": spec.licence.name,
                "rows_may_appear": spec.licence.rows_may_appear,
            }
            for spec in list_datasets()
        ]
        self.office.approve_licences(release, approvals)
        self.said[f"lock {release}"] = self.office.release("lock", release)
        self.office.release("build", release)


class Server:
    """The replay server as a process; `stop` may be called again."""

    def __init__(self, vintage: str) -> None:
        script = Path(os.environ["CIRCULARITY_REPLAY_DIR"]) / "serve.py"
        command = [sys.executable, str(script), "--port", "0", "--vintage", vintage]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[2]

    def set_vintage(self, vintage: str) -> None:
        body = json.dumps({"vintage": vintage}).encode()
        request = urllib.request.Request(f"{self.address}/_control/vintage", data=body, method="POST")
        with urllib.request.urlopen(request):
            pass

    def forget(self) -> None:
        with urllib.request.urlopen(urllib.request.Request(f"{self.address}/_control/log", method="DELETE")):
            pass

    def log(self) -> list[dict[str, object]]:
        with urllib.request.urlopen(f"{self.address}/_control/log") as answer:
            return json.load(answer)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server("2022-07")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Story:
    """Both releases published, the server still running."""
    folder = tmp_path_factory.mktemp("office")
    urls = {f"CIRCULARITY_{p.upper()}_URL": f"{server.address}/{p.replace('_', '')}" for p in OFFICIAL_URLS}
    settings = urls | {"CIRCULARITY_COMTRADE_KEY": CANARY}
    office = Office(make_checkout(folder / "checkout"), folder / "home", "live", settings)
    told = Story(office, {name: make_key(folder, name) for name in (*ROLES, "stranger")})
    # What is not offered ends the refresh with the code for sources; everything else goes on.
    told.said["first refresh"] = office.run("refresh", code=4)
    server.forget()
    told.said["nothing new"] = office.run("refresh", code=4)
    told.asked = server.log()
    publish_first(told)
    server.set_vintage("2023-12")
    publish_second(told)
    return told


def publish_first(told: Story) -> None:
    """2022.1: refusals that need a finished candidate, then the publication."""
    office, keys = told.office, told.keys
    told.prepare(FIRST, PAST)
    told.said["red first"] = office.release("check", FIRST, code=1)
    shutil.copytree(DECISIONS / FIRST, office.decisions_dir(FIRST) / "decisions")
    told.said["check first"] = office.release("check", FIRST)
    office.release("candidate", FIRST)
    office.sign(FIRST, "statistician", keys["statistician"])
    told.try_publishing("one signature", FIRST)
    told.said["stranger"] = office.sign(FIRST, "secretariat", keys["stranger"], code=3)
    told.try_publishing("a stranger's key", FIRST)
    office.sign(FIRST, "secretariat", keys["secretariat"])
    told.tampered = json.loads(office.python(TAMPER.format(release=FIRST)).stdout)
    uncommitted = office.checkout / "connectors" / "uncommitted.py"
    uncommitted.write_text("", encoding="utf-8")
    told.try_publishing("uncommitted tree", FIRST)
    uncommitted.unlink()
    told.said["dry run"] = office.release("publish", FIRST)
    office.release("publish", FIRST, "--execute")


def publish_second(told: Story) -> None:
    """2023.1: red until its revisions are accepted, then under embargo, then published."""
    office = told.office
    told.said["second refresh"] = office.run("refresh", code=4)
    told.prepare(SECOND, FUTURE)
    told.said["red"] = office.release("check", SECOND, code=1)
    told.try_publishing("red gate", SECOND)
    shutil.copytree(DECISIONS / SECOND, office.decisions_dir(SECOND) / "decisions")
    told.said["check second"] = office.release("check", SECOND)
    office.release("candidate", SECOND)
    for role in ROLES:
        office.sign(SECOND, role, told.keys[role])
    told.try_publishing("embargo", SECOND)
    told.said["publication alone"] = office.materialise_publication("2023")
    early = office.python(PUBLISH_AT.format(release=SECOND, instant="2099-01-05T08:59:59", execute=True))
    told.said["a second early"] = f"{early.returncode} {early.stdout}"
    done = office.python(PUBLISH_AT.format(release=SECOND, instant=EMBARGO_UTC, execute=True))
    assert done.returncode == 0, done.stdout + done.stderr


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
    latest = json.loads((story.office.root / "releases" / "latest.json").read_text(encoding="utf-8"))
    assert latest["release"] == SECOND


def test_a_second_implementation_agrees_on_every_series(story: Story) -> None:
    """Methods, agreement, targets and decoupling, recomputed from the tables of the second release."""
    done = compare_tables(story.office.root / "warehouse")
    assert [str(one) for one in done.disagreements] == []
    assert done.rows["fct_progress"] > 10_000


def test_every_acceptance_used_is_published_with_its_reason(story: Story) -> None:
    bundle = story.office.root / "releases" / "published" / SECOND / "bundle"
    used = json.loads((bundle / "gate.json").read_text(encoding="utf-8"))["decisions"]
    written = {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (DECISIONS / SECOND).iterdir()
    }
    assert {u["decision"]["file"]: u["decision"]["reason"] for u in used} == {
        name: decision["reason"] for name, decision in written.items()
    }
    assert all(u["findings"] > 0 and not u["faults"] for u in used)
    for decision in written.values():
        assert decision["reason"] in story.said["check second"]


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
    bundle = story.office.root / "releases" / "published" / FIRST / "bundle"
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
    # San Marino's consumption in 2016 was 308.72 tonnes, withheld by its anchor (0.15 of the rate times the
    # population), and is 2366.36 tonnes since the producer corrected it.
    corrected = rows["A01", "SMR", "2016"]
    assert (corrected["change"], corrected["old_value"], corrected["new_value"]) == ("added", None, 2366.36)
    revised = rows["A02", "LUX", "2007"]
    assert (revised["change"], revised["old_value"], revised["new_value"]) == ("revised", 14.76428, 27.09094)
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
