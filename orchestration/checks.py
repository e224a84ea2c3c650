"""The rules of the gate as Dagster asset checks.

Belongs here: mirroring each rule's verdict and severity. Does not belong here: judging (expectations), or
trusting these checks: they stop this run only, so the verbs read the gate report themselves.
"""

import dagster as dg

from expectations.builder import load_suites
from expectations.report import GateReport, RuleResult

GATE_KEY = dg.AssetKey(["release", "gate"])
VERDICT = "gate_is_green"
SEVERITIES = {"error": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def gate_check_specs() -> list[dg.AssetCheckSpec]:
    """One check a rule, and the verdict, which alone blocks what comes after in the same run.

    A rule with checks at several levels stands in several suites and is one check here.
    """
    rules = {rule.gate: rule for suite in load_suites() for rule in suite.rules}
    specs = [
        dg.AssetCheckSpec(
            rule.gate,
            asset=GATE_KEY,
            description=f"{rule.title}. {rule.plain}",
            metadata={"severity": rule.severity, "waivable": rule.waivable, "owner": rule.owner},
        )
        for rule in rules.values()
    ]
    verdict = dg.AssetCheckSpec(
        VERDICT,
        asset=GATE_KEY,
        blocking=True,
        description="No rule failed, and every decision used still counts.",
    )
    return [*specs, verdict]


def check_gate(report: GateReport) -> list[dg.AssetCheckResult]:
    """The results of a gate report; a rule whose findings are all waived or accepted passes and says so."""
    verdict = dg.AssetCheckResult(
        check_name=VERDICT,
        asset_key=GATE_KEY,
        passed=report.verdict == "green",
        severity=dg.AssetCheckSeverity.ERROR,
        description=" ".join(report.reasons()) or "The gate is green.",
    )
    return [*(_check_rule(rule) for rule in report.rules), verdict]


def _check_rule(rule: RuleResult) -> dg.AssetCheckResult:
    failing = sum(check.failing for check in rule.checks)
    examples = [example.says for check in rule.checks for example in check.examples]
    return dg.AssetCheckResult(
        check_name=rule.gate,
        asset_key=GATE_KEY,
        passed=rule.verdict != "fail",
        severity=SEVERITIES[rule.severity],
        description=f"{rule.verdict}: {rule.title}",
        metadata={
            "verdict": rule.verdict,
            "examined": sum(check.examined for check in rule.checks),
            "findings": failing,
            "covered_by_decisions": sum(check.covered for check in rule.checks),
            "examples": dg.MetadataValue.md("\n".join(f"- {text}" for text in examples) or "none"),
            "owner": rule.owner,
        },
    )
