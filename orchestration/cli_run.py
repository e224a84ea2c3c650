"""`circularity run`: execute the Dagster job of one release year and tell a person how it goes.

Belongs here: starting `dagster job execute` on the state root's own Dagster home (so that the UI shows the
run), showing its progress, and naming the results. Does not belong here: any step of the run
(orchestration.assets).
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from connectors.config import SourceSettings
from connectors.errors import CircularityError, StoreError, UsageError
from orchestration.release.paths import ReleasePaths
from orchestration.release.site.pdf_renderer import find_renderer
from orchestration.release.state import FINISHED, load_state
from orchestration.settings import FIRST_YEAR, LAST_YEAR, PROGRESS_FD, PROJECT_DIR, prepare_dagster_home
from orchestration.workplace import FIRST_SAMPLE_YEAR, Workplace

JOB = "annual_release"
FIRST_SAMPLE = int(FIRST_SAMPLE_YEAR)

# What a first reader looks for, by name, inside the bundle; the sample's file names carry a prefix.
RESULTS = {
    "table": "data/*rpt_regional_progress.csv",
    "gate report": "*gate.html",
    "workbook": "*.xlsx",
    "site": "site/index.html",
}


class RunError(CircularityError):
    """A run ended early; carries the exit code of what stopped it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def execute_year(settings: SourceSettings, year: int, show: Callable[[str], None]) -> None:
    """Run the job `annual_release` for one partition in a process of its own, showing each step's sentence.

    Raises `RunError` with the first failure's sentence and exit code. Everything Dagster and dbt print goes
    to a log file in the Dagster home, because a person following the run needs the sentences, not the events.
    """
    home = prepare_dagster_home(settings.root)
    log_file = home / "last-run.log"
    read_end, write_end = os.pipe()
    # The run stands elsewhere: a relative state folder would be another one there.
    environment = {
        **os.environ,
        PROGRESS_FD: str(write_end),
        "CIRCULARITY_HOME": str(settings.home.resolve()),
    }
    command = [
        str(Path(sys.executable).parent / "dagster"),
        *("job", "execute", "-m", "orchestration.definitions", "-j", JOB),
        *("--tags", json.dumps({"dagster/partition": str(year)})),
    ]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(write_end,),
        )
        os.close(write_end)
        with os.fdopen(read_end, encoding="utf-8") as progress:
            failures = _follow(progress, show)
        code = process.wait()
    if failures:
        raise RunError(failures[0]["text"], failures[0]["code"])
    if code != 0:
        raise StoreError(
            f"The run of {year} ended with code {code} and gave no reason. Its whole log is {log_file}; "
            f"`{_dev_command(settings)}` shows the run and the step that stopped."
        )


def run_year(place: Workplace, year: int, show: Callable[[str], None]) -> None:
    """Run the job for `year` and say where its results are. Raises UsageError, CheckError on a machine that
    cannot make the PDF, or the error that ended the run.

    The sample's first release is the predecessor of its later ones, so it is built before them if it is
    missing.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageError(f"{year} is not a release year; choose {FIRST_YEAR} to {LAST_YEAR}.")
    find_renderer()  # now, because the step that needs it comes last
    years = [year]
    if place.settings.illustrative and year > FIRST_SAMPLE and not _has_candidate(place, FIRST_SAMPLE):
        years = [FIRST_SAMPLE, year]
    for each in years:
        release = place.open_year(str(each))
        show(f"Release {release.release_id} (source: {place.settings.mode}, state: {place.root})")
        execute_year(place.settings, each, lambda sentence: show(f"  {sentence}"))
    show_results(place.open_year(str(year)).paths, show, _dev_command(place.settings))


def _has_candidate(place: Workplace, year: int) -> bool:
    state = load_state(place.open_year(str(year)).paths)
    return state is not None and state.state in FINISHED


def _dev_command(settings: SourceSettings) -> str:
    """How to open the UI on this very state: each source has its own."""
    return "make dev" if settings.illustrative else f"make dev SOURCE={settings.mode}"


def show_results(paths: ReleasePaths, show: Callable[[str], None], dev: str) -> None:
    """Where a person finds what was made."""
    bundle = paths.bundle_dir
    show("")
    show(f"Release {paths.release_id} is a candidate:")
    for label, pattern in RESULTS.items():
        for path in sorted(bundle.glob(pattern)):
            show(f"  {label:<12} {path}")
    show(
        f"`{dev}` shows the run and its lineage. What comes next: circularity release show "
        + paths.release_id
    )


def _follow(progress: TextIO, show: Callable[[str], None]) -> list[dict]:
    """Show every step's sentence until the run closes its end; return the failures in order."""
    failures = []
    for line in progress:
        message = json.loads(line)
        if message["kind"] == "failure":
            failures.append(message)
        else:
            show(message["text"])
    return failures
