"""Run the gate over the exact Parquet files of a release.

What belongs here: frames given to Great Expectations, failing rows matched with decisions, the report.
What does not: rules (suites/*.yaml), file formats. The only module that imports great_expectations, where
it is used: the import costs seconds of CPU.
"""

import math
import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from connectors.errors import CheckError
from expectations.builder import (
    Check,
    GateConfig,
    Rule,
    Suite,
    load_config,
    load_suites,
    rule_facts,
    suite_sha256,
)
from expectations.frames import Frames
from expectations.hashes import hash_file, hash_of_hashes
from expectations.report import (
    EXAMPLES,
    CheckResult,
    DecisionResult,
    Example,
    GateReport,
    RuleResult,
    Scalar,
    ThresholdUsed,
    rule_verdict,
)
from expectations.waivers import Decision, faults_of, match


def run_gate(
    data_dir: Path,
    compared_dir: Path | None,
    decisions: Sequence[Decision],
    *,
    release_id: str,
    as_of: date,
    planned_datasets: Sequence[str],
    is_correction: bool = False,
    config: GateConfig | None = None,
) -> GateReport:
    """Judge the Parquet files in `data_dir`, alone and against the predecessor's in `compared_dir`.

    `as_of` is the plan's date (the gate knows no clock), `planned_datasets` its keys `provider/dataset`, and
    `decisions` come from `parse_decision`. The predecessor of a correction is what it corrects. Writes
    nothing. Raises CheckError if there is nothing to judge.
    """
    if not any(data_dir.glob("*.parquet")):
        raise CheckError("There are no release tables to judge. Run the build first.")
    config = config or load_config()
    suites = load_suites()
    files = _hashes(data_dir)
    compared = _hashes(compared_dir) if compared_dir is not None else {}
    facts = rule_facts(suites)
    faults = {d.file: faults_of(d, release_id=release_id, as_of=as_of, rules=facts) for d in decisions}
    with Frames(data_dir, compared_dir, planned_datasets, is_correction=is_correction) as frames:
        rules, matches = run_rules(suites, frames, config, [d for d in decisions if not faults[d.file]])
        illustrative = frames.is_illustrative()
    used = [_use(d, faults[d.file], matches.get(d.file, 0)) for d in sorted(decisions, key=lambda d: d.file)]
    return GateReport(
        release=release_id,
        verdict=_verdict(rules, used),
        illustrative=illustrative,
        has_predecessor=bool(compared),
        data_hash=hash_of_hashes(files.values()),
        suite_sha256=suite_sha256(),
        files=files,
        compared_files=compared,
        planned_datasets=sorted(planned_datasets),
        as_of=as_of.isoformat(),
        thresholds=_thresholds(config),
        level_titles={str(suite.level): suite.title for suite in suites},
        rules=rules,
        decisions=used,
    )


def _verdict(rules: Sequence[RuleResult], used: Sequence[DecisionResult]) -> Literal["green", "red"]:
    is_red = any(rule.verdict == "fail" for rule in rules) or any(result.faults for result in used)
    return "red" if is_red else "green"


def _thresholds(config: GateConfig) -> dict[str, ThresholdUsed]:
    return {name: ThresholdUsed(**threshold.model_dump()) for name, threshold in config.thresholds.items()}


def run_rules(
    suites: Sequence[Suite], frames: Frames, config: GateConfig, decisions: Sequence[Decision]
) -> tuple[list[RuleResult], dict[str, int]]:
    """Run every rule of `suites`; the results by gate, and how many findings each decision covers."""
    validator = _Validator()
    rules: dict[str, Rule] = {}
    checks: dict[str, list[CheckResult]] = {}
    matches: dict[str, int] = {}
    for suite in suites:
        for rule in suite.rules:
            rules[rule.gate] = rule
            for check in rule.checks:
                frame = _frame(check, frames, config)
                result, counted = _run_check(rule, suite.level, check, frame, decisions, validator)
                checks.setdefault(rule.gate, []).append(result)
                for file, count in counted.items():
                    matches[file] = matches.get(file, 0) + count
    return [
        _rule_result(rules[gate], checks[gate]) for gate in sorted(rules, key=lambda g: int(g[1:]))
    ], matches


