"""`circularity …`: the commands about sources and about a whole year.

Belongs here: arguments, calling the function behind each command, saying what it did. Does not belong here:
the verbs of a release (cli_release.py), any work. Dagster is imported by none of these commands; `run` starts
it as a process.
"""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from connectors.config import SourceSettings
from connectors.errors import SourceError, UsageError
from connectors.probe import probe as probe_provider
from connectors.probes import QUESTIONS
from connectors.redaction import guard_logs
from connectors.registry import get_dataset, list_datasets
from connectors.spec import DatasetSpec
from orchestration.alerts import tell
from orchestration.cli_doctor import doctor
from orchestration.cli_outgoing import VERBS
from orchestration.cli_output import leave, run_plainly, show, write_json
from orchestration.cli_refresh import Refreshed, summarise
from orchestration.cli_release import release_app
from orchestration.cli_run import run_year
from orchestration.environment import require_locked_packages
from orchestration.settings import DBT_PROJECT_DIR, quiet_environment
from orchestration.sync import sync_files
from orchestration.workplace import Workplace

app = typer.Typer(
    help="From the bytes of official statistical APIs to a signed yearly release.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    result_callback=leave,
)
app.add_typer(release_app, name="release")
for verb in VERBS:
    release_app.command()(verb)
app.command()(doctor)

Json = Annotated[bool, typer.Option("--json", help="Write one JSON document instead of sentences.")]


def open_workplace() -> Workplace:
    """The workplace of the environment's settings, at this moment."""
    return Workplace(SourceSettings.from_env(), now=datetime.now(UTC))


@app.command()
def refresh(
    keys: Annotated[
        list[str] | None, typer.Argument(help="provider/dataset; all of them if none is named.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Bring every body again, even where the source says it stands.")
    ] = False,
    json: Json = False,
) -> int:
    """Ask the sources for their newest vintages; one that fails keeps its last good one."""
    place = open_workplace()
    specs = [get_dataset(key) for key in keys] if keys else list(list_datasets())
    results = []
    for spec in specs:
        results.append(_refresh_one(place, spec, full))
        if not json:
            show("\n".join(results[-1].lines()))
    if json:
        write_json([result.as_json() for result in results])
    else:
        show(summarise(results))
    return SourceError.exit_code if any(result.read.errors for result in results) else 0


def _refresh_one(place: Workplace, spec: DatasetSpec, full: bool) -> Refreshed:
    fetched = place.fetch(spec, full=full)
    read = place.ingest(spec)
    return Refreshed(fetched, read, tuple(tell(place, spec, read)))


@app.command()
def probe(
    providers: Annotated[
        list[str] | None, typer.Argument(help="Providers to ask; all if none is named.")
    ] = None,
    json: Json = False,
) -> int:
    """Ask each live API a few cheap questions and compare the answers with what the connectors expect."""
    place = open_workplace()
    if place.settings.mode != "live":
        raise UsageError(
            f"CIRCULARITY_SOURCE is {place.settings.mode}: no live API would be asked, so nothing about one "
            "can be confirmed. Set CIRCULARITY_SOURCE=live to probe."
        )
    unknown = sorted(set(providers or ()) - set(QUESTIONS))
    if unknown:
        raise UsageError(f"Unknown provider {', '.join(unknown)}; known: {', '.join(QUESTIONS)}.")
    with place.client() as client:
        findings = [f for name in providers or QUESTIONS for f in probe_provider(name, client)]
    if json:
        write_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            seen = f"expected: {finding.expected}; seen: {finding.detail}"
            show(f"{finding.provider}: {finding.question} {finding.verdict} ({seen})")
    return SourceError.exit_code if {"changed", "unreachable"} & {f.verdict for f in findings} else 0


@app.command()
def sync() -> int:
    """Write dbt's generated files anew from the declarations of data sets and indicators."""
    changed = sync_files(DBT_PROJECT_DIR)
    show(
        "\n".join(f"written: {path.relative_to(DBT_PROJECT_DIR)}" for path in changed)
        or "Everything is up to date."
    )
    return 0


@app.command()
def run(year: Annotated[int, typer.Option("--year", help="The release year, 2022 to 2035.")]) -> int:
    """Run the job annual_release for a year: refresh, plan, lock, build, check, candidate. Never
    publishes.
    """
    run_year(open_workplace(), year, show)
    return 0


def main() -> None:
    """The console script: run one command and leave with its exit code."""
    quiet_environment()
    guard_logs()
    sys.exit(run_plainly(_run))


def _run() -> None:
    # What `doctor` is for: it must be able to say that the packages are others.
    if sys.argv[1:2] != ["doctor"]:
        require_locked_packages()
    app()
