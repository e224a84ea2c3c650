"""An office's decisions on one release: waivers, acceptances and licence approvals.

What belongs here: reading the YAML below decisions/<id>/, its hash, what has expired at an instant.
What does not: what a decision must say and which finding it covers (expectations/waivers.py), the plan.
"""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from connectors.errors import UsageError
from expectations.waivers import Decision, parse_decision
from orchestration.release.paths import ReleasePaths

LICENCES_FILE = "licences.yaml"
DECISIONS_FOLDER = "decisions"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class LicenceApproval(BaseModel):
    """That a named person read the terms of a data set and decided whether its rows may be published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    approved: bool
    by: Text
    date: date
    licence: Text
    rows_may_appear: bool


class DecisionSet(BaseModel):
    """Everything an office decided for one release; `sha256` covers names and bytes of all the files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decisions: tuple[Decision, ...]
    licences: dict[str, LicenceApproval]
    sha256: str


def load_decisions(paths: ReleasePaths) -> DecisionSet:
    """Read decisions/*.yaml and licences.yaml of a release; none of them need exist. An erratum counts in the
    hash, for the pages print it; its fields are read by erratum.py.

    licences.yaml holds `datasets:` with one approval by data-set key. Raises UsageError or CheckError.
    """
    files = sorted((paths.decisions_dir / DECISIONS_FOLDER).glob("*.y*ml"))
    decisions = tuple(_read_decision(path) for path in files)
    licences_file = paths.decisions_dir / LICENCES_FILE
    licences = _read_licences(licences_file) if licences_file.is_file() else {}
    digest = hashlib.sha256()
    for path in [*files, *(one for one in (licences_file, paths.erratum_file) if one.is_file())]:
        digest.update(f"{path.name}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return DecisionSet(decisions=decisions, licences=licences, sha256=digest.hexdigest())


def is_expired(decision: Decision, now: datetime) -> bool:
    """Whether the last day (UTC) of a decision with a date has passed; the day itself still counts."""
    try:
        return date.fromisoformat(decision.expires) < now.date()
    except ValueError:
        return False


def _read_decision(path: Path) -> Decision:
    content = _read_yaml(path)
    if not isinstance(content, dict):
        raise UsageError(f"{path.name} does not hold a decision. Correct or remove the file.")
    for field in ("release", "expires"):
        if isinstance(content.get(field), float):
            raise UsageError(
                f"{path.name}: {field} must stand in quotes ('{content[field]}'): YAML reads it as a "
                f"number, and "
                "2026.10 would become 2026.1."
            )
    return parse_decision(content, path.name)


def _read_licences(path: Path) -> dict[str, LicenceApproval]:
    content = _read_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get("datasets"), dict):
        raise UsageError(f"{path.name} has no `datasets:` with one approval a data set. Correct the file.")
    return {str(key): _read_approval(key, value) for key, value in sorted(content["datasets"].items())}


def _read_approval(key: Any, content: Any) -> LicenceApproval:
    try:
        return LicenceApproval.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, f['loc'])) or 'approval'}: {f['msg']}" for f in error.errors()
        )
        raise UsageError(f"{LICENCES_FILE}, {key}: {faults}. Correct the file.") from error


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not readable YAML: {' '.join(str(error).split())}.") from error
