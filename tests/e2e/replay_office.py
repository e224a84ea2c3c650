"""An office with the replay server: two real vintages become two published releases and a correction.

What belongs here: the server, planning and building in the order of an office, the attempts that must be
refused on the way. What does not: what follows a green gate of the second year (release_year.py), judging any
of it (test_replay*.py), what the office decides (replay_decisions.py).
"""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from connectors.config import OFFICIAL_URLS
from connectors.registry import list_datasets
from orchestration.release.schema import load_schemas
from tests.e2e import release_year
from tests.e2e.office import REPOSITORY, Office, make_checkout, make_key
from tests.e2e.release_year import EMBARGO, LISTED, ROLES, Year
from tests.e2e.replay_decisions import write_decisions

# A key of nobody: it may stand nowhere.
CANARY = "canary-8c1f40-of-nobody"
FIRST, SECOND, CORRECTION = "2022.1", "2023.1", "2023.1.1"
PAST = "2024-02-01T10:00:00"
# Every command of the year and what it said, for whoever reads the result of the checks.
MINUTES = REPOSITORY / "build" / "release_year.txt"
# A release that leaves out a table of the site's pages has no site: the first one is of tables alone.
TABLES_ALONE = sorted(set(load_schemas(REPOSITORY / "dbt_project")) - {"rpt_visibility"})
# What the replay server, or its older vintage, does not have: an office plans without it.
NEVER_OFFERED = {
    *("eurostat/env_ac_tax", "unsd/sdg_12_4_total", "unsd/sdg_12_a", "unsd/sdg_15_1", "unsd/sdg_15_2"),
    *("unsd/sdg_9_1", "world_bank/ny_gdp_mktp_pp_kd"),
}
NOT_OFFERED = {
    FIRST: NEVER_OFFERED | {"unsd/sdg_12_4_trade", "unsd/sdg_12_8", "unsd/sdg_12_b", "unsd/sdg_7_2"},
    SECOND: NEVER_OFFERED,
}

# Change, then take away, the first file of each kind in each folder of the candidate, and add one: each time
# a dry run of publish, in one process. tests/release tries every file of a small bundle.
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
kinds = {{}}
for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
    kinds.setdefault((path.parent, path.suffix), path)
for path in kinds.values():
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


@dataclass
class Story:
    """What happened on the way, for the tests to judge."""

    office: Office
    keys: dict[str, Path]
    year: Year
    said: dict[str, str] = field(default_factory=dict)
    tampered: dict[str, int] = field(default_factory=dict)
    asked: list[dict[str, object]] = field(default_factory=list)

    def prepare(self, release: str, embargo: str, **fields: object) -> None:
        """Plan, complete the plan by hand, lock and build."""
        self.office.release("plan", release)
        planned = [spec.key for spec in list_datasets() if spec.key not in NOT_OFFERED[release]]
        keys = {role: self.keys[role] for role in ROLES}
        self.office.complete_plan(release, keys, embargo, planned, **fields)
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


def walk_two_years(folder: Path, server: Server) -> Story:
    """Both releases published from an empty office below `folder`, the second one corrected and its
    correction withdrawn; the server still running.
    """
    MINUTES.parent.mkdir(exist_ok=True)
    MINUTES.unlink(missing_ok=True)
    urls = {f"CIRCULARITY_{p.upper()}_URL": f"{server.address}/{p.replace('_', '')}" for p in OFFICIAL_URLS}
    settings = urls | {"CIRCULARITY_COMTRADE_KEY": CANARY}
    office = Office(make_checkout(folder / "checkout"), folder / "home", "live", settings, MINUTES)
    keys = {name: make_key(folder, name) for name in (*ROLES, "stranger")}
    told = Story(office, keys, Year(office, keys, SECOND))
    # What is not offered ends the refresh with the code for sources; everything else goes on.
    told.said["first refresh"] = office.run("refresh", code=4)
    server.forget()
    told.said["nothing new"] = office.run("refresh", code=4)
    told.asked = server.log()
    publish_first(told)
    server.set_vintage("2023-12")
    publish_second(told)
    release_year.correct(told.year)
    release_year.withdraw(told.year)
    return told


def publish_first(told: Story) -> None:
    """2022.1: a stranger's signature and changed files are refused, then the publication."""
    office, keys = told.office, told.keys
    told.prepare(FIRST, PAST, consultation="none", tables=TABLES_ALONE)
    told.said["red first"] = office.release("check", FIRST, code=1)
    write_decisions(FIRST, office.decisions_dir(FIRST) / "decisions")
    told.said["check first"] = office.release("check", FIRST)
    office.release("candidate", FIRST)
    office.sign(FIRST, "statistician", keys["statistician"])
    told.said["stranger"] = office.sign(FIRST, "secretariat", keys["stranger"], code=3)
    office.sign(FIRST, "secretariat", keys["secretariat"])
    told.tampered = json.loads(office.python(TAMPER.format(release=FIRST)).stdout)
    office.release("publish", FIRST, "--execute")


def publish_second(told: Story) -> None:
    """2023.1: red until its revisions are accepted, then under embargo, then published."""
    office, year = told.office, told.year
    told.said["second refresh"] = office.run("refresh", code=4)
    told.prepare(SECOND, EMBARGO, pre_release_access=[LISTED])
    told.said["red"] = office.release("check", SECOND, code=1)
    year.refuse("red gate", "release", "publish", SECOND, "--execute", code=1)
    write_decisions(SECOND, office.decisions_dir(SECOND) / "decisions")
    told.said["check second"] = office.release("check", SECOND)
    office.release("candidate", SECOND)
    release_year.consult_and_sign(told.year)
    release_year.give_access(told.year)
    release_year.publish_at_the_embargo(told.year)
