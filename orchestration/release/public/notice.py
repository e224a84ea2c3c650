"""Small pages in three languages: the notice of a release, its tombstone, and what is latest.

What belongs here: what such a page says, as HTML and as plain text. What does not: where it lies (outlet.py),
its words (texts/public.yaml).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from orchestration.release.erratum import Erratum
from orchestration.release.files import canonical_json
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.pages import page_environment, style_and_hash
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.site.numbers import Numbers
from orchestration.release.site.texts import Texts, read_texts
from orchestration.release.standing import Published, Record
from orchestration.release.state import State

_TEMPLATE = "notice.html.j2"
_STYLES = ("gate.css.j2",)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `is_warning` sets it into the banner, `language` where it is not the section's own."""

    text: str
    is_warning: bool = False
    language: str | None = None


@dataclass(frozen=True)
class Section:
    """What the page says in one language. `links` are (words, relative address)."""

    language: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    links: tuple[tuple[str, str], ...]


@cache
def words_of(language: str) -> Texts:
    """The words of the public pages in one language."""
    path = resources.files("orchestration.release") / "texts" / "public.yaml"
    return Texts(language, read_texts("public", path.read_text(encoding="utf-8")))


def say_day(instant: datetime, language: str) -> str:
    """The day of an instant, in UTC, in words."""
    return Numbers(language).day(instant.date())


def release_sections(record: Record, one: Published, files: Iterable[str], up: str = "") -> list[Section]:
    """What the notice of a release says. `files` are its bundle's; `up` leads to the release's folder."""
    return [_release_section(record, one, set(files), up, language) for language in LANGUAGES]


def latest_sections(record: Record) -> list[Section]:
    """What the page of the latest release says."""
    sections = []
    for language in LANGUAGES:
        words = words_of(language)
        latest = record.latest
        text = (
            words("public.latest_is", release=latest.release, day=say_day(latest.published_at, language))
            if latest
            else words("public.no_latest")
        )
        links = (
            [(str(words("public.release", release=latest.release)), f"../{latest.release}/")]
            if latest
            else []
        )
        links += [
            (words.plain("public.feed"), f"../feed_{language}.xml"),
            (words.plain("public.calendar"), f"../calendar_{language}.ics"),
        ]
        heading = words.plain("public.latest")
        sections.append(Section(language, heading, (Paragraph(str(text)),), tuple(links)))
    return sections


def render_page(sections: Sequence[Section], illustrative: bool) -> bytes:
    """The page as HTML: no script, no request, its style allowed by its hash."""
    style, digest = style_and_hash(*_STYLES)
    page = (
        page_environment(_TEMPLATE)
        .get_template(_TEMPLATE)
        .render(
            sections=sections,
            marks=MARK_BY_LANGUAGE if illustrative else {},
            style=style,
            style_hash=digest,
        )
    )
    return page.encode()


def render_text(sections: Sequence[Section]) -> bytes:
    """The same words for an address that was no page: whoever reads it as data finds no figures."""
    blocks = ["\n".join([s.heading, *(p.text for p in s.paragraphs)]) for s in sections]
    return ("\n\n".join(blocks) + "\n").encode()


def describe_release(record: Record, one: Published) -> bytes:
    """The notice for programs: state, dates, what corrects it and why it was withdrawn."""
    corrections = record.corrections(one.release)
    content: dict[str, Any] = {
        "release": one.release,
        "state": record.state_of(one),
        "published_at": one.published_at.isoformat(),
        "candidate_sha256": one.candidate_sha256,
        "corrected_by": corrections[-1].release if corrections else None,
        "errata": [_erratum(c.erratum) for c in corrections if c.erratum],
        "corrects": one.erratum.corrects if one.erratum else None,
        "erratum": _erratum(one.erratum) if one.erratum else None,
        "withdrawal": one.withdrawal.model_dump(mode="json") if one.withdrawal else None,
    }
    return canonical_json(content)


def _erratum(erratum: Erratum) -> dict[str, Any]:
    return erratum.model_dump(mode="json")


def _release_section(record: Record, one: Published, files: set[str], up: str, language: str) -> Section:
    words = words_of(language)
    paragraphs = [*_withdrawal(one, language), *_corrections(record, one, language)]
    if one.erratum is not None:
        paragraphs.append(Paragraph(str(words("public.corrects", release=one.erratum.corrects))))
        paragraphs += _say_erratum(one.erratum, language, is_warning=False)
    paragraphs.append(Paragraph(str(words("public.published", day=say_day(one.published_at, language)))))
    paragraphs.append(Paragraph(str(words("public.checksum", sha256=one.candidate_sha256))))
    links = [
        (str(words("public.go_to", release=c.release)), f"{up}../{c.release}/")
        for c in record.corrections(one.release)[-1:]
    ]
    offered = [("public.site", f"site/{language}/index.html"), ("public.gate", "gate.html")]
    if one.withdrawal is None:
        links += [(words.plain(key), f"{up}bundle/{name}") for key, name in offered if name in files]
    links.append((words.plain("public.checksums"), f"{up}bundle/SHA256SUMS"))
    links.append((words.plain("public.latest"), f"{up}../latest/"))
    heading = str(words("public.release", release=one.release))
    return Section(language, heading, tuple(paragraphs), tuple(links))


def _withdrawal(one: Published, language: str) -> list[Paragraph]:
    if one.withdrawal is None:
        return []
    words, reason = words_of(language), one.withdrawal.reason
    said = str(words("public.withdrawn", day=say_day(one.withdrawal.withdrawn_at, language)))
    if language in reason:
        return [Paragraph(said, True), Paragraph(str(words("public.reason", reason=reason[language])), True)]
    return [
        Paragraph(said, True),
        Paragraph(words.plain("public.reason_in_english"), True),
        Paragraph(reason["en"], True, "en"),
    ]


def _corrections(record: Record, one: Published, language: str) -> list[Paragraph]:
    corrections = record.corrections(one.release)
    if not corrections or record.state_of(one) is not State.CORRECTED:
        return []
    said = str(words_of(language)("public.corrected", release=corrections[-1].release))
    told = [p for c in corrections if c.erratum for p in _say_erratum(c.erratum, language, is_warning=True)]
    return [Paragraph(said, True), *told]


def _say_erratum(erratum: Erratum, language: str, *, is_warning: bool) -> list[Paragraph]:
    words = words_of(language)
    texts = [
        str(words("public.erratum", day=Numbers(language).day(erratum.found))),
        getattr(erratum.text, language),
        str(words("public.why", reason=words.plain(f"public.reasons.{erratum.reason_code}"))),
    ]
    for key, values in (
        ("tables", erratum.tables),
        ("indicators", erratum.indicators),
        ("pages", erratum.pages),
    ):
        if values:
            texts.append(str(words(f"public.affected.{key}", names=", ".join(values))))
    return [Paragraph(text, is_warning) for text in texts]
