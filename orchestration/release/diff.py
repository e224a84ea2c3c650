"""The verb `diff`: two releases side by side, for people.

What belongs here: finding both bundles, the summary, which change still lacks a reason.
What does not: the comparison itself (revisions.py).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from connectors.errors import CheckError, UsageError
from expectations.builder import load_config
from expectations.report import GateReport
from expectations.waivers import Decision
from orchestration.release.checksums import verify_sums
from orchestration.release.ids import parse_release_id
from orchestration.release.paths import ReleasePaths
from orchestration.release.revisions import count_unchanged, revisions_table
from orchestration.release.state import FINISHED, load_state

SHOWN = 20
THRESHOLD = "revision_size_max"


@dataclass(frozen=True)
class ReleaseDiff:
    """`release` compared with the older `previous`. `changes` has the columns of REVISION_SCHEMA."""

    release: str
    previous: str
    changes: pl.DataFrame
    unchanged: int
    threshold: float
    unexplained: pl.DataFrame = field(repr=False)

    @property
    def exit_code(self) -> int:
        """1 if a revision above the threshold or a changed status has no reason code."""
        return 1 if self.unexplained.height else 0

    def counts(self) -> dict[str, int]:
        """Number of values by kind of change, and of changed statuses."""
        values = self.changes.filter(pl.col("table") == "rpt_observation")
        statuses = self.changes.filter(pl.col("table") == "rpt_progress")
        kinds = ("added", "removed", "revised", "recoded", "status")
        found = {kind: values.filter(pl.col("change") == kind).height for kind in kinds}
        return {
            "values_added": found["added"],
            "values_removed": found["removed"],
            "values_revised": found["revised"],
            "values_recoded": found["recoded"],
            "values_unchanged": self.unchanged,
            "flags_changed": found["status"],
            "statuses_changed": statuses.filter(pl.col("change") == "status").height,
            "statuses_added": statuses.filter(pl.col("change") == "added").height,
            "statuses_removed": statuses.filter(pl.col("change") == "removed").height,
            "without_reason": self.unexplained.height,
        }

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON values."""
        return {
            "release": self.release,
            "previous": self.previous,
            "threshold": self.threshold,
            "counts": self.counts(),
            "changes": self.changes.to_dicts(),
        }

    def lines(self) -> list[str]:
        """The comparison in plain words: counts, every changed status, the largest revisions."""
        n = self.counts()
        lines = [
            f"{self.release} compared with {self.previous}",
            f"Values: {n['values_revised']} revised, {n['values_added']} added, {n['values_removed']} "
            f"removed, "
            f"{n['values_recoded']} recoded, {n['values_unchanged']} unchanged; "
            f"{n['flags_changed']} with another flag only.",
            f"Progress: {n['statuses_changed']} statuses changed, {n['statuses_added']} new, "
            f"{n['statuses_removed']} gone.",
        ]
        lines += [_say_status(row) for row in self._status_rows()]
        largest = self.changes.filter(pl.col("change") == "revised").sort(
            ["relative_change", "indicator", "area", "time_period"],
            descending=[True, False, False, False],
            nulls_last=True,
        )
        if largest.height:
            lines.append(f"Largest revisions (of {largest.height}):")
            lines += [_say_value(row) for row in largest.head(SHOWN).to_dicts()]
        if self.unexplained.height:
            lines.append(
                f"{self.unexplained.height} changes (a revision above {100 * self.threshold:g} %, or "
                f"another status) "
                "have no reason code. Record a decision on G5 with reason_code for each, then check again."
            )
        return lines

    def _status_rows(self) -> list[dict[str, Any]]:
        wanted = (pl.col("table") == "rpt_progress") & (pl.col("change") == "status")
        return self.changes.filter(wanted).to_dicts()


def diff_releases(root: Path, release: str, previous: str) -> ReleaseDiff:
    """Compare the bundles of two releases under one root; `release` is the newer.

    Reasons come from the decisions in the newer release's gate.json. Raises UsageError if one is no id or
    has no bundle, CheckError if a bundle is damaged.
    """
    for name in (release, previous):
        parse_release_id(name)  # the text becomes part of a path
    new, old = (_find_bundle(ReleasePaths(root, name)) for name in (release, previous))
    changes = revisions_table(new / "data", old / "data", _decisions(new))
    threshold = load_config().thresholds[THRESHOLD].value
    return ReleaseDiff(
        release=release,
        previous=previous,
        changes=changes,
        unchanged=count_unchanged(new / "data", old / "data"),
        threshold=threshold,
        unexplained=find_unexplained(changes, threshold),
    )


def find_unexplained(changes: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The rows that need a reason code and have none: large revisions and changed statuses."""
    is_large = (pl.col("change") == "revised") & (pl.col("relative_change") > threshold)
    is_flip = (pl.col("table") == "rpt_progress") & (pl.col("change") == "status")
    return changes.filter((is_large | is_flip) & pl.col("reason_code").is_null())


def _find_bundle(paths: ReleasePaths) -> Path:
    state = load_state(paths)
    if (paths.published_dir / "publication.json").is_file():
        bundle = paths.published_dir / "bundle"
    elif state is not None and state.state in FINISHED:
        bundle = paths.bundle_dir
    else:
        raise UsageError(
            f"Release {paths.release_id} has no candidate and is not published: nothing to compare."
        )
    problems = verify_sums(bundle)
    if problems:
        raise CheckError(f"The bundle of {paths.release_id} is damaged: {' '.join(problems[:3])}")
    return bundle


def _decisions(bundle: Path) -> tuple[Decision, ...]:
    report = GateReport.from_json((bundle / "gate.json").read_text(encoding="utf-8"))
    return tuple(used.decision for used in report.decisions if not used.faults)


def _say_series(row: dict[str, Any]) -> str:
    component = "" if row["breakdown"] == "_T" else f"/{row['breakdown']}"
    return f"{row['indicator']}{component} {row['area']}"


def _say_status(row: dict[str, Any]) -> str:
    reason = f" ({row['reason_code']})" if row["reason_code"] else " (no reason code)"
    where = f"{_say_series(row)} {row['method']} {row['time_window']}"
    return f"  {where}: {row['old_status']} -> {row['new_status']}{reason}"


def _say_value(row: dict[str, Any]) -> str:
    size = f"{100 * row['relative_change']:.1f} %" if row["relative_change"] is not None else "from zero"
    reason = f", {row['reason_code']}" if row["reason_code"] else ""
    return (
        f"  {_say_series(row)} {row['time_period']}: {row['old_value']!r} -> "
        f"{row['new_value']!r} "
        f"({size}{reason})"
    )
