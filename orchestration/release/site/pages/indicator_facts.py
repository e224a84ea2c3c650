"""What an indicator is: definition list, target in words, sources with their terms.

What belongs here: the registry's entry as a reader's list. What does not: values and verdicts (indicator.py).
Texts that exist in English only (names of source series, legal titles) are marked as English.
"""

import re
from typing import Any

from markupsafe import Markup

from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.render import Site

_CHAMPION = re.compile(r"champion\(top=(\d+)\)")
_CONST = re.compile(r"const\(([\d.]+)\)")
_DOUBLE_EU = re.compile(r"2\*value\(EU27,(\d{4})\)")
_STEP = re.compile(r"(\d{4}):([\d.]+)")


def facts_of(site: Site, row: Row) -> list[tuple[Markup, Markup]]:
    """The registry's entry as label and text, in the order of the page."""
    t = site.t
    facts = [
        ("unit", site.words.unit(row["unit_measure"])),
        ("direction", t(f"indicator.direction.{ {1: 'up', -1: 'down', 0: 'none'}[row['direction']] }")),
        ("sdg", Markup("{}").format(row["sdg_target"])),
        ("rule", t(f"indicator.rule_of.{row['agg_rule']}")),
        ("numerator", english(site, row["numerator"])),
        ("denominator", english(site, row["denominator"])),
        ("minimum", site.n.count(row["min_countries"])),
        ("frequency", t(f"indicator.frequency.{row['frequency']}")),
        ("scope", t(f"indicator.scope.{row['scope']}")),
        ("target", target(site, row)),
        ("legal", english(site, row["target_legal_source"])),
    ]
    return [(t(f"indicator.fact.{name}"), value) for name, value in facts if value]


def target(site: Site, row: Row) -> Markup:
    """The target in words, with whom it binds and whether its wording has been checked."""
    words = _expression(site, row)
    if row["target_expression"] in (None, "none"):
        return words
    scope = site.t(f"target.scope.{row['target_scope']}")
    text = Markup("{} – {}, {}").format(
        words, site.t("indicator.by_year", year=row["target_deadline"]), scope
    )
    return text if row["target_verified"] else Markup("{} [{}]").format(text, site.t("base.unverified"))


def _expression(site: Site, row: Row) -> Markup:
    expression = row["target_expression"] or "none"
    unit = site.words.unit(row["unit_measure"])
    if found := _CHAMPION.fullmatch(expression):
        return site.t("target.expression.champion", top=found[1])
    if found := _CONST.fullmatch(expression):
        return site.t("target.expression.const", value=site.n.text(float(found[1]), Shape(0)), unit=unit)
    if found := _DOUBLE_EU.fullmatch(expression):
        return site.t("target.expression.double_eu", year=found[1])
    if expression == "0.5*value(self,base)":
        return site.t("target.expression.half")
    if expression.startswith("step("):
        steps = [
            site.t("target.expression.step", value=site.n.text(float(value), Shape(0)), unit=unit, year=year)
            for year, value in _STEP.findall(expression)
        ]
        return Markup("; ").join(steps)
    return site.t(f"target.expression.{expression}")


def english(site: Site, text: str | None) -> Markup | None:
    """A text that exists in English only, marked so that it is read as English."""
    if not text:
        return None
    return (
        Markup("{}").format(text)
        if site.language == "en"
        else Markup('<span lang="en">{}</span>').format(text)
    )


def sources_of(site: Site, code: str) -> list[dict[str, Any]]:
    """The data sets behind an indicator, with vintage, citation and licence as their providers word them."""
    found = []
    for provider, dataset in site.tables.sources.get(code, []):
        row = site.tables.datasets[provider, dataset]
        found.append(
            {
                "title": english(site, row["title"]),
                "dataset": dataset,
                "vintage": row["producer_date"],
                "citation": english(site, row["citation"]),
                "licence": english(site, row["licence"]),
            }
        )
    return found
