"""Methods and quality: the method note, and what the gate looked at in this release.

What belongs here: the gate's rules with verdicts and figures, and the decisions of named persons. What does
not: judging (expectations/), the methods themselves (method_note.py).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from connectors.errors import CheckError
from orchestration.release.names import GATE, GATE_PAGE, METHOD_NOTES
from orchestration.release.site.pages.indicator_facts import english
from orchestration.release.site.render import HOME, Page, Site
from orchestration.release.site.words import Badge

INDEX = "quality/index.html"
LOOKS = {
    "pass": ("green", "▲", 0),
    "accepted": ("yellow", "◆", 1),
    "waived": ("yellow", "◆", 2),
    "fail": ("red", "▼", 3),
}


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    known = {file.path for file in site.facts.files}
    rules = sorted(site.facts.gate_rules, key=lambda rule: int(rule["gate"][1:]))
    context = {
        "note": METHOD_NOTES[site.language] if METHOD_NOTES[site.language] in known else None,
        "gate_files": [path for path in (GATE_PAGE, GATE) if path in known],
        "rules": [_rule(site, rule) for rule in rules],
        "counts": {verdict: sum(rule["verdict"] == verdict for rule in rules) for verdict in LOOKS},
        "decisions": [_decision(site, used) for used in site.facts.gate_decisions],
    }
    trail = ((HOME, str(site.t("base.nav.home"))),)
    yield Page(INDEX, "quality.html.j2", str(site.t("quality.title")), context, trail, "quality")


def _rule(site: Site, rule: Mapping[str, Any]) -> dict[str, Any]:
    checks = rule["checks"]
    colour, symbol, order = LOOKS[rule["verdict"]]
    return {
        "gate": rule["gate"],
        "title": _words(site, rule, "title"),
        "plain": _words(site, rule, "plain"),
        "kind": site.t(f"quality.severity.{rule['severity']}"),
        "verdict": Badge(colour, symbol, site.t(f"quality.verdict.{rule['verdict']}"), order),
        **{name: sum(check[name] for check in checks) for name in ("examined", "failing", "covered")},
    }


def _words(site: Site, rule: Mapping[str, Any], what: str) -> Markup:
    """A rule in the language of the page. Raises CheckError if the rule says something new by now."""
    key = f"gate_rule.{rule['gate']}.{what}"
    text = site.t(key)
    if site.t.source(key) != " ".join(rule[what].split()):
        raise CheckError(f"The {what} of rule {rule['gate']} has changed. Renew its text {key}.")
    return text


def _decision(site: Site, used: Mapping[str, Any]) -> dict[str, Any]:
    """A waiver or an acceptance; what readers are told is in their language, the reason in English."""
    decision = used["decision"]
    return {
        "gate": decision["gate"],
        "kind": site.t(f"quality.decision.{decision['kind']}"),
        "note": decision["note"][site.language],
        "reason": english(site, decision["reason"]),
        "author": decision["author"],
        "approver": decision["approver"],
        "day": site.n.day(date.fromisoformat(str(decision["date"]))),
        "expires": decision["expires"],
        "findings": used["findings"],
    }
