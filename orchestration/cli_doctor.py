"""`circularity doctor`: say what was found, and end with the code that fits.

Belongs here: the command. Does not belong here: looking (doctor.py).
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from connectors.config import SourceSettings
from orchestration.cli_output import show, write_json
from orchestration.doctor import examine, exit_code_of
from orchestration.workplace import Workplace

_WORDS = {"ok": "ok", "note": "note", "warning": "WARNING", "fault": "FAULT"}


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Write JSON instead of sentences.")] = False,
) -> int:
    """Look through store, locks, quotas, disk, rights, clock, settings and packages; change nothing.

    Exits 0 if all is well, 1 if somebody should look, 5 if something here is damaged or in the way.
    """
    place = Workplace(SourceSettings.from_env(), now=datetime.now(UTC))
    findings = examine(place)
    code = exit_code_of(findings)
    if json:
        write_json({"root": str(place.root), "exit_code": code, "findings": [asdict(f) for f in findings]})
        return code
    show(f"State: {place.root} (source: {place.settings.mode})")
    for finding in findings:
        step = f" {finding.next_step}" if finding.next_step else ""
        show(f"{finding.area}: {_WORDS[finding.severity]}: {finding.what}{step}")
    return code
