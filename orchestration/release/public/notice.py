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

from orchestration.release.clock import utc_text
from orchestration.release.erratum import Erratum
from orchestration.release.files import canonical_json
from orchestration.release.pages import page_environment, style_and_hash
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.site.numbers import Numbers
from orchestration.release.site.render import NAMES
from orchestration.release.site.texts import Texts, read_texts
from orchestration.release.standing import Published, Record

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

    @property
    def name(self) -> str:
        """What the language calls itself: the page has one heading, and a part for each language."""
        return NAMES[self.language]


@cache
def _words_of(language: str) -> Texts:
    path = resources.files("orchestration.release") / "texts" / "public.yaml"
    return Texts(language, read_texts("public", path.read_text(encoding="utf-8")))


def say(language: str, key: str, **values: str) -> str:
    """A text of texts/public.yaml with its {parameters} filled, not escaped for any format."""
    return _words_of(language).plain(f"public.{key}").format(**values)


def say_day(instant: datetime, language: str) -> str:
    """The day of an instant, in UTC, in words."""
    return Numbers(language).day(instant.date())


def release_sections(record: Record, one: Published, files: Iterable[str], up: str = "") -> list[Section]:
    """What the notice of a release says. `files` are its bundle's; `up` leads to the release's folder."""
    offered = set() if one.withdrawal else set(files)
    return [_release_section(record, one, offered, up, language) for language in LANGUAGES]


def latest_sections(record: Record) -> list[Section]:
    """What the page of the latest release says."""
    return [_latest_section(record.latest, language) for language in LANGUAGES]


def render_page(sections: Sequence[Section]) -> bytes:
    """The page as HTML: no script, no request, its style allowed by its hash.

    It carries no mark of illustrative data, because nothing illustrative is ever published or announced.
    """
    style, digest = style_and_hash(*_STYLES)
    page = (
        page_environment(_TEMPLATE)
        .get_template(_TEMPLATE)
        .render(
            sections=sections,
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
        "published_at": utc_text(one.published_at),
        "candidate_sha256": one.candidate_sha256,
        "corrected_by": corrections[-1].release if corrections else None,
        "errata": [_erratum(c.erratum) for c in record.ever_corrected(one.release) if c.erratum],
        "corrects": one.erratum.corrects if one.erratum else None,
        "erratum": _erratum(one.erratum) if one.erratum else None,
        "withdrawal": one.withdrawal.model_dump(mode="json") if one.withdrawal else None,
    }
    return canonical_json(content)


def _erratum(erratum: Erratum) -> dict[str, Any]:
    return erratum.model_dump(mode="json")


def _latest_section(latest: Published | None, language: str) -> Section:
    links = [
        (say(language, "feed"), f"../feed_{language}.xml"),
        (say(language, "calendar"), f"../calendar_{language}.ics"),
    ]
    text = say(language, "no_latest")
    if latest is not None:
        day = say_day(latest.published_at, language)
        text = say(language, "latest_is", release=latest.release, day=day)
        links.insert(0, (say(language, "go_to", release=latest.release), f"../{latest.release}/"))
    return Section(language, say(language, "latest"), (Paragraph(text),), tuple(links))


def _release_section(record: Record, one: Published, files: set[str], up: str, language: str) -> Section:
    paragraphs = [*_withdrawal(one, language), *_corrections(record, one, language)]
    if one.erratum is not None:
        paragraphs.append(Paragraph(say(language, "corrects", release=one.erratum.corrects)))
        paragraphs += _say_erratum(one.erratum, language, is_warning=False)
    paragraphs.append(Paragraph(say(language, "published", day=say_day(one.published_at, language))))
    paragraphs.append(Paragraph(say(language, "checksum", sha256=one.candidate_sha256)))
    links = [
        (say(language, "go_to", release=correction.release), f"{up}../{correction.release}/")
        for correction in record.corrections(one.release)[-1:]
    ]
    offered = (("site", f"site/{language}/index.html"), ("gate", "gate.html"))
    links += [(say(language, key), f"{up}bundle/{name}") for key, name in offered if name in files]
    links.append((say(language, "checksums"), f"{up}bundle/SHA256SUMS"))
    links.append((say(language, "latest"), f"{up}../latest/"))
    heading = say(language, "release", release=one.release)
    return Section(language, heading, tuple(paragraphs), tuple(links))


def _withdrawal(one: Published, language: str) -> list[Paragraph]:
    if one.withdrawal is None:
        return []
    reason = one.withdrawal.reason
    said = say(language, "withdrawn", day=say_day(one.withdrawal.withdrawn_at, language))
    if language in reason:
        return [Paragraph(said, True), Paragraph(say(language, "reason", reason=reason[language]), True)]
    return [
        Paragraph(said, True),
        Paragraph(say(language, "reason_in_english"), True),
        Paragraph(reason["en"], True, "en"),
    ]


def _corrections(record: Record, one: Published, language: str) -> list[Paragraph]:
    """Which correction to use, and every erratum since: that of a withdrawn correction still holds here."""
    if one.withdrawal is not None:
        return []
    told: list[Paragraph] = []
    for standing in record.corrections(one.release)[-1:]:
        told.append(Paragraph(say(language, "corrected", release=standing.release), True))
    for correction in record.ever_corrected(one.release):
        if correction.withdrawal is not None:
            said = say(language, "correction_withdrawn", release=correction.release)
            told.append(Paragraph(said, True))
        if correction.erratum is not None:
            told += _say_erratum(correction.erratum, language, is_warning=True)
    return told


def _say_erratum(erratum: Erratum, language: str, *, is_warning: bool) -> list[Paragraph]:
    texts = [
        say(language, "erratum", day=Numbers(language).day(erratum.found)),
        getattr(erratum.text, language),
        say(language, "why", reason=say(language, f"reasons.{erratum.reason_code}")),
    ]
    affected = {"tables": erratum.tables, "indicators": erratum.indicators, "pages": erratum.pages}
    for key, names in affected.items():
        if names:
            texts.append(say(language, f"affected.{key}", names=", ".join(names)))
    return [Paragraph(text, is_warning) for text in texts]
