"""The method note of a release, a page a language: definitions, formulas, thresholds, targets, reserves.

What belongs here: turning the release's own tables and the words of texts/method.yaml into a page.
What does not: the method itself (dbt_project/), the words (texts/method.yaml).

Every figure comes from the release's tables, so that the note cannot say another threshold than the one used.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa
import yaml

from connectors.errors import CheckError
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.pages import page_environment, style_and_hash
from orchestration.release.tables import format_number
from orchestration.release.wording import LANGUAGES

_TEMPLATE = "method.html.j2"
_STYLES = ("gate.css.j2", "method.css.j2")
_NEEDED = ("rpt_indicator", "rpt_method", "rpt_region")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def render_notes(tables: Mapping[str, pa.Table], release_id: str, illustrative: bool) -> dict[str, str]:
    """The note as HTML text by language; none if the plan leaves out a table it rests on.

    `tables` are the release's own, by name. Raises CheckError if a text lacks one of the languages or a
    formula names a parameter the method does not have.
    """
    if not has_notes(tables):
        return {}
    rows = {name: tables[name].to_pylist() for name in _NEEDED}
    return {language: _render(rows, language, release_id, illustrative) for language in LANGUAGES}


def has_notes(tables: Mapping[str, pa.Table]) -> bool:
    """Whether a release with these tables carries the note: it rests on registry, parameters and groups."""
    return all(name in tables for name in _NEEDED)


def _render(
    rows: Mapping[str, list[dict[str, Any]]], language: str, release_id: str, illustrative: bool
) -> str:
    texts = load_texts()
    style, digest = style_and_hash(*_STYLES)
    parameters = {row["parameter"]: row for row in rows["rpt_method"]}
    words = {key: _say(text, language) for key, text in texts["labels"].items()}
    return (
        page_environment(_TEMPLATE)
        .get_template(_TEMPLATE)
        .render(
            language=language,
            release=release_id,
            mark=MARK_BY_LANGUAGE[language] if illustrative else "",
            words=words,
            sections=[_section(section, language, parameters) for section in texts["sections"]],
            groups=_groups(rows["rpt_indicator"], texts, words, language),
            parameters=[_parameter(row, language) for row in rows["rpt_method"]],
            unverified=_unverified(rows, words, language),
            style=style,
            style_hash=digest,
        )
    )


@cache
def load_texts() -> dict[str, Any]:
    """The words of the note, keyed; every text has the three languages."""
    path = resources.files("orchestration.release") / "texts" / "method.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _say(text: Mapping[str, str], language: str) -> str:
    if not text.get(language):
        raise CheckError(
            f"The method note has no {language} text beside “{text.get('en', '')[:60]}”. Add it."
        )
    return " ".join(text[language].split())


def _section(section: Mapping[str, Any], language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": section["id"],
        "title": _say(section["title"], language),
        "text": [_say(paragraph, language) for paragraph in section["text"]],
        "formulas": [_fill(formula, parameters) for formula in section["formulas"]],
    }


def _fill(formula: str, parameters: Mapping[str, Any]) -> str:
    """The formula with {parameter} replaced by the value the release used."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in parameters:
            raise CheckError(f"The method note's formula “{formula}” names the unknown parameter {found[1]}.")
        return str(parameters[found[1]]["value"])

    return _PLACEHOLDER.sub(value, formula)


def _groups(
    indicators: list[dict[str, Any]], texts: Mapping[str, Any], words: Mapping[str, str], language: str
) -> list[dict[str, Any]]:
    """The indicators by entry point, in the order of the mandate."""
    groups = []
    for entry_point, title in texts["entry_points"].items():
        rows = [row for row in indicators if row["entry_point"] == entry_point]
        if rows:
            shown = [_indicator(row, texts, words, language) for row in rows]
            groups.append({"title": _say(title, language), "rows": shown})
    return groups


def _indicator(
    row: Mapping[str, Any], texts: Mapping[str, Any], words: Mapping[str, str], language: str
) -> dict[str, Any]:
    facts = [
        (words["unit"], row["unit_measure"]),
        (words["direction"], words[{1: "up", -1: "down", 0: "context"}[row["direction"]]]),
        (words["sdg"], row["sdg_target"]),
        (words["source"], row["source"]),
        (words["rule"], _say(texts["rules"][row["agg_rule"]], language)),
        (words["numerator"], row["numerator"]),
        (words["denominator"], row["denominator"]),
        (words["limits"], _limits(row)),
        (words["minimum"], row["min_countries"]),
        (words["frequency"], _say(texts["frequencies"][row["frequency"]], language)),
        (words["trend"], row["trend_model"] if row["direction"] else None),
        (words["target"], _target(row, words)),
        (words["deadline"], row["target_deadline"] if row["target_expression"] != "none" else None),
    ]
    return {
        "code": row["indicator"],
        "title": _named(row, "title", language),
        "definition": _named(row, "definition", language),
        "slot_reason": row["slot_reason"],
        "verified": row["verified"],
        "facts": [(label, value) for label, value in facts if value is not None],
    }


def _named(row: Mapping[str, Any], what: str, language: str) -> str:
    text = row[f"{what}_{language}"]
    if not text:
        raise CheckError(f"Indicator {row['indicator']} has no {what} in {language}. Add it to its YAML.")
    return str(text)


def _limits(row: Mapping[str, Any]) -> str | None:
    lower, upper = row["lower_limit"], row["upper_limit"]
    if lower is None and upper is None:
        return None
    low = "−∞" if lower is None else format_number(lower)
    high = "∞" if upper is None else format_number(upper)
    return f"{low} … {high}"


def _target(row: Mapping[str, Any], words: Mapping[str, str]) -> str | None:
    if row["target_expression"] in (None, "none"):
        return None
    scope = "" if row["target_scope"] in (None, "all") else f" ({row['target_scope']})"
    mark = "" if row["target_verified"] else f" [{words['unverified']}]"
    return f"{row['target_expression']}{scope}{mark}"


def _parameter(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    meaning = row[f"description_{language}"]
    if not meaning:
        raise CheckError(
            f"Parameter {row['parameter']} has no description in {language}. Add it to method_descriptions."
        )
    return {**row, "meaning": meaning}


def _unverified(
    rows: Mapping[str, list[dict[str, Any]]], words: Mapping[str, str], language: str
) -> list[str]:
    """Everything that rests on background knowledge, one line each, sorted as the tables are."""
    lines = []
    for row in rows["rpt_indicator"]:
        name = f"{row['indicator']} · {_named(row, 'title', language)}"
        if not row["verified"]:
            lines.append(f"{name}: {words['definition_unverified']}")
        if row["target_expression"] not in (None, "none") and not row["target_verified"]:
            lines.append(f"{name}: {words['target_unverified']}")
    lines += [
        f"{row['parameter']}: {words['parameter_unverified']}"
        for row in rows["rpt_method"]
        if not row["verified"]
    ]
    groups = {row["region"]: row for row in rows["rpt_region"] if not row["verified"]}
    lines += [
        f"{row[f'region_name_{language}']}: {words['membership_unverified']}"
        for _, row in sorted(groups.items())
    ]
    return lines
