"""gate.html: the gate report as a page which a secretary can read, on a phone or on paper.

What belongs here: turning a report into the page, the words for verdicts.
What does not: judging (expectations/), the release's web site.

One file without scripts and without any request: its style stands inside, allowed by its hash.
"""

from typing import Any

from expectations.report import GateReport, RuleResult
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.pages import page_environment, style_and_hash

_TEMPLATE = "gate.html.j2"
_STYLE = "gate.css.j2"

VERDICT_WORDS = {
    "pass": ("✔", "Passed"),
    "fail": ("✖", "Not passed"),
    "waived": ("◑", "Passed, with a waiver"),
    "accepted": ("◑", "Passed, looked at and accepted"),
}
KIND_WORDS = {
    "error": "This rule stops a release.",
    "warning": "A person has to look at findings.",
}
_FAILED_FIRST = {"fail": 0, "waived": 1, "accepted": 2, "pass": 3}


def render(report: GateReport) -> str:
    """The page as HTML text. The same report gives the same text; all text from data is escaped."""
    style, digest = style_and_hash(_STYLE)
    return (
        page_environment(_TEMPLATE)
        .get_template(_TEMPLATE)
        .render(
            report=report,
            rules=[_rule(rule, report.level_titles) for rule in sorted(report.rules, key=_order)],
            kinds=KIND_WORDS,
            reasons=report.reasons(),
            marks=MARK_BY_LANGUAGE if report.illustrative else {},
            style=style,
            style_hash=digest,
        )
    )


def _order(rule: RuleResult) -> tuple[int, int]:
    return _FAILED_FIRST[rule.verdict], int(rule.gate[1:])


def _rule(rule: RuleResult, level_titles: dict[str, str]) -> dict[str, Any]:
    symbol, word = VERDICT_WORDS[rule.verdict]
    return {
        "result": rule,
        "symbol": symbol,
        "word": word,
        "examined": sum(check.examined for check in rule.checks),
        "failing": sum(check.failing for check in rule.checks),
        "covered": sum(check.covered for check in rule.checks),
        "kind": KIND_WORDS[rule.severity],
        "levels": " and ".join(
            f"level {level} ({level_titles[str(level)].lower()})" for level in rule.levels
        ),
        "waivable": rule.waivable,
    }
