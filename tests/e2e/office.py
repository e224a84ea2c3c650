"""An office at work: a clean checkout, a state folder, keys, and the command line.

What belongs here: driving the product as its users do, by processes. What does not: what the results should
be.
"""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
MANIFEST = Path("dbt_project") / "target" / "manifest.json"
COMMAND = "from orchestration.cli import main; main()"
COMMAND_AT = (
    """
import sys
from datetime import UTC, datetime
from orchestration import cli_release
class Clock(datetime):
    now = classmethod(lambda cls, zone: cls.fromisoformat("{at}").replace(tzinfo=UTC).astimezone(zone))
cli_release.datetime = Clock
"""
    + COMMAND
)
"""The command line with the clock of its verbs at another instant, in UTC."""
PUBLICATION_ONLY = """
import sys
import dagster as dg
from orchestration.definitions import defs
job = defs.resolve_implicit_global_asset_job_def().get_subset(asset_selection={dg.AssetKey("publication")})
with dg.DagsterInstance.ephemeral() as instance:
    result = job.execute_in_process(partition_key=sys.argv[1], instance=instance, raise_on_error=False)
failed = [event for event in result.all_events if event.is_step_failure]
print(f"{result.success}, {len(result.get_asset_materialization_events())} materialised")
print([event.step_failure_data.user_failure_data.description for event in failed])
"""
STATISTICIAN, SECRETARIAT = "Ada Reckoner", "Selma Secretary"


def make_checkout(folder: Path) -> Path:
    """A clean git tree of what is being worked on here: committed or not, publishing needs a commit of it."""
    listed = _git(REPOSITORY, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in sorted({name for name in listed if name and (REPOSITORY / name).is_file()}):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, target)
    # `make` prepares the manifest; it is no part of the tree.
    (folder / MANIFEST).parent.mkdir()
    shutil.copy(REPOSITORY / MANIFEST, folder / MANIFEST)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    _git(
        folder, "-c", "user.name=Office", "-c", "user.email=office@example.org", "commit", "-q", "-m", "Tree"
    )
    return folder


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout


@dataclass(frozen=True)
class Office:
    """`checkout` holds the code that runs, `home` the state; `extra` is added to the environment;
    each command and what it said is added to the file `minutes`, if one is given.
    """

    checkout: Path
    home: Path
    mode: str
    extra: dict[str, str] = field(default_factory=dict)
    minutes: Path | None = None

    @property
    def root(self) -> Path:
        """The state root of this mode."""
        return self.home / ("sample" if self.mode == "sample" else "real")

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this office sees; nothing of the tester's own settings."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CIRCULARITY_", "DAGSTER_"))}
        return inherited | {
            "CIRCULARITY_HOME": str(self.home),
            "CIRCULARITY_SOURCE": self.mode,
            "CIRCULARITY_ACTOR": STATISTICIAN,
            "PYTHONPATH": str(self.checkout),
            **self.extra,
        }

    def python(self, code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run Python with this office's code and environment."""
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=self.checkout,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def call(self, *arguments: str, at: str | None = None) -> "subprocess.CompletedProcess[str]":
        """`circularity …`, at another time (UTC) if one is given; a traceback never may come of it."""
        done = self.python(COMMAND_AT.format(at=at) if at else COMMAND, *arguments)
        assert "Traceback" not in done.stderr, done.stderr
        self._note(arguments, at, done)
        return done

    def _note(
        self, arguments: tuple[str, ...], at: str | None, done: "subprocess.CompletedProcess[str]"
    ) -> None:
        # What a program asked for is no sentence, and tens of megabytes.
        if self.minutes is None or "--json" in arguments:
            return
        clock = f" (at {at} UTC)" if at else ""
        with self.minutes.open("a", encoding="utf-8") as file:
            file.write(f"$ circularity {shlex.join(arguments)}{clock}\n{done.stdout}{done.stderr}")
            file.write(f"exit {done.returncode}\n\n")

    def run(self, *arguments: str, code: int = 0, at: str | None = None) -> str:
        """`circularity …`; the exit code must be `code`. Returns everything it wrote."""
        done = self.call(*arguments, at=at)
        written = done.stdout + done.stderr
        assert done.returncode == code, f"circularity {' '.join(arguments)}: {done.returncode}\n{written}"
        return written

    def materialise_publication(self, year: str) -> str:
        """A Dagster run that selects the publication alone: whether it succeeded, and what it said."""
        done = self.python(PUBLICATION_ONLY, year)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The JSON document of `circularity … --json`."""
        return json.loads(self.run(*arguments, "--json", code=code))

    def release(self, verb: str, release: str, *more: str, code: int = 0, at: str | None = None) -> str:
        """`circularity release VERB ID …`."""
        return self.run("release", verb, release, *more, code=code, at=at)

    def work_dir(self, release: str) -> Path:
        """The folder of an unpublished release."""
        return self.root / "releases" / release

    def decisions_dir(self, release: str) -> Path:
        """The office's own files for a release."""
        return self.root / "decisions" / release

    def complete_plan(
        self, release: str, keys: dict[str, Path], embargo: str, datasets: list[str], **fields: object
    ) -> None:
        """Add the embargo, both signatories with their keys, the planned data sets and other `fields`, as a
        person would.
        """
        path = self.decisions_dir(release) / "plan.yaml"
        plan = yaml.safe_load(path.read_text(encoding="utf-8"))
        plan |= {"datasets": datasets, **fields}
        plan["embargo"] = {"local": embargo, "zone": "Europe/Zurich"}
        plan["signatories"] = [
            {
                "name": name,
                "role": role,
                "principal": f"{role}@example.org",
                "public_key": keys[role].with_suffix(".pub").read_text(encoding="utf-8").strip(),
            }
            for role, name in (("statistician", STATISTICIAN), ("secretariat", SECRETARIAT))
        ]
        path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")

    def approve_licences(self, release: str, datasets: list[dict[str, Any]]) -> None:
        """Record that a named person read and approved the terms of every data set."""
        approvals = {
            spec["key"]: {
                "approved": True,
                "by": SECRETARIAT,
                "date": "2024-01-15",
                "licence": spec["licence"],
                "rows_may_appear": spec["rows_may_appear"],
            }
            for spec in datasets
        }
        path = self.decisions_dir(release) / "licences.yaml"
        path.write_text(yaml.safe_dump({"datasets": approvals}, allow_unicode=True), encoding="utf-8")

    def sign(self, release: str, role: str, key: Path, *, code: int = 0, at: str | None = None) -> str:
        """Sign off in one role with one key."""
        name = STATISTICIAN if role == "statistician" else SECRETARIAT
        signature = ("--role", role, "--name", name, "--key", str(key))
        return self.release("sign-off", release, *signature, code=code, at=at)


def make_key(folder: Path, name: str) -> Path:
    """A new SSH key without a pass phrase; its public half lies beside it."""
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
    subprocess.run(command, check=True)
    return path


def hash_tree(folder: Path) -> str:
    """One hash over names, contents and modes below a folder: equal means that nothing changed."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(f"{path.relative_to(folder)} {path.stat().st_mode}\n".encode())
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
