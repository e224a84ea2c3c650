"""Every page is there, in all languages, sound in structure, and can be reached; no other file is there.

What belongs here: which files the site consists of, the structural faults that reading found. What does not:
how a fault is seen (structure.py), where links lead (links.py).
"""

import posixpath
from collections.abc import Iterator

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.site.model import has_site
from orchestration.release.site_check.expected import wanted_pages
from orchestration.release.site_check.reading import CHOOSER, SiteContent
from orchestration.release.wording import LANGUAGES

CHECK = "site pages"
_FONTS = ("OFL.txt", "CircularitySans-Regular.woff2", "CircularitySans-Semibold.woff2")
_STATIC = ("icon.svg", "site.css", "table.js", *(f"fonts/{name}" for name in _FONTS))


def check_pages(content: Content) -> Iterator[Finding]:
    """Findings about missing and extra files, pages that no link reaches, languages and structure."""
    if not has_site(content.tables):
        return
    site = content.site
    for path, fault in (*_files(content), *_languages(site), *_unreached(site)):
        yield Finding(CHECK, f"{names.SITE}/{path}", fault)
    for path, page in site.pages.items():
        for fault in page.faults:
            yield Finding(CHECK, f"{names.SITE}/{path}", f"has a fault: {fault}.")


def _files(content: Content) -> Iterator[tuple[str, str]]:
    site = content.site
    slugs = wanted_pages(content.tables)
    wanted = {CHOOSER, *(f"static/{name}" for name in _STATIC)}
    wanted |= {f"{language}/{slug}" for language in LANGUAGES for slug in slugs}
    wanted |= {pdf_name(content, language) for language in LANGUAGES}
    yield from ((path, "is missing.") for path in sorted(wanted - site.files))
    led_to = {_target(page.path, address) for page in site.pages.values() for address in page.addresses}
    for path in sorted(site.files - wanted - led_to):
        yield path, "does not belong to the site: no page leads to it."


def pdf_name(content: Content, language: str) -> str:
    """The document of the progress tables in a language, below site/."""
    return content.files.named(f"progress_{language}.pdf")


def _languages(site: SiteContent) -> Iterator[tuple[str, str]]:
    """A page exists in all languages or in none, says its own, and names the others."""
    slugs = {language: _below(site, language) for language in LANGUAGES}
    every = set().union(*slugs.values())
    for language, pages in site.by_language.items():
        gaps = sorted(every - slugs[language])
        yield from ((f"{language}/{slug}", "is missing, though another language has it.") for slug in gaps)
        for slug, page in pages.items():
            if page.language != language:
                yield page.path, f"says that its language is {page.language or 'unknown'}."
            own = posixpath.dirname(page.path)
            others = {posixpath.relpath(f"{other}/{slug}", own) for other in LANGUAGES}
            if not others <= set(page.addresses):
                yield page.path, "does not lead to itself in all languages."


def _below(site: SiteContent, language: str) -> set[str]:
    return {path.partition("/")[2] for path in site.files if path.startswith(f"{language}/")}


def _unreached(site: SiteContent) -> Iterator[tuple[str, str]]:
    """A page that no way of links leads to from the first one is lost to its readers, or was put there."""
    waiting, reached = [CHOOSER], {CHOOSER}
    while waiting:
        path = waiting.pop()
        for address in site.pages[path].addresses if path in site.pages else ():
            target = _target(path, address)
            if target in site.pages and target not in reached:
                reached.add(target)
                waiting.append(target)
    for path in sorted(set(site.pages) - reached):
        yield path, "is reached by no link."


def _target(path: str, address: str) -> str:
    """The file below site/ to which an address of the page `path` leads."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address.partition("#")[0]))
