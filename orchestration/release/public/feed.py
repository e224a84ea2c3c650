"""The news feed (Atom, RFC 4287) of releases, corrections and withdrawals, one a language.

What belongs here: the entries and their XML. What does not: the words (texts/public.yaml), where it lies
(outlet.py).

All times are recorded ones. Addresses are relative to the feed: it holds wherever the folder is served.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5
from xml.etree import ElementTree as Xml

from orchestration.release.clock import utc_text
from orchestration.release.datapackage import PUBLISHER
from orchestration.release.public.notice import say, say_day
from orchestration.release.standing import Published, Record

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class News:
    """One entry: what happened to a release, and when."""

    release: str
    event: str
    at: datetime
    title: str
    text: str

    @property
    def id(self) -> str:
        """The same event has the same id in every language and for ever."""
        return uuid5(NAMESPACE_OID, f"circularity/{self.release}/{self.event}").urn


def collect_news(record: Record, language: str) -> list[News]:
    """Every event in one language, newest first; none if nothing was ever published."""
    news = [item for one in record.releases for item in _news_of(one, language)]
    return sorted(news, key=lambda item: (item.at, item.release, item.event), reverse=True)


def render_feed(record: Record, language: str) -> bytes:
    """The feed of a language. Raises ValueError if there is no news: a feed states when it last changed."""
    news = collect_news(record, language)
    feed = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(feed, "id", uuid5(NAMESPACE_OID, f"circularity/feed/{language}").urn)
    _add(feed, "title", say(language, "title"))
    _add(feed, "updated", utc_text(max(item.at for item in news)))
    Xml.SubElement(feed, "link", {"rel": "self", "href": f"feed_{language}.xml"})
    Xml.SubElement(feed, "link", {"rel": "alternate", "href": "latest/"})
    _add(Xml.SubElement(feed, "author"), "name", PUBLISHER)
    for item in news:
        entry = Xml.SubElement(feed, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "updated", utc_text(item.at))
        Xml.SubElement(entry, "link", {"rel": "alternate", "href": f"{item.release}/"})
        _add(entry, "summary", item.text)
    Xml.indent(feed)
    body: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _add(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text


def _news_of(one: Published, language: str) -> Iterator[News]:
    if one.erratum is None:
        title = say(language, "release", release=one.release)
        text = say(language, "published", day=say_day(one.published_at, language))
    else:
        title = say(language, "correction", release=one.release, corrected=one.erratum.corrects)
        text = getattr(one.erratum.text, language)
    yield News(one.release, "published", one.published_at, title, text)
    if one.withdrawal is not None:
        reason = one.withdrawal.reason
        in_english = f"{say(language, 'reason_in_english')} {reason['en']}"
        text = say(language, "reason", reason=reason[language]) if language in reason else in_english
        title = say(language, "withdrawal", release=one.release)
        yield News(one.release, "withdrawn", one.withdrawal.withdrawn_at, title, text)