def _rule_result(rule: Rule, checks: list[CheckResult]) -> RuleResult:
    return RuleResult(
        gate=rule.gate,
        levels=sorted({check.level for check in checks}),
        severity=rule.severity,
        waivable=rule.waivable,
        title=rule.title,
        plain=rule.plain,
        why=rule.why,
        owner=rule.owner,
        verdict=rule_verdict(checks),
        checks=checks,
    )


def _frame(check: Check, frames: Frames, config: GateConfig) -> pa.Table | str:
    """The rows a check is about, or the reason why there are none to be had."""
    try:
        return frames.query(check.query, check.keys, config.values())
    except duckdb.Error as error:
        return f"This could not be examined: {str(error).splitlines()[0]}"


def _run_check(
    rule: Rule,
    level: int,
    check: Check,
    frame: pa.Table | str,
    decisions: Sequence[Decision],
    validator: "_Validator",
) -> tuple[CheckResult, dict[str, int]]:
    severity = check.severity or rule.severity
    empty = CheckResult(
        id=check.id,
        level=level,
        severity=severity,
        asks=check.asks,
        examined=0,
        failing=0,
        covered=0,
        examples=[],
        problem=None,
    )
    if isinstance(frame, str):
        return empty.model_copy(update={"problem": frame}), {}
    rows = frame.to_pylist()
    failing = [rows[number] for number in validator.failing_rows(frame, check)]
    findings = [{key: row[key] for key in check.keys} for row in failing]
    matching = match(rule.gate, severity, findings, decisions)
    open_first = sorted(zip(failing, matching.covered, strict=True), key=lambda found: bool(found[1]))
    found = {
        "examined": len(rows),
        "failing": len(failing),
        "covered": sum(bool(files) for files in matching.covered),
        "examples": [_example(check, row, files) for row, files in open_first[:EXAMPLES]],
    }
    return empty.model_copy(update=found), matching.matches


def _example(check: Check, row: dict[str, Any], files: list[str]) -> Example:
    stated = {name: _scalar(value) for name, value in row.items()}
    shown = {name: _words(value) for name, value in stated.items()}
    return Example(
        keys={key: stated[key] for key in check.keys},
        values={name: value for name, value in stated.items() if name not in check.keys},
        says=check.says.format(**shown),
        decisions=files,
    )


def _scalar(value: Any) -> Scalar:
    """A value as the report states it; examples show six significant digits."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _words(value: Scalar) -> str:
    """A value inside a sentence: no exponent, thousands grouped."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        number = f"{Decimal(repr(value)):,f}"
        return number.rstrip("0").rstrip(".") if "." in number else number
    return f"{value:,}" if isinstance(value, int) else value


def _use(decision: Decision, faults: list[str], findings: int) -> DecisionResult:
    if not faults and findings == 0:
        faults = ["nothing it speaks of is found any more, so it has to be withdrawn"]
    return DecisionResult(decision=decision, findings=findings, faults=faults)


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hash_file(path) for path in sorted(folder.glob("*.parquet"))}


class _Validator:
    """Great Expectations on pandas frames, without telemetry, progress bars or files."""

    def __init__(self) -> None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

        self._configuration = ExpectationConfiguration
        self._suite = gx.ExpectationSuite
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("release").add_dataframe_asset("frame")
        self._batches = asset.add_batch_definition_whole_dataframe("whole")

    def failing_rows(self, frame: pa.Table, check: Check) -> list[int]:
        """The positions of the rows which break any expectation of `check`, ascending.

        Raises CheckError if an expectation cannot be computed: that is never a pass.
        """
        if frame.num_rows == 0:
            return []
        suite = self._suite(
            name=check.id,
            expectations=[
                self._configuration(type=spec.type, kwargs=spec.kwargs).to_domain_obj()
                for spec in check.expectations
            ],
        )
        batch = self._batches.get_batch(batch_parameters={"dataframe": frame.to_pandas()})
        outcome = batch.validate(suite, result_format={"result_format": "COMPLETE"})
        failing: set[int] = set()
        for result in outcome.results:
            if result.exception_info.get("raised_exception", False) or "raised_exception" not in (
                result.exception_info
            ):
                raise CheckError(f"{check.id}: {result.expectation_config.type} could not be computed.")
            if not result.success:
                failing.update(result.result["unexpected_index_list"])
        return sorted(failing)
